"""What is ahead: the curves if stepped, held or stopped, and when the level is low again. Predicts; advises nothing."""

from __future__ import annotations

import numpy as np

from clinical.dose_told import Ahead, BelowTold, CurveAhead
from clinical.instant import Instant
from clinical.pharmacokinetics.divided_differences import Vector
from clinical.pharmacokinetics.prediction import Predictor
from clinical.pharmacokinetics.what_if import LANDMARKS, day_ahead, until_below, what_ifs

AHEAD_MIN, GRID_MIN = 180.0, 3.0
LANDMARKS_OF = "ketamine"
"""The landmarks are of the racemate: no other drug's level is held against them."""


class Outlook:
    """Of one predictor. The grids of its curves are worked out once: what changes is where the drug is, and the rate."""

    def __init__(self, predictor: Predictor, drug: str) -> None:
        self._predictor = predictor
        self._landmarks = LANDMARKS if drug == LANDMARKS_OF else ()
        self._grid = predictor.grid(np.arange(0.0, AHEAD_MIN + GRID_MIN, GRID_MIN))
        self._minutes = tuple(self._grid.minutes.tolist())
        self._day = day_ahead(predictor)

    def at(self, at: Instant, *, rate_mg_per_h: float, next_mg_per_h: float | None) -> Ahead:
        """As it stands at a moment. ``next_mg_per_h``: of the order's next step; None on the last one."""
        found = what_ifs(self._predictor, at, self._grid, rate_mg_per_h=rate_mg_per_h, next_mg_per_h=next_mg_per_h)
        return Ahead(
            at=at,
            minutes=self._minutes,
            curves=tuple(
                CurveAhead(
                    name=one.name,
                    rate_mg_per_h=one.rate_mg_per_h,
                    low=_plain(one.curve.low_ng_per_ml),
                    high=_plain(one.curve.high_ng_per_ml),
                    estimate=_plain(one.curve.plasma_ng_per_ml),
                )
                for one in found
            ),
            below=self._below(at),
            landmarks=tuple((landmark.name, landmark.low_ng_per_ml, landmark.high_ng_per_ml) for landmark in self._landmarks),
            assumption=self._predictor.assumption,
        )

    def _below(self, at: Instant) -> tuple[BelowTold, ...]:
        levels = [landmark.low_ng_per_ml for landmark in self._landmarks]
        found = until_below(self._predictor, at, levels, grid=self._day) if levels else ()
        return tuple(
            BelowTold(level_ng_per_ml=level, soonest_min=one.soonest_min, estimate_min=one.estimate_min, latest_min=one.latest_min)
            for level, one in zip(levels, found, strict=True)
        )


def _plain(values: Vector) -> tuple[float, ...]:
    """Tenths of ng/mL: what crosses to the screen each second is small."""
    return tuple(np.round(values, 1).tolist())
