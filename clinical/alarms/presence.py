"""How presence changes: the transitions of one condition, as a table. Knows no priorities, no sound and no time."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType

from clinical.alarm_model import Presence


class Happening(Enum):
    """What can befall a condition."""

    APPEARS = "appears"
    WORSENS = "worsens"  # its priority rises while it stands: whoever acknowledged it has not seen this
    EASES = "eases"  # its priority falls while it stands: what is lower now is no news to be heard
    CLEARS = "clears"
    ACKNOWLEDGED = "acknowledged"


_OFF, _ON, _LATCHED, _ACK = Presence.OFF, Presence.ON, Presence.LATCHED, Presence.ACKNOWLEDGED
_APPEARS, _WORSENS, _EASES = Happening.APPEARS, Happening.WORSENS, Happening.EASES
_CLEARS, _SEEN = Happening.CLEARS, Happening.ACKNOWLEDGED

TRANSITIONS = MappingProxyType(
    {
        # before      happening   latching: no   yes
        (_OFF, _APPEARS): (_ON, _ON),
        (_OFF, _WORSENS): (_ON, _ON),
        (_OFF, _EASES): (_OFF, _OFF),
        (_OFF, _CLEARS): (_OFF, _OFF),
        (_OFF, _SEEN): (_OFF, _OFF),
        (_ON, _APPEARS): (_ON, _ON),
        (_ON, _WORSENS): (_ON, _ON),
        (_ON, _EASES): (_ON, _ON),
        (_ON, _CLEARS): (_OFF, _LATCHED),
        (_ON, _SEEN): (_ACK, _ACK),
        (_ACK, _APPEARS): (_ACK, _ACK),
        (_ACK, _WORSENS): (_ON, _ON),
        (_ACK, _EASES): (_ACK, _ACK),
        (_ACK, _CLEARS): (_OFF, _OFF),
        (_ACK, _SEEN): (_ACK, _ACK),
        (_LATCHED, _APPEARS): (_ON, _ON),
        (_LATCHED, _WORSENS): (_ON, _ON),
        (_LATCHED, _EASES): (_LATCHED, _LATCHED),
        (_LATCHED, _CLEARS): (_LATCHED, _LATCHED),
        (_LATCHED, _SEEN): (_OFF, _OFF),
    }
)
"""(before, happening) → presence after it, for a condition that does not latch and for one that does."""


def presence_after(before: Presence, happening: Happening, *, latching: bool) -> Presence:
    """The presence that follows."""
    return TRANSITIONS[before, happening][latching]
