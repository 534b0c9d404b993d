"""Bytes ↔ frames of the NeuroWave AP-4000: start, sum, end of line. Knows no command and no pump.

    ! NAME [^field …] | SSSS CR LF        SSSS: sum of all bytes from ! to |, modulo 10000h, four hexadecimal digits

Source: the MDDT project's driver (BSD-2-Clause); verified on the three frames it quotes.
"""

from __future__ import annotations

from dataclasses import dataclass

START, BAR, END = 0x21, b"|", 0x0A
LONGEST = 2048


@dataclass(frozen=True, slots=True)
class Frame:
    """One good frame. ``fields[0]`` is its name, so that places count as the source counts them."""

    fields: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.fields[0]


def sum_of(text: bytes) -> bytes:
    """The four digits after the bar; ``text`` begins with ! and ends with the bar."""
    return b"%04X" % (sum(text) & 0xFFFF)


def encode(*fields: str) -> bytes:
    """A whole frame. What Latin-1 cannot write becomes a question mark."""
    text = b"!" + "^".join(fields).encode("latin-1", "replace") + BAR
    return text + sum_of(text) + b"\r\n"


def decode(line: bytes) -> Frame | None:
    """The frame in a line from ! up to LF, or None if its sum is wrong."""
    inside, bar, digits = line.removesuffix(b"\r").rpartition(BAR)
    if not bar or digits.upper() != sum_of(inside + bar):
        return None
    return Frame(tuple(inside[1:].decode("latin-1").split("^")))


class FrameReader:
    """Cuts a stream into frames. Any split of the stream gives the same.

    Attributes:
        bad: damaged frames, and runs of stray bytes, so far.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._line = bytearray()
        self._stray = False

    def feed(self, data: bytes) -> list[Frame]:
        """What became whole."""
        return [frame for byte in data if (frame := self._take(byte)) is not None]

    def _take(self, byte: int) -> Frame | None:
        if byte == END:
            return self._end()
        if self._line or byte == START:
            self._stray = False
            self._line.append(byte)
            if len(self._line) > LONGEST:
                self.bad += 1
                again = self._line.find(START, 1)
                del self._line[: again if again > 0 else len(self._line)]
        else:
            self.bad += not self._stray
            self._stray = True
        return None

    def _end(self) -> Frame | None:
        """The frame from the first ! that makes one: noise before a good frame may hold another."""
        line = bytes(self._line)
        self._line.clear()
        start = line.find(START)
        while start >= 0:
            frame = decode(line[start:])
            if frame is not None:
                self.bad += start > 0
                return frame
            start = line.find(START, start + 1)
        self.bad += bool(line)
        return None
