"""Bytes ↔ packets of a Capnostat 5 or LoFlo line. Knows no meaning of a command, no dialogue and no clock.

``CMD NBF data… CHK``: only CMD has bit 7; NBF counts data and CHK; all of it sums to zero in its low seven bits.

Source: the UN600 library of randall86/CO2_sensor_device (MIT), for a compatible module; the maker's own document was not at hand.
"""

from __future__ import annotations

from dataclasses import dataclass

HEAD_BIT = 0x80
_SUM = 0x7F


@dataclass(frozen=True, slots=True)
class Packet:
    command: int
    data: bytes = b""


def packed(command: int, data: bytes = b"") -> bytes:
    """A packet as it goes over the line. Raises ValueError for what cannot stand in one."""
    if not command & HEAD_BIT or len(data) >= _SUM or any(byte & HEAD_BIT for byte in data):
        raise ValueError(f"command 0x{command:02X} with {data.hex()} is no packet")
    body = bytes((command, len(data) + 1)) + data
    return body + bytes((-sum(body) & _SUM,))


class Reader:
    """Cuts a line into packets.

    Attributes:
        bad: packets that were damaged or cut short, and stretches of bytes outside of any.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._body = bytearray()
        self._straying = False

    def feed(self, data: bytes) -> list[Packet]:
        return [packet for packet in map(self._take, data) if packet is not None]

    def _take(self, byte: int) -> Packet | None:
        if byte & HEAD_BIT:
            self.bad += bool(self._body)
            self._body, self._straying = bytearray((byte,)), False
        elif self._body:
            self._body.append(byte)
            return self._end()
        elif not self._straying:
            self._straying = True
            self.bad += 1
        return None

    def _end(self) -> Packet | None:
        """The packet that this byte made whole. Bytes after a damaged one are counted with it."""
        body = self._body
        if not body[1]:
            self._drop()
        elif len(body) == body[1] + 2:
            if not sum(body) & _SUM:
                self._body = bytearray()
                return Packet(body[0], bytes(body[2:-1]))
            self._drop()
        return None

    def _drop(self) -> None:
        self.bad += 1
        self._body, self._straying = bytearray(), True
