"""Codes, units, flags and statuses of observation rows ↔ the catalogue, as tables. No message and no state is known here.

Sources. MDC: the messages of Mindray, Comen and XH80X monitors in hand, mdpnp's Mindray map (BSD-2), and the catalogue's own
numbers; those inferred from the 16-bit numbers of one vendor stand apart. EHC: an Edan gateway. MDIL: a Philips PIC.
LN: LOINC. Flags and statuses: HL7 tables 0078 and 0085; the words of IHE PCD-01 for OBX-8 from memory of that profile: they
only ever lower a value's worth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from clinical.metrics import (
    ART_DIA,
    ART_MEAN,
    ART_SYS,
    CO2_RESP_RATE,
    ETCO2,
    FICO2,
    HEART_RATE,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    PERFUSION_INDEX,
    PULSE_RATE,
    RESP_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
    Metric,
)
from clinical.observations import Validity
from clinical.units import CELSIUS, MMHG, PER_MINUTE, PERCENT, Unit
from devices.doubt import Doubt
from devices.drivers.hl7.rows import MDC_SYSTEMS, Row

CUFF = frozenset({NIBP_SYS, NIBP_DIA, NIBP_MEAN, NIBP_PULSE_RATE})
"""Measured now and then and told again until the next: an old one is still the last there is."""
SLOW = frozenset({TEMPERATURE, SKIN_TEMPERATURE})
"""Some monitors measure these all the time, some now and then: the age tells which."""

_MDC: dict[int, Metric] = {
    147842: HEART_RATE,
    149522: PULSE_RATE,  # a pulse whose sensor is not named; beside 149530 it has another place, so another channel
    149530: PULSE_RATE,
    149546: NIBP_PULSE_RATE,
    150448: PERFUSION_INDEX,
    150488: PERFUSION_INDEX,
    150456: SPO2,
    150301: NIBP_SYS,
    150302: NIBP_DIA,
    150303: NIBP_MEAN,
    151562: RESP_RATE,
    151594: CO2_RESP_RATE,
    150344: TEMPERATURE,
    150388: SKIN_TEMPERATURE,
    188496: TEMPERATURE,
    151708: ETCO2,
    151716: FICO2,
}
_INFERRED: dict[int, Metric] = {  # from the 16-bit numbers that Philips uses; seen in no message
    150021: NIBP_SYS,
    150022: NIBP_DIA,
    150023: NIBP_MEAN,
    150033: ART_SYS,
    150034: ART_DIA,
    150035: ART_MEAN,
    151570: CO2_RESP_RATE,
    151728: ETCO2,
}
MDC: Mapping[str, Metric] = {str(code): metric for code, metric in {**_MDC, **_INFERRED}.items()}

CODES: Mapping[str, Mapping[str, Metric]] = {
    **dict.fromkeys(MDC_SYSTEMS, MDC),
    "EHC": {
        "393216": NIBP_SYS,
        "393217": NIBP_DIA,
        "393219": NIBP_PULSE_RATE,
        "327680": SPO2,
        "131072": HEART_RATE,
        "458752": TEMPERATURE,
    },
    "MDIL": {
        "0002-4bb8": SPO2,
        "0002-4182": HEART_RATE,
        "0002-4a05": NIBP_SYS,
        "0002-4a06": NIBP_DIA,
        "0002-4a07": NIBP_MEAN,
        "0002-f0c7": TEMPERATURE,
    },
    "LN": {
        "8867-4": HEART_RATE,
        "59408-5": SPO2,
        "8480-6": NIBP_SYS,
        "8462-4": NIBP_DIA,
        "8310-5": TEMPERATURE,
    },
}
"""Coding system (OBX-3, third component) → code → metric."""

SITES = {"188496": "axilla"}
"""Codes whose place of measurement makes them another channel of their metric."""

KPA, FAHRENHEIT = Unit("kPa", "kPa"), Unit("[degF]", "°F")

UNITS: Mapping[str, Unit] = {
    "262688": PERCENT,
    "264864": PER_MINUTE,
    "264928": PER_MINUTE,
    "266016": MMHG,
    "268192": CELSIUS,
    "268160": FAHRENHEIT,
    "268224": FAHRENHEIT,
    "265987": KPA,  # by the numbering of 266016: the pascal with its prefix
    "0004-0220": PERCENT,
    "0004-0aa0": PER_MINUTE,
    "0004-0ae0": PER_MINUTE,
    "0004-0f20": MMHG,
    "0004-17a0": CELSIUS,
    "%": PERCENT,
    "percent": PERCENT,
    "bpm": PER_MINUTE,
    "rpm": PER_MINUTE,
    "/min": PER_MINUTE,
    "1/min": PER_MINUTE,
    "{beat}/min": PER_MINUTE,
    "{beats}/min": PER_MINUTE,
    "{breath}/min": PER_MINUTE,
    "{breaths}/min": PER_MINUTE,
    "beats/min": PER_MINUTE,
    "breaths/min": PER_MINUTE,
    "mmhg": MMHG,
    "mm[hg]": MMHG,
    "kpa": KPA,
    "cel": CELSIUS,
    "degc": CELSIUS,
    "°c": CELSIUS,
    "℃": CELSIUS,
    "[degf]": FAHRENHEIT,
    "degf": FAHRENHEIT,
    "°f": FAHRENHEIT,
    "℉": FAHRENHEIT,
    "mdc_dim_percent": PERCENT,
    "mdc_dim_beat_per_min": PER_MINUTE,
    "mdc_dim_resp_per_min": PER_MINUTE,
    "mdc_dim_mmhg": MMHG,
    "mdc_dim_kilo_pascal": KPA,
    "mdc_dim_degc": CELSIUS,
    "mdc_dim_fahr": FAHRENHEIT,
}
"""Any component of OBX-6, lower case → unit."""

CONVERSIONS: Mapping[tuple[Unit, Unit], tuple[float, float]] = {
    (KPA, MMHG): (7.500616827, 0.0),
    (FAHRENHEIT, CELSIUS): (5 / 9, -32 * 5 / 9),
}
"""(told, catalogue) → factor and then summand."""


NO_READING = Doubt(Validity.INVALID, "no reading")
NO_READING_NUMBERS = frozenset({-999.0, -99.9, -100.0, -1.0, 8388607.0})
"""Seen in the place of a number: XH80X, Northern and others, and the greatest 24-bit number."""

FLAGS: Mapping[str, Doubt] = {
    "DEMO": Doubt(Validity.INVALID, "demonstration data"),
    "TEST": Doubt(Validity.INVALID, "test data"),
    "INV": Doubt(Validity.INVALID, "marked invalid"),
    "NAV": Doubt(Validity.NOT_AVAILABLE, "not available"),
    "CAL": Doubt(Validity.INVALID, "calibrating"),
    "BUSY": Doubt(Validity.ONGOING, "measuring"),
    "ONG": Doubt(Validity.ONGOING, "measuring"),
    "QUES": Doubt(Validity.QUESTIONABLE, "marked questionable"),
    "EARLY": Doubt(Validity.QUESTIONABLE, "early estimate"),
}
"""OBX-8. In this order: demonstration data is that first, whatever else is said of it. H, L and their kin say nothing on worth."""

STATUSES: Mapping[str, Doubt | None] = {
    "": None,
    "R": None,
    "F": None,
    "C": None,
    "P": Doubt(Validity.QUESTIONABLE, "preliminary"),
    "S": Doubt(Validity.QUESTIONABLE, "partial"),
    "X": Doubt(Validity.INVALID, "cannot be obtained"),
    "D": Doubt(Validity.INVALID, "withdrawn"),
    "W": Doubt(Validity.INVALID, "withdrawn"),
    "N": Doubt(Validity.NOT_AVAILABLE, "not measured"),
    "O": Doubt(Validity.NOT_AVAILABLE, "not measured"),
    "I": Doubt(Validity.NOT_AVAILABLE, "pending"),
}
"""OBX-11; absent in some dialects."""
UNKNOWN_STATUS = Doubt(Validity.QUESTIONABLE, "unknown result status")

MODES: Mapping[str, Doubt] = {
    "T": Doubt(Validity.INVALID, "training data"),
    "D": Doubt(Validity.INVALID, "debugging data"),
}
"""MSH-11: anything but production is no patient's."""

NUMBER = re.compile(r"(?a:[+-]?\d{1,9}(?:\.\d{1,9})?)")


def metric_of(row: Row) -> Metric | None:
    """What a row measures; None for what is not in the tables."""
    code = row.code.lower()
    return CODES.get(row.system, {}).get(code)


def contradicts_itself(row: Row, metric: Metric) -> bool:
    """OBX-4 of some senders ends in the code once more: if that means something else, neither is believed."""
    again = MDC.get(row.place[-1]) if row.place else None
    return again is not None and again is not metric


def number_of(text: str) -> float | None:
    """A plain decimal number that is a reading; None for anything else that stands in its place."""
    if NUMBER.fullmatch(text) is None:
        return None
    number = float(text)
    return None if number in NO_READING_NUMBERS else number


def unit_of(units: Sequence[str]) -> Unit | None:
    """The first component of OBX-6 that is a known unit."""
    return next((UNITS[name.lower()] for name in units if name.lower() in UNITS), None)


def in_unit(number: float, told: Unit, wanted: Unit) -> float | None:
    """The number in the catalogue's unit; None if that cannot be reckoned."""
    if told is wanted:
        return number
    conversion = CONVERSIONS.get((told, wanted))
    return None if conversion is None else number * conversion[0] + conversion[1]


def doubt_of(row: Row, mode: str) -> Doubt | None:
    """What flags, status and the message's mode say of the row's worth: the worst first, None if nothing."""
    flagged = next((doubt for flag, doubt in FLAGS.items() if flag in row.flags), None)
    return MODES.get(mode) or flagged or STATUSES.get(row.status, UNKNOWN_STATUS)
