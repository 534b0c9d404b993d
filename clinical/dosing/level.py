"""The predicted level of a case's drug, told by what its pump is known to have given. A prediction: never a measurement, never an alarm."""

from __future__ import annotations

from clinical.instant import Instant
from clinical.pharmacokinetics.prediction import Predictor


class Level:
    """Follows one case. Volumes that the counter proved are taken as given evenly since the last report."""

    def __init__(self, weight_kg: float, drug: str) -> None:
        """A drug without a model has no prediction."""
        try:
            self._predictor: Predictor | None = Predictor(weight_kg, drug=drug)
        except ValueError:
            self._predictor = None
        self._given_mg = 0.0

    def take(self, at: Instant, given_mg: float, rate_mg_per_h: float | None) -> None:
        """A report: ``given_mg`` since the case began, and the rate from now on (None: unknown, so nothing is assumed)."""
        if self._predictor is None:
            return
        self._predictor.delivered(at, max(0.0, given_mg - self._given_mg))
        self._predictor.rate(at, rate_mg_per_h or 0.0)
        self._given_mg = given_mg

    def band(self, at: Instant) -> tuple[float, float] | None:
        """Low and high edge of the plasma level in ng/mL; None before anything was given."""
        if self._predictor is None or self._given_mg == 0.0:
            return None
        prediction = self._predictor.now(at)
        return prediction.low_ng_per_ml, prediction.high_ng_per_ml
