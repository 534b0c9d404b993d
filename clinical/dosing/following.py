"""Following the ladder: which step the pump is on, what is next, when it may be taken, and why not yet. Commands nothing.

The nurse changes the rate at the pump; the pump tells it; here it is matched to a step. A rate that is no step, a step left out and a
step taken early are said to be off the order. Without a clock: every moment is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinical.dosing.ladder import rate_agrees
from clinical.dosing.quantities import displayed
from clinical.dosing.rules import RuleStanding, Verdict
from clinical.instant import Instant
from clinical.orders import Order, RuleAction

EARLY_BY_S = 60.0
"""A step this little early is not early: people look at clocks that show minutes. A proposal."""
_LEVEL = 1e-6  # mg/h by which a rate must exceed the ceiling before it is above it


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """The pump took another rate; 0 where it paused or stopped."""

    at: Instant
    rate_ml_per_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A change of the rate, matched.

    Attributes:
        step_number: counted from 1; None where the rate is no step of the order, or 0.
        off_order: what is not as ordered, in words; empty where all is.
    """

    at: Instant
    rate_mg_per_h: float
    step_number: int | None
    off_order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Where the infusion stands on its ladder.

    Attributes:
        taken: every change of rate, matched, in order.
        step_number: the step that runs, or that ran last before a pause; None before the first.
        off_order: of the rate that runs now.
        next_number, next_mg_per_h: the next step; None on the last one, and once the ordered length has passed.
        may_step_at: from when on it may be taken by time; None where there is no next step.
        waits: why it may not be taken yet, in words; empty: it may.
        verdicts: every rule of the order with its live value.
        asked: the gravest action that a broken rule asks for; None if none does.
    """

    taken: tuple[Taken, ...]
    step_number: int | None
    off_order: str
    next_number: int | None
    next_mg_per_h: float | None
    may_step_at: Instant | None
    waits: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    asked: RuleAction | None

    @property
    def may_step(self) -> bool:
        """There is a next step, and nothing speaks against taking it."""
        return self.next_number is not None and not self.waits


def matched(order: Order, changes: Sequence[RateChange], concentration_mg_per_ml: float) -> tuple[Taken, ...]:
    """Each change of the pump's rate as a step of the order. Of two steps with one rate it is the nearer to the last one taken."""
    taken: list[Taken] = []
    began_at: Instant | None = None
    number, since = 0, None  # of the last step taken, and when
    for change in changes:
        found = _step_of(order, change.rate_ml_per_h, concentration_mg_per_ml, number)
        rate_mg_per_h = change.rate_ml_per_h * concentration_mg_per_ml
        began_at = began_at or (change.at if rate_mg_per_h > 0 else None)
        earliest = _earliest(order, found, began_at, since)
        words = _off_order(order, rate_mg_per_h, found, last=number, earliest=earliest, at=change.at)
        taken.append(Taken(at=change.at, rate_mg_per_h=rate_mg_per_h, step_number=found, off_order=words))
        if found is not None and found != number:
            number, since = found, change.at
    return tuple(taken)


def follow(order: Order, taken: Sequence[Taken], verdicts: Sequence[Verdict], at: Instant, *, given_mg: float) -> Following:
    """Where the infusion stands at a moment.

    Args:
        taken: changes of the pump's rate as ``matched`` gives them, none after ``at``.
        verdicts: every rule of the order as it is judged now.
        given_mg: of this case, at most; against its ceiling.
    """
    steps = [entry for entry in taken if entry.step_number is not None]
    number = steps[-1].step_number if steps else None
    began_at = next((entry.at for entry in taken if entry.rate_mg_per_h > 0), None)
    ended = began_at is not None and at.since(began_at) >= 60 * order.length_min
    following = (number or 0) + 1 if (number or 0) < len(order.steps) and not ended else None
    since = _since(steps)
    may_at = None if following is None else _earliest(order, following, began_at, since) or at
    return Following(
        taken=tuple(taken),
        step_number=number,
        off_order=taken[-1].off_order if taken else "",
        next_number=following,
        next_mg_per_h=None if following is None else order.steps[following - 1].rate_mg_per_h,
        may_step_at=may_at,
        waits=() if may_at is None else _waits(order, taken, verdicts, may_at=may_at, at=at, given_mg=given_mg),
        verdicts=tuple(verdicts),
        asked=_gravest(verdicts),
    )


def _since(steps: Sequence[Taken]) -> Instant | None:
    """When the step that runs was taken: a pause in it and a return to it do not begin it anew."""
    since: Instant | None = None
    number: int | None = None
    for entry in steps:
        if entry.step_number != number:
            number, since = entry.step_number, entry.at
    return since


def _step_of(order: Order, rate_ml_per_h: float, concentration_mg_per_ml: float, last: int) -> int | None:
    if rate_ml_per_h == 0:
        return None
    fits = [n for n, step in enumerate(order.steps, start=1) if rate_agrees(rate_ml_per_h, step.rate_mg_per_h, concentration_mg_per_ml)]
    return min(fits, key=lambda number: (abs(number - max(last, 1)), -number), default=None)


def _earliest(order: Order, number: int | None, began_at: Instant | None, since: Instant | None) -> Instant | None:
    """From when on a step may be taken by time; None where nothing counts yet."""
    if number is None or began_at is None:
        return None
    step = order.steps[number - 1]
    by_start = began_at.plus(60 * step.earliest_min)
    return by_start if since is None else max(by_start, since.plus(60 * step.least_min_before))


def _off_order(order: Order, rate_mg_per_h: float, found: int | None, *, last: int, earliest: Instant | None, at: Instant) -> str:
    if rate_mg_per_h == 0:
        return ""
    if rate_mg_per_h > order.ceiling_mg_per_h + _LEVEL and found is None:
        return f"{displayed(rate_mg_per_h)} mg/h is above the ceiling of {displayed(order.ceiling_mg_per_h)} mg/h"
    if found is None:
        near = min(range(len(order.steps)), key=lambda index: abs(order.steps[index].rate_mg_per_h - rate_mg_per_h))
        return f"{displayed(rate_mg_per_h)} mg/h is no step; nearest is step {near + 1}, {displayed(order.steps[near].rate_mg_per_h)} mg/h"
    if found > last + 1:
        return f"step {found} was taken where step {last + 1} is next"
    early_s = 0.0 if earliest is None or found <= last else earliest.since(at)
    return f"step {found} was taken {early_s / 60:.0f} min early" if early_s > EARLY_BY_S else ""


def _waits(
    order: Order, taken: Sequence[Taken], verdicts: Sequence[Verdict], *, may_at: Instant, at: Instant, given_mg: float
) -> tuple[str, ...]:
    """Why the next step may not be taken now."""
    words = [verdict.text for verdict in verdicts if verdict.standing is not RuleStanding.KEPT]
    left_s = may_at.since(at)
    if left_s > 0:
        words.append(f"in {_minutes(left_s)}")
    if taken and taken[-1].rate_mg_per_h == 0:
        words.append("the pump is not infusing")
    elif taken and taken[-1].off_order:
        words.append(taken[-1].off_order)
    ceiling_mg = order.ceiling_mg_per_case
    if ceiling_mg is not None and given_mg >= ceiling_mg:
        words.append(f"{displayed(given_mg)} mg given; the case's ceiling is {displayed(ceiling_mg)} mg")
    return tuple(words)


def _minutes(seconds: float) -> str:
    whole = int(-(-seconds // 1))
    return f"{whole // 60}:{whole % 60:02d} min"


_GRAVE = tuple(RuleAction)  # declared from the mildest to the gravest


def _gravest(verdicts: Sequence[Verdict]) -> RuleAction | None:
    broken = [verdict.rule.action for verdict in verdicts if verdict.standing is RuleStanding.BROKEN]
    return max(broken, key=_GRAVE.index, default=None)
