"""What the level would do if the infusion were stepped, held or stopped now, and when it falls below a level. Predicts; advises nothing.

Each answer is a span over the models, widened as the band is: the soonest by its low edge, the latest by its high edge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from clinical.instant import Instant
from clinical.pharmacokinetics.divided_differences import Vector
from clinical.pharmacokinetics.prediction import PlasmaCurve, PlasmaGrid, Predictor

GRID_MIN = 2.0
WITHIN_MIN = 0.01
"""A crossing is told to within this: shown are whole minutes, and a second is as long as anybody could mean."""


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
    curve: PlasmaCurve


def what_ifs(
    predictor: Predictor, at: Instant, grid: PlasmaGrid, *, rate_mg_per_h: float, next_mg_per_h: float | None
) -> tuple[WhatIf, ...]:
    """The curves ahead at ``at`` + each minute of the grid.

    Args:
        predictor: told up to ``at``; it is left as it is.
        at: now.
        grid: of this predictor.
        rate_mg_per_h: that runs now; where it is 0, to hold it and to stop are one, and told once.
        next_mg_per_h: of the order's next step; None where there is none.
    """
    rates = {"if stepped now": next_mg_per_h, "if held": rate_mg_per_h or None, "if stopped": 0.0}
    return tuple(
        WhatIf(name=name, rate_mg_per_h=rate, curve=predictor.along(grid, at, rate)) for name, rate in rates.items() if rate is not None
    )


def day_ahead(predictor: Predictor, horizon_min: float = 24 * 60) -> PlasmaGrid:
    """The grid on which ``until_below`` looks first."""
    return predictor.grid(np.arange(0.0, horizon_min + GRID_MIN, GRID_MIN))


def until_below(
    predictor: Predictor, at: Instant, levels_ng_per_ml: Sequence[float], *, grid: PlasmaGrid, rate_mg_per_h: float = 0.0
) -> tuple[Until, ...]:
    """When the level stays below each of these, with one rate from now on: by default after a stop.

    ``grid``: as ``day_ahead`` gives it; beyond its end nothing is looked at.
    """
    curve, level = predictor.along(grid, at, rate_mg_per_h), predictor.with_rate(at, rate_mg_per_h)
    return tuple(
        Until(
            soonest_min=_crossing(curve, curve.low_ng_per_ml, below, lambda minute: level(minute)[0]),
            estimate_min=_crossing(curve, curve.plasma_ng_per_ml, below, lambda minute: level(minute)[1]),
            latest_min=_crossing(curve, curve.high_ng_per_ml, below, lambda minute: level(minute)[2]),
        )
        for below in levels_ng_per_ml
    )


def _crossing(curve: PlasmaCurve, edge: Vector, level_ng_per_ml: float, edge_at: Callable[[float], float]) -> float | None:
    """Of one edge of the band: between two minutes of its curve, and there halved until it is within ``WITHIN_MIN``."""
    above = np.flatnonzero(edge >= level_ng_per_ml)
    if not len(above):
        return 0.0
    if above[-1] == len(edge) - 1:
        return None
    begin, end = (float(minute) for minute in curve.minutes[above[-1] : above[-1] + 2])
    while end - begin > WITHIN_MIN:
        middle = (begin + end) / 2
        if edge_at(middle) >= level_ng_per_ml:
            begin = middle
        else:
            end = middle
    return end
