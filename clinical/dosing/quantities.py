"""Amounts with their unit and drug in the type: what cannot be added, compared or converted is refused, never guessed.

A concentration, a weight, a volume and a flow are types of their own; a dose rate names its unit and its drug. A conversion that needs
a weight or a concentration asks for it. ``displayed`` is the one way in which an amount becomes text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum, StrEnum


class UnitError(ValueError):
    """Two things were brought together that have different units or drugs, or an amount cannot be."""


class Drug(StrEnum):
    """The racemate and its S-enantiomer: another potency each, never one in place of the other."""

    KETAMINE = "ketamine"
    S_KETAMINE = "S-ketamine"


class RateUnit(Enum):
    """Value: text; mg/h is the unit that all are reckoned through."""

    MG_PER_H = "mg/h"
    MG_PER_24_H = "mg/24 h"
    MG_PER_KG_H = "mg/kg/h"
    UG_PER_KG_MIN = "µg/kg/min"

    @property
    def by_weight(self) -> bool:
        return self in {RateUnit.MG_PER_KG_H, RateUnit.UG_PER_KG_MIN}


class ConcentrationUnit(Enum):
    MG_PER_ML = "mg/mL"
    UG_PER_ML = "µg/mL"
    NG_PER_ML = "ng/mL"


_PER_MG_PER_H = {RateUnit.MG_PER_H: (1, 1), RateUnit.MG_PER_24_H: (24, 1), RateUnit.MG_PER_KG_H: (1, 1), RateUnit.UG_PER_KG_MIN: (1000, 60)}
"""So many of the unit, as a quotient of two whole numbers, make 1 mg/h (for 1 kg)."""
_PER_MG_PER_ML = {ConcentrationUnit.MG_PER_ML: 1, ConcentrationUnit.UG_PER_ML: 1000, ConcentrationUnit.NG_PER_ML: 1_000_000}


def _require(what: str, value: float, *, zero: bool) -> None:
    if not (math.isfinite(value) and (value > 0 or (zero and value == 0))):
        raise UnitError(f"{what} must be a number {'from 0 up' if zero else 'above 0'}, not {value:g}")


@dataclass(frozen=True, slots=True)
class Weight:
    kg: float

    def __post_init__(self) -> None:
        _require("weight", self.kg, zero=False)


@dataclass(frozen=True, slots=True)
class Volume:
    ml: float

    def __post_init__(self) -> None:
        _require("volume", self.ml, zero=True)


@dataclass(frozen=True, slots=True)
class Flow:
    """What a pump is set to."""

    ml_per_h: float

    def __post_init__(self) -> None:
        _require("flow", self.ml_per_h, zero=True)


@dataclass(frozen=True, slots=True)
class Mass:
    mg: float
    drug: Drug

    def __post_init__(self) -> None:
        _require("mass", self.mg, zero=True)

    def __add__(self, other: Mass) -> Mass:
        _require_same(self, other)
        return Mass(self.mg + other.mg, self.drug)

    def __lt__(self, other: Mass) -> bool:
        _require_same(self, other)
        return self.mg < other.mg


@dataclass(frozen=True, slots=True)
class Concentration:
    value: float
    unit: ConcentrationUnit
    drug: Drug

    def __post_init__(self) -> None:
        _require("concentration", self.value, zero=False)

    @property
    def mg_per_ml(self) -> float:
        return self.value / _PER_MG_PER_ML[self.unit]

    def mass_in(self, volume: Volume) -> Mass:
        """Raises UnitError if that is no volume."""
        _require_kind(volume, Volume)
        return Mass(volume.ml * self.mg_per_ml, self.drug)


@dataclass(frozen=True, slots=True)
class DoseRate:
    value: float
    unit: RateUnit
    drug: Drug

    def __post_init__(self) -> None:
        _require("dose rate", self.value, zero=True)

    def to(self, unit: RateUnit, weight: Weight | None = None) -> DoseRate:
        """The same rate in another unit. Raises UnitError if a weight is needed and there is none."""
        if unit is self.unit:
            return self
        up, down = _PER_MG_PER_H[unit]
        own_up, own_down = _PER_MG_PER_H[self.unit]
        value = self.value * (up * own_down) / (down * own_up)
        if unit.by_weight != self.unit.by_weight:
            if not isinstance(weight, Weight):
                raise UnitError(f"{self.unit.value} becomes {unit.value} by a weight, and none was given")
            value = value / weight.kg if unit.by_weight else value * weight.kg
        return DoseRate(value, unit, self.drug)

    def flow(self, concentration: Concentration, weight: Weight | None = None) -> Flow:
        """What to set a pump to. Raises UnitError for another drug's concentration, or without a weight that is needed."""
        _require_same(self, concentration)
        return Flow(self.to(RateUnit.MG_PER_H, weight).value / concentration.mg_per_ml)

    def __add__(self, other: DoseRate) -> DoseRate:
        _require_same(self, other)
        return DoseRate(self.value + other.value, self.unit, self.drug)

    def __lt__(self, other: DoseRate) -> bool:
        _require_same(self, other)
        return self.value < other.value


def dose_rate(flow: Flow, concentration: Concentration) -> DoseRate:
    """What a pump gives, in mg/h. Raises UnitError for anything but a flow and a concentration."""
    _require_kind(flow, Flow)
    _require_kind(concentration, Concentration)
    return DoseRate(flow.ml_per_h * concentration.mg_per_ml, RateUnit.MG_PER_H, concentration.drug)


def _require_kind(thing: object, kind: type) -> None:
    if not isinstance(thing, kind):
        raise UnitError(f"needed is a {kind.__name__.lower()}, not {thing!r}")


def _require_same(one: Mass | DoseRate | Concentration, other: Mass | DoseRate | Concentration) -> None:
    """The same drug; and the same kind and unit, but for a rate and the concentration it is given from."""
    drug = getattr(other, "drug", None)
    if drug is not one.drug:
        raise UnitError(f"{one.drug} and {repr(other) if drug is None else drug} are never mixed")
    if isinstance(one, DoseRate) and isinstance(other, Concentration):
        return
    if type(one) is not type(other) or getattr(one, "unit", None) is not getattr(other, "unit", None):
        raise UnitError(f"{one} and {other} have different units")


_DECIMALS = ((100, 0), (10, 1), (1, 2))  # from this value on, so many decimals; below 1: three significant digits


def displayed(value: float) -> str:
    """An amount as people read it safely: three significant digits or all whole ones, a zero before the point, none at the end.

    Raises UnitError for what is no number from 0 up.
    """
    _require("an amount to be shown", value, zero=True)
    exact = Decimal(value)
    if exact == 0:
        return "0"
    decimals = next((places for least, places in _DECIMALS if exact >= least), 2 - exact.adjusted())
    text = f"{exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
