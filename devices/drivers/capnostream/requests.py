"""The three messages a host of ours may ever send to a Capnostream.

Enable (1) and start (4) are what the monitor waits for before it says anything; both only open its line. "Link is active" (6)
must be repeated, or the monitor announces that its communication was interrupted. What sets something is never sent: 60 to 62
(set-up, alarm silence, limits, patient), 10 (periodic messages), nor the host's name (7, 8), nor 2 and 5, which end the
transfer: so the monitor may show an interruption when the program ends.
"""

from __future__ import annotations

from devices.drivers.capnostream.frames import framed

ENABLE = framed(1)
START_REAL_TIME = framed(4)
LINK_IS_ACTIVE = framed(6)
ALLOWED = frozenset({ENABLE, START_REAL_TIME, LINK_IS_ACTIVE})


def may_send(message: bytes) -> bool:
    return message in ALLOWED
