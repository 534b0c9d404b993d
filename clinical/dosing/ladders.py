"""An order out of a mapping (a TOML file's content) and a weight. Reads no file."""

from __future__ import annotations

from collections.abc import Mapping

from clinical.orders import Order, OrderError, Step
from clinical.site_values import SiteTable, SiteValueError
from clinical.units import mg_per_h_from_mg_per_kg_h

DRUGS = ("ketamine", "S-ketamine")
LONGEST_MIN = 7 * 24 * 60
MOST_MG_PER_H = 600.0
MOST_MG_PER_KG_H = 7.0
"""The highest rate that the 2018 guideline mentions, in intensive care; beyond it a number is a slip."""

_TOP = ("name", "drug", "unit", "length_min", "ceiling_mg_per_h", "ceiling_mg_per_kg_h", "source", "step")
_STEP = ("at_min", "rate")
_MOST = {"mg/h": MOST_MG_PER_H, "mg/kg/h": MOST_MG_PER_KG_H}


def needs_weight(mapping: Mapping[str, object]) -> bool:
    """Whether the ladder's rates are for each kilogram."""
    return mapping.get("unit") == "mg/kg/h"


def order_from(mapping: Mapping[str, object], weight_kg: float) -> Order:
    """The order for a patient of this weight.

    Rates for each kilogram are cut to the ceiling in mg/h where there is one ("0.35 mg/kg/h, not above 25 mg/h"); a rate
    in mg/h above the ceiling is an error.

    Raises:
        SiteValueError: names the key, what is there and what is allowed.
    """
    if not weight_kg > 0:
        raise SiteValueError("weight", f"is {weight_kg:g} kg; allowed is above 0")
    top = SiteTable(mapping, _TOP)
    unit = top.choice("unit", tuple(_MOST))
    ceiling_mg_per_h = _ceiling(top, weight_kg)
    steps = tuple(_step(row, unit, weight_kg, ceiling_mg_per_h) for row in top.tables("step", _STEP))
    try:
        return Order(
            name=top.text("name"),
            drug=top.choice("drug", DRUGS),
            steps=steps,
            length_min=top.number("length_min", 1, LONGEST_MIN),
            ceiling_mg_per_h=ceiling_mg_per_h,
            source=top.text("source"),
        )
    except OrderError as error:
        raise SiteValueError("step", str(error)) from error


def _ceiling(top: SiteTable, weight_kg: float) -> float:
    ceilings = [top.number("ceiling_mg_per_h", 0.001, MOST_MG_PER_H)] if top.has("ceiling_mg_per_h") else []
    if top.has("ceiling_mg_per_kg_h"):
        ceilings.append(mg_per_h_from_mg_per_kg_h(top.number("ceiling_mg_per_kg_h", 0.001, MOST_MG_PER_KG_H), weight_kg))
    if not ceilings:
        raise top.error("ceiling_mg_per_h", "missing; needed is this or ceiling_mg_per_kg_h")
    return min(ceilings)


def _step(row: SiteTable, unit: str, weight_kg: float, ceiling_mg_per_h: float) -> Step:
    rate = row.number("rate", 0.001, _MOST[unit])
    by_weight = unit == "mg/kg/h"
    rate_mg_per_h = min(mg_per_h_from_mg_per_kg_h(rate, weight_kg), ceiling_mg_per_h) if by_weight else rate
    if rate_mg_per_h > ceiling_mg_per_h:
        raise row.error("rate", f"is {rate:g} mg/h; allowed is up to the ceiling of {ceiling_mg_per_h:g} mg/h")
    return Step(rate_mg_per_h=rate_mg_per_h, earliest_min=row.number("at_min", 0, LONGEST_MIN))
