"""Cuts a stream of bytes into frames of one known data format, and finds the way back after damage. Knows no meaning of a frame.

Decisions depend on bytes alone, never on how they were handed over: any split of a stream gives the same frames.
"""

from __future__ import annotations

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


class PlethReader:
    """Formats 2 and 7.

    Attributes:
        bad: frames dropped so far.
    """

    def __init__(self, layout: PlethLayout, *, persistent: bool) -> None:
        self.bad = 0
        self._persistent = persistent
        self._read = layout.read
        self._buffer = bytearray()
        self._aligned = False
        self._skipped = 0

    @property
    def gave_up(self) -> bool:
        """No good frame for so long that the format must have been guessed wrong."""
        return not self._persistent and self._skipped >= GIVE_UP_BYTES

    def rest(self) -> bytes:
        """The bytes not yet read, handed over."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def feed(self, data: bytes) -> list[PlethFrame | Lost]:
        """Frames that became whole, with a mark for each that was lost."""
        self._buffer += data
        found: list[PlethFrame | Lost] = []
        at = 0
        while not self.gave_up:
            step = self._follow(at, found) if self._aligned else self._search(at, found)
            if not step:
                break
            at += step
        del self._buffer[:at]
        return found

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
        self._skipped = 0
        return self._follow(at, found)

    def _skip(self, found: list[PlethFrame | Lost]) -> int:
        """One byte passed over. Each five, rounded, are a frame's time, so that the pleth keeps its own."""
        self._skipped += 1
        if self._skipped % FRAME == FRAME // 2 + 1:
            self.bad += self._skipped > FRAME
            found.append(Lost.TIME)
        return 1

    def _good_pair(self, at: int) -> bool:
        return self._read(self._buffer, at) is not None and self._read(self._buffer, at + FRAME) is not None


class SlowReader:
    """Formats 1 and 8, a frame a second.

    Attributes:
        bad: frames dropped so far.
    """

    def __init__(self, length: int, *, persistent: bool) -> None:
        self.bad = 0
        self._persistent = persistent
        self._length = length
        self._buffer = bytearray()
        self._seeking = True
        self._bad_run = 0

    @property
    def gave_up(self) -> bool:
        return not self._persistent and self._bad_run >= GIVE_UP_FRAMES

    def rest(self) -> bytes:
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def feed(self, data: bytes) -> list[bytes]:
        """Frames that became whole."""
        self._buffer += data
        found: list[bytes] = []
        at = 0
        while at < len(self._buffer) and not self.gave_up:
            if self._buffer[at] < 0x80:
                self._stray()
                at += 1
            elif len(self._buffer) - at < self._length:
                break
            elif is_slow_frame(self._buffer, at, self._length):
                found.append(bytes(self._buffer[at : at + self._length]))
                self._seeking = False
                self._bad_run = 0
                at += self._length
            else:
                self._seeking = False
                self._stray()
                at += 1
        del self._buffer[:at]
        return found

    def _stray(self) -> None:
        """Counts a run of stray bytes once."""
        if not self._seeking:
            self.bad += 1
            self._bad_run += 1
        self._seeking = True


class SpotReader:
    """Format 13: single frames with long silence between them.

    Attributes:
        bad: frames dropped so far.
    """

    def __init__(self, *, persistent: bool) -> None:
        self.bad = 0
        self._persistent = persistent
        self._buffer = bytearray()
        self._skipped = 0

    @property
    def gave_up(self) -> bool:
        return not self._persistent and self._skipped >= GIVE_UP_BYTES

    def rest(self) -> bytes:
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def feed(self, data: bytes) -> list[bytes]:
        """Data of the spot checks that became whole."""
        self._buffer += data
        found: list[bytes] = []
        while not self.gave_up and self._to_head():
            length = self._length()
            if length is None:
                break
            body = spot_body(self._buffer[:length])
            if body is None:
                self.bad += 1
                self._skip(1)
            else:
                found.append(body)
                self._skipped = 0
                del self._buffer[:length]
        return found

    def _to_head(self) -> bool:
        """Passes over what is no head; whether one now stands first. Keeps what may be the beginning of one."""
        at = self._buffer.find(SPOT_HEAD)
        self._skip(at if at >= 0 else max(0, len(self._buffer) - len(SPOT_HEAD) + 1))
        return self._buffer.startswith(SPOT_HEAD)

    def _length(self) -> int | None:
        """Length of the frame that stands first, once it is all there; of an impossible one just the head, which then fails its check."""
        if len(self._buffer) < len(SPOT_HEAD) + 2:
            return None
        told = self._buffer[4] << 8 | self._buffer[5]
        length = told + 8 if SPOT_LEAST <= told <= SPOT_MOST else len(SPOT_HEAD) + 2
        return length if len(self._buffer) >= length else None

    def _skip(self, count: int) -> None:
        if not self._persistent:
            count = min(count, GIVE_UP_BYTES - self._skipped)
        self._skipped += count
        del self._buffer[:count]
