"""Units of measurement (UCUM) and the three readings of one dose rate. Bare floats that cross here carry their unit in the name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``ucum`` in files, ``text`` on screens."""

    ucum: str
    text: str


PER_MINUTE = Unit("/min", "/min")
PERCENT = Unit("%", "%")
MMHG = Unit("mm[Hg]", "mmHg")
CELSIUS = Unit("Cel", "°C")
MILLIVOLT = Unit("mV", "mV")
OHM = Unit("Ohm", "Ω")
ONE = Unit("1", "")
MILLIMETRE = Unit("mm", "mm")
MICROVOLT = Unit("uV", "µV")
CM_H2O = Unit("cm[H2O]", "cmH₂O")
LITRE_PER_MINUTE = Unit("L/min", "L/min")
MILLILITRE = Unit("mL", "mL")


def mg_per_h_from_ml_per_h(rate_ml_per_h: float, concentration_mg_per_ml: float) -> float:
    """Dose rate of a pump rate. Exact: mL/h × mg/mL = mg/h."""
    return rate_ml_per_h * concentration_mg_per_ml


def ml_per_h_from_mg_per_h(rate_mg_per_h: float, concentration_mg_per_ml: float) -> float:
    """Pump rate of a dose rate. Raises ZeroDivisionError for a concentration of zero."""
    return rate_mg_per_h / concentration_mg_per_ml


def mg_per_kg_h_from_mg_per_h(rate_mg_per_h: float, weight_kg: float) -> float:
    """Dose rate for each kilogram. Raises ZeroDivisionError for a weight of zero."""
    return rate_mg_per_h / weight_kg


def mg_per_h_from_mg_per_kg_h(rate_mg_per_kg_h: float, weight_kg: float) -> float:
    """Dose rate from the rate for each kilogram."""
    return rate_mg_per_kg_h * weight_kg


def mg_per_h_from_ug_per_kg_min(rate_ug_per_kg_min: float, weight_kg: float) -> float:
    """Dose rate from µg/kg/min: × kg × 60 min/h ÷ 1000 µg/mg."""
    return rate_ug_per_kg_min * weight_kg * 60 / 1000
