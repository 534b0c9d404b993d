"""Bytes ↔ frames of the Alaris/Asena protocol: start, check, end. Knows no command and no pump.

    ! NAME [^field …] | CCCC CR

CCCC is CRC-16/CCITT-FALSE over what stands between ``!`` and ``|``, blanks included, as four upper-case hexadecimal digits.
ESC gives up a frame that has begun. Sources: the independent implementations infupy and mdpnp, which agree; the check is
verified on 33 frames of theirs.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass

START, CHECK, END, ESC = 0x21, b"|", 0x0D, 0x1B
LONGEST = 512
"""Bytes between start and end; the longest reply known has 80."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One good frame. Fields keep their blanks; an empty field is an empty text."""

    name: str
    fields: tuple[str, ...] = ()


def check_of(text: bytes) -> bytes:
    """The four digits after the bar."""
    return b"%04X" % binascii.crc_hqx(text, 0xFFFF)


def encode(name: str, *fields: str) -> bytes:
    """A whole frame. What Latin-1 cannot write becomes a question mark."""
    text = "^".join((name, *fields)).encode("latin-1", "replace")
    return b"!" + text + CHECK + check_of(text) + b"\r"


def decode(body: bytes) -> Frame | None:
    """The frame whose bytes stood between ``!`` and CR, or None if its check is wrong."""
    text, bar, digits = body.rpartition(CHECK)
    if not bar or digits != check_of(text):
        return None
    name, *fields = text.decode("latin-1").split("^")
    return Frame(name, tuple(fields))


class FrameReader:
    """Cuts a stream into frames. Any split of the stream gives the same.

    Attributes:
        bad: damaged frames, and runs of bytes outside any frame, so far.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._buffer = bytearray()
        self._stray = False

    def feed(self, data: bytes) -> list[Frame]:
        """What became whole."""
        return [frame for byte in data if (frame := self._take(byte)) is not None]

    def _take(self, byte: int) -> Frame | None:
        if byte == ESC:
            self._buffer.clear()
        elif byte == END and self._buffer:
            return self._end()
        elif byte == START or self._buffer:
            self._add(byte)
        elif byte != END:
            self.bad += not self._stray
            self._stray = True
        return None

    def _add(self, byte: int) -> None:
        self._stray = False
        self._buffer.append(byte)
        if len(self._buffer) > LONGEST:
            self.bad += 1
            again = self._buffer.find(START, 1)
            del self._buffer[: again if again > 0 else len(self._buffer)]

    def _end(self) -> Frame | None:
        """The frame from the first ``!`` that makes one: noise before a good frame may hold another."""
        body = bytes(self._buffer)
        self._buffer.clear()
        start = 0
        while start >= 0:
            frame = decode(body[start + 1 :])
            if frame is not None:
                self.bad += start > 0
                return frame
            start = body.find(START, start + 1)
        self.bad += 1
        return None
