"""Everything the host may ever say to a Dianet-Star pump, and the exact test for it: five questions at address 0.

Segments 10h to 15h (mode, action, set values …) command, and an address is given by one of them: so the address stays 0, and
the pump stays in documentation mode, which reads.
"""

from __future__ import annotations

from devices.drivers.dianet.frames import Frame, encode

ADDRESS = 0
IDENT, STATUS, ACTUAL, SETTINGS, DOSE = 0x01, 0x02, 0x03, 0x04, 0x07
READS = (IDENT, STATUS, ACTUAL, SETTINGS, DOSE)
QUESTIONS = {segment: encode(Frame(ADDRESS, segment)) for segment in READS}
MESSAGES = frozenset(QUESTIONS.values())


def may_send(message: bytes) -> bool:
    """Whether it is, byte for byte, one of the five."""
    return message in MESSAGES
