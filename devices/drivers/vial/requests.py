"""Everything the host may ever say to a Vial base or pump, and the exact test for it. None of it changes an infusion.

What is left out on purpose: MO (mode, 2 is control by the computer), PR PO PB PF (rate, pause, bolus, empty), PV RV PP PS,
RZ OF (reset, off), EP EN AP, and SI, which would silence an alarm at the bedside.
"""

from __future__ import annotations

from devices.drivers.vial.frames import ACK, DC4, NAK, LinkError, encode

BASE, ALONE = "0", ""
MODULES = ("1", "2", "3", "4", "5")
CONNECT = "DC"
LIST_MODULES = "LE;b"
READ_ALL, READ_LEAST = "LE;drae", "LE;dr"
"""Rate, volume, alarm and error word; and only the first two, for a pump that does not know the words."""
SPONTANEOUS = ("E", "M")

ACKNOWLEDGE = bytes((ACK,))
STILL_HERE = bytes((DC4,))
COMPLAINTS = {error: bytes((NAK,)) + error.value.encode("ascii") for error in LinkError}

_QUESTIONS = {
    BASE: (CONNECT, LIST_MODULES, *SPONTANEOUS),
    **dict.fromkeys((ALONE, *MODULES), (CONNECT, READ_ALL, READ_LEAST, *SPONTANEOUS)),
}
MESSAGES = frozenset(
    (
        ACKNOWLEDGE,
        STILL_HERE,
        *COMPLAINTS.values(),
        *(encode(address, message) for address, messages in _QUESTIONS.items() for message in messages),
    )
)


def may_send(message: bytes) -> bool:
    """Whether it is, byte for byte, one of these."""
    return message in MESSAGES
