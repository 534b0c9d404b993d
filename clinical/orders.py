"""The prescription: an Order is a Ladder of Steps with a ceiling. Knows no pump and no clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class OrderError(ValueError):
    """The order contradicts itself; the text says where and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rate and the earliest time it may be taken, counted from the start of the infusion.

    Attributes:
        least_min_before: so long the step before must have run, however late that was taken; ``earliest_min`` holds besides.
    """

    rate_mg_per_h: float
    earliest_min: float
    least_min_before: float = 0.0


class WeightBasis(StrEnum):
    """Which of a patient's weights the doses for each kilogram are meant for."""

    ACTUAL = "actual"
    IDEAL = "ideal"
    ADJUSTED = "adjusted"


class RuleAction(StrEnum):
    """What a rule asks for where it is broken. The nurse does it at the pump; no rule reaches a device."""

    NO_STEP_UP = "no step up"
    HOLD = "hold"
    STEP_DOWN = "step down"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A threshold of the order: beyond it the infusion is held, stepped down or stopped, or not stepped up.

    Attributes:
        subject: reference id of a metric, or the name of a score ("RASS").
        label: as it is shown ("SBP").
        above, below: broken beyond these; one of them is None. In the subject's unit, or in per cent of the patient's own baseline.
        of_baseline: they are per cent of the baseline.
        readings: so many in a row must be beyond it.
        for_s: and for at least so long.
    """

    action: RuleAction
    subject: str
    label: str
    above: float | None = None
    below: float | None = None
    of_baseline: bool = False
    readings: int = 1
    for_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BolusRule:
    """A bolus that the order allows.

    Attributes:
        least_min_between: from one bolus to the next.
        most_in_case: how many.
    """

    dose_mg: float
    over_min: float
    least_min_between: float
    most_in_case: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjunct:
    """Another drug of the order, as the site writes it: "midazolam 2 mg IV", "before"."""

    text: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundInterval:
    """Rounds come every so many minutes until this minute of the infusion; None: to its end."""

    every_min: float
    until_min: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The ordered infusion.

    Attributes:
        name: as the site calls it.
        drug: "ketamine" (the racemate) or "S-ketamine": different potency, never interchanged.
        steps: the ladder, by rising earliest time; at least one.
        length_min: from the start of the first step to the ordered end.
        ceiling_mg_per_h: never above this.
        source: where the numbers come from, and that the site's clinicians confirm them.
        weight_basis: of the weight that doses for each kilogram were reckoned with.
        concentration_mg_per_ml: what the site makes up for this order; None: any.
        ceiling_mg_per_case, ceiling_mg_per_course: never more than this on one day, and on all ``days`` together.
        days: how many cases the course has.
        rounds: when to observe; empty: the program's default.
    """

    name: str
    drug: str
    steps: tuple[Step, ...]
    length_min: float
    ceiling_mg_per_h: float
    source: str = ""
    weight_basis: WeightBasis = WeightBasis.ACTUAL
    concentration_mg_per_ml: float | None = None
    ceiling_mg_per_case: float | None = None
    ceiling_mg_per_course: float | None = None
    days: int = 1
    boluses: tuple[BolusRule, ...] = ()
    rules: tuple[Rule, ...] = ()
    adjuncts: tuple[Adjunct, ...] = ()
    rounds: tuple[RoundInterval, ...] = ()

    def __post_init__(self) -> None:
        """Raises OrderError if the ladder is empty, out of order, or breaks its own ceiling."""
        if not self.steps:
            raise OrderError(f"{self.name}: an order needs at least one step")
        for before, after in pairwise(self.steps):
            if after.earliest_min <= before.earliest_min:
                raise OrderError(f"{self.name}: the step at {after.earliest_min:g} min does not come after {before.earliest_min:g} min")
        for number, step in enumerate(self.steps, start=1):
            if not 0 < step.rate_mg_per_h <= self.ceiling_mg_per_h:
                raise OrderError(
                    f"{self.name}: step {number} is {step.rate_mg_per_h:g} mg/h; "
                    f"allowed is above 0 up to the ceiling of {self.ceiling_mg_per_h:g} mg/h"
                )
        if self.length_min <= self.steps[-1].earliest_min:
            raise OrderError(f"{self.name}: the last step comes at or after the end ({self.length_min:g} min)")
        self._require_within(self.planned_mg, self.ceiling_mg_per_case, "case")
        self._require_within(self.planned_mg * self.days, self.ceiling_mg_per_course, f"course of {self.days} days")

    @property
    def planned_mg(self) -> float:
        """What the ladder gives in one case if each step is taken at its earliest time; boluses are not in it."""
        ends = [*(step.earliest_min for step in self.steps[1:]), self.length_min]
        return sum(step.rate_mg_per_h * (end - step.earliest_min) / 60 for step, end in zip(self.steps, ends, strict=True))

    def _require_within(self, planned_mg: float, ceiling_mg: float | None, what: str) -> None:
        if ceiling_mg is not None and planned_mg > ceiling_mg * (1 + 1e-9):
            raise OrderError(
                f"{self.name}: the ladder gives {planned_mg:.4g} mg in a {what}; allowed is up to the ceiling of {ceiling_mg:g} mg"
            )

    def step_at(self, minutes: float) -> Step | None:
        """The step planned at a time from the start; None before it and from the end on."""
        if not 0 <= minutes < self.length_min:
            return None
        begun = [step for step in self.steps if step.earliest_min <= minutes]
        return begun[-1] if begun else None
