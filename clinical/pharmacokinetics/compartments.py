"""Linear mammillary compartment models, solved exactly between changes of rate. Knows no drug, no weight and no clock.

The rate matrix of a mammillary model becomes symmetric under a diagonal scaling, so its eigenvalues are real and its
eigenvectors orthogonal whatever the parameters: the state is kept as amplitudes of these modes, and an interval of constant
infusion is one exponential for each mode. The effect compartment (dCe/dt = ke0·(Cp − Ce)) is added in closed form, with the
difference quotient of exponentials written so that ke0 may equal an eigenvalue.
Times are minutes, amounts mg, volumes L, rates mg/min, concentrations ng/mL (= µg/L).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

NG_PER_ML_FROM_MG_PER_L = 1000.0

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateConstants:
    """One to three compartments: central volume, and first-order constants per minute. A zero pair drops its compartment.

    Attributes:
        ke0: of the effect compartment, which takes no mass.
    """

    v1_l: float
    k10: float
    k12: float = 0.0
    k21: float = 0.0
    k13: float = 0.0
    k31: float = 0.0
    ke0: float

    def __post_init__(self) -> None:
        """Raises ValueError unless volume, k10 and ke0 are above zero and each exchange pair is wholly there or wholly not."""
        if not min(self.v1_l, self.k10, self.ke0) > 0:
            raise ValueError(f"central volume, k10 and ke0 must be above 0, not {self.v1_l:g}, {self.k10:g}, {self.ke0:g}")
        for out, back in ((self.k12, self.k21), (self.k13, self.k31)):
            if min(out, back) < 0 or (out > 0) != (back > 0):
                raise ValueError(f"an exchange needs both of its constants above 0, or both 0, not {out:g} and {back:g}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompartmentState:
    """Where the drug is. Made by ``CompartmentModel`` alone.

    Attributes:
        modes: amplitude of each mode, shape (n,).
        effect_mg: effect-site concentration times the central volume.
        eliminated_mg: all that has left the body.
    """

    modes: Vector
    effect_mg: float
    eliminated_mg: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Interval:
    """Coefficients of one length of interval: ``passed`` and ``driven`` take a transient to mg·min left and to effect amount."""

    kept: Vector
    passed: Vector
    effect_kept: float
    driven: Vector


class CompartmentModel:
    """A model with its modes worked out once; states are values, so one model serves any number of histories."""

    def __init__(self, constants: RateConstants) -> None:
        self.constants = constants
        exchanges = [(constants.k12, constants.k21), (constants.k13, constants.k31)]
        present = [pair for pair in exchanges if pair[0] > 0]
        size = 1 + len(present)
        symmetric = np.zeros((size, size))
        scale = np.ones(size)
        symmetric[0, 0] = constants.k10 + sum(out for out, _ in present)
        for i, (out, back) in enumerate(present, start=1):
            symmetric[i, i] = back
            symmetric[0, i] = symmetric[i, 0] = -np.sqrt(out * back)
            scale[i] = np.sqrt(out / back)
        decay, vectors = np.linalg.eigh(symmetric)
        self._decay: Vector = decay  # per minute, all above zero
        self._central: Vector = vectors[0]  # of the central compartment: mode ↔ amount, both ways (orthogonal)
        self._to_amounts: Vector = scale[:, np.newaxis] * vectors
        self._unit_steady: Vector = self._central / decay  # modes in the end, for each mg/min
        self._unit_plasma = float(self._central @ self._unit_steady)
        self._interval = lru_cache(maxsize=4)(self._work_out)

    @property
    def half_lives_min(self) -> tuple[float, ...]:
        """Of the modes, shortest first."""
        return tuple(sorted(float(x) for x in np.log(2) / self._decay))

    def empty(self) -> CompartmentState:
        """No drug anywhere."""
        return CompartmentState(modes=np.zeros_like(self._decay), effect_mg=0.0, eliminated_mg=0.0)

    def with_bolus(self, state: CompartmentState, dose_mg: float) -> CompartmentState:
        """The state just after ``dose_mg`` went into the central compartment at once."""
        return CompartmentState(modes=state.modes + self._central * dose_mg, effect_mg=state.effect_mg, eliminated_mg=state.eliminated_mg)

    def propagate(self, state: CompartmentState, minutes: float, rate_mg_per_min: float = 0.0) -> CompartmentState:
        """The state after ``minutes`` (at least 0) of a constant infusion. Exact: any subdivision gives the same."""
        interval = self._interval(minutes)
        steady = self._unit_steady * rate_mg_per_min
        transient = state.modes - steady
        settled = self._unit_plasma * rate_mg_per_min
        return CompartmentState(
            modes=steady + transient * interval.kept,
            effect_mg=state.effect_mg * interval.effect_kept + settled * (1 - interval.effect_kept) + float(interval.driven @ transient),
            eliminated_mg=state.eliminated_mg + self.constants.k10 * (settled * minutes + float(interval.passed @ transient)),
        )

    def _work_out(self, minutes: float) -> _Interval:
        """What depends on the length of an interval alone; kept for a few lengths, since most histories use the same again."""
        elapsed = np.float64(minutes)
        ke0 = self.constants.ke0
        return _Interval(
            kept=np.exp(-self._decay * minutes),
            passed=self._central * _quotient(self._decay, 0.0, elapsed),
            effect_kept=math.exp(-ke0 * minutes),
            driven=self._central * ke0 * _quotient(self._decay, ke0, elapsed),
        )

    def course(self, state: CompartmentState, minutes: Vector, rate_mg_per_min: float = 0.0) -> tuple[Vector, Vector]:
        """Plasma and effect-site concentration after each of ``minutes`` of a constant infusion, ng/mL, shapes (n,)."""
        ke0 = self.constants.ke0
        transient = self._central * (state.modes - self._unit_steady * rate_mg_per_min)
        settled = self._unit_plasma * rate_mg_per_min
        plasma = settled + np.exp(-np.multiply.outer(minutes, self._decay)) @ transient
        kept = np.exp(-ke0 * minutes)
        effect = state.effect_mg * kept + settled * (1 - kept) + ke0 * (_quotient(self._decay, ke0, minutes) @ transient)
        return self._concentration(plasma), self._concentration(effect)

    def plasma_ng_per_ml(self, state: CompartmentState) -> float:
        return float(self._central @ state.modes) * NG_PER_ML_FROM_MG_PER_L / self.constants.v1_l

    def effect_ng_per_ml(self, state: CompartmentState) -> float:
        return state.effect_mg * NG_PER_ML_FROM_MG_PER_L / self.constants.v1_l

    def amounts_mg(self, state: CompartmentState) -> Vector:
        """In each compartment, the central one first, shape (n,)."""
        return self._to_amounts @ state.modes

    def _concentration(self, amount_mg: Vector) -> Vector:
        return amount_mg * (NG_PER_ML_FROM_MG_PER_L / self.constants.v1_l)


def _quotient(decay: Vector, other: float, minutes: Vector | np.float64) -> Vector:
    """(e^(−a·t) − e^(−b·t)) / (b − a) for each decay a, or its limit t·e^(−a·t) where a = b; shape ``minutes.shape + (n,)``.

    Written with the slower of the two factored out: nothing overflows, and nothing cancels when a is close to b.
    """
    gap = np.abs(decay - other)
    slower = np.minimum(decay, other)
    spread = np.multiply.outer(minutes, gap)
    safe = np.where(gap > 0, gap, 1.0)
    ratio = np.where(gap > 0, -np.expm1(-spread) / safe, np.multiply.outer(minutes, np.ones_like(gap)))
    return np.asarray(np.exp(-np.multiply.outer(minutes, slower)) * ratio)
