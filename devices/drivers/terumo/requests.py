"""Everything the host may ever say to a TE-SS pump, and the exact test for it: who it is, and how it stands.

The only command the manual's known pages print is 01 0000, "basic status", which reads. No other is ever made.
"""

from __future__ import annotations

from devices.drivers.terumo.frames import REQUEST, STX, Packet, decode, encode

BASIC_STATUS = bytes.fromhex("01010000")
"""Sequence number 01, command 01, sub-command 0000. The number never changes: so the bytes to one pump are always the same."""
ASK_ID = encode(Packet(kind=REQUEST, device_id=""))


def ask_status(device_id: str) -> bytes:
    """The question to the pump of this number, of 24 digits."""
    return encode(Packet(kind=REQUEST, device_id=device_id, command=BASIC_STATUS))


def may_send(message: bytes) -> bool:
    """The question for the number, or the one for the status of some pump: equal byte for byte to what makes it."""
    if message == ASK_ID:
        return True
    packet = decode(message[1:-1]) if message[:1] == bytes((STX,)) else None
    return packet is not None and bool(packet.device_id) and message == ask_status(packet.device_id)
