"""MLLP: bytes ↔ whole messages. Knows where a message begins and ends; what stands in it is message.py's.

    0B  message  1C 0D

A message may come in pieces and several may come at once. The 0D after the 1C is skipped like every line end between two
messages, so that one that comes late, or never, changes nothing.
"""

from __future__ import annotations

import re

START, END, CARRIAGE_RETURN = b"\x0b", b"\x1c", b"\x0d"
LONGEST = 1 << 18
"""A longer message is damage: a monitor's has a few thousand bytes."""

_BETWEEN = b"\r\n"
_MARKS = re.compile(rb"[\x0b\x1c]")


class Deframer:
    """Takes bytes of any length, gives the messages that became whole.

    Attributes:
        bad_frames: messages cut short or too long, and stretches of noise between messages.
    """

    def __init__(self) -> None:
        self.bad_frames = 0
        self._message: bytearray | None = None
        self._noisy = False

    def push(self, data: bytes) -> list[bytes]:
        """The messages that ended within ``data``, without their frame. Each byte is looked at once, however many marks there are."""
        found: list[bytes] = []
        at = 0
        for mark in _MARKS.finditer(data):
            self._text(data[at : mark.start()])
            self._mark(mark[0], found)
            at = mark.end()
        self._text(data[at:])
        return found

    def _text(self, piece: bytes) -> None:
        if self._message is None:
            self._noise(piece.strip(_BETWEEN))
            return
        self._message += piece
        if len(self._message) > LONGEST:
            self.bad_frames += 1
            self._message, self._noisy = None, True  # its rest is the same damage

    def _mark(self, mark: bytes, found: list[bytes]) -> None:
        """The end of a message, or a new start: then the one before was cut short."""
        if mark == START:
            self.bad_frames += self._message is not None
            self._message, self._noisy = bytearray(), False
        elif self._message is None:
            self._noise(mark)
        else:
            found.append(bytes(self._message))
            self._message = None

    def _noise(self, heard: bytes) -> None:
        if heard and not self._noisy:
            self.bad_frames += 1
            self._noisy = True


def framed(message: bytes) -> bytes:
    """A message as it goes on the line."""
    return START + message + END + CARRIAGE_RETURN
