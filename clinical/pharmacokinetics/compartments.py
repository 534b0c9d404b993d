"""Linear mammillary compartment models, solved exactly between changes of rate. Knows no drug, no weight and no clock.

The rate matrix of a mammillary model becomes symmetric under a diagonal scaling, so its eigenvalues are real and its
eigenvectors orthogonal whatever the parameters: the state is kept as amplitudes of these modes, and an interval of constant
infusion is one exponential for each mode. Whatever else the central compartment drives *follows* it: f' = gain·central − decay·f.
What was eliminated, the effect compartment (dCe/dt = ke0·(Cp − Ce)) and each mode of a metabolite are such followers, solved by
divided differences of the exponential, written so that two decays may be equal. For drug that entered through the central
compartment every term of every sum is positive, so nothing cancels however short an interval is.
Times are minutes, amounts mg, volumes L, rates mg/min, concentrations ng/mL (= µg/L).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clinical.pharmacokinetics.divided_differences import (
    Vector,
    first_difference,
    first_difference_of,
    second_difference,
    second_difference_of,
)

NG_PER_ML_FROM_MG_PER_L = 1000.0

_ELIMINATED, _EFFECT, _METABOLITE = 0, 1, 2  # places of the followers; the metabolite's modes come last


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaboliteConstants:
    """A metabolite that forms in its own central volume: per minute, with ``formed`` mg of it for each mg of drug eliminated."""

    v1_l: float
    k10: float
    k12: float = 0.0
    k21: float = 0.0
    formed: float = 1.0

    def __post_init__(self) -> None:
        """Raises ValueError for what cannot be, as ``RateConstants``."""
        if not all(value > 0 for value in (self.v1_l, self.k10, self.formed)):
            raise ValueError(f"a metabolite's volume, k10 and share must be above 0, not {self.v1_l:g}, {self.k10:g}, {self.formed:g}")
        _require_exchanges((self.k12, self.k21))


@dataclass(frozen=True, slots=True, kw_only=True)
class RateConstants:
    """One to three compartments: central volume, and first-order constants per minute. A zero pair drops its compartment.

    Attributes:
        ke0: of the effect compartment, which takes no mass.
        metabolite: what the drug becomes, where the model says.
    """

    v1_l: float
    k10: float
    k12: float = 0.0
    k21: float = 0.0
    k13: float = 0.0
    k31: float = 0.0
    ke0: float
    metabolite: MetaboliteConstants | None = None

    def __post_init__(self) -> None:
        """Raises ValueError unless volume, k10 and ke0 are above zero and each exchange pair is wholly there or wholly not."""
        if not all(value > 0 for value in (self.v1_l, self.k10, self.ke0)):
            raise ValueError(f"central volume, k10 and ke0 must be above 0, not {self.v1_l:g}, {self.k10:g}, {self.ke0:g}")
        _require_exchanges((self.k12, self.k21), (self.k13, self.k31))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompartmentState:
    """Where the drug is. Made by ``CompartmentModel`` alone.

    Attributes:
        modes: amplitude of each mode, shape (n,).
        followers: what was eliminated (mg), the effect site (mg in the central volume), modes of the metabolite; shape (m,).
    """

    modes: Vector
    followers: Vector

    @property
    def eliminated_mg(self) -> float:
        """All that has left the body, or become a metabolite."""
        return float(self.followers[_ELIMINATED])

    @property
    def effect_mg(self) -> float:
        """Effect-site concentration times the central volume."""
        return float(self.followers[_EFFECT])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Passage:
    """What k lengths of constant infusion do, whatever came before: the coefficients of ``CompartmentModel.passage``.

    Attributes:
        kept, grown: of the modes: the part that stays, and what 1 mg/min adds; shapes (k, n).
        driven: what followers take from the modes, shape (k, m, n).
        followers_kept, followers_grown: as for the modes, shapes (k, m).
    """

    kept: Vector
    grown: Vector
    driven: Vector
    followers_kept: Vector
    followers_grown: Vector


class CompartmentModel:
    """A model with its modes worked out once; states are values, so one model serves any number of histories."""

    def __init__(self, constants: RateConstants) -> None:
        self.constants = constants
        self._decay, self._central, self._to_amounts = _modes_of(
            constants.k10, (constants.k12, constants.k21), (constants.k13, constants.k31)
        )
        decays, gains = [0.0, constants.ke0], [constants.k10, constants.ke0]
        metabolite = constants.metabolite
        self._metabolite_central = np.zeros(0)
        if metabolite is not None:
            decay, self._metabolite_central, _ = _modes_of(metabolite.k10, (metabolite.k12, metabolite.k21))
            decays += decay.tolist()
            gains += (self._metabolite_central * (constants.k10 * metabolite.formed)).tolist()
        self._follower_decay: Vector = np.array(decays)[:, np.newaxis]
        self._follower_gain: Vector = np.array(gains)[:, np.newaxis]
        self._one_passage = lru_cache(maxsize=4)(self._passage_of_one)
        self._decays_and_shares = tuple(zip(self._decay.tolist(), self._central.tolist(), strict=True))

    @property
    def half_lives_min(self) -> tuple[float, ...]:
        """Of the modes, shortest first."""
        return tuple(sorted(float(x) for x in np.log(2) / self._decay))

    def empty(self) -> CompartmentState:
        """No drug anywhere."""
        return CompartmentState(modes=np.zeros_like(self._decay), followers=np.zeros(len(self._follower_decay)))

    def with_bolus(self, state: CompartmentState, dose_mg: float) -> CompartmentState:
        """The state just after ``dose_mg`` went into the central compartment at once."""
        return CompartmentState(modes=state.modes + self.modes_of_bolus(dose_mg), followers=state.followers)

    def modes_of_bolus(self, dose_mg: float) -> Vector:
        """What a bolus adds to the modes, shape (n,)."""
        return self._central * dose_mg

    def propagate(self, state: CompartmentState, minutes: float, rate_mg_per_min: float = 0.0) -> CompartmentState:
        """The state after ``minutes`` (at least 0) of a constant infusion. Exact: any subdivision gives the same."""
        passage = self._one_passage(minutes)
        return CompartmentState(
            modes=state.modes * passage.kept + passage.grown * rate_mg_per_min,
            followers=state.followers * passage.followers_kept + passage.driven @ state.modes + passage.followers_grown * rate_mg_per_min,
        )

    def passage(self, minutes: Vector, *, followers: bool = True) -> Passage:
        """The coefficients of intervals of these lengths, shape (k,), each at least 0. Without ``followers`` theirs are empty."""
        t = minutes[:, np.newaxis]
        kept = np.exp(-t * self._decay)
        grown = self._central * first_difference(self._decay, np.float64(0.0), t)
        if not followers:
            none = np.zeros((len(minutes), 0))
            driven = np.zeros((len(minutes), 0, len(self._decay)))
            return Passage(kept=kept, grown=grown, driven=driven, followers_kept=none, followers_grown=none)
        t3 = t[:, :, np.newaxis]
        first = first_difference(self._decay, self._follower_decay, t3)
        second = second_difference(self._decay, self._follower_decay, t3, first)
        return Passage(
            kept=kept,
            grown=grown,
            driven=first * (self._follower_gain * self._central),
            followers_kept=np.exp(-t * self._follower_decay[:, 0]),
            followers_grown=(second * (self._follower_gain * self._central**2)).sum(axis=2),
        )

    def plasma_after(self, state: CompartmentState, minutes: float, rate_mg_per_min: float = 0.0) -> float:
        """Plasma concentration after ``minutes`` of a constant infusion, ng/mL, as ``propagate`` gives it, at a tenth of its cost."""
        amount_mg = 0.0
        for amplitude, (decay, share) in zip(state.modes.tolist(), self._decays_and_shares, strict=True):
            lost = -math.expm1(-decay * minutes)
            amount_mg += share * (amplitude * (1.0 - lost) + share * rate_mg_per_min * lost / decay)
        return amount_mg * NG_PER_ML_FROM_MG_PER_L / self.constants.v1_l

    def plasma_grid(self, minutes: Vector) -> tuple[Vector, Vector]:
        """What makes plasma concentrations of a state after each of ``minutes``: ng/mL are ``first @ modes + second * mg/min``.

        Shapes (k, n) and (k,); the same for every state, so a grid that is asked for again and again is worked out once.
        """
        passage = self.passage(minutes, followers=False)
        return self._concentration(passage.kept * self._central), self.plasma_of(passage.grown)

    def course(self, state: CompartmentState, minutes: Vector, rate_mg_per_min: float = 0.0) -> tuple[Vector, Vector]:
        """Plasma and effect-site concentration after each of ``minutes`` of a constant infusion, ng/mL, shapes (n,)."""
        passage = self.passage(minutes)
        modes = state.modes * passage.kept + passage.grown * rate_mg_per_min
        effect = (
            state.followers[_EFFECT] * passage.followers_kept[:, _EFFECT]
            + passage.driven[:, _EFFECT] @ state.modes
            + passage.followers_grown[:, _EFFECT] * rate_mg_per_min
        )
        return self.plasma_of(modes), self._concentration(effect)

    def plasma_ng_per_ml(self, state: CompartmentState) -> float:
        return float(self.plasma_of(state.modes))

    def effect_ng_per_ml(self, state: CompartmentState) -> float:
        return float(self.effect_of(state.followers))

    def metabolite_ng_per_ml(self, state: CompartmentState) -> float | None:
        """Plasma concentration of the metabolite; None where the model knows of none."""
        found = self.metabolite_of(state.followers)
        return None if found is None else float(found)

    def plasma_of(self, modes: Vector) -> Vector:
        """Plasma concentration of modes of shape (…, n): ng/mL, shape (…)."""
        return self._concentration(modes @ self._central)

    def effect_of(self, followers: Vector) -> Vector:
        """Effect-site concentration of followers of shape (…, m): ng/mL, shape (…)."""
        return self._concentration(followers[..., _EFFECT])

    def metabolite_of(self, followers: Vector) -> Vector | None:
        """Plasma concentration of the metabolite, of followers of shape (…, m): ng/mL, shape (…)."""
        metabolite = self.constants.metabolite
        if metabolite is None:
            return None
        amount_mg = followers[..., _METABOLITE:] @ self._metabolite_central
        return np.asarray(amount_mg * (NG_PER_ML_FROM_MG_PER_L / metabolite.v1_l))

    def amounts_mg(self, state: CompartmentState) -> Vector:
        """In each compartment, the central one first, shape (n,)."""
        return self._to_amounts @ state.modes

    def _passage_of_one(self, minutes: float) -> Passage:
        """Of one length, without its axis; kept for a few lengths, since most histories use the same again."""
        t, decays, shares = minutes, self._decay.tolist(), self._central.tolist()
        followers = list(zip(self._follower_decay[:, 0].tolist(), self._follower_gain[:, 0].tolist(), strict=True))
        first = [[first_difference_of(a, b, t) for a in decays] for b, _ in followers]
        second = [
            sum(second_difference_of(a, b, t, f) * share * share for a, share, f in zip(decays, shares, row, strict=True))
            for (b, _), row in zip(followers, first, strict=True)
        ]
        driven = [[f * gain * share for f, share in zip(row, shares, strict=True)] for (_, gain), row in zip(followers, first, strict=True)]
        return Passage(
            kept=np.array([math.exp(-a * t) for a in decays]),
            grown=np.array([share * first_difference_of(a, 0.0, t) for a, share in zip(decays, shares, strict=True)]),
            driven=np.array(driven),
            followers_kept=np.array([math.exp(-b * t) for b, _ in followers]),
            followers_grown=np.array([gain * grown for (_, gain), grown in zip(followers, second, strict=True)]),
        )

    def _concentration(self, amount_mg: Vector) -> Vector:
        return np.asarray(amount_mg * (NG_PER_ML_FROM_MG_PER_L / self.constants.v1_l))


def _require_exchanges(*pairs: tuple[float, float]) -> None:
    for out, back in pairs:
        if not (out > 0 and back > 0) and not out == back == 0:
            raise ValueError(f"an exchange needs both of its constants above 0, or both 0, not {out:g} and {back:g}")


def _modes_of(k10: float, *exchanges: tuple[float, float]) -> tuple[Vector, Vector, Vector]:
    """Decays per minute, shape (n,), all above zero; the central compartment's row, shape (n,), which takes mode to amount and
    back (orthogonal); and the matrix from modes to the amounts of all compartments, shape (n, n).
    """
    present = [pair for pair in exchanges if pair[0] > 0]
    size = 1 + len(present)
    symmetric = np.zeros((size, size))
    scale = np.ones(size)
    symmetric[0, 0] = k10 + sum(out for out, _ in present)
    for i, (out, back) in enumerate(present, start=1):
        symmetric[i, i] = back
        symmetric[0, i] = symmetric[i, 0] = -np.sqrt(out * back)
        scale[i] = np.sqrt(out / back)
    decay, vectors = np.linalg.eigh(symmetric)
    return decay, vectors[0], scale[:, np.newaxis] * vectors
