"""Bytes ↔ frames and control characters of the Fresenius Vial protocol. Knows no command and no pump.

    STX [address] message CC ETX        CC: FF − (sum of address and message mod 100h), two upper-case hexadecimal digits

The address is one digit, 0 the base, 1 … a module; a pump alone has none. Between frames, and inside them, ENQ may come at any
time; ACK; NAK and a digit that says why. Source: infupy (ISC), whose first commit quotes the maker's example ``PR;1F40`` → 47.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

STX, ETX, ENQ, ACK, DC4, NAK = 0x02, 0x03, 0x05, 0x06, 0x14, 0x15
LONGEST = 80
"""Characters of a message."""
_PRINTABLE = range(0x20, 0x7F)


class LinkError(Enum):
    """The digit after NAK."""

    RECEPTION = "1"
    CHECKSUM = "2"
    ADDRESS = "4"
    ACK_TIMEOUT = "5"
    NOT_READY = "6"
    LENGTH = "7"
    CONTROL_CODE = "8"


@dataclass(frozen=True, slots=True)
class Frame:
    """One good frame: the digit of its address, or nothing, and its message."""

    address: str
    message: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """A frame that began and was no good."""

    error: LinkError


@dataclass(frozen=True, slots=True)
class Control:
    """ENQ or ACK."""

    byte: int


@dataclass(frozen=True, slots=True)
class Refused:
    """NAK and its digit; None if that is not known."""

    error: LinkError | None


Item = Frame | Damaged | Control | Refused
_ERRORS = {ord(error.value): error for error in LinkError}


def check_of(text: bytes) -> bytes:
    return b"%02X" % (0xFF - sum(text) % 0x100)


def encode(address: str, message: str) -> bytes:
    """A whole frame. Raises UnicodeEncodeError for what is not ASCII."""
    text = (address + message).encode("ascii")
    return bytes((STX,)) + text + check_of(text) + bytes((ETX,))


def decode(body: bytes) -> Frame | Damaged:
    """What stood between STX and ETX."""
    text = body[:-2]
    if any(byte not in _PRINTABLE for byte in body):
        return Damaged(LinkError.CONTROL_CODE)
    if not text or body[-2:] != check_of(text):
        return Damaged(LinkError.CHECKSUM)
    plain = text.decode("ascii")
    return Frame(plain[0], plain[1:]) if plain[0].isdigit() else Frame("", plain)


class FrameReader:
    """Cuts a stream into frames and control characters. Any split of the stream gives the same.

    Attributes:
        bad: damaged frames, and runs of stray bytes, so far.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._buffer: bytearray | None = None
        self._after_nak = False
        self._stray = False

    def feed(self, data: bytes) -> list[Item]:
        """What became whole."""
        found: list[Item] = []
        for byte in data:
            self._take(byte, found)
        return found

    def _take(self, byte: int, found: list[Item]) -> None:
        if self._after_nak:
            self._after_nak = False
            found.append(Refused(_ERRORS.get(byte)))
            if byte in _ERRORS:
                return
        if byte == ENQ:
            found.append(Control(ENQ))
        elif byte == STX:
            self._begin(found)
        elif self._buffer is not None:
            self._inside(self._buffer, byte, found)
        elif byte == ACK:
            found.append(Control(ACK))
        elif byte == NAK:
            self._after_nak = True
        else:
            self.bad += not self._stray
            self._stray = True

    def _begin(self, found: list[Item]) -> None:
        if self._buffer:
            self._spoil(LinkError.RECEPTION, found)
        self._buffer = bytearray()
        self._stray = False

    def _inside(self, buffer: bytearray, byte: int, found: list[Item]) -> None:
        if byte != ETX:
            buffer.append(byte)
            if len(buffer) > LONGEST + 3:
                self._spoil(LinkError.LENGTH, found)
            return
        frame = decode(bytes(buffer))
        if isinstance(frame, Damaged):
            self._spoil(frame.error, found)
        else:
            self._buffer = None
            found.append(frame)

    def _spoil(self, error: LinkError, found: list[Item]) -> None:
        self.bad += 1
        self._buffer = None
        self._stray = True
        found.append(Damaged(error))
