"""What level a history of rates and boluses should have reached, as a band over several published models. Reads no pump.

A prediction, never a measurement: observed peaks of one well-known infusion differ from the models by about 30 %, so the
span of the models is widened by that on both sides before it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clinical.instant import Instant
from clinical.pharmacokinetics.compartments import CompartmentModel, CompartmentState
from clinical.pharmacokinetics.models import HALF_LIFE_KE0_MIN, models_for

BAND_MARGIN = 0.30
"""Proposed, to be confirmed by your clinicians: 0.5 mg/kg over 40 min gives 177–253 ng/mL by the models, 185 as observed."""


class HistoryError(ValueError):
    """The history was told out of order, or with a dose that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The level at one moment, ng/mL.

    Attributes:
        plasma_ng_per_ml, effect_ng_per_ml: by the first model; the effect site with the assumed ke0.
        low_ng_per_ml, high_ng_per_ml: edges of the plasma band.
        metabolite_ng_per_ml: plasma level of the metabolite (S-norketamine), by the first model; None where it models none.
    """

    at: Instant
    plasma_ng_per_ml: float
    effect_ng_per_ml: float
    low_ng_per_ml: float
    high_ng_per_ml: float
    metabolite_ng_per_ml: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PredictedCurve:
    """The same along time: arrays of shape (n,), ng/mL. ``minutes`` counts from the moment the curve was asked for."""

    start: Instant
    minutes: NDArray[np.float64]
    plasma_ng_per_ml: NDArray[np.float64]
    effect_ng_per_ml: NDArray[np.float64]
    low_ng_per_ml: NDArray[np.float64]
    high_ng_per_ml: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlasmaGrid:
    """Minutes from a moment (rising, shape (k,)), and what each model makes of them; made by ``Predictor.grid``, for it alone.

    Attributes:
        of_modes, of_rate: as ``CompartmentModel.plasma_grid`` gives them, one for each model.
    """

    minutes: NDArray[np.float64]
    of_modes: tuple[NDArray[np.float64], ...]
    of_rate: tuple[NDArray[np.float64], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlasmaCurve:
    """The plasma level along time: estimate and edges of the band, ng/mL, arrays of shape (k,); fields as in ``PredictedCurve``."""

    minutes: NDArray[np.float64]
    plasma_ng_per_ml: NDArray[np.float64]
    low_ng_per_ml: NDArray[np.float64]
    high_ng_per_ml: NDArray[np.float64]


class Predictor:
    """Follows one infusion. Each update costs the same however long the infusion has run."""

    def __init__(
        self, weight_kg: float, *, drug: str = "ketamine", half_life_ke0_min: float = HALF_LIFE_KE0_MIN, margin: float = BAND_MARGIN
    ) -> None:
        """Raises ValueError for a weight that is not above zero, or a drug without models."""
        rows = models_for(drug)
        self._names = tuple(row.name for row in rows)
        self._half_life_ke0_min = half_life_ke0_min
        self._margin = margin
        self._models = tuple(CompartmentModel(row.constants(weight_kg, half_life_ke0_min)) for row in rows)
        self._states = tuple(model.empty() for model in self._models)
        self._rate_mg_per_min = 0.0
        self._at: Instant | None = None
        self._found: tuple[Instant, tuple[CompartmentState, ...]] | None = None

    @property
    def assumption(self) -> str:
        """What stands behind the numbers, in a sentence to show beside them."""
        return (
            f"Predicted, not measured: models {', '.join(self._names)}, span widened by ±{self._margin:.0%}; "
            f"estimate by {self._names[0]}; effect site assumes t½ke0 {self._half_life_ke0_min:g} min"
        )

    def rate(self, at: Instant, rate_mg_per_h: float) -> None:
        """From ``at`` on this rate is infused. Raises HistoryError if ``at`` lies before what was told already."""
        self._require_dose(rate_mg_per_h)
        self._states = self._states_at(at)
        self._at, self._found = at, None
        self._rate_mg_per_min = rate_mg_per_h / 60

    def bolus(self, at: Instant, dose_mg: float) -> None:
        """``dose_mg`` was given at once. Raises as ``rate``."""
        self._require_dose(dose_mg)
        states = self._states_at(at)
        self._states = tuple(model.with_bolus(state, dose_mg) for model, state in zip(self._models, states, strict=True))
        self._at, self._found = at, None

    def delivered(self, at: Instant, dose_mg: float) -> None:
        """``dose_mg`` was given evenly since the last word: for a pump's volume counter. The rate is 0 after it. Raises as ``rate``."""
        self._require_dose(dose_mg)
        minutes = self._minutes_to(at)
        if minutes == 0:
            self.bolus(at, dose_mg)
            return
        self._rate_mg_per_min, self._found = dose_mg / minutes, None
        self.rate(at, 0.0)

    def now(self, at: Instant) -> Prediction:
        """The level at ``at``, if the last rate ran on until then. Leaves the history as it is. Raises as ``rate``."""
        states = self._states_at(at)
        plasma = [model.plasma_ng_per_ml(state) for model, state in zip(self._models, states, strict=True)]
        return Prediction(
            at=at,
            plasma_ng_per_ml=plasma[0],
            effect_ng_per_ml=self._models[0].effect_ng_per_ml(states[0]),
            low_ng_per_ml=min(plasma) * (1 - self._margin),
            high_ng_per_ml=max(plasma) * (1 + self._margin),
            metabolite_ng_per_ml=self._models[0].metabolite_ng_per_ml(states[0]),
        )

    def band(self, at: Instant) -> tuple[float, float]:
        """Low and high edge of the plasma level at ``at``, as ``now`` gives them, at a tenth of its cost. Raises as ``rate``."""
        low, _, high = self._levels(self._states, self._minutes_to(at), self._rate_mg_per_min)
        return low, high

    def with_rate(self, start: Instant, rate_mg_per_h: float) -> Callable[[float], tuple[float, float, float]]:
        """Low edge, estimate and high edge of the plasma level so many minutes after ``start``, with one rate from then on."""
        states, rate = self._states_at(start), rate_mg_per_h / 60
        return lambda minutes: self._levels(states, minutes, rate)

    def _levels(self, states: Sequence[CompartmentState], minutes: float, rate_mg_per_min: float) -> tuple[float, float, float]:
        plasma = [model.plasma_after(state, minutes, rate_mg_per_min) for model, state in zip(self._models, states, strict=True)]
        return min(plasma) * (1 - self._margin), plasma[0], max(plasma) * (1 + self._margin)

    def grid(self, minutes: NDArray[np.float64]) -> PlasmaGrid:
        """For ``along``; ``minutes`` rise from 0 on, shape (k,)."""
        pairs = [model.plasma_grid(minutes) for model in self._models]
        return PlasmaGrid(minutes=minutes, of_modes=tuple(first for first, _ in pairs), of_rate=tuple(second for _, second in pairs))

    def along(self, grid: PlasmaGrid, start: Instant, rate_mg_per_h: float) -> PlasmaCurve:
        """The plasma level from ``start`` on with one rate, as ``curve`` gives it. Raises as ``rate``."""
        rate = rate_mg_per_h / 60
        parts = zip(self._states_at(start), grid.of_modes, grid.of_rate, strict=True)
        plasma = np.stack([of_modes @ state.modes + of_rate * rate for state, of_modes, of_rate in parts])
        return PlasmaCurve(
            minutes=grid.minutes,
            plasma_ng_per_ml=plasma[0],
            low_ng_per_ml=plasma.min(axis=0) * (1 - self._margin),
            high_ng_per_ml=plasma.max(axis=0) * (1 + self._margin),
        )

    def curve(self, start: Instant, minutes: NDArray[np.float64], plan: Sequence[tuple[float, float]] = ()) -> PredictedCurve:
        """The level at ``start`` + each of ``minutes`` (rising, from 0 on).

        Args:
            start: at or after the last word told.
            minutes: shape (n,).
            plan: (minute from start, mg/h) by rising minute: rates to come; without any, the last rate runs on.
        """
        states = self._states_at(start)
        pairs = [self._along(model, state, minutes, plan) for model, state in zip(self._models, states, strict=True)]
        plasma = np.stack([pair[0] for pair in pairs])
        return PredictedCurve(
            start=start,
            minutes=minutes,
            plasma_ng_per_ml=plasma[0],
            effect_ng_per_ml=pairs[0][1],
            low_ng_per_ml=plasma.min(axis=0) * (1 - self._margin),
            high_ng_per_ml=plasma.max(axis=0) * (1 + self._margin),
        )

    def _along(
        self, model: CompartmentModel, state: CompartmentState, minutes: NDArray[np.float64], plan: Sequence[tuple[float, float]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Plasma and effect course of one model over the plan's stretches of constant rate."""
        plasma, effect = np.empty_like(minutes), np.empty_like(minutes)
        starts = [0.0, *(minute for minute, _ in plan)]
        rates = [self._rate_mg_per_min, *(rate_mg_per_h / 60 for _, rate_mg_per_h in plan)]
        for begin, end, rate in zip(starts, [*starts[1:], np.inf], rates, strict=True):
            inside = (minutes >= begin) & (minutes < end)
            plasma[inside], effect[inside] = model.course(state, minutes[inside] - begin, rate)
            if end < np.inf:
                state = model.propagate(state, end - begin, rate)
        return plasma, effect

    def _states_at(self, at: Instant) -> tuple[CompartmentState, ...]:
        """At a moment; kept, since whoever asks for what is ahead asks several times."""
        minutes = self._minutes_to(at)
        if minutes == 0:
            return self._states
        if self._found is None or self._found[0] != at:
            rate = self._rate_mg_per_min
            self._found = at, tuple(model.propagate(state, minutes, rate) for model, state in zip(self._models, self._states, strict=True))
        return self._found[1]

    def _minutes_to(self, at: Instant) -> float:
        if self._at is None:
            return 0.0
        minutes = at.since(self._at) / 60
        if minutes < 0:
            raise HistoryError(f"{at.iso()} lies before {self._at.iso()}, up to which the history was told already")
        return minutes

    @staticmethod
    def _require_dose(amount: float) -> None:
        if not 0 <= amount < np.inf:
            raise HistoryError(f"a rate or dose must be a number from 0 up, not {amount:g}")
