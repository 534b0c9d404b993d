"""The body: drug levels → circulation, breathing, gas, sedation, hands. Draws no waveform and reads no sensor.

Effects follow the effect site of the ketamine model, so they lag the plasma by its half-life ke0 and fade with it.
All constants stand in ``constants.py``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import assert_never

from clinical.pharmacokinetics.compartments import CompartmentModel, RateConstants
from clinical.pharmacokinetics.models import KAMP_2020
from devices.patient.constants import constant
from devices.patient.events import AirwayNarrowed, BodyEvent, Medication, Oxygen, PressorSurge
from devices.patient.gas_exchange import Breathing, GasExchange
from devices.patient.variability import Variability

LEAST_RESP_RATE = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The patient at rest, before any drug. Hands: "T1" right, "T2" left, the limb with CRPS being the colder."""

    weight_kg: float = 70.0
    sbp_mmhg: float = 128.0
    dbp_mmhg: float = 76.0
    heart_rate: float = 76.0
    resp_rate: float = 15.0
    spo2_percent: float = 97.0
    etco2_mmhg: float = 38.0
    core_celsius: float = 36.7
    right_hand_celsius: float = 32.4
    left_hand_celsius: float = 30.3
    perfusion_index: float = 3.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How strongly this patient answers; 1 is ordinary. Proposed: 1.5 for the pressure of a hypertensive patient."""

    pressure: float = 1.0
    breathing: float = 1.0
    variability: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyState:
    """The truth at one moment, before any sensor. ``depth`` of breaths relative to rest; ``airflow`` the share that passes."""

    plasma_ng_per_ml: float
    effect_ng_per_ml: float
    sbp_mmhg: float
    dbp_mmhg: float
    heart_rate: float
    resp_rate: float
    depth: float
    airflow: float
    sao2_percent: float
    etco2_mmhg: float
    perfusion_index: float
    core_celsius: float
    right_hand_celsius: float
    left_hand_celsius: float
    rass: int
    dissociation_percent: float


def hill(level: float, c50: float, slope: float) -> float:
    """Share of the full effect, 0…1, at a level of at least 0."""
    return level**slope / (c50**slope + level**slope) if level > 0 else 0.0


class Physiology:
    """One body. ``feel`` takes what happens to it, ``step`` moves it on."""

    def __init__(self, baseline: Baseline, sensitivity: Sensitivity, variability: Variability) -> None:
        self._base = baseline
        self._sensitivity = sensitivity
        self._variability = variability
        self._ketamine_model = CompartmentModel(KAMP_2020.constants(baseline.weight_kg))
        self._ketamine = self._ketamine_model.empty()
        self._midazolam_model = CompartmentModel(
            RateConstants(
                v1_l=1.0,
                k10=math.log(2) / constant("midazolam_half_life"),
                ke0=math.log(2) / constant("midazolam_half_life_ke0"),
            )
        )
        self._midazolam = self._midazolam_model.empty()
        self._gas = GasExchange(spo2_percent=baseline.spo2_percent, etco2_mmhg=baseline.etco2_mmhg)
        self._oxygen_l_per_min = 0.0
        self._lost = 0.0
        self._surge_target = PressorSurge(sbp_mmhg=0.0, heart_rate_per_min=0.0, agitation=0.0)
        self._surge_sbp = self._surge_hr = self._surge_agitation = 0.0
        self._warmed = 0.0

    def feel(self, event: BodyEvent) -> None:
        """Takes a drug, oxygen, a narrowing, a surge; ``step`` does the rest."""
        match event:
            case Medication(dose_mg=dose_mg):
                self._midazolam = self._midazolam_model.with_bolus(self._midazolam, dose_mg)
            case Oxygen(litres_per_min=litres):
                self._oxygen_l_per_min = litres
            case AirwayNarrowed(lost_fraction=lost):
                self._lost = lost
            case PressorSurge():
                self._surge_target = event
            case _:
                assert_never(event)

    def step(self, seconds: float, ketamine_mg: float) -> BodyState:
        """Moves on by ``seconds``, in which ``ketamine_mg`` reached the blood evenly."""
        minutes = seconds / 60
        self._ketamine = self._ketamine_model.propagate(self._ketamine, minutes, ketamine_mg / minutes)
        self._midazolam = self._midazolam_model.propagate(self._midazolam, minutes)
        self._follow_surge(seconds)
        level = self._ketamine_model.effect_ng_per_ml(self._ketamine)
        drift = self._variability.step(seconds)
        resp_rate, depth = self._breathe(seconds, level, drift.resp_rate)
        rise = self._sensitivity.pressure * constant("sbp_emax") * hill(level, constant("sbp_c50"), constant("sbp_hill")) + self._surge_sbp
        warmed = self._warm(seconds, level)
        base = self._base
        return BodyState(
            plasma_ng_per_ml=self._ketamine_model.plasma_ng_per_ml(self._ketamine),
            effect_ng_per_ml=level,
            sbp_mmhg=base.sbp_mmhg + rise + drift.sbp,
            dbp_mmhg=base.dbp_mmhg + constant("dbp_share") * rise + 0.5 * drift.sbp,
            heart_rate=max(25.0, base.heart_rate + self._heart_rate_rise(level) + drift.heart_rate),
            resp_rate=resp_rate,
            depth=depth,
            airflow=1.0 - self._lost,
            sao2_percent=min(100.0, self._gas.sao2_percent + drift.spo2),
            etco2_mmhg=self._gas.etco2_mmhg,
            perfusion_index=base.perfusion_index * min(1.5, max(0.3, 1.0 - constant("perfusion_per_mmhg") * self._surge_sbp)),
            core_celsius=base.core_celsius,
            right_hand_celsius=base.right_hand_celsius + 0.3 * warmed,
            left_hand_celsius=base.left_hand_celsius + warmed,
            rass=self._rass(level),
            dissociation_percent=100 * hill(level, constant("dissociation_c50"), constant("dissociation_hill")),
        )

    def _heart_rate_rise(self, level: float) -> float:
        return constant("hr_emax") * hill(level, constant("hr_c50"), 1.0) + self._surge_hr

    def _breathe(self, seconds: float, level: float, drift: float) -> tuple[float, float]:
        """Rate per minute and relative depth of the chest, after moving the gas stores by them."""
        base_rate = self._base.resp_rate
        sedation = self._sensitivity.breathing * hill(self._midazolam.effect_mg, constant("midazolam_e50"), 1.0)
        by_ketamine = constant("ketamine_rr_fall") * min(1.0, level / constant("ketamine_rr_full"))
        resp_rate = max(LEAST_RESP_RATE, base_rate - by_ketamine - constant("midazolam_rr_emax") * sedation + drift)
        depth = max(0.1, (1.0 - constant("midazolam_depth_emax") * sedation) * self._gas.depth_gain())
        steady = resp_rate - drift if resp_rate > LEAST_RESP_RATE else resp_rate  # drift of rate is evened out by depth
        breathing = Breathing(rate=steady / base_rate, depth=depth, lost=self._lost, oxygen_l_per_min=self._oxygen_l_per_min)
        self._gas.step(seconds, breathing)
        return resp_rate, depth

    def _follow_surge(self, seconds: float) -> None:
        target = self._surge_target
        self._surge_sbp = _towards(self._surge_sbp, target.sbp_mmhg, seconds)
        self._surge_hr = _towards(self._surge_hr, target.heart_rate_per_min, seconds)
        self._surge_agitation = _towards(self._surge_agitation, target.agitation, seconds)

    def _warm(self, seconds: float, level: float) -> float:
        """Degrees by which the colder hand has warmed: proposed, follows the level slowly, at most half as much again."""
        target = constant("cold_hand_gain") * min(1.5, level / 200)
        self._warmed += (target - self._warmed) * -math.expm1(-seconds / constant("hand_warming"))
        return self._warmed

    def _rass(self, level: float) -> int:
        """Richmond scale: agitation where there is a surge of it, otherwise what the two drugs make of wakefulness."""
        if self._surge_agitation > 0.5:
            return min(4, round(self._surge_agitation))
        by_ketamine = (level >= constant("rass_minus_1_from")) + (level >= constant("rass_minus_2_from"))
        drowsy = constant("midazolam_drowsy") / self._sensitivity.breathing
        by_midazolam = (self._midazolam.effect_mg >= drowsy) + (self._midazolam.effect_mg >= 3 * drowsy)
        return -min(4, by_ketamine + by_midazolam)


def _towards(value: float, target: float, seconds: float) -> float:
    """First-order approach: quick away from 0, slow back to it."""
    time = constant("surge_rise") if abs(target) > abs(value) else constant("surge_fall")
    return value + (target - value) * -math.expm1(-seconds / time)
