"""Where an infusion stands on its ladder at a time from its start. Plans only; what is given is told by the pump."""

from __future__ import annotations

from dataclasses import dataclass

from clinical.orders import Order

RATE_TOLERANCE = 0.01
"""Rates that differ by less than this part of the planned one agree. A proposal, to be confirmed by your clinicians."""

PUMP_STEP_ML_PER_H = 0.1
"""Coarsest step in which pumps take a rate: the plan rounded to it agrees with the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on the ladder.

    Attributes:
        step_number: counted from 1; None after the end.
        planned_mg_per_h: None after the end.
        next_mg_per_h, next_in_s: the next step; None on the last one and after the end.
        ended: the ordered length has passed.
    """

    step_number: int | None
    planned_mg_per_h: float | None
    next_mg_per_h: float | None
    next_in_s: float | None
    ended: bool


def place_on(order: Order, elapsed_s: float) -> Place:
    """The place that the order plans ``elapsed_s`` after its start. A step counts from its earliest time on."""
    minutes = elapsed_s / 60
    if minutes >= order.length_min:
        return Place(step_number=None, planned_mg_per_h=None, next_mg_per_h=None, next_in_s=None, ended=True)
    begun = sum(1 for step in order.steps if step.earliest_min <= minutes)
    following = order.steps[begun] if begun < len(order.steps) else None
    return Place(
        step_number=begun or None,
        planned_mg_per_h=order.steps[begun - 1].rate_mg_per_h if begun else None,
        next_mg_per_h=None if following is None else following.rate_mg_per_h,
        next_in_s=None if following is None else following.earliest_min * 60 - elapsed_s,
        ended=False,
    )


def rate_agrees(rate_ml_per_h: float, planned_mg_per_h: float, concentration_mg_per_ml: float) -> bool:
    """Whether a pump's rate is the planned one, within the tolerance or by the pump's own rounding."""
    planned_ml_per_h = planned_mg_per_h / concentration_mg_per_ml
    if abs(rate_ml_per_h - planned_ml_per_h) <= RATE_TOLERANCE * planned_ml_per_h:
        return True
    rounded_ml_per_h = round(planned_ml_per_h / PUMP_STEP_ML_PER_H) * PUMP_STEP_ML_PER_H
    return rounded_ml_per_h > 0 and abs(rate_ml_per_h - rounded_ml_per_h) < 1e-6
