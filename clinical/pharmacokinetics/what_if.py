"""What the level would do if the infusion were stepped, held or stopped now, and when it falls below a level. Predicts; advises nothing.

Each answer is a span over the models, widened as the band is: the soonest by its low edge, the latest by its high edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clinical.instant import Instant
from clinical.pharmacokinetics.divided_differences import Vector
from clinical.pharmacokinetics.prediction import PredictedCurve, Predictor

GRID_MIN = 2.0
_FINER = 60  # each refinement divides the stretch of the crossing by this: two minutes, two seconds, a thirtieth of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A band of levels that a publication ties to an effect; drawn quietly, never a limit."""

    name: str
    low_ng_per_ml: float
    high_ng_per_ml: float
    source: str


LANDMARKS = (
    Landmark(name="analgesia", low_ng_per_ml=70, high_ng_per_ml=160, source="0.15 mg/kg IV; Zanos 2018, Table 1 (PMC6020109)"),
    Landmark(name="dissociation", low_ng_per_ml=100, high_ng_per_ml=250, source="0.5 mg/kg over 40 min; Zanos 2018, Table 1 (PMC6020109)"),
)
"""Of racemic ketamine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """Minutes from now until the level stays below another, to the end of what was looked at; None: not within it.

    Attributes:
        soonest, estimate, latest: by the low edge of the band, by the first model, by the high edge. 0: it is below already.
    """

    soonest_min: float | None
    estimate_min: float | None
    latest_min: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """One course of action: its name, the rate from now on, and its curve."""

    name: str
    rate_mg_per_h: float
    curve: PredictedCurve


def what_ifs(
    predictor: Predictor, at: Instant, minutes: Vector, *, rate_mg_per_h: float, next_mg_per_h: float | None
) -> tuple[WhatIf, ...]:
    """The curves ahead at ``at`` + each of ``minutes`` (rising, from 0 on).

    Args:
        predictor: told up to ``at``; it is left as it is.
        at: now.
        minutes: shape (n,).
        rate_mg_per_h: that runs now.
        next_mg_per_h: of the order's next step; None where there is none.
    """
    rates = {"if stepped now": next_mg_per_h, "if held": rate_mg_per_h, "if stopped": 0.0}
    return tuple(
        WhatIf(name=name, rate_mg_per_h=rate, curve=predictor.curve(at, minutes, plan=[(0.0, rate)]))
        for name, rate in rates.items()
        if rate is not None
    )


def until_below(
    predictor: Predictor,
    at: Instant,
    level_ng_per_ml: float,
    *,
    plan: Sequence[tuple[float, float]] = ((0.0, 0.0),),
    horizon_min: float = 24 * 60,
) -> Until:
    """When the level stays below another, to within a second; by default after a stop now. ``plan`` as ``Predictor.curve``."""
    grid = np.arange(0.0, horizon_min + GRID_MIN, GRID_MIN)
    curve = predictor.curve(at, grid, plan)
    edges = {"soonest_min": "low_ng_per_ml", "estimate_min": "plasma_ng_per_ml", "latest_min": "high_ng_per_ml"}
    return Until(
        **{name: _crossing(predictor, at, plan, curve=curve, edge=edge, level_ng_per_ml=level_ng_per_ml) for name, edge in edges.items()}
    )


def _crossing(
    predictor: Predictor, at: Instant, plan: Sequence[tuple[float, float]], *, curve: PredictedCurve, edge: str, level_ng_per_ml: float
) -> float | None:
    """Of one edge of the band, found on finer and finer grids."""
    found: float | None = None
    for _ in range(3):
        above = np.flatnonzero(getattr(curve, edge) >= level_ng_per_ml)
        if not len(above):
            return 0.0 if found is None else found
        if above[-1] == len(curve.minutes) - 1:
            return found
        begin, found = (float(minute) for minute in curve.minutes[above[-1] : above[-1] + 2])
        curve = predictor.curve(at, np.linspace(begin, found, _FINER + 1), plan)
    return found
