"""The CO₂ waveform, a sample a packet: counted by the module's own counter, at a rate that is found out.

No document at hand says how many samples a second there are: 100 for a Capnostat 5 is only recalled. So it begins with that
and goes over to what is counted, where two stretches in a row agree on one of the usual rates.
"""

from __future__ import annotations

import numpy as np

from clinical.instant import Instant
from clinical.metrics import CO2
from clinical.observations import MISSING_SAMPLE, Validity, WaveformBlock, read_only_steps
from devices.drivers.capnostat.mapping import STEPS_PER_MMHG
from devices.sample_clock import SampleClock

RECALLED_HZ = 100.0
USUAL_HZ = (20.0, 25.0, 31.25, 40.0, 50.0, 62.5, 75.0, 100.0, 125.0)
STRETCH_S = 5.0
LONGEST_PAUSE_S = 1.0
_NEAR = 0.1
_COUNTER = 128
_MOST_FILLED = 60


class RateFinder:
    """Counts samples against arrivals. ``rate_hz`` is what it holds for true now."""

    def __init__(self) -> None:
        self.rate_hz = RECALLED_HZ
        self._candidate: float | None = None
        self._since: Instant | None = None
        self._last: Instant | None = None
        self._count = 0

    def count(self, samples: int, now: Instant) -> bool:
        """Takes samples that arrived now; whether the rate has changed by it."""
        if self._since is None or self._last is None or now.since(self._last) > LONGEST_PAUSE_S:
            self._since, self._last, self._count = now, now, 0
            return False
        self._last = now
        self._count += samples
        elapsed_s = now.since(self._since)
        if elapsed_s < STRETCH_S:
            return False
        found = _usual(self._count / elapsed_s)
        self._since, self._count = now, 0
        changed = found is not None and found == self._candidate and found != self.rate_hz
        self._candidate = found
        if changed and found is not None:
            self.rate_hz = found
        return changed


def _usual(counted_hz: float) -> float | None:
    nearest = min(USUAL_HZ, key=lambda usual: abs(usual - counted_hz))
    return nearest if abs(counted_hz / nearest - 1) <= _NEAR else None


class WaveReader:
    """Collects samples of a stretch of bytes into one block."""

    def __init__(self) -> None:
        self._rate = RateFinder()
        self._clock = SampleClock(self._rate.rate_hz)
        self._number: int | None = None
        self._steps: list[int] = []

    def is_new(self, number: int) -> bool:
        """Counts a packet in by its counter; False for one that is repeated."""
        lost = 0 if self._number is None else (number - self._number - 1) % _COUNTER
        if lost == _COUNTER - 1:
            return False
        self._number = number
        if lost <= _MOST_FILLED:
            self._steps += [MISSING_SAMPLE] * lost
        return True

    def take(self, step: int, *, usable: bool) -> None:
        """The sample of a packet that is new."""
        self._steps.append(step if usable else MISSING_SAMPLE)

    def block(self, now: Instant) -> WaveformBlock | None:
        """All that was taken since this was asked last, as a block that ends now; None if there was nothing.

        Questionable like every CO₂ number of an uncompensated module.
        """
        if not self._steps:
            return None
        steps = np.array(self._steps, dtype=np.int16)
        self._steps = []
        if self._rate.count(len(steps), now):
            self._clock = SampleClock(self._rate.rate_hz)
        off = bool((steps == MISSING_SAMPLE).all())
        return WaveformBlock(
            at=self._clock.place(len(steps), now),
            metric=CO2,
            rate_hz=self._rate.rate_hz,
            steps=read_only_steps(steps),
            unit_per_step=1 / STEPS_PER_MMHG,
            validity=Validity.INVALID if off else Validity.QUESTIONABLE,
        )
