"""Philips' codes ↔ the catalogue, as tables: physiological ids, units, measurement states, alert and enumeration codes. No rules.

Ids, units and state bits: a recorded monitor and open programs that read real ones. Alert and enumeration codes: the
nomenclature as open programs list it, no recorded bytes. Priorities follow the type a monitor gives with each alert.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from clinical.metrics import (
    ART,
    ART_DIA,
    ART_MEAN,
    ART_SYS,
    CO2,
    CO2_RESP_RATE,
    CVP,
    CVP_MEAN,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    IMPEDANCE,
    IMPEDANCE_RESP_RATE,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    PERFUSION_INDEX,
    PLETH,
    PULSE_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
    Metric,
)
from clinical.observations import Priority, Validity
from clinical.units import CELSIUS, MILLIVOLT, MMHG, OHM, ONE, PER_MINUTE, PERCENT, Unit
from devices.doubt import Doubt

HANDLE, LABEL, LABEL_TEXT, MEASURED_AT = 0x0921, 0x0924, 0x0927, 0x0990
NUMERIC, COMPOUND_NUMERIC = 0x0950, 0x094B
SAMPLES, COMPOUND_SAMPLES, ARRAY, SCALE, PERIOD, FIXED_VALUES, UNIT_CODE = 0x096E, 0x0967, 0x096D, 0x096F, 0x098D, 0x0A16, 0x0996
ENUMERATION = 0x099E
PATIENT_ALERTS, TECHNICAL_ALERTS = 0x0902, 0x0904
MODEL, BED_LABEL, TIME_NOW, TICKS_NOW, SYSTEM_ID = 0x0928, 0x091E, 0x0987, 0x098F, 0x0984
"""Attributes."""

INVALID, QUESTIONABLE, UNAVAILABLE, CALIBRATING, TEST, DEMO = 0x8000, 0x4000, 0x2000, 0x1000, 0x0800, 0x0400
EARLY, MEASURING = 0x0040, 0x0020
"""Bits of a measurement state; 0080 validated, 0002 in alarm and 0001 alarm inhibited change nothing in a value's worth."""


DOUBTS: tuple[tuple[int, Doubt], ...] = (
    (DEMO, Doubt(Validity.INVALID, "DEMO data")),
    (TEST, Doubt(Validity.INVALID, "test data")),
    (UNAVAILABLE, Doubt(Validity.NOT_AVAILABLE, "not available")),
    (CALIBRATING, Doubt(Validity.INVALID, "calibrating")),
    (MEASURING, Doubt(Validity.ONGOING, "measuring")),
    (INVALID, Doubt(Validity.INVALID, "invalid: sensor off?")),
    (QUESTIONABLE, Doubt(Validity.QUESTIONABLE, "questionable")),
    (EARLY, Doubt(Validity.QUESTIONABLE, "early indication")),
)
"""The first that stands decides."""


@dataclass(frozen=True, slots=True)
class Row:
    """A physiological id's place in the catalogue. ``cuff``: the number persists and has its own time."""

    metric: Metric
    channel: str = ""
    cuff: bool = False


NUMERIC_ROWS = MappingProxyType(
    {
        0x4182: Row(HEART_RATE),
        0x4BB8: Row(SPO2),
        0x4822: Row(PULSE_RATE),
        0x4BB0: Row(PERFUSION_INDEX),
        0x4A05: Row(NIBP_SYS, cuff=True),
        0x4A06: Row(NIBP_DIA, cuff=True),
        0x4A07: Row(NIBP_MEAN, cuff=True),
        0xF0E5: Row(NIBP_PULSE_RATE, cuff=True),
        0x500A: Row(IMPEDANCE_RESP_RATE),
        0x5012: Row(CO2_RESP_RATE),
        0x50B0: Row(ETCO2),
        0x50BA: Row(FICO2),
        0x4A11: Row(ART_SYS, "ART"),
        0x4A12: Row(ART_DIA, "ART"),
        0x4A13: Row(ART_MEAN, "ART"),
        0x4A15: Row(ART_SYS, "ABP"),
        0x4A16: Row(ART_DIA, "ABP"),
        0x4A17: Row(ART_MEAN, "ABP"),
        0x4A47: Row(CVP_MEAN),
        0x4B48: Row(TEMPERATURE),
        0x4B60: Row(TEMPERATURE, "core"),
        0x4B64: Row(TEMPERATURE, "oesophagus"),
        0x4B6C: Row(TEMPERATURE, "nasopharynx"),
        0x4B78: Row(TEMPERATURE, "ear"),
        0xE004: Row(TEMPERATURE, "rectum"),
        0xF0C7: Row(TEMPERATURE, "T1"),
        0xF0C8: Row(TEMPERATURE, "T2"),
        0xF0C9: Row(TEMPERATURE, "T3"),
        0xF0CA: Row(TEMPERATURE, "T4"),
        0x4B74: Row(SKIN_TEMPERATURE),
    }
)

WAVE_ROWS = MappingProxyType(
    {
        0x0102: Row(ECG_II),
        0x0101: Row(ECG_II, "I"),
        0x013D: Row(ECG_II, "III"),
        0x013E: Row(ECG_II, "aVR"),
        0x013F: Row(ECG_II, "aVL"),
        0x0140: Row(ECG_II, "aVF"),
        0x0143: Row(ECG_II, "V"),
        0x4BB4: Row(PLETH),
        0x50AC: Row(CO2),
        0x5000: Row(IMPEDANCE),
        0x4A10: Row(ART, "ART"),
        0x4A14: Row(ART, "ABP"),
        0x4A44: Row(CVP),
    }
)
"""Another lead than II is named, so that it is never taken for it."""

MMHG_PER_KPA = 7.500617
"""1 kPa in millimetres of mercury (NIST SP 811)."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """value in ``to`` = (value as sent + shift) × factor."""

    to: Unit
    factor: float = 1.0
    shift: float = 0.0


PERCENT_CODE, NONE_CODE, BPM_CODE, RPM_CODE, MMHG_CODE, CELSIUS_CODE, MILLIVOLT_CODE, OHM_CODE = (
    0x0220,
    0x0200,
    0x0AA0,
    0x0AE0,
    0x0F20,
    0x17A0,
    0x10B2,
    0x10C0,
)
UNITS = MappingProxyType(
    {
        PERCENT_CODE: Conversion(PERCENT),
        NONE_CODE: Conversion(ONE),
        BPM_CODE: Conversion(PER_MINUTE),
        RPM_CODE: Conversion(PER_MINUTE),
        MMHG_CODE: Conversion(MMHG),
        0x0F03: Conversion(MMHG, MMHG_PER_KPA),
        CELSIUS_CODE: Conversion(CELSIUS),
        0x1140: Conversion(CELSIUS, 5 / 9, -32.0),
        MILLIVOLT_CODE: Conversion(MILLIVOLT),
        OHM_CODE: Conversion(OHM),
    }
)
"""Fahrenheit (1140) and ohm (10C0) as open programs list them; the others also seen in recorded bytes or named with their ids."""

TECHNICAL_TYPES = MappingProxyType({1: Priority.LOW, 2: Priority.MEDIUM, 4: Priority.HIGH})
PATIENT_TYPES = MappingProxyType({0x0100: Priority.LOW, 0x0200: Priority.MEDIUM, 0x0400: Priority.HIGH})
UNKNOWN_TYPE = Priority.MEDIUM
"""Proposed for a type that is none of these, to be confirmed by your clinicians."""

SOURCES = MappingProxyType(
    {
        0x4182: "HR",
        0x4BB8: "SpO₂",
        0x4822: "Pulse",
        0x4A04: "NBP",
        0x4A10: "ART",
        0x4A14: "ABP",
        0x4A44: "CVP",
        0x500A: "RR",
        0x5000: "Resp",
        0x5012: "awRR",
        0x50AC: "CO₂",
        0x50B0: "EtCO₂",
        0x50BA: "imCO₂",
        0x4B48: "Temp",
        0x0100: "ECG",
    }
)
"""Short names of what an alert is about."""

RHYTHM = MappingProxyType({0xD006: "ectopic status", 0xD007: "rhythm status"})
RHYTHM_VALUES = MappingProxyType({0x4012: "sinus rhythm", 0x4280: "pair of PVCs"})
