"""Fields of a STATREQ reply ↔ the state of two pumps, as tables. What alarms mean stands in ``alerts.py``.

Places count from the name of the reply, which is 0; the second channel stands 33 further on. Source: the MDDT project's driver.
No field known tells whether a channel runs, so it is called infusing only while its volume rises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus
from devices.drivers.ap4000.alerts import Alarm
from devices.plunger_motion import PlungerMotion

ALARM_COUNT, FIRST_ALARM, MOST_ALARMS, ALARM_FIELDS = 12, 14, 4, 4
SERIAL, DRUG, STRENGTH, STRENGTH_UNIT, VTBI, INFUSED, RATE = 34, 37, 38, 39, 42, 56, 61
CHANNEL_STEP = 33
CHANNELS = ("PUMP1", "PUMP2")
"""As the alarms name them."""
LEAST_FIELDS = RATE + 1
UNSET = frozenset({"", "-1", "N/A"})
MG_PER_ML = {"mg/ml": 1.0, "ug/ml": 0.001, "mcg/ml": 0.001, "µg/ml": 0.001}
VOLUME_STEP_ML = 0.01
"""Assumed for the last digit of the volume infused."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One pump of the two. None: not set, or no number."""

    serial: str
    rate_ml_per_h: float | None
    infused_ml: float | None
    to_infuse_ml: float | None
    drug: str | None
    concentration_mg_per_ml: float | None


def number(text: str) -> float | None:
    """Not below 0: the pump writes -1 for what is not set."""
    value = float(text) if _NUMBER.match(text.strip()) else None
    return None if value is None or value < 0 else value


def channels_of(fields: tuple[str, ...]) -> dict[str, Channel]:
    """The channels that tell a serial number, by the alarms' names for them; empty if the reply is too short."""
    found = {}
    for place, name in enumerate(CHANNELS):
        channel = _channel(fields[place * CHANNEL_STEP :])
        if channel is not None:
            found[name] = channel
    return found


def _channel(fields: tuple[str, ...]) -> Channel | None:
    if len(fields) < LEAST_FIELDS or fields[SERIAL].strip() in UNSET:
        return None
    strength, factor = number(fields[STRENGTH]), MG_PER_ML.get(fields[STRENGTH_UNIT].strip().lower())
    drug = fields[DRUG].strip()
    return Channel(
        serial=fields[SERIAL].strip(),
        rate_ml_per_h=number(fields[RATE]),
        infused_ml=number(fields[INFUSED]),
        to_infuse_ml=number(fields[VTBI]),
        drug=None if drug in UNSET else drug,
        concentration_mg_per_ml=strength * factor if strength and factor else None,
    )


def alarms_of(fields: tuple[str, ...]) -> list[Alarm]:
    """The alarms told, four at most; the count is -1 where there is none."""
    count = min(int(number(fields[ALARM_COUNT]) or 0), MOST_ALARMS)
    starts = range(FIRST_ALARM, FIRST_ALARM + count * ALARM_FIELDS, ALARM_FIELDS)
    alarms = [Alarm(fields[start].strip(), fields[start + 1].strip(), fields[start + 2].strip()) for start in starts]
    return [alarm for alarm in alarms if alarm.code not in UNSET]


def state_of(rate_ml_per_h: float | None, motion: PlungerMotion, now: Instant) -> PumpState:
    """INFUSING while the volume rises at a rate above 0; STOPPED at rate 0; else the pump has not said."""
    if rate_ml_per_h == 0:
        return PumpState.STOPPED
    moves = rate_ml_per_h is not None and motion.seen(rate_ml_per_h, now)
    return PumpState.INFUSING if moves else PumpState.UNKNOWN


def status_of(channel: Channel, state: PumpState, now: Instant, interval_s: float) -> PumpStatus:
    return PumpStatus(
        at=now,
        channel=channel.serial,
        state=state,
        rate_ml_per_h=channel.rate_ml_per_h,
        infused_ml=channel.infused_ml,
        to_infuse_ml=channel.to_infuse_ml,
        drug=channel.drug,
        concentration_mg_per_ml=channel.concentration_mg_per_ml,
        interval_s=interval_s,
    )
