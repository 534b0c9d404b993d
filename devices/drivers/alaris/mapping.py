"""Fields of an INF and an INF_VTBI reply ↔ the state of a pump. Alarms stand in ``alerts.py``.

The order of the fields comes from an implementation's code and one reply that was probably recorded from a pump; "SET" and
"HLD" are the only modes seen. "SET" does not prove that anything moves: a pump is called infusing only while the volume it
says it has infused rises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus
from devices.plunger_motion import S_PER_H, PlungerMotion

HOLD, SET = "HLD", "SET"
KNOWN_MODES = frozenset({HOLD, SET})
RATE_UNIT, VOLUME_UNIT, PRESSURE_UNIT = "ml/h", "ml", "mmHg"
VOLUME_STEP_ML = 0.001
"""The last digit of the volume infused in the replies known."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z", re.ASCII)
_TIME = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Infusion:
    """An INF reply. None: an empty field, or one with an unknown unit."""

    serial: str
    alarm: bool
    mode: str
    rate_ml_per_h: float | None
    drug: str | None
    infused_ml: float | None
    pressure_mmhg: float | None
    time_left_s: float | None


def quantity(text: str, unit: str, known_unit: str) -> float | None:
    """A number in the only unit known for it."""
    return float(text) if unit.strip().lower() == known_unit.lower() and _NUMBER.match(text.strip()) else None


def seconds(text: str) -> float | None:
    """``HH:MM:SS``; None for "24+", which says only "more"."""
    found = _TIME.match(text.strip())
    return None if found is None else int(found[1]) * S_PER_H + int(found[2]) * 60 + int(found[3])


def infusion_of(fields: tuple[str, ...]) -> Infusion | None:
    """What an INF reply says, or None if it is not of the known form."""
    if len(fields) < 11 or fields[1] not in {"-", "A"}:
        return None
    return Infusion(
        serial=fields[0].strip(),
        alarm=fields[1] == "A",
        mode=fields[2].strip(),
        rate_ml_per_h=quantity(fields[3], fields[4], RATE_UNIT),
        drug=fields[5].strip() or None,
        infused_ml=quantity(fields[6], fields[7], VOLUME_UNIT),
        pressure_mmhg=quantity(fields[8], fields[9], PRESSURE_UNIT),
        time_left_s=seconds(fields[10]),
    )


def to_infuse_of(fields: tuple[str, ...]) -> float | None:
    """Volume to be infused: second field of an INF_VTBI reply, in mL whether or not the unit follows."""
    if len(fields) < 2:
        return None
    return quantity(fields[1], fields[2] if len(fields) > 2 and fields[2].strip() else VOLUME_UNIT, VOLUME_UNIT)


def state_of(infusion: Infusion, motion: PlungerMotion, now: Instant) -> PumpState:
    """One word for what the pump does. UNKNOWN where it neither says that it rests nor is seen to move."""
    rate = infusion.rate_ml_per_h
    running = infusion.mode not in {HOLD, ""} and rate is not None and rate > 0
    if running and rate is not None and motion.seen(rate, now):
        return PumpState.INFUSING
    if infusion.alarm:
        return PumpState.ALARM
    if infusion.mode == HOLD:
        return PumpState.PAUSED
    return PumpState.STOPPED if infusion.mode == SET and rate == 0 else PumpState.UNKNOWN


def status_of(infusion: Infusion, state: PumpState, to_infuse_ml: float | None, now: Instant, interval_s: float) -> PumpStatus:
    return PumpStatus(
        at=now,
        channel=infusion.serial,
        state=state,
        rate_ml_per_h=infusion.rate_ml_per_h,
        infused_ml=infusion.infused_ml,
        to_infuse_ml=to_infuse_ml,
        time_left_s=infusion.time_left_s,
        drug=infusion.drug,
        interval_s=interval_s,
        pressure_mmhg=infusion.pressure_mmhg,
    )
