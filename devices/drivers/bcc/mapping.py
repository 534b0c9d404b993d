"""BCC's parameters ↔ the state of a pump, as tables. Alarms stand in ``alerts.py``.

Source: B. Braun Technical Interface Specification BCC, I0022_000030 v4.0 (2019). The spelling of the bit words on the wire
(``RUNSTATE``, ``STATUS1``, …: hexadecimal, with or without ``0x`` and ``h``) is read off its value column, not seen on a device.
LASTDA, the number of the last device alarm, is not read: the document does not say what its numbers mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus

Values = Mapping[str, str]
Evidence = tuple[tuple[str, int], ...]
"""Parameter and bit. A parameter that is a single bit has bit 0."""

MODELS = {
    "686": "Infusomat Space",
    "687": "Infusomat Space P",
    "688": "Perfusor Space",
    "586": "Infusomat Space (US)",
    "587": "Infusomat Space P (US)",
    "588": "Perfusor Space (US)",
    "I0002": "Perfusor Compact plus",
    "I0003": "Infusomat Compact plus",
}
"""By how GNNEW or GNMODEL begins."""

DELIVERING: Evidence = (("RUNSTATE", 1), ("RUNSTATE", 3), ("STATUS1", 7), ("STATUS1", 13), ("INM3", 0), ("INM10", 0))
PURGING: Evidence = (("STATUS1", 4), ("INM14", 0))
"""While purging, INM3 is set too; what is purged does not reach the patient."""

MOVING_STATES: tuple[tuple[PumpState, Evidence], ...] = (
    (PumpState.PURGING, PURGING),
    (PumpState.BOLUS, (("STATUS1", 10), ("STATUS1", 11), ("INM2", 0))),
    (PumpState.KVO, (("RUNSTATE", 3), ("STATUS1", 13), ("INM10", 0))),
    (PumpState.INFUSING, DELIVERING),
)
"""In this order, unless everything that could tell of delivery denies it: an alarm that does not stop a pump hides no infusion."""

RESTING_STATES: tuple[tuple[PumpState, Evidence], ...] = (
    (
        PumpState.ALARM,
        (("RUNSTATE", 2), *((f"INA{number}", 0) for number in (1, 2, 3, 5, 6, 7, 8, 9, 14, 15, 16))),
    ),
    (PumpState.STANDBY, (("STATUS1", 2), ("INM6", 0))),
    (PumpState.PAUSED, (("STATUS1", 8),)),
    (PumpState.STOPPED, (("RUNSTATE", 0),)),
)
"""PAUSED: a therapy was started and does not run."""

OFF = "00050"
SATURATED_ML = 9999.9
UNKNOWN_TIME_S = 65535

MG_PER_ML = {30: 1e-6, 31: 1.0, 32: 1e-3}
"""Unit codes of a concentration: ng/mL, mg/mL, µg/mL."""
DOSE_RATES = {
    1: "mL/h",
    44: "ng/min",
    45: "ng/h",
    46: "ng/d",
    47: "mg/min",
    48: "mg/h",
    49: "mg/d",
    50: "ug/min",
    51: "ug/h",
    52: "ug/d",
    65: "ng/kg/min",
    66: "ng/kg/h",
    67: "ng/kg/d",
    68: "mg/kg/min",
    69: "mg/kg/h",
    70: "mg/kg/d",
    71: "ug/kg/min",
    72: "ug/kg/h",
    73: "ug/kg/d",
    106: "mg/m2/min",
    107: "mg/m2/h",
    108: "mg/m2/d",
    155: "mL/kg/h",
}
"""Unit codes of a dose rate, in UCUM."""

STATE_KEYS = frozenset(key for _, evidence in (*MOVING_STATES, *RESTING_STATES) for key, _ in evidence) | {"DSSTATUS"}
VALUE_KEYS = frozenset(
    (
        "GNNEW",
        "GNMODEL",
        "INNR",
        "INSERNUM",
        "INRT",
        "DORT",
        "DORTU",
        "INDORT",
        "INDORTU",
        "INDCON",
        "INDCONU",
        "INSOL",
        "INSOLSN",
        "INSOLID",
        "INVI",
        "INVTB",
        "VOLREMAIN",
        "INRMT",
        "INVOLACT",
        "INP2",
        "INAKKU",
        "INM8",
    )
)
GENERAL_KEYS = frozenset({"GNACK"})

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z", re.ASCII)
_WORD = re.compile(r"(?:0[xX])?([0-9A-Fa-f]{1,8})[hH]?\Z")
_SERIAL = re.compile(r"[0-9A-Za-z-]{1,12}\Z")
_PUMP_GLYPHS = re.compile("[\ue000-\uf8ff]")


def number(values: Values, key: str) -> float | None:
    """A decimal value; None where it was not told or is no number."""
    text = values.get(key, "")
    return float(text) if _NUMBER.match(text) else None


def word(values: Values, key: str) -> int | None:
    """A bit word; None where it was not told."""
    found = _WORD.match(values.get(key, ""))
    return int(found[1], 16) if found else None


def any_bit(values: Values, evidence: Evidence) -> bool | None:
    """Whether one of these bits is set; None if no parameter tells."""
    told = [bool(bits >> bit & 1) for key, bit in evidence if (bits := word(values, key)) is not None]
    return any(told) if told else None


def state_of(values: Values) -> PumpState:
    """One word for what the pump does. UNKNOWN if it tells nothing of that."""
    if values.get("DSSTATUS") == OFF:
        return PumpState.OFF
    delivering = any_bit(values, DELIVERING)
    rows = RESTING_STATES if delivering is False and not any_bit(values, PURGING) else (*MOVING_STATES, *RESTING_STATES)
    for state, evidence in rows:
        if any_bit(values, evidence):
            return state
    return PumpState.STOPPED if delivering is False else PumpState.UNKNOWN


def serial_of(values: Values) -> str:
    """INSERNUM, or what a Space pump hides in the low 18 bits of INNR; empty if neither was told."""
    serial = values.get("INSERNUM", "")
    if _SERIAL.match(serial):
        return serial
    combined = word(values, "INNR")
    return "" if combined is None else str(combined & 0x3FFFF)


def model_of(values: Values) -> str:
    """The make of the pump; empty if unknown."""
    told = values.get("GNNEW") or values.get("GNMODEL") or ""
    return next((title for start, title in MODELS.items() if told.startswith(start)), "")


def drug_of(values: Values) -> str | None:
    """The drug's name as shown: the long one unless the device is set to put the drug's ID there. Pump-only glyphs are dropped."""
    long, short = values.get("INSOL", ""), values.get("INSOLSN", "")
    name = short if short and long == values.get("INSOLID") else long or short
    return _PUMP_GLYPHS.sub("", name).strip() or None


def concentration_of(values: Values) -> float | None:
    """In mg/mL; None unless a value stands with a unit of mass in volume. Beside a value of 0 the unit is only a default."""
    value, factor = number(values, "INDCON"), MG_PER_ML.get(int(number(values, "INDCONU") or 0))
    return value * factor if value and factor else None


def dose_rate_of(values: Values) -> tuple[float, str] | tuple[None, None]:
    """The dose rate delivered, or else the one configured, with its UCUM unit; both None where value or unit are not known."""
    for key in ("DORT", "INDORT"):
        value, unit = number(values, key), DOSE_RATES.get(int(number(values, key + "U") or 0))
        if value and unit:
            return value, unit
    return None, None


def rate_of(values: Values, state: PumpState) -> float | None:
    """INRT, which is 0 to the patient while the pump purges or says that nothing runs."""
    rate = number(values, "INRT")
    resting = any_bit(values, DELIVERING) is False
    return 0.0 if rate is not None and (resting or state is PumpState.PURGING) else rate


def below(value: float | None, limit: float) -> float | None:
    """The value, or None from where its counter has reached the end and tells no more."""
    return value if value is not None and value < limit else None


def status_of(values: Values, channel: str, now: Instant, interval_s: float) -> PumpStatus:
    """What a pump's parameters say; None for each that does not stand there."""
    state = state_of(values)
    dose_rate, dose_unit = dose_rate_of(values)
    syringe = number(values, "INVOLACT")
    return PumpStatus(
        at=now,
        channel=channel,
        state=state,
        rate_ml_per_h=rate_of(values, state),
        infused_ml=below(number(values, "INVI"), SATURATED_ML),
        to_infuse_ml=number(values, "INVTB"),
        remaining_ml=number(values, "VOLREMAIN") if syringe is None else syringe,
        time_left_s=below(number(values, "INRMT"), UNKNOWN_TIME_S),
        pressure_percent=number(values, "INP2"),
        drug=drug_of(values),
        concentration_mg_per_ml=concentration_of(values),
        dose_rate=dose_rate,
        dose_unit=dose_unit,
        battery_min=number(values, "INAKKU"),
        on_mains=any_bit(values, (("STATUS1", 1), ("INM8", 0))),
        interval_s=interval_s,
    )
