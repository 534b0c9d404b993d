"""A patient's cases on several days together: what is carried over, what was borne best, how much in all. Knows one case's end only.

Minutes count from the start of the first day's infusion, so that what is left of yesterday is in today's level.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from clinical.dosing.quantities import displayed
from clinical.orders import Order
from clinical.pharmacokinetics.compartments import CompartmentModel
from clinical.pharmacokinetics.divided_differences import Vector
from clinical.pharmacokinetics.history import Bolus, Dose, DoseHistory, Stretch, levels
from clinical.pharmacokinetics.models import models_for

BORNE_AFTER_MIN = 30.0
"""So long a step must have run before it says anything. A proposal, to be confirmed by your clinicians."""


class CourseError(ValueError):
    """Days that do not make a course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRun:
    """One step as it was on one day.

    Attributes:
        untoward: side effects, holds, steps down and stops while it ran and until the next, in the record's words.
    """

    rate_mg_per_h: float
    minutes: float
    untoward: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDay:
    """One case of a course.

    Attributes:
        number: the day, counted from 1; a number left out is a missing day.
        drug: of the case.
        start_min: of its infusion, from that of the first day.
        doses: what was given, in minutes from its own start.
        steps: as they ran.
    """

    number: int
    drug: str
    start_min: float
    doses: tuple[Dose, ...]
    steps: tuple[StepRun, ...] = ()

    @property
    def given_mg(self) -> float:
        return DoseHistory.of(self.doses).total_mg


@dataclass(frozen=True, slots=True, kw_only=True)
class RateBorne:
    """One rate over the course: on how many days it ran long enough to say anything, and on how many of them something was untoward."""

    rate_mg_per_h: float
    days_run: int
    days_untoward: int


BORNE_RULE = f"the highest rate that ran {displayed(BORNE_AFTER_MIN)} min or longer, on each day with nothing untoward"
"""How ``Course.best_borne`` is found, to be shown beside it."""


class Course:
    """Days of one patient and one drug.

    Raises:
        CourseError: without a day, for numbers or starts that do not rise, or for two drugs.
    """

    def __init__(self, days: Sequence[CourseDay]) -> None:
        if not days:
            raise CourseError("a course has at least one day")
        for before, after in pairwise(days):
            if after.number <= before.number or after.start_min <= before.start_min:
                raise CourseError(f"day {after.number} does not come after day {before.number}")
        drugs = list(dict.fromkeys(day.drug for day in days))
        if len(drugs) > 1:
            raise CourseError(f"{' and '.join(drugs)} in one course: they are never mixed")
        self.days = tuple(days)
        self.drug = drugs[0]

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of days without a case, from the first day to the last."""
        present = {day.number for day in self.days}
        return tuple(number for number in range(1, self.days[-1].number) if number not in present)

    @property
    def given_mg(self) -> float:
        """In all."""
        return math.fsum(day.given_mg for day in self.days)

    def left_mg(self, order: Order) -> float | None:
        """What the order's ceiling of the course leaves; None without one. Below 0: it is passed."""
        return None if order.ceiling_mg_per_course is None else order.ceiling_mg_per_course - self.given_mg

    def history(self) -> DoseHistory:
        """All doses on one time axis."""
        return DoseHistory.of([moved(dose, day.start_min) for day in self.days for dose in day.doses])

    def carried_over_ng_per_ml(self, weight_kg: float) -> tuple[tuple[float, float], ...]:
        """Low and high plasma level over the models just before each day's first dose, from what the days before left."""
        edges = []
        for day in self.days:
            earlier = [moved(dose, other.start_min) for other in self.days if other.number < day.number for dose in other.doses]
            found = levels_over_models(self.drug, weight_kg, DoseHistory.of(earlier), np.array([day.start_min]))
            edges.append((float(found.min()), float(found.max())))
        return tuple(edges)

    def rates_borne(self) -> tuple[RateBorne, ...]:
        """Every rate that ran long enough, rising."""
        days: dict[float, list[bool]] = {}
        for day in self.days:
            long_enough = [step for step in day.steps if step.minutes >= BORNE_AFTER_MIN]
            for rate in dict.fromkeys(step.rate_mg_per_h for step in long_enough):
                days.setdefault(rate, []).append(any(step.untoward for step in long_enough if step.rate_mg_per_h == rate))
        return tuple(RateBorne(rate_mg_per_h=rate, days_run=len(of), days_untoward=sum(of)) for rate, of in sorted(days.items()))

    def best_borne(self) -> RateBorne | None:
        """By ``BORNE_RULE``; None where no rate meets it."""
        clear = [borne for borne in self.rates_borne() if not borne.days_untoward]
        return clear[-1] if clear else None


def moved(dose: Dose, by_min: float) -> Dose:
    """The same dose that many minutes later."""
    if isinstance(dose, Bolus):
        return Bolus(at_min=dose.at_min + by_min, dose_mg=dose.dose_mg)
    return Stretch(start_min=dose.start_min + by_min, end_min=dose.end_min + by_min, rate_mg_per_h=dose.rate_mg_per_h)


def levels_over_models(drug: str, weight_kg: float, history: DoseHistory, at_min: Vector) -> Vector:
    """Plasma levels by every model of the drug: ng/mL, shape (models, k). Raises ValueError for a drug without a model."""
    models = [CompartmentModel(row.constants(weight_kg)) for row in models_for(drug)]
    return np.stack([levels(model, history, at_min).plasma_ng_per_ml for model in models])
