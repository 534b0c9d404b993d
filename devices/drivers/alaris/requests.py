"""Everything the host may ever say to an Alaris pump, and the exact test for it: seven whole frames that only read.

REMOTE CONTROL IS NEVER SWITCHED ON. Enabled, it arms a watchdog in the pump: an infusion started over the line stops with a
communication alarm when nothing arrives for 15 s (directions for use). And ``INF_RATE`` reads without a field but SETS with
one: so the test compares whole byte strings and looks at no name.
"""

from __future__ import annotations

from devices.drivers.alaris.frames import encode

SERIAL, PROTOCOL, LONGEST_ANSWER = "INST_SERIALNO", "COMMS_PROTOCOL", "COMMS_RESPONSE_MAX"
INFUSION, ALARM, VTBI, SYRINGE = "INF", "ALARM", "INF_VTBI", "SYRINGE_STATUS"
READS = (SERIAL, PROTOCOL, LONGEST_ANSWER, INFUSION, ALARM, VTBI, SYRINGE)

MESSAGES = frozenset(encode(name) for name in READS)


def may_send(message: bytes) -> bool:
    """Whether it is, byte for byte, one of the seven."""
    return message in MESSAGES
