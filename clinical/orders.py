"""The prescription: an Order is a Ladder of Steps with a ceiling. Knows no pump and no clock."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise


class OrderError(ValueError):
    """The order contradicts itself; the text says where and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rate and the earliest time it may be taken, counted from the start of the infusion."""

    rate_mg_per_h: float
    earliest_min: float


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
    """

    name: str
    drug: str
    steps: tuple[Step, ...]
    length_min: float
    ceiling_mg_per_h: float
    source: str = ""

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

    def step_at(self, minutes: float) -> Step | None:
        """The step planned at a time from the start; None before it and from the end on."""
        if not 0 <= minutes < self.length_min:
            return None
        begun = [step for step in self.steps if step.earliest_min <= minutes]
        return begun[-1] if begun else None
