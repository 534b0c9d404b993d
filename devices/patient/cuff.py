"""A blood-pressure cuff: when it inflates, what it reads at the end, and what it does to a finger beyond it. Knows no wire."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clinical.instant import Instant
from devices.driver import CuffReading
from devices.patient.physiology import BodyState

MEASURING_S = 30.0
SHUT_FROM_S = 4.0  # the artery is shut from here after the start …
SHUT_UNTIL_S = 23.0  # … to here: the reading goes on while it opens
FADE_S = 2.0
MEAN_SHARE = 0.38  # of the pulse pressure above diastole: proposed, near what oscillometry finds
ERROR_MMHG = 1.5  # standard deviation of one oscillometric reading: proposed
KEPT_S = 40.0

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CuffSettings:
    """How it is set: regular interval, first measurement, and whether the oximeter's probe is on the same arm."""

    every_min: float = 15.0
    first_min: float = 0.1
    same_arm: bool = False


class Cuff:
    """One cuff. Times are seconds since the bedside's start."""

    def __init__(self, settings: CuffSettings, generator: np.random.Generator) -> None:
        self._settings = settings
        self._generator = generator
        self._next_s = settings.first_min * 60
        self._started: list[float] = []
        self.inflating = False
        self.reading: CuffReading | None = None

    def start(self, now_s: float) -> None:
        """Begins a measurement, unless one is under way."""
        if not self.inflating:
            self.inflating = True
            self._started.append(now_s)

    def step(self, now_s: float, at: Instant, body: BodyState) -> None:
        """Begins what is due and ends what is done, reading the body as it is at the end."""
        if self.inflating and now_s - self._started[-1] >= MEASURING_S:
            self.inflating = False
            self.reading = self._read(at, body)
        if now_s >= self._next_s:
            self._next_s += self._settings.every_min * 60
            self.start(now_s)
        if self._started and now_s - self._started[0] > MEASURING_S + KEPT_S:
            self._started.pop(0)

    def _read(self, at: Instant, body: BodyState) -> CuffReading:
        errors = self._generator.standard_normal(3) * ERROR_MMHG
        sys, dia = (float(round(v)) for v in (body.sbp_mmhg + errors[0], body.dbp_mmhg + errors[1]))
        mean = float(round(dia + MEAN_SHARE * (sys - dia) + 0.3 * errors[2]))
        return CuffReading(sys=sys, dia=dia, mean=mean, pulse=float(round(body.heart_rate)), at=at)

    def shuts_probe(self, now_s: float) -> bool:
        """No pulse reaches the oximeter's finger now."""
        if not (self._settings.same_arm and self._started):
            return False
        return SHUT_FROM_S <= now_s - self._started[-1] < SHUT_UNTIL_S

    def passing(self, t: Vector) -> Vector | None:
        """Share of the pulse that passes to the probe's finger at each of ``t``, shape (n,); None where all of it does."""
        if not self._settings.same_arm:
            return None
        near = [s for s in self._started if s + SHUT_FROM_S - FADE_S < t[-1] and s + SHUT_UNTIL_S + FADE_S > t[0]]
        if not near:
            return None
        shares = [np.interp(t - s, _SHUT_COURSE_S, (1.0, 0.0, 0.0, 1.0)) for s in near]
        return np.asarray(np.minimum.reduce(shares))


_SHUT_COURSE_S = (SHUT_FROM_S - FADE_S, SHUT_FROM_S, SHUT_UNTIL_S, SHUT_UNTIL_S + FADE_S)
