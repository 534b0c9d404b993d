"""Bytes ↔ frames of B. Braun's Dianet-Star: flags, stuffing, check. Knows no segment and no pump.

    command  7E address segment data … CRChi CRClo 7E
    reply    7E address segment result data … CRChi CRClo 7E        result: 06 ACK, 15 NAK

Inside, 7E, 80 and 7D are written as 7D and the byte XOR 20. The check is taken before stuffing and is a recurrence of its own:
a table of polynomial 1021, but each byte joins in at the low end. Source: pfcgroot/pavlovian_fluid, used with real pumps; no
recorded byte confirms the check.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass

FLAG, MONITOR, ESCAPE, TWIST = 0x7E, 0x80, 0x7D, 0x20
ACK, NAK = 0x06, 0x15
LONGEST = 256
STUFFED = frozenset({FLAG, MONITOR, ESCAPE})
_TABLE = tuple(binascii.crc_hqx(bytes((high,)), 0) for high in range(256))


@dataclass(frozen=True, slots=True)
class Frame:
    """One good frame. ``data`` of a reply begins after its result."""

    address: int
    segment: int
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    segment: int
    good: bool
    data: bytes


def check_of(data: bytes) -> bytes:
    crc = 0xFFFF
    for byte in data:
        crc = byte ^ ((crc & 0xFF) << 8) ^ _TABLE[crc >> 8]
    return crc.to_bytes(2, "big")


def encode(frame: Frame) -> bytes:
    """A whole frame, stuffed."""
    plain = bytes((frame.address, frame.segment)) + frame.data
    inside = bytearray()
    for byte in plain + check_of(plain):
        inside += bytes((ESCAPE, byte ^ TWIST)) if byte in STUFFED else bytes((byte,))
    return bytes((FLAG,)) + bytes(inside) + bytes((FLAG,))


def decode(inside: bytes) -> Frame | None:
    """The frame whose stuffed bytes stood between two flags, or None if it is damaged."""
    plain = bytearray()
    twist = 0
    for byte in inside:
        if byte == ESCAPE and not twist:
            twist = TWIST
        else:
            plain.append(byte ^ twist)
            twist = 0
    if twist or len(plain) < 4 or check_of(bytes(plain[:-2])) != plain[-2:]:
        return None
    return Frame(plain[0], plain[1], bytes(plain[2:-2]))


def reply_of(frame: Frame) -> Reply | None:
    """The frame as a reply; None if it has no result (our own question, echoed) or an unknown one."""
    if not frame.data or frame.data[0] not in {ACK, NAK}:
        return None
    return Reply(frame.segment, frame.data[0] == ACK, frame.data[1:])


class FrameReader:
    """Cuts a stream into frames. Any split of the stream gives the same. One flag may end a frame and begin the next.

    Attributes:
        bad: runs of bytes between flags that were no frame, so far.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._inside = bytearray()
        self._overrun = False

    def feed(self, data: bytes) -> list[Frame]:
        """What became whole."""
        return [frame for byte in data if (frame := self._take(byte)) is not None]

    def _take(self, byte: int) -> Frame | None:
        if byte == FLAG:
            return self._end()
        if byte != MONITOR:  # sent between the bytes of a frame, where it stands for nothing
            self._inside.append(byte)
            if len(self._inside) > LONGEST:
                self._overrun = True
                self._inside.clear()
        return None

    def _end(self) -> Frame | None:
        inside = bytes(self._inside)
        self._inside.clear()
        overrun, self._overrun = self._overrun, False
        frame = decode(inside) if inside and not overrun else None
        self.bad += frame is None and bool(inside or overrun)
        return frame
