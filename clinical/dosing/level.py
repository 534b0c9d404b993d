"""The predicted level of a case's drug, told by what its pump is known to have given. A prediction: never a measurement, never an alarm.

The rate moves the level between reports; the volume counter corrects it. Counters move in steps (0.1 mL is 0.5 mg at 5 mg/mL),
so only a departure that steps cannot explain counts: a bolus, a stretch without reports, a pump that runs but delivers nothing.
"""

from __future__ import annotations

from clinical.dose_told import Ahead
from clinical.dosing.outlook import outlook
from clinical.instant import Instant
from clinical.pharmacokinetics.prediction import Predictor

SLACK_ML = 0.2
"""Two steps of a counter that moves by tenths of a millilitre."""


class Level:
    """Follows one case."""

    def __init__(self, weight_kg: float, drug: str, concentration_mg_per_ml: float) -> None:
        """A drug without a model has no prediction."""
        self._drug = drug
        try:
            self._predictor: Predictor | None = Predictor(weight_kg, drug=drug)
        except ValueError:
            self._predictor = None
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
            self._predictor.delivered(at, self._rate_mg_per_h * hours + missing_mg)
            self._told_mg = given_mg
        delivers_nothing = missing_mg < -self._slack_mg
        self._rate_mg_per_h = 0.0 if delivers_nothing else rate_mg_per_h or 0.0
        self._predictor.rate(at, self._rate_mg_per_h)
        self._at = at

    def band(self, at: Instant) -> tuple[float, float] | None:
        """Low and high edge of the plasma level in ng/mL; None before anything was given."""
        if self._predictor is None or (self._told_mg == 0.0 and self._rate_mg_per_h == 0.0):
            return None
        prediction = self._predictor.now(at)
        return prediction.low_ng_per_ml, prediction.high_ng_per_ml

    def ahead(self, at: Instant, next_mg_per_h: float | None) -> Ahead | None:
        """What would follow now; None before anything was given."""
        if self._predictor is None or (self._told_mg == 0.0 and self._rate_mg_per_h == 0.0):
            return None
        return outlook(self._predictor, at, drug=self._drug, rate_mg_per_h=self._rate_mg_per_h, next_mg_per_h=next_mg_per_h)
