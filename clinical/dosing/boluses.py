"""Whether a bolus that the order allows may be given now, and why not. Gives none: the nurse does, at the pump."""

from __future__ import annotations

from collections.abc import Sequence

from clinical.dosing.quantities import displayed
from clinical.instant import Instant
from clinical.orders import BolusRule, Order


def bolus_waits(order: Order, rule: BolusRule, boluses: Sequence[Instant], at: Instant, *, given_mg: float) -> tuple[str, ...]:
    """Why not now, in words; empty: it may be given.

    Args:
        order: the bolus is part of.
        rule: of this bolus.
        boluses: when those of this case began, by rising time.
        at: now.
        given_mg: of this case, at most.
    """
    words: list[str] = []
    if len(boluses) >= rule.most_in_case:
        words.append(f"{len(boluses)} of {rule.most_in_case} given")
    elif boluses and (left_min := rule.least_min_between - at.since(boluses[-1]) / 60) > 0:
        words.append(f"in {displayed(left_min)} min")
    ceiling_mg = order.ceiling_mg_per_case
    if ceiling_mg is not None and given_mg + rule.dose_mg > ceiling_mg:
        words.append(f"{displayed(given_mg)} + {displayed(rule.dose_mg)} mg is above the case's ceiling of {displayed(ceiling_mg)} mg")
    return tuple(words)
