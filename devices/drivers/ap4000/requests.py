"""Everything the host may ever say to an AP-4000, and the exact test for it: who it is, and how it stands.

CNTLREQ takes control of the pump, INFPROG programs it, INFPAUS and INFRESM pause and resume it: none of them is ever made.
"""

from __future__ import annotations

import re

from devices.drivers.ap4000.frames import encode

CONNECT, STATUS = "CONNREQ", "STATREQ"
ASK_IDENTITY = encode(CONNECT)

_SYSTEM_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}\Z", re.ASCII)
_ASK_STATUS = re.compile(rb"!STATREQ\^([0-9A-Za-z.-]{1,32})\|[0-9A-F]{4}\r\n\Z")


def is_system_id(text: str) -> bool:
    """Whether it may stand in a question: letters, digits, points and hyphens."""
    return _SYSTEM_ID.match(text) is not None


def ask_status(system_id: str) -> bytes:
    return encode(STATUS, system_id)


def may_send(message: bytes) -> bool:
    """The question for the identity, or the one for the status of some system: equal byte for byte to what makes it."""
    if message == ASK_IDENTITY:
        return True
    found = _ASK_STATUS.match(message)
    system_id = found[1].decode("ascii") if found else ""
    return is_system_id(system_id) and message == ask_status(system_id)
