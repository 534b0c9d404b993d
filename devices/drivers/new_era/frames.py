"""Bytes ↔ replies of New Era pumps, in basic and in safe mode. Knows no command and no quantity.

    basic    STX aa S [data] ETX
    safe     STX length aa S [data] CRChi CRClo ETX        length: what follows STX, itself included

aa is the address in two digits, S the state; CRC-16 of polynomial 1021 from 0 (XMODEM) over aa … data. A basic reply begins
with a digit, and no safe one is 48 bytes long: so the byte after STX tells them apart. Source: NE-1000 manual.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

STX, ETX = 0x02, 0x03
LONGEST = 40
"""Bytes of a reply; the longest known has 24."""
SHORTEST_SAFE = 7
_DIGITS = range(0x30, 0x3A)
_REPLY = re.compile(rb"(\d\d)([IWSPTUXA])([ -~]*)\Z")


@dataclass(frozen=True, slots=True)
class Reply:
    """One good reply. ``status`` is a letter of the manual, "A" for an alarm; ``safe``: it came as a safe-mode packet."""

    address: int
    status: str
    data: str
    safe: bool = False


def crc_of(data: bytes) -> bytes:
    return binascii.crc_hqx(data, 0).to_bytes(2, "big")


def safe_packet(data: bytes) -> bytes:
    """``data`` as a safe-mode packet."""
    return bytes((STX, len(data) + 4)) + data + crc_of(data) + bytes((ETX,))


def basic_packet(data: bytes) -> bytes:
    return bytes((STX,)) + data + bytes((ETX,))


def safe_data(packet: bytes) -> bytes | None:
    """What a whole safe-mode packet holds, or None if its check is wrong."""
    data = packet[2:-3]
    return data if packet[-1] == ETX and packet[-3:-1] == crc_of(data) else None


def reply_of(data: bytes, *, safe: bool) -> Reply | None:
    found = _REPLY.match(data)
    if found is None or (found[2] == b"A" and not found[3].startswith(b"?")):
        return None
    return Reply(int(found[1]), found[2].decode("ascii"), found[3].decode("ascii"), safe)


class ReplyReader:
    """Cuts a stream into replies. Any split of the stream gives the same.

    Attributes:
        bad: damaged replies, and runs of stray bytes, so far.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._buffer = bytearray()
        self._stray = False

    def feed(self, data: bytes) -> list[Reply]:
        """What became whole."""
        self._buffer += data
        found: list[Reply] = []
        while (size := self._next_size()) is not None:
            packet = bytes(self._buffer[:size])
            reply = _decoded(packet) if size else None
            if reply is None:
                self._skip()
            else:
                found.append(reply)
                del self._buffer[:size]
                self._stray = False
        return found

    def _next_size(self) -> int | None:
        """Bytes of the packet at the front; 0 if it cannot become one; None if more must come."""
        self._drop_stray()
        if len(self._buffer) < 2:
            return None
        if self._buffer[1] not in _DIGITS:
            return self._safe_size(self._buffer[1])
        for place, byte in enumerate(self._buffer[1:LONGEST], start=1):
            if byte == ETX:
                return place + 1
            if byte == STX:
                return 0
        return None if len(self._buffer) < LONGEST else 0

    def _safe_size(self, length: int) -> int | None:
        if not SHORTEST_SAFE <= length <= LONGEST:
            return 0
        return length + 1 if len(self._buffer) > length else None

    def _drop_stray(self) -> None:
        start = self._buffer.find(STX)
        stray = start if start >= 0 else len(self._buffer)
        if stray:
            self.bad += not self._stray
            self._stray = True
            del self._buffer[:stray]

    def _skip(self) -> None:
        self.bad += 1
        self._stray = True
        del self._buffer[:1]


def _decoded(packet: bytes) -> Reply | None:
    if packet[1] in _DIGITS:
        return reply_of(packet[1:-1], safe=False)
    data = safe_data(packet)
    return None if data is None else reply_of(data, safe=True)
