"""The predicted level of a case's drug, told by what its pump is known to have given. A prediction: never a measurement, never an alarm.

The rate moves the level between reports; the volume counter corrects it. Counters move in steps (0.1 mL is 0.5 mg at 5 mg/mL),
so only a departure that steps cannot explain counts: a bolus, a stretch without reports, a pump that runs but delivers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from clinical.commands import EarlierRate
from clinical.dose_told import Ahead
from clinical.dosing.earlier import tell_earlier
from clinical.dosing.outlook import Outlook
from clinical.instant import Instant
from clinical.pharmacokinetics.models import HALF_LIFE_KE0_MIN
from clinical.pharmacokinetics.prediction import Predictor

SLACK_ML = 0.2
"""Two steps of a counter that moves by tenths of a millilitre."""


class Level:
    """Follows one case."""

    def __init__(
        self,
        weight_kg: float,
        drug: str,
        concentration_mg_per_ml: float,
        *,
        began: Instant | None = None,
        earlier: Sequence[EarlierRate] = (),
        half_life_ke0_min: float | None = None,
    ) -> None:
        """A drug without a model has no prediction.

        Args:
            began: the case; needed where there is an ``earlier``.
            earlier: what ran on earlier days of the course.
            half_life_ke0_min: of the effect site that is assumed; None: none is told.
        """
        self._drug = drug
        self._outlook: Outlook | None = None
        try:
            self._predictor: Predictor | None = Predictor(weight_kg, drug=drug, half_life_ke0_min=half_life_ke0_min or HALF_LIFE_KE0_MIN)
        except ValueError:
            self._predictor = None
        self._tells_effect = half_life_ke0_min is not None
        self._has_earlier = bool(earlier) and began is not None
        if self._predictor is not None and began is not None:
            tell_earlier(self._predictor, began, earlier)
        self._slack_mg = SLACK_ML * concentration_mg_per_ml
        self._told_mg = 0.0
        self._rate_mg_per_h = 0.0
        self._at: Instant | None = None

    def take(self, at: Instant, given_mg: float, rate_mg_per_h: float | None) -> None:
        """A report: ``given_mg`` since the case began, and the rate from now on (None: unknown, so nothing is assumed)."""
        if self._predictor is None:
            return
        hours = 0.0 if self._at is None else at.since(self._at) / 3600
        self._told_mg += self._rate_mg_per_h * hours
        missing_mg = given_mg - self._told_mg
        if missing_mg > self._slack_mg:
            self._predictor.rate(at if self._at is None else self._at, self._rate_mg_per_h)  # what was missing came since then
            self._predictor.delivered(at, self._rate_mg_per_h * hours + missing_mg)
            self._told_mg = given_mg
        delivers_nothing = missing_mg < -self._slack_mg
        rate = 0.0 if delivers_nothing else rate_mg_per_h or 0.0
        if rate != self._rate_mg_per_h or missing_mg > self._slack_mg or self._at is None:
            self._predictor.rate(at, rate)  # a rate that stays needs no word: any subdivision of it gives the same
        self._rate_mg_per_h = rate
        self._at = at

    def band(self, at: Instant) -> tuple[float, float] | None:
        """Low and high edge of the plasma level in ng/mL; None before anything was given."""
        return None if self._predictor is None or self._is_empty else self._predictor.band(at)

    def effect(self, at: Instant) -> float | None:
        """Level at the assumed effect site, ng/mL, by the first model; None where none is asked for, or before anything was given."""
        if self._predictor is None or self._is_empty or not self._tells_effect:
            return None
        return self._predictor.now(at).effect_ng_per_ml

    def ahead(self, at: Instant, next_mg_per_h: float | None) -> Ahead | None:
        """What would follow now; None before anything was given."""
        if self._predictor is None or self._is_empty:
            return None
        if self._outlook is None:
            self._outlook = Outlook(self._predictor, self._drug)
        return self._outlook.at(at, rate_mg_per_h=self._rate_mg_per_h, next_mg_per_h=next_mg_per_h)

    @property
    def _is_empty(self) -> bool:
        """Nothing of the drug was ever given."""
        return self._told_mg == 0.0 and self._rate_mg_per_h == 0.0 and not self._has_earlier
