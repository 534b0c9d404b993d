"""Everything the host may ever say to a BCC device, and the exact test for it. None of it changes a pump.

``MEM:GET`` answers with whatever parameters the device was set up to send. Reading one of them, INBOCNT, sets its count of
boli back to zero at the device: that is the device's doing for any reader, and this driver neither asks for it by name nor
uses it. Where a second reader counts boli, let the device not send INBOCNT.
"""

from __future__ import annotations

import re

from devices.drivers.bcc.frames import ACK, NAK, decode, encode

ALIVE = b"ADMIN:ALIVE"
VERSION = b"ADMIN:VERSION"
GET_ALL = b"MEM:GET"

_INFORMATION = re.compile(rb"ADMIN:ALIVE|ADMIN:VERSION|MEM:GET|MEM:GETSLOT#[1-3][1-9A-O]")


def may_send(message: bytes) -> bool:
    """ACK, NAK, or one whole frame of a request, equal byte for byte to what encoding that request gives."""
    if message in {ACK, NAK}:
        return True
    frame = decode(message)
    if frame is None or not _INFORMATION.fullmatch(frame.information):
        return False
    return message in {encode(frame.bed_id, frame.information, stuffed=stuffed) for stuffed in (False, True)}
