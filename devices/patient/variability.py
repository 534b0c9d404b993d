"""Small natural unrest: slow drifts that return to their middle. Seeded; knows no physiology."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from devices.patient.constants import constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What is added at this moment, in the units of each number."""

    heart_rate: float
    sbp: float
    resp_rate: float
    spo2: float


class Variability:
    """Four independent Ornstein–Uhlenbeck processes, scaled by ``amount`` (0 is a patient of wax, 1 an ordinary one)."""

    def __init__(self, generator: np.random.Generator, amount: float) -> None:
        self._generator = generator
        names = ("hr_drift", "sbp_drift", "rr_drift", "spo2_drift")
        self._deviation = np.array([constant(name) for name in names]) * amount
        self._state = self._generator.standard_normal(4) * 0.5

    def step(self, seconds: float) -> Drift:
        """Moves on; never beyond 2.5 standard deviations."""
        kept = math.exp(-seconds / constant("drift_time"))
        fresh = self._generator.standard_normal(4) * math.sqrt(1 - kept * kept)
        self._state = np.clip(self._state * kept + fresh, -2.5, 2.5)
        heart_rate, sbp, resp_rate, spo2 = (self._state * self._deviation).tolist()
        return Drift(heart_rate=heart_rate, sbp=sbp, resp_rate=resp_rate, spo2=spo2)
