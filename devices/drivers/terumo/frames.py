"""Bytes ↔ packets of Terumo TE-SS pumps: an XML text with its check between STX and ETX. Knows no command and no pump.

    STX <?xml version="1.0"?><REP><DEVID>24 digits</DEVID><CMD>base64</CMD></REP> CCCC ETX

CCCC is CRC-16 of polynomial 1021 from 0 (XMODEM) over the XML text, four upper-case hexadecimal digits. Source: TE-SS730/830
instruction manual, communication chapter; verified on its four printed frames. The text has one form, so no XML parser reads it.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

STX, ETX = 0x02, 0x03
LONGEST = 2048
REQUEST, REPLY = "REQ", "REP"

_XML = re.compile(
    rb'<\?xml version="1\.0"\?><(REQ|REP)><DEVID>(\d{24})?</DEVID>(?:<CMD>([A-Za-z0-9+/]*={0,2})</CMD>)?</\1>\Z',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One good packet. ``command`` is None where only the device's number is asked for or told."""

    kind: str
    device_id: str
    command: bytes | None = None


def check_of(xml: bytes) -> bytes:
    return b"%04X" % binascii.crc_hqx(xml, 0)


def encode(packet: Packet) -> bytes:
    """A whole packet."""
    command = "" if packet.command is None else f"<CMD>{binascii.b2a_base64(packet.command, newline=False).decode('ascii')}</CMD>"
    text = f'<?xml version="1.0"?><{packet.kind}><DEVID>{packet.device_id}</DEVID>{command}</{packet.kind}>'
    xml = text.encode("ascii")
    return bytes((STX,)) + xml + check_of(xml) + bytes((ETX,))


def decode(body: bytes) -> Packet | None:
    """The packet whose bytes stood between STX and ETX, or None if it is damaged."""
    xml, digits = body[:-4], body[-4:]
    found = _XML.match(xml) if digits == check_of(xml) else None
    if found is None:
        return None
    try:
        command = None if found[3] is None else binascii.a2b_base64(found[3], strict_mode=True)
    except binascii.Error:
        return None
    return Packet(kind=found[1].decode("ascii"), device_id=(found[2] or b"").decode("ascii"), command=command)


class PacketReader:
    """Cuts a stream into packets. Any split of the stream gives the same.

    Attributes:
        bad: damaged packets, and runs of stray bytes, so far.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._body: bytearray | None = None
        self._stray = False

    def feed(self, data: bytes) -> list[Packet]:
        """What became whole."""
        return [packet for byte in data if (packet := self._take(byte)) is not None]

    def _take(self, byte: int) -> Packet | None:
        if byte == STX:
            self.bad += bool(self._body)
            self._body = bytearray()
            self._stray = False
        elif self._body is None:
            self.bad += not self._stray
            self._stray = True
        elif byte == ETX:
            return self._end(bytes(self._body))
        else:
            self._add(self._body, byte)
        return None

    def _add(self, body: bytearray, byte: int) -> None:
        body.append(byte)
        if len(body) > LONGEST:
            self.bad += 1
            self._stray = True
            self._body = None

    def _end(self, body: bytes) -> Packet | None:
        self._body = None
        packet = decode(body)
        self.bad += packet is None
        return packet
