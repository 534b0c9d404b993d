"""A weight or concentration that was wrong: both values are kept, everything is reckoned anew, and it is said what that changed.

Amounts were given in mL, so nothing that was measured changes; what it meant does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from clinical.dosing.given import Doses, Given, doses_of
from clinical.dosing.quantities import displayed
from clinical.instant import Instant


class Corrected(Enum):
    """Value: name and unit."""

    WEIGHT = ("weight", "kg")
    CONCENTRATION = ("concentration", "mg/mL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What doses are reckoned with. Raises ValueError for a value that is not above zero."""

    weight_kg: float
    concentration_mg_per_ml: float

    def __post_init__(self) -> None:
        for value in (self.weight_kg, self.concentration_mg_per_ml):
            if not 0 < value < math.inf:
                raise ValueError(f"weight and concentration must be above 0, not {value:g}")

    def value(self, what: Corrected) -> float:
        return self.weight_kg if what is Corrected.WEIGHT else self.concentration_mg_per_ml


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What changed.

    Attributes:
        at, by: when it was corrected, and who did.
        before, after: both bases; nothing is thrown away.
        doses_before, doses_after: of the same volume.
    """

    at: Instant
    by: str
    before: Basis
    after: Basis
    doses_before: Doses
    doses_after: Doses

    def text(self) -> str:
        """As in "weight 70 → 82 kg: given so far 48 mg, 0.686 → 0.585 mg/kg"."""
        changes = [
            f"{what.value[0]} {displayed(self.before.value(what))} → {displayed(self.after.value(what))} {what.value[1]}"
            for what in Corrected
            if self.before.value(what) != self.after.value(what)
        ]
        mg = _changed(self.doses_before.best_mg, self.doses_after.best_mg)
        per_kg = _changed(self.doses_before.best_mg_per_kg, self.doses_after.best_mg_per_kg)
        return f"{', '.join(changes) or 'nothing changed'}: given so far {mg} mg, {per_kg} mg/kg"


def corrected(given: Given, before: Basis, after: Basis, *, at: Instant, by: str) -> Correction:
    """The correction and what it does to all that was given so far."""
    doses_before = doses_of(given, before.concentration_mg_per_ml, before.weight_kg)
    doses_after = doses_of(given, after.concentration_mg_per_ml, after.weight_kg)
    return Correction(at=at, by=by, before=before, after=after, doses_before=doses_before, doses_after=doses_after)


def _changed(before: float, after: float) -> str:
    one, other = displayed(before), displayed(after)
    return one if one == other else f"{one} → {other}"
