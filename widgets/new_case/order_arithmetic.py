"""How much an order gives by when, and when an amount is used up. Exact for steps; no widgets."""

from __future__ import annotations

from itertools import pairwise

from clinical.orders import Order


def stretches(order: Order) -> tuple[tuple[float, float, float], ...]:
    """Begin and end in minutes, and mg/h, of each step."""
    begins = [step.earliest_min for step in order.steps]
    ends = [*begins[1:], order.length_min]
    return tuple((begin, end, step.rate_mg_per_h) for begin, end, step in zip(begins, ends, order.steps, strict=True))


def given_by_step_end(order: Order) -> tuple[float, ...]:
    """Milligrams given when each step ends, if every step is taken at its earliest time."""
    total, given = 0.0, []
    for begin, end, rate in stretches(order):
        total += rate * (end - begin) / 60
        given.append(total)
    return tuple(given)


def minutes_until(order: Order, amount_mg: float) -> float | None:
    """When ``amount_mg`` is used up, in minutes from the start; None if the order ends before."""
    before = (0.0, *given_by_step_end(order))
    for (begin, _, rate), (at_begin, at_end) in zip(stretches(order), pairwise(before), strict=True):
        if at_end > amount_mg:
            return begin + (amount_mg - at_begin) / rate * 60
    return None
