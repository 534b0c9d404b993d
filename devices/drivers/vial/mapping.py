"""Letters and hexadecimal values of a Vial reply ↔ the state of a pump. Alarm words stand in ``alerts.py``.

``d`` is the rate in 0.1 mL/h, ``r`` the infused volume in 0.001 mL (infupy). No bit tells whether the pump runs, so it is called
infusing only while its volume rises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus
from devices.plunger_motion import PlungerMotion

RATE, VOLUME, MODULES = "d", "r", "b"
ML_PER_H, ML = 0.1, 0.001
MOST_MODULES = 5
LEAST_PATIENCE_S = 5.0

_REPLY = re.compile(r"([CIEM])(?:;(.*))?\Z")
_ITEM = re.compile(r"([a-z])([0-9A-Fa-f]{1,8})\Z")


@dataclass(frozen=True, slots=True)
class Reply:
    """``status`` is C (correct), I (refused), E or M (told without being asked); ``data`` is all after the first semicolon."""

    status: str
    data: str


def reply_of(message: str) -> Reply | None:
    found = _REPLY.match(message)
    return None if found is None else Reply(found[1], found[2] or "")


def values_of(data: str) -> dict[str, int]:
    """Letter → value. What is not of this form is left out."""
    items = (_ITEM.match(item) for item in data.split(";"))
    return {item[1]: int(item[2], 16) for item in items if item is not None}


def modules_of(bitmap: int) -> tuple[str, ...]:
    """Addresses of the modules there are: bit 0 is module 1."""
    return tuple(str(place + 1) for place in range(MOST_MODULES) if bitmap >> place & 1)


class ModuleState:
    """What one pump has told so far. A value that was not told again stands: spontaneous frames bring only what changed."""

    def __init__(self) -> None:
        self._rate_ml_per_h: float | None = None
        self._infused_ml: float | None = None
        self._motion = PlungerMotion(ML, LEAST_PATIENCE_S)

    def take(self, values: Mapping[str, int], now: Instant) -> None:
        if RATE in values:
            self._rate_ml_per_h = round(values[RATE] * ML_PER_H, 1)
        if VOLUME in values:
            self._infused_ml = round(values[VOLUME] * ML, 3)
            self._motion.note(self._infused_ml, now)

    def status(self, channel: str, now: Instant, interval_s: float) -> PumpStatus:
        return PumpStatus(
            at=now,
            channel=channel,
            state=self._state(now),
            rate_ml_per_h=self._rate_ml_per_h,
            infused_ml=self._infused_ml,
            interval_s=interval_s,
        )

    def _state(self, now: Instant) -> PumpState:
        """INFUSING while the volume rises; STOPPED at rate 0; else the pump has not said."""
        if self._motion.seen(self._rate_ml_per_h, now):
            return PumpState.INFUSING
        return PumpState.STOPPED if self._rate_ml_per_h == 0 else PumpState.UNKNOWN
