"""Every byte string a host of ours may ever put on a MEDIBUS line, and the exact test for it.

Nothing here changes what the device does to a patient: MEDIBUS has no such command among them. The requests read; ICC opens
the dialogue (and clears what an earlier host had configured for its own line); 54 and the enabling byte sequence choose which
realtime samples the device sends to this line and nothing else. The device asks too, and takes silence for a broken line:
each of its commands is answered, with an empty echo or, where it asks who we are, with our identification.
4A ("configure data response") is never sent: the device answers with all it has.
"""

from __future__ import annotations

from itertools import product

from devices.drivers.medibus.frames import command, response
from devices.drivers.medibus.realtime import enable

NOP, ICC, STOP = 0x30, 0x51, 0x55
IDENTIFY, DATE_TIME, TIME_CHANGED = 0x52, 0x28, 0x49
DATA_1, ALARMS_1, ALARMS_2 = 0x24, 0x27, 0x2E
REALTIME_OFFER, REALTIME_CHOICE, REALTIME_CHANGED = 0x53, 0x54, 0x56

IDENTITY = b"0161'Bedside'01.00:03.00"
"""Our answer to 52, in the full form that Evita 4 and Cicero B insist on; the number is that of an unspecified host."""

WAVE_CHOICES = tuple(product((0x06, 0x07, 0x08, None), (0x02, None)))
"""What may be chosen among the realtime streams: CO₂ in one of its three units, and the pleth."""


def chosen(codes: tuple[int, ...]) -> bytes:
    """The command that chooses realtime streams, each sample of them (multiplier 1)."""
    return command(REALTIME_CHOICE, b"".join(b"%02X01" % code for code in codes))


_ASKED = {command(code) for code in (NOP, ICC, IDENTIFY, DATE_TIME, DATA_1, ALARMS_1, ALARMS_2, REALTIME_OFFER)}
_CHOICES = {chosen(tuple(code for code in codes if code is not None)) for codes in WAVE_CHOICES if any(codes)}
_ECHOES = {response(code) for code in range(0x21, 0x7F)}
ALLOWED = frozenset(_ASKED | _CHOICES | _ECHOES | {response(IDENTIFY, IDENTITY), enable(1), enable(2)})


def may_send(message: bytes) -> bool:
    """Whether the message, byte for byte, is one of those above."""
    return message in ALLOWED
