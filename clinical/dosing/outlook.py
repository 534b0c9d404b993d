"""What is ahead: the curves if stepped, held or stopped, and when the level is low again. Predicts; advises nothing."""

from __future__ import annotations

import numpy as np

from clinical.dose_told import Ahead, BelowTold, CurveAhead
from clinical.instant import Instant
from clinical.pharmacokinetics.divided_differences import Vector
from clinical.pharmacokinetics.prediction import Predictor
from clinical.pharmacokinetics.what_if import LANDMARKS, until_below, what_ifs

AHEAD_MIN, GRID_MIN = 180.0, 3.0
LANDMARKS_OF = "ketamine"
"""The landmarks are of the racemate: no other drug's level is held against them."""


def outlook(predictor: Predictor, at: Instant, *, drug: str, rate_mg_per_h: float, next_mg_per_h: float | None) -> Ahead:
    """As it stands at a moment. ``next_mg_per_h``: of the order's next step; None on the last one."""
    minutes = np.arange(0.0, AHEAD_MIN + GRID_MIN, GRID_MIN)
    found = what_ifs(predictor, at, minutes, rate_mg_per_h=rate_mg_per_h, next_mg_per_h=next_mg_per_h)
    landmarks = LANDMARKS if drug == LANDMARKS_OF else ()
    return Ahead(
        at=at,
        minutes=tuple(minutes.tolist()),
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
        below=tuple(_below(predictor, at, landmark.low_ng_per_ml) for landmark in landmarks),
        landmarks=tuple((landmark.name, landmark.low_ng_per_ml, landmark.high_ng_per_ml) for landmark in landmarks),
        assumption=predictor.assumption,
    )


def _below(predictor: Predictor, at: Instant, level_ng_per_ml: float) -> BelowTold:
    until = until_below(predictor, at, level_ng_per_ml)
    return BelowTold(
        level_ng_per_ml=level_ng_per_ml, soonest_min=until.soonest_min, estimate_min=until.estimate_min, latest_min=until.latest_min
    )


def _plain(values: Vector) -> tuple[float, ...]:
    """Tenths of ng/mL: what crosses to the screen each second is small."""
    return tuple(np.round(values, 1).tolist())
