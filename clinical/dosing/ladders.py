"""An order out of a mapping (a TOML file's content) and a weight. Reads no file. What its rows may hold beside steps: ``order_rows``.

The drug is one of two words, and nothing is converted between them: S-ketamine has about twice the potency of the racemate, so an
order for one is never an order for the other.
"""

from __future__ import annotations

from collections.abc import Mapping

from clinical.dosing.order_rows import ADJUNCT, BOLUS, ROUND, RULE, adjunct_from, bolus_from, rounds_from, rule_from
from clinical.orders import Order, OrderError, Step, WeightBasis
from clinical.site_values import SiteTable, SiteValueError
from clinical.units import mg_per_h_from_mg_per_kg_h, mg_per_h_from_ug_per_kg_min

DRUGS = ("ketamine", "S-ketamine")
LONGEST_MIN = 7 * 24 * 60
MOST_DAYS = 30
MOST_MG_PER_H = 600.0
MOST_MG_PER_KG_H = 7.0
"""The highest rate that the 2018 guideline mentions, in intensive care; beyond it a number is a slip."""
MOST_UG_PER_KG_MIN = MOST_MG_PER_KG_H * 1000 / 60
LOWEST_MG_PER_ML, HIGHEST_MG_PER_ML = 0.1, 100.0
MOST_MG = 50_000.0

_TOP = (
    "name", "drug", "unit", "weight", "concentration_mg_per_ml", "length_min", "days", "ceiling_mg_per_h", "ceiling_mg_per_kg_h",
    "ceiling_ug_per_kg_min", "ceiling_mg_per_case", "ceiling_mg_per_course", "source", "step", "bolus", "rule", "adjunct", "round",
)  # fmt: skip
_STEP = ("at_min", "minutes_at_step_before", "rate")
_MOST = {"mg/h": MOST_MG_PER_H, "mg/kg/h": MOST_MG_PER_KG_H, "µg/kg/min": MOST_UG_PER_KG_MIN}
_CEILINGS = {"ceiling_mg_per_h": "mg/h", "ceiling_mg_per_kg_h": "mg/kg/h", "ceiling_ug_per_kg_min": "µg/kg/min"}
_MICRO = str.maketrans({"μ": "µ"})  # two signs that look alike; and people without either write ug or mcg
_SPELT = {"ug/kg/min": "µg/kg/min", "mcg/kg/min": "µg/kg/min"}


def unit_of(mapping: Mapping[str, object]) -> str:
    """The unit of its rates as spelt here. Raises SiteValueError."""
    said = mapping.get("unit")
    spelt = _SPELT.get(said.translate(_MICRO), said.translate(_MICRO)) if isinstance(said, str) else said
    return SiteTable({"unit": spelt}, ("unit",)).choice("unit", tuple(_MOST))


def needs_weight(mapping: Mapping[str, object]) -> bool:
    """Whether the ladder's rates are for each kilogram."""
    return mapping.get("unit") != "mg/h"


def order_from(mapping: Mapping[str, object], weight_kg: float) -> Order:
    """The order for a patient of this weight.

    Rates for each kilogram are cut to the ceiling in mg/h where there is one ("0.35 mg/kg/h, not above 25 mg/h"); a rate above a
    ceiling that is in its own unit is an error, and so is a ladder that gives more than the ceiling of its case or course.

    Raises:
        SiteValueError: names the key, what is there and what is allowed.
    """
    if not weight_kg > 0:
        raise SiteValueError("weight", f"is {weight_kg:g} kg; allowed is above 0")
    top = SiteTable(mapping, _TOP)
    unit = unit_of(mapping)
    ceiling_mg_per_h = _ceiling(top, weight_kg)
    length_min = top.number("length_min", 1, LONGEST_MIN)
    try:
        return Order(
            name=top.text("name"),
            drug=top.choice("drug", DRUGS),
            steps=_steps(top, unit, weight_kg, ceiling_mg_per_h),
            length_min=length_min,
            ceiling_mg_per_h=ceiling_mg_per_h,
            source=top.text("source"),
            weight_basis=WeightBasis(top.choice("weight", [basis.value for basis in WeightBasis]))
            if top.has("weight")
            else WeightBasis.ACTUAL,
            concentration_mg_per_ml=top.number_or_none("concentration_mg_per_ml", LOWEST_MG_PER_ML, HIGHEST_MG_PER_ML),
            ceiling_mg_per_case=top.number_or_none("ceiling_mg_per_case", 0.1, MOST_MG),
            ceiling_mg_per_course=top.number_or_none("ceiling_mg_per_course", 0.1, MOST_MG * MOST_DAYS),
            days=top.whole("days", 1, MOST_DAYS) if top.has("days") else 1,
            boluses=tuple(bolus_from(row, weight_kg) for row in top.tables("bolus", BOLUS)),
            rules=tuple(rule_from(row) for row in top.tables("rule", RULE)),
            adjuncts=tuple(adjunct_from(row) for row in top.tables("adjunct", ADJUNCT)),
            rounds=rounds_from(top.tables("round", ROUND), length_min),
        )
    except OrderError as error:
        raise SiteValueError("step", str(error)) from error


def _mg_per_h(value: float, unit: str, weight_kg: float) -> float:
    if unit == "mg/h":
        return value
    return mg_per_h_from_mg_per_kg_h(value, weight_kg) if unit == "mg/kg/h" else mg_per_h_from_ug_per_kg_min(value, weight_kg)


def _ceiling(top: SiteTable, weight_kg: float) -> float:
    ceilings = [_mg_per_h(top.number(key, 0.001, _MOST[unit]), unit, weight_kg) for key, unit in _CEILINGS.items() if top.has(key)]
    if not ceilings:
        raise top.error("ceiling_mg_per_h", f"missing; needed is this or {' or '.join(list(_CEILINGS)[1:])}")
    return min(ceilings)


def _weight_basis(top: SiteTable) -> WeightBasis:
    return WeightBasis(top.choice("weight", tuple(WeightBasis))) if top.has("weight") else WeightBasis.ACTUAL


def _steps(top: SiteTable, unit: str, weight_kg: float, ceiling_mg_per_h: float) -> tuple[Step, ...]:
    """Rates above the ceiling in their own unit are an error; those for each kilogram are cut to ``ceiling_mg_per_h``."""
    own = next((top.number(key, 0.001, _MOST[unit]) for key, of in _CEILINGS.items() if of == unit and top.has(key)), None)
    if unit == "mg/h":
        own = ceiling_mg_per_h
    steps: list[Step] = []
    for row in top.tables("step", _STEP):
        rate = row.number("rate", 0.001, _MOST[unit])
        if own is not None and rate > own:
            raise row.error("rate", f"is {rate:g} {unit}; allowed is up to the ceiling of {own:g} {unit}")
        earliest_min, least_min = _times(row, steps[-1] if steps else None)
        rate_mg_per_h = min(_mg_per_h(rate, unit, weight_kg), ceiling_mg_per_h)
        steps.append(Step(rate_mg_per_h=rate_mg_per_h, earliest_min=earliest_min, least_min_before=least_min))
    return tuple(steps)


def _times(row: SiteTable, before: Step | None) -> tuple[float, float]:
    """The earliest minute of a step, and the minutes that the step before must have run; one of the two may be left out."""
    least_min = row.number_or_none("minutes_at_step_before", 1, LONGEST_MIN) or 0.0
    if before is None and least_min:
        raise row.error("minutes_at_step_before", "stands in the first step; allowed is at_min there")
    if before is not None and least_min and not row.has("at_min"):
        return before.earliest_min + least_min, least_min
    return row.number("at_min", 0, LONGEST_MIN), least_min
