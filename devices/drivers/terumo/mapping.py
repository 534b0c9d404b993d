"""The basic status record ↔ the state of a pump, as tables. Alarms stand in ``alerts.py``.

Source: TE-SS730/830 instruction manual. Places count from the first byte of the decoded answer; numbers are big-endian. What
lies from byte 34 on is on pages that were not to be had, and is not read.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus
from devices.drivers.terumo.alerts import STOPPING

LEAST_BYTES = 34
STATES = {
    0: PumpState.STOPPED,
    1: PumpState.INFUSING,
    2: PumpState.STANDBY,
    3: PumpState.PURGING,
    4: PumpState.BOLUS,
    5: PumpState.BOLUS,
}
"""Upper half of byte 7: 4 is a hands-on bolus, 5 a hands-free one."""
DELIVERING = frozenset({PumpState.INFUSING, PumpState.BOLUS})
NO_VTBI = frozenset({0xFFFFFF, 0xEEEEEE})
"""Infinite, and not used."""
NO_WEIGHT = 0xFFFF
DOSE_UNITS = {0x04: "ug/kg/min", 0x08: "mg/kg/h"}
"""UCUM. 00 is mL/h, which is the flow; others are not known."""
OCCLUSION_PERCENT = (0.0, 25.0, 50.0, 75.0)
MAINS, BATTERY = 1, 0
SUB_BATTERY_BAD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A basic status as it stands in the bytes, scaled. None: the pump marks it as not used, or its code is not known.

    ``dilution`` is a concentration whose unit depends on the dose mode in a way that is not documented.
    """

    software: str
    state: PumpState
    alarm_bits: tuple[int, ...]
    battery_level: int
    on_mains: bool | None
    sub_battery_bad: bool
    occlusion_percent: float
    flow_ml_per_h: float
    infused_ml: float
    to_infuse_ml: float | None
    dose_rate: float
    dose_unit: str | None
    weight_kg: float | None
    dilution: float | None


def record_of(answer: bytes) -> Record | None:
    """The record in a decoded answer whose result is 00; None if it is too short."""
    if len(answer) < LEAST_BYTES:
        return None
    alarms, supply, vtbi, weight = _uint(answer, 10, 3), answer[13], _uint(answer, 22, 3), _uint(answer, 29, 2)
    return Record(
        software=answer[5:7].hex(),
        state=STATES.get(answer[7] >> 4, PumpState.UNKNOWN),
        alarm_bits=tuple(bit for bit in range(24) if alarms >> bit & 1),
        battery_level=supply & 0x0F,
        on_mains={MAINS: True, BATTERY: False}.get(supply >> 4 & 3),
        sub_battery_bad=supply >> 6 == SUB_BATTERY_BAD,
        occlusion_percent=OCCLUSION_PERCENT[answer[14] & 3],
        flow_ml_per_h=_uint(answer, 16, 3) / 100,
        infused_ml=_uint(answer, 19, 3) / 100,
        to_infuse_ml=None if vtbi in NO_VTBI else vtbi / 10,
        dose_rate=_uint(answer, 25, 3) / 100,
        dose_unit=DOSE_UNITS.get(answer[28]),
        weight_kg=None if weight == NO_WEIGHT else weight / 10,
        dilution=_uint(answer, 31, 3) / 100 or None,
    )


def _uint(data: bytes, place: int, size: int) -> int:
    return int.from_bytes(data[place : place + size], "big")


def state_of(record: Record) -> PumpState:
    """What the pump says; "stop" with an alarm that stops it is ALARM."""
    stopped_by_alarm = record.state is PumpState.STOPPED and not STOPPING.isdisjoint(record.alarm_bits)
    return PumpState.ALARM if stopped_by_alarm else record.state


def status_of(record: Record, channel: str, now: Instant, interval_s: float) -> PumpStatus:
    """A rate of 0 while it says that nothing is delivered, whatever flow is set."""
    state = state_of(record)
    resting = record.state not in DELIVERING and record.state is not PumpState.UNKNOWN
    return PumpStatus(
        at=now,
        channel=channel,
        state=state,
        rate_ml_per_h=0.0 if resting else record.flow_ml_per_h,
        infused_ml=record.infused_ml,
        to_infuse_ml=record.to_infuse_ml,
        pressure_percent=record.occlusion_percent,
        dose_rate=record.dose_rate if record.dose_unit else None,
        dose_unit=record.dose_unit,
        on_mains=record.on_mains,
        interval_s=interval_s,
    )
