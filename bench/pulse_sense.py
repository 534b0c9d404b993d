"""Whether waveforms contradict a device's arrhythmia alarm: a steady pulse under "asystole", no fast lead under "tachycardia".

It judges a claim and makes none: where it sees nothing clear, the alarm stands. The program itself passes every alarm of a device on;
this is only measured. Definitions of the alarms: PhysioNet/CinC Challenge 2015 (asystole: no beat for 4 s; extreme bradycardia: 5 beats
below 40/min; extreme tachycardia: 17 beats above 140/min). Slope-sum beat detection after Zong et al. 2003. The margins are our own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

LOOK_BACK_S = 20.0
LEARN_S = 60.0
STEADY_CV = 0.12
"""Beat intervals that vary by less than this (standard deviation over mean) are a steady pulse; artefact is not steady."""

LONGEST_PAUSE_S = 3.0
SLOWEST_PER_MIN = 44.0
FASTEST_PER_MIN = 126.0
"""A tenth inside the definition of the alarm, so that a beat more or less decides nothing."""

FEW_BEATS, MANY_BEATS = 5, 17


@dataclass(frozen=True, slots=True)
class Beats:
    """Moments of beats in the last 20 s before the alarm, seconds from its beginning; shape (n,)."""

    times_s: Samples

    @property
    def steady(self) -> bool:
        intervals = np.diff(self.times_s)
        return len(intervals) >= FEW_BEATS and float(intervals.std() / intervals.mean()) <= STEADY_CV

    @property
    def longest_pause_s(self) -> float:
        """With the time to the first beat and from the last."""
        return float(np.diff(np.concatenate(([0.0], self.times_s, [LOOK_BACK_S]))).max())

    def rates(self, count: int) -> Samples:
        """Beats a minute over each run of so many beats, shape (n − count + 1,)."""
        return 60 * (count - 1) / (self.times_s[count - 1 :] - self.times_s[: len(self.times_s) - count + 1])


def pulse_beats(samples: Samples, rate_hz: float) -> Beats:
    """Beats of a plethysmogram or an arterial pressure that ends at the alarm: steep rises."""
    smooth = _averaged(_filled(samples), 0.06, rate_hz)
    rises = np.maximum(np.diff(smooth, prepend=smooth[0]), 0.0)
    return _beats(_summed(rises, 0.128, rate_hz), rate_hz, share=0.35, refractory_s=0.27)


def ecg_beats(samples: Samples, rate_hz: float) -> Beats:
    """Beats of an ECG lead that ends at the alarm: steep slopes either way."""
    filled = _filled(samples)
    slopes = _averaged(np.diff(filled, prepend=filled[0]), 0.02, rate_hz)
    return _beats(np.sqrt(_summed(slopes**2, 0.1, rate_hz)), rate_hz, share=0.4, refractory_s=0.25)


def contradicts(alarm: str, pulses: list[Beats], leads: list[Beats]) -> bool:
    """Whether the waveforms say clearly that the alarm ("Asystole", "Bradycardia", "Tachycardia") is false."""
    steady = [beats for beats in pulses if beats.steady]
    if alarm == "Asystole":
        return any(beats.longest_pause_s < LONGEST_PAUSE_S for beats in steady)
    if alarm == "Bradycardia":
        return any(beats.rates(FEW_BEATS).min() >= SLOWEST_PER_MIN for beats in steady)
    if alarm == "Tachycardia":
        seen = [beats.rates(MANY_BEATS) for beats in leads]
        return bool(seen) and all(len(rates) > 0 and rates.max() < FASTEST_PER_MIN for rates in seen)
    return False


def _filled(samples: Samples) -> Samples:
    good = np.isfinite(samples)
    return np.where(good, samples, np.median(samples[good]) if good.any() else 0.0)


def _averaged(samples: Samples, seconds: float, rate_hz: float) -> Samples:
    count = max(1, int(seconds * rate_hz))
    return np.convolve(samples, np.ones(count) / count, "same")


def _summed(samples: Samples, seconds: float, rate_hz: float) -> Samples:
    return np.convolve(samples, np.ones(int(seconds * rate_hz)))[: len(samples)]


def _beats(strength: Samples, rate_hz: float, *, share: float, refractory_s: float) -> Beats:
    """Peaks above a share of what is usual: the median of the largest of each 2 s of the last minute."""
    piece = int(2 * rate_hz)
    recent = strength[-int(LEARN_S * rate_hz) :]
    usual = np.median([recent[begin : begin + piece].max() for begin in range(0, len(recent) - piece + 1, piece)])
    peaks = np.flatnonzero((strength[1:-1] >= strength[:-2]) & (strength[1:-1] > strength[2:])) + 1
    kept: list[int] = []
    for peak in peaks[strength[peaks] > share * usual].tolist():
        if not kept or peak - kept[-1] >= refractory_s * rate_hz:
            kept.append(peak)
        elif strength[peak] > strength[kept[-1]]:
            kept[-1] = peak
    times_s = np.array(kept, dtype=np.float64) / rate_hz - (len(strength) / rate_hz - LOOK_BACK_S)
    return Beats(times_s[times_s >= 0])
