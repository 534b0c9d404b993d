"""Bands that catch a slip of the decimal point in weight, concentration and rate, each with a clear sentence.

The bands are proposals for adults, to be confirmed by your clinicians. A doubt asks for a second look; it forbids nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clinical.orders import Order
from clinical.units import ml_per_h_from_mg_per_h


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What is usual of one quantity.

    Attributes:
        what, unit: for the sentence.
        low, high: both are inside.
    """

    what: str
    unit: str
    low: float
    high: float

    def doubt(self, value: float) -> str:
        """A sentence if the value is outside, with the tenfold slip named where that explains it; empty if inside."""
        if self.low <= value <= self.high:
            return ""
        if not value > 0:
            return f"{self.what} {value:g} {self.unit} cannot be: it must be above 0"
        usual = f"usual is {self.low:g} to {self.high:g}"
        slip = next((f"; is {slip:.3g} meant?" for slip in (value / 10, value * 10) if self.low <= slip <= self.high), "")
        told = f"{value:.3g}" if value < 1000 else f"{value:.0f}"  # never 5e+03
        return f"{self.what} {told} {self.unit}: {usual}{slip}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plausibility:
    """The bands of a site."""

    weight_kg: Band = Band(what="weight", unit="kg", low=30, high=200)
    concentration_mg_per_ml: Band = Band(what="concentration", unit="mg/mL", low=0.5, high=50)
    rate_mg_per_kg_h: Band = Band(what="dose rate", unit="mg/kg/h", low=0.05, high=1.0)
    rate_ml_per_h: Band = Band(what="pump rate", unit="mL/h", low=0.3, high=60)
    syringe_ml: Band = Band(what="syringe or bag", unit="mL", low=10, high=500)

    def of_case(self, *, weight_kg: float, concentration_mg_per_ml: float, syringe_ml: float, order: Order) -> tuple[str, ...]:
        """Everything about a case to be that asks for a second look; empty if nothing does."""
        doubts = [
            self.weight_kg.doubt(weight_kg),
            self.concentration_mg_per_ml.doubt(concentration_mg_per_ml),
            self.syringe_ml.doubt(syringe_ml),
        ]
        if weight_kg > 0 and concentration_mg_per_ml > 0:
            rates = [step.rate_mg_per_h for step in order.steps]
            edges = dict.fromkeys((min(rates), max(rates)))
            doubts += [self.rate_mg_per_kg_h.doubt(rate / weight_kg) for rate in edges]
            doubts += [self.rate_ml_per_h.doubt(ml_per_h_from_mg_per_h(rate, concentration_mg_per_ml)) for rate in edges]
            doubts.append(_shortfall(order, syringe_ml * concentration_mg_per_ml))
        return _said(doubts)

    def of_rate(self, *, rate_mg_per_h: float, weight_kg: float, concentration_mg_per_ml: float) -> tuple[str, ...]:
        """The same for one rate. Weight and concentration must be above 0."""
        return _said(
            (
                self.rate_mg_per_kg_h.doubt(rate_mg_per_h / weight_kg),
                self.rate_ml_per_h.doubt(ml_per_h_from_mg_per_h(rate_mg_per_h, concentration_mg_per_ml)),
            )
        )


def whole_dose_mg(order: Order) -> float:
    """What the ladder gives if each step is taken at its earliest time."""
    ends = [step.earliest_min for step in order.steps[1:]] + [order.length_min]
    return sum(step.rate_mg_per_h * (end - step.earliest_min) / 60 for step, end in zip(order.steps, ends, strict=True))


def _shortfall(order: Order, there_mg: float) -> str:
    needed_mg = whole_dose_mg(order)
    if there_mg >= needed_mg:
        return ""
    return f"the order needs {needed_mg:.4g} mg, the syringe or bag holds {there_mg:.4g} mg: it will have to be changed"


def _said(doubts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(doubt for doubt in doubts if doubt))
