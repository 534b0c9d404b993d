"""What New Era pumps write ↔ the state of a pump, as tables. Source: NE-1000 manual. Alarms stand in ``alerts.py``.

A reply names no question; the forms of the answers are distinct, so each is known by its form alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus

STATES = {
    "I": PumpState.INFUSING,
    "W": PumpState.UNKNOWN,
    "S": PumpState.STOPPED,
    "P": PumpState.PAUSED,
    "T": PumpState.PAUSED,
    "U": PumpState.STANDBY,
    "X": PumpState.PURGING,
    "A": PumpState.ALARM,
}
"""W, withdrawing, has no word: the pump moves, and nothing reaches whatever it is connected to."""
RUNNING = frozenset("IWX")
INFUSING, WITHDRAWING = "I", "W"

ML_PER_H = {"UM": 0.06, "MM": 60.0, "UH": 0.001, "MH": 1.0}
"""µL/min, mL/min, µL/h, mL/h."""
ML = {"UL": 0.001, "ML": 1.0}

_NUMBER = r"(\d{1,4}(?:\.\d{0,3})?)"
_DISPENSED = re.compile(rf"I{_NUMBER}W{_NUMBER}(UL|ML)\Z", re.ASCII)
_RATE = re.compile(rf"{_NUMBER}(UM|MM|UH|MH)\Z", re.ASCII)
_VOLUME = re.compile(rf"{_NUMBER}(UL|ML)\Z", re.ASCII)
_VERSION = re.compile(r"([A-Z]{2,})(\d+)(?:X\d*)?V(\d+\.\d+)\Z", re.ASCII)
"""NE before the model; pumps sold under other names are let write their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a pump has told so far. The rate is the one set: whether it flows is told by the state."""

    rate_ml_per_h: float | None = None
    infused_ml: float | None = None
    to_infuse_ml: float | None = None
    version: str = ""


def with_answer(told: Told, data: str) -> Told | None:
    """What was told with this answer added; None if the answer is of no known form."""
    if found := _DISPENSED.match(data):
        return replace(told, infused_ml=_product(found[1], ML[found[3]]))
    if found := _RATE.match(data):
        return replace(told, rate_ml_per_h=_product(found[1], ML_PER_H[found[2]]))
    if found := _VOLUME.match(data):
        return replace(told, to_infuse_ml=_product(found[1], ML[found[2]]) or None)  # a target of nothing sets no end
    if found := _VERSION.match(data):
        return replace(told, version=f"{found[1]}-{found[2]} V{found[3]}")
    return None


def is_dispensed(data: str) -> bool:
    """The answer that ends a round."""
    return _DISPENSED.match(data) is not None


def _product(number: str, factor: float) -> float:
    return round(float(number) * factor, 9)


def status_of(told: Told, status: str, channel: str, now: Instant, interval_s: float) -> PumpStatus:
    """A rate of 0 unless it infuses; none while it withdraws, where the set rate is another way's."""
    rate = told.rate_ml_per_h if status == INFUSING else None if status == WITHDRAWING else 0.0
    return PumpStatus(
        at=now,
        channel=channel,
        state=STATES[status],
        rate_ml_per_h=rate,
        infused_ml=told.infused_ml,
        to_infuse_ml=told.to_infuse_ml,
        interval_s=interval_s,
    )
