"""Segments of Dianet-Star ↔ the state of a pump, as tables. Alarms stand in ``alerts.py``.

Numbers are big-endian; a number of all ones is not set. Source: pfcgroot/pavlovian_fluid, which carried the maker's headers.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus
from devices.drivers.dianet.alerts import STOPPING

LEAST_BYTES = {0x01: 20, 0x02: 19, 0x03: 21, 0x04: 39, 0x07: 21}
"""Data of a good answer, by segment."""
MODELS = {
    202: "Infusomat fmS",
    203: "Infusomat P",
    1019: "Perfusor fm",
    1020: "Perfusor fm",
    1200: "Perfusor compact",
    1201: "Perfusor compact S",
}
MAINS = 4
STATES = (
    (PumpState.BOLUS, (9, 10, 12)),
    (PumpState.KVO, (13,)),
    (PumpState.INFUSING, (7,)),
)
"""Bits of the state word that say what runs, in this order."""
STANDBY = 5
MASS = {0x20: "mg", 0x40: "ug", 0x60: "[iU]", 0x80: "mmol"}
PER = {0x00: "", 0x08: "/mL", 0x10: "/kg"}
TIME = {0x00: "", 0x01: "/s", 0x02: "/min", 0x03: "/h", 0x04: "/d"}
MG_PER_ML = {0x28: 1.0, 0x48: 0.001}
MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    serial: str
    model: str
    software: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Segment 02."""

    alarm: int
    state: int
    rate_ml_per_h: float | None
    left_ml: float | None
    time_left_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actual:
    """Segment 03, as far as it is used."""

    pressure_percent: float | None = None
    infused_ml: float | None = None
    battery_min: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Segment 04, as far as it is used."""

    to_infuse_ml: float | None = None
    drug: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """Segment 07, as far as it is used. The unit is UCUM."""

    concentration_mg_per_ml: float | None = None
    dose_rate: float | None = None
    dose_unit: str | None = None


def number(data: bytes, place: int, size: int, scale: float = 1.0) -> float | None:
    """A big-endian number times its scale; None if it is all ones."""
    field = data[place : place + size]
    return None if field == b"\xff" * size else round(int.from_bytes(field, "big") * scale, 6)


def unit_of(byte: int) -> str | None:
    """A unit in UCUM, as the sum of mass, per what, and time; None for parts that are not known."""
    parts = (MASS.get(byte & 0xE0), PER.get(byte & 0x18), TIME.get(byte & 0x07))
    return None if None in parts else "".join(part for part in parts if part)


def identity_of(data: bytes) -> Identity:
    ident = int.from_bytes(data[:4], "big")
    software = data[6:16].decode("latin-1").strip(" \0\xff")
    return Identity(serial=str(ident & 0x3FFFF), model=MODELS.get(ident >> 18, f"type {ident >> 18}"), software=software)


def status_segment(data: bytes) -> Status:
    minutes = number(data, 17, 2)
    return Status(
        alarm=int.from_bytes(data[1:5], "big"),
        state=int.from_bytes(data[5:9], "big"),
        rate_ml_per_h=number(data, 9, 4, 0.01),
        left_ml=number(data, 13, 4, 0.1),
        time_left_s=None if minutes is None else minutes * MINUTE_S,
    )


def actual_segment(data: bytes) -> Actual:
    return Actual(pressure_percent=number(data, 0, 1), infused_ml=number(data, 1, 4, 0.1), battery_min=number(data, 9, 2))


def settings_segment(data: bytes) -> Settings:
    drug = data[19:39].decode("latin-1").strip(" \0\xff")
    return Settings(to_infuse_ml=number(data, 4, 4, 0.1), drug=drug or None)


def dose_segment(data: bytes) -> Dose:
    concentration, factor = number(data, 2, 4, 0.001), MG_PER_ML.get(data[6])
    dose_rate, unit = number(data, 7, 4, 0.001), unit_of(data[11])
    known = dose_rate is not None and unit
    return Dose(
        concentration_mg_per_ml=concentration * factor if concentration and factor else None,
        dose_rate=dose_rate if known else None,
        dose_unit=unit if known else None,
    )


def state_of(status: Status) -> PumpState:
    """What the state word says runs; else the alarm that stopped it, standby, or stopped."""
    for state, bits in STATES:
        if any(status.state >> bit & 1 for bit in bits):
            return state
    if any(status.alarm >> bit & 1 for bit in STOPPING):
        return PumpState.ALARM
    return PumpState.STANDBY if status.state >> STANDBY & 1 else PumpState.STOPPED


def pump_status(
    status: Status, *, actual: Actual, settings: Settings, dose: Dose, channel: str, now: Instant, interval_s: float
) -> PumpStatus:
    """All that was told. While nothing runs the rate is 0, whatever is set."""
    state = state_of(status)
    runs = state in {running for running, _ in STATES}
    return PumpStatus(
        at=now,
        channel=channel,
        state=state,
        rate_ml_per_h=status.rate_ml_per_h if runs else 0.0,
        infused_ml=actual.infused_ml,
        to_infuse_ml=settings.to_infuse_ml,
        time_left_s=status.time_left_s,
        pressure_percent=actual.pressure_percent,
        drug=settings.drug,
        concentration_mg_per_ml=dose.concentration_mg_per_ml,
        dose_rate=dose.dose_rate,
        dose_unit=dose.dose_unit,
        battery_min=actual.battery_min,
        on_mains=bool(status.state >> MAINS & 1),
        interval_s=interval_s,
    )
