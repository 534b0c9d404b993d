"""Codes, units and words of SDC ↔ the catalogue, as tables. No document and no state is known here.

Codes are those of ISO/IEEE 11073-10101 (CF_CODE10): the catalogue's own numbers, and those that network senders were seen to use
for the cuff, the pulse and the perfusion index. Units follow the numbering 262144 + 16 bits that was checked against messages;
the words of MetricQuality and ActivationState are ISO/IEEE 11073-10207's.
"""

from __future__ import annotations

from collections.abc import Mapping

from clinical.metrics import (
    CATALOGUE,
    CO2_RESP_RATE,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    PERFUSION_INDEX,
    PULSE_RATE,
    SKIN_TEMPERATURE,
    TEMPERATURE,
    Metric,
)
from clinical.observations import Priority, Validity
from clinical.units import CELSIUS, MILLIVOLT, MMHG, OHM, ONE, PER_MINUTE, PERCENT, Unit
from devices.doubt import Doubt

CODES: Mapping[str, Metric] = {
    **{str(row.code): row for row in CATALOGUE.values() if row.code is not None},
    "149522": PULSE_RATE,
    "150301": NIBP_SYS,
    "150302": NIBP_DIA,
    "150303": NIBP_MEAN,
    "150488": PERFUSION_INDEX,
    "151570": CO2_RESP_RATE,
}
CUFF = frozenset({NIBP_SYS, NIBP_DIA, NIBP_MEAN, NIBP_PULSE_RATE})
HELD = CUFF | {TEMPERATURE, SKIN_TEMPERATURE}
"""An old value of these is still the last there is."""

KPA, FAHRENHEIT = Unit("kPa", "kPa"), Unit("[degF]", "°F")
UNITS: Mapping[str, Unit] = {
    "262656": ONE,
    "262688": PERCENT,
    "264864": PER_MINUTE,
    "264928": PER_MINUTE,
    "266016": MMHG,
    "265987": KPA,
    "266418": MILLIVOLT,
    "268192": CELSIUS,
    **{unit.ucum: unit for unit in (ONE, PERCENT, PER_MINUTE, MMHG, KPA, MILLIVOLT, OHM, CELSIUS, FAHRENHEIT)},
}
CONVERSIONS: Mapping[tuple[Unit, Unit], tuple[float, float]] = {
    (KPA, MMHG): (7.500616827, 0.0),
    (FAHRENHEIT, CELSIUS): (5 / 9, -32 * 5 / 9),
}

MEASURED = frozenset({"Msrmt", "Clc"})
"""MetricCategory: measured or calculated. A setting, a preset or a recommendation is no reading."""


NO_VALUE = Doubt(Validity.NOT_AVAILABLE, "no value")
QUALITIES: Mapping[str, Doubt | None] = {
    "Vld": None,
    "Vldated": None,
    "Ong": Doubt(Validity.ONGOING, "measuring"),
    "Qst": Doubt(Validity.QUESTIONABLE, "marked questionable"),
    "Calib": Doubt(Validity.INVALID, "calibrating"),
    "Inv": Doubt(Validity.INVALID, "marked invalid"),
    "Oflw": Doubt(Validity.INVALID, "above the range"),
    "Uflw": Doubt(Validity.INVALID, "below the range"),
    "NA": NO_VALUE,
}
UNKNOWN_QUALITY = Doubt(Validity.INVALID, "validity not told")
MODES: Mapping[str, Doubt] = {
    "Demo": Doubt(Validity.INVALID, "demonstration data"),
    "Test": Doubt(Validity.INVALID, "test data"),
}
ACTIVATIONS: Mapping[str, Doubt | None] = {
    "On": None,
    "NotRdy": Doubt(Validity.NOT_AVAILABLE, "not ready"),
    "StndBy": Doubt(Validity.NOT_AVAILABLE, "standby"),
    "Off": Doubt(Validity.NOT_AVAILABLE, "off"),
    "Shtdn": Doubt(Validity.NOT_AVAILABLE, "shut down"),
    "Fail": Doubt(Validity.INVALID, "sensor failed"),
}
UNKNOWN_ACTIVATION = Doubt(Validity.QUESTIONABLE, "unknown state of the sensor")

PRIORITIES: Mapping[str, Priority] = {"Hi": Priority.HIGH, "Me": Priority.MEDIUM, "Lo": Priority.LOW}
"""A condition of priority "None" is no alarm."""
PHYSIOLOGICAL = "Phy"


def conversion(told: str, metric: Metric) -> tuple[float, float] | None:
    """Factor and then summand from a unit's code to the metric's unit; None if the unit is unknown or another quantity's."""
    unit = UNITS.get(told)
    if unit is None:
        return None
    return (1.0, 0.0) if unit is metric.unit else CONVERSIONS.get((unit, metric.unit))
