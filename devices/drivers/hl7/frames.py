"""MLLP: bytes ↔ whole messages. Knows where a message begins and ends; what stands in it is message.py's.

    0B  message  1C 0D

A message may come in pieces and several may come at once. The 0D after the 1C is skipped like every line end between two
messages, so that one that comes late, or never, changes nothing.
"""

from __future__ import annotations

START, END, CARRIAGE_RETURN = b"\x0b", b"\x1c", b"\x0d"
LONGEST = 1 << 18
"""A longer message is damage: a monitor's has a few thousand bytes."""

_BETWEEN = b"\r\n"


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
        """The messages that ended within ``data``, without their frame."""
        found: list[bytes] = []
        while data:
            data = self._outside(data) if self._message is None else self._inside(data, found)
        return found

    def _outside(self, data: bytes) -> bytes:
        noise, start, rest = data.partition(START)
        if noise.strip(_BETWEEN) and not self._noisy:
            self.bad_frames += 1
            self._noisy = True
        if start:
            self._message, self._noisy = bytearray(), False
        return rest

    def _inside(self, data: bytes, found: list[bytes]) -> bytes:
        """Up to the end of the message, or to a new start: then the one before was cut short."""
        end = min((place for place in (data.find(END), data.find(START)) if place >= 0), default=len(data))
        message = self._message = (self._message or bytearray()) + data[:end]
        if len(message) > LONGEST:
            self.bad_frames += 1
            self._message, self._noisy = None, True  # its rest is the same damage
            return data[end:]
        if end < len(data):
            self._close(bytes(message), data[end : end + 1], found)
        return data[end + 1 :]

    def _close(self, message: bytes, by: bytes, found: list[bytes]) -> None:
        if by == END:
            found.append(message)
            self._message = None
        else:
            self.bad_frames += 1
            self._message = bytearray()


def framed(message: bytes) -> bytes:
    """A message as it goes on the line."""
    return START + message + END + CARRIAGE_RETURN
