"""Cuts a stream of bytes into frames of one known data format, and finds the way back after damage. Knows no meaning of a frame.

Decisions depend on bytes alone, never on how they were handed over: any split of a stream gives the same frames.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

from devices.drivers.nonin.frames import (
    FRAME,
    SPOT_HEAD,
    SPOT_LEAST,
    SPOT_MOST,
    Lost,
    PlethFrame,
    PlethLayout,
    is_slow_frame,
    spot_body,
)

GIVE_UP_BYTES = 20 * FRAME
"""This many bytes without one good frame: the stream is of another format."""
GIVE_UP_FRAMES = 5
"""As many bad frames of a slow format in a row mean the same."""

Found = TypeVar("Found")


class _Reader(ABC, Generic[Found]):
    """What readers of all formats do alike: keep what is not yet read, and give up on what is not theirs.

    Attributes:
        patience: so much in vain, in the reader's own measure, means that the format was guessed wrong.
        bad: frames dropped so far.
    """

    patience: ClassVar[int] = GIVE_UP_BYTES

    def __init__(self, *, persistent: bool) -> None:
        self.bad = 0
        self._limit = math.inf if persistent else self.patience
        self._in_vain = 0
        self._buffer = bytearray()

    @property
    def gave_up(self) -> bool:
        """No good frame for so long that the format must have been guessed wrong."""
        return self._in_vain >= self._limit

    def rest(self) -> bytes:
        """The bytes not yet read, handed over."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def feed(self, data: bytes) -> list[Found]:
        """What became whole."""
        self._buffer += data
        found: list[Found] = []
        at = 0
        while not self.gave_up and (step := self._step(at, found)):
            at += step
        del self._buffer[:at]
        return found

    @abstractmethod
    def _step(self, at: int, found: list[Found]) -> int:
        """Bytes consumed from ``at`` on; 0 if more are needed."""


class PlethReader(_Reader[PlethFrame | Lost]):
    """Formats 2 and 7: frames that became whole, with a mark for each that was lost."""

    def __init__(self, layout: PlethLayout, *, persistent: bool) -> None:
        super().__init__(persistent=persistent)
        self._read = layout.read
        self._aligned = False

    def _step(self, at: int, found: list[PlethFrame | Lost]) -> int:
        return self._follow(at, found) if self._aligned else self._search(at, found)

    def _follow(self, at: int, found: list[PlethFrame | Lost]) -> int:
        """Bytes consumed where the next frame is expected at ``at``; 0 if more are needed."""
        if len(self._buffer) - at < FRAME:
            return 0
        frame = self._read(self._buffer, at)
        if frame is not None:
            found.append(frame)
            return FRAME
        # One damaged frame leaves the two after it in place; a lost or extra byte does not.
        if len(self._buffer) - at < 3 * FRAME:
            return 0
        self.bad += 1
        if self._good_pair(at + FRAME):
            found.append(Lost.ONE)
            return FRAME
        self._aligned = False
        found.append(Lost.PLACE)
        return self._skip(found)

    def _search(self, at: int, found: list[PlethFrame | Lost]) -> int:
        """Bytes consumed while two good frames in a row are sought: the check alone lets one chance frame in 512 pass."""
        if len(self._buffer) - at < 2 * FRAME:
            return 0
        if not self._good_pair(at):
            return self._skip(found)
        self._aligned = True
        self._in_vain = 0
        return self._follow(at, found)

    def _skip(self, found: list[PlethFrame | Lost]) -> int:
        """One byte passed over. Each five, rounded, are a frame's time, so that the pleth keeps its own."""
        self._in_vain += 1
        if self._in_vain % FRAME == FRAME // 2 + 1:
            self.bad += self._in_vain > FRAME
            found.append(Lost.TIME)
        return 1

    def _good_pair(self, at: int) -> bool:
        return self._read(self._buffer, at) is not None and self._read(self._buffer, at + FRAME) is not None


class SlowReader(_Reader[bytes]):
    """Formats 1 and 8, a frame a second."""

    patience = GIVE_UP_FRAMES

    def __init__(self, length: int, *, persistent: bool) -> None:
        super().__init__(persistent=persistent)
        self._length = length
        self._seeking = True

    def _step(self, at: int, found: list[bytes]) -> int:
        left = len(self._buffer) - at
        is_head = left > 0 and self._buffer[at] >= 0x80
        if left < (self._length if is_head else 1):
            return 0
        if is_head:
            self._seeking = False
            if is_slow_frame(self._buffer, at, self._length):
                found.append(bytes(self._buffer[at : at + self._length]))
                self._in_vain = 0
                return self._length
        return self._stray()

    def _stray(self) -> int:
        """One byte passed over. A run of stray bytes counts once."""
        if not self._seeking:
            self.bad += 1
            self._in_vain += 1
        self._seeking = True
        return 1


class SpotReader(_Reader[bytes]):
    """Format 13: data of single spot checks with long silence between them."""

    def _step(self, at: int, found: list[bytes]) -> int:
        head = self._buffer.find(SPOT_HEAD, at)
        if head != at:  # the last bytes may be the beginning of one
            return self._skip((head if head >= 0 else max(at, len(self._buffer) - len(SPOT_HEAD) + 1)) - at)
        length = self._length(at)
        if not length:
            return 0
        body = spot_body(self._buffer[at : at + length])
        if body is None:
            self.bad += 1
            return self._skip(1)
        found.append(body)
        self._in_vain = 0
        return length

    def _length(self, at: int) -> int:
        """Length of the frame at ``at``, 0 until it is all there; of an impossible one just the head, which then fails its check."""
        left = len(self._buffer) - at
        if left < len(SPOT_HEAD) + 2:
            return 0
        told = self._buffer[at + 4] << 8 | self._buffer[at + 5]
        length = told + 8 if SPOT_LEAST <= told <= SPOT_MOST else len(SPOT_HEAD) + 2
        return length if left >= length else 0

    def _skip(self, count: int) -> int:
        count = int(min(count, self._limit - self._in_vain))
        self._in_vain += count
        return count
