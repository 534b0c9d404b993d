"""A whole history of doses at once: the level at any minutes of it, all intervals solved together. Knows no drug and no pump.

For histories that are told complete (a file, a plan, the record of several days). What is told word by word is followed by
``prediction.Predictor``; both step by the same ``CompartmentModel.passage``.
Times are minutes from the history's own zero, amounts mg, concentrations ng/mL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clinical.pharmacokinetics.compartments import CompartmentModel
from clinical.pharmacokinetics.divided_differences import Vector

MIN_PER_H = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A constant rate from one minute to a later one."""

    start_min: float
    end_min: float
    rate_mg_per_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bolus:
    """A dose given at once."""

    at_min: float
    dose_mg: float


Dose = Stretch | Bolus


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DoseHistory:
    """What went in, by its changes: arrays of shape (n,), made by ``of``.

    Attributes:
        minutes: of the changes, rising.
        rate_mg_per_min: from each change to the next; 0 from the last one on.
        bolus_mg: at each change.
    """

    minutes: Vector
    rate_mg_per_min: Vector
    bolus_mg: Vector

    @classmethod
    def of(cls, doses: Sequence[Dose]) -> DoseHistory:
        """Doses in any order. Rates of stretches that overlap are added.

        Raises:
            ValueError: for a time that is no number, a stretch that does not go forward, or an amount that is not 0 or more.
        """
        stretches = np.array([(s.start_min, s.end_min, s.rate_mg_per_h) for s in doses if isinstance(s, Stretch)], dtype=float).reshape(
            -1, 3
        )
        boluses = np.array([(b.at_min, b.dose_mg) for b in doses if isinstance(b, Bolus)], dtype=float).reshape(-1, 2)
        _require(stretches, boluses)
        minutes = np.unique(np.concatenate((stretches[:, 0], stretches[:, 1], boluses[:, 0])))
        rate, bolus = np.zeros_like(minutes), np.zeros_like(minutes)
        begins, ends = np.searchsorted(minutes, stretches[:, 0]).tolist(), np.searchsorted(minutes, stretches[:, 1]).tolist()
        for begin, end, rate_mg_per_min in zip(begins, ends, (stretches[:, 2] / MIN_PER_H).tolist(), strict=True):
            rate[begin:end] += rate_mg_per_min
        np.add.at(bolus, np.searchsorted(minutes, boluses[:, 0]), boluses[:, 1])
        return cls(minutes=minutes, rate_mg_per_min=rate, bolus_mg=bolus)

    @classmethod
    def of_rates(cls, minutes: Vector, rate_mg_per_h: Vector) -> DoseHistory:
        """A log of one pump: from each of ``minutes`` (rising, shape (n,)) on this rate, the last one to be 0. Raises as ``of``."""
        _require(np.column_stack((minutes[:-1], minutes[1:], rate_mg_per_h[:-1])), np.zeros((0, 2)))
        if rate_mg_per_h[-1] != 0:
            raise ValueError("a log of rates ends with the rate 0: nobody knows how long another one lasts")
        return cls(minutes=minutes, rate_mg_per_min=rate_mg_per_h / MIN_PER_H, bolus_mg=np.zeros_like(minutes))

    @property
    def total_mg(self) -> float:
        """All that went in."""
        return float(np.diff(self.minutes) @ self.rate_mg_per_min[:-1] + self.bolus_mg.sum())

    def given_mg(self, at_min: Vector) -> Vector:
        """What had gone in at each of these minutes, boluses of that minute included; shape as ``at_min``."""
        if not len(self.minutes):
            return np.zeros_like(at_min)
        after = np.concatenate(([0.0], np.cumsum(np.diff(self.minutes) * self.rate_mg_per_min[:-1]))) + np.cumsum(self.bolus_mg)
        place = np.searchsorted(self.minutes, at_min, side="right") - 1
        running = after[place] + (at_min - self.minutes[place]) * self.rate_mg_per_min[place]
        return np.where(place >= 0, running, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """Concentrations at the minutes asked for, ng/mL, each of their shape (k,). ``metabolite`` is None where none is modelled."""

    plasma_ng_per_ml: Vector
    effect_ng_per_ml: Vector
    metabolite_ng_per_ml: Vector | None


def levels(model: CompartmentModel, history: DoseHistory, at_min: Vector) -> Levels:
    """The levels at these minutes, in any order; at a bolus, just after it. Zero before the first dose."""
    modes, followers = _states_at(model, history, at_min, followers=True)
    return Levels(
        plasma_ng_per_ml=model.plasma_of(modes),
        effect_ng_per_ml=model.effect_of(followers),
        metabolite_ng_per_ml=model.metabolite_of(followers),
    )


def plasma_levels(model: CompartmentModel, history: DoseHistory, at_min: Vector) -> Vector:
    """Plasma concentrations alone, as ``levels`` gives them, at a third of the cost: ng/mL, shape (k,)."""
    return model.plasma_of(_states_at(model, history, at_min, followers=False)[0])


def _states_at(model: CompartmentModel, history: DoseHistory, at_min: Vector, *, followers: bool) -> tuple[Vector, Vector]:
    """Modes and followers (no columns without them) at these minutes: shapes (k, n) and (k, m)."""
    if not len(history.minutes):
        history = DoseHistory.of([Bolus(at_min=0.0, dose_mg=0.0)])
    step = model.passage(np.diff(history.minutes), followers=followers)
    rate = history.rate_mg_per_min[:, np.newaxis]
    boluses = np.multiply.outer(history.bolus_mg, model.modes_of_bolus(1.0))
    modes = _scan(boluses[0], step.kept, step.grown * rate[:-1] + boluses[1:])
    taken = np.einsum("kmn,kn->km", step.driven, modes[:-1]) + step.followers_grown * rate[:-1]
    follow = _scan(np.zeros(taken.shape[1]), step.followers_kept, taken)
    place = np.searchsorted(history.minutes, at_min, side="right") - 1
    found, found_following = modes[place], follow[place]
    found[place < 0] = found_following[place < 0] = 0.0
    since = at_min - history.minutes[place]
    between = (place >= 0) & (since > 0)  # at a change itself the state is there already
    place, last = place[between], model.passage(since[between], followers=followers)
    found[between] = modes[place] * last.kept + last.grown * rate[place]
    taken = np.einsum("kmn,kn->km", last.driven, modes[place]) + last.followers_grown * rate[place]
    found_following[between] = follow[place] * last.followers_kept + taken
    return found, found_following


def _scan(first: Vector, kept: Vector, added: Vector) -> Vector:
    """x₀ = first, xᵢ₊₁ = keptᵢ·xᵢ + addedᵢ for each column: shape (k + 1, columns) from (k, columns).

    In plain floats: a recurrence has no vector form that keeps its digits, and a loop of floats is the fastest that is left.
    """
    columns = []
    for start, keeps, adds in zip(first.tolist(), kept.T.tolist(), added.T.tolist(), strict=True):
        value = start
        column = [value]
        for keep, add in zip(keeps, adds, strict=True):
            value = value * keep + add
            column.append(value)
        columns.append(column)
    return np.array(columns).reshape(-1, len(kept) + 1).T


def _require(stretches: Vector, boluses: Vector) -> None:
    """Raises ValueError as ``DoseHistory.of``."""
    if not (np.isfinite(stretches).all() and np.isfinite(boluses).all()):
        raise ValueError("times and amounts must be numbers")
    if (stretches[:, 2] < 0).any() or (boluses[:, 1] < 0).any():
        raise ValueError("rates and doses must be 0 or more")
    backward = stretches[stretches[:, 0] >= stretches[:, 1]]
    if len(backward):
        raise ValueError(f"a stretch ends after it begins, not at {backward[0, 1]:g} min after {backward[0, 0]:g} min")
