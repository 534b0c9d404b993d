"""Bursts of alarm sound as samples, computed from the figures of a table. No Qt, no files, no playing.

Numbers and shapes follow IEC 60601-1-8's auditory signals as far as public sources print them: pulses in a burst (10, 3, 1), pulse
spacing, effective duration, rise time, harmonics. Values within those windows, the repeat times and all of the low burst are
defaults of this program, to be confirmed by your clinicians and against the standard's own text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import acos, pi
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from clinical.observations import Priority

RATE_HZ = 44_100
RISE_SHARE = 0.15
"""Rise from 10 to 90 % takes this share of the effective duration (window: 10 to 20 %)."""
_LOW_POINT, _HIGH_POINT = (acos(1 - 2 * level) / pi for level in (0.1, 0.9))
"""Where a raised-cosine ramp of length 1 passes 10 % and 90 %."""
HARMONICS_DB = (0.0, -3.0, -5.0, -7.0, -9.0, -11.0)
"""Level of the fundamental and the harmonics above it; all within 15 dB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """One priority's burst. Times are between the points where a pulse passes 90 % of its height.

    Attributes:
        rhythm: silence before each pulse after the first, in seconds.
        duration_s: effective duration of a pulse.
        fundamental_hz: pulse frequency.
        level: peak of the loudest priority's burst is 1.
        interburst_s: silence from the end of a burst to the start of the next.
    """

    rhythm: tuple[float, ...]
    duration_s: float
    fundamental_hz: float
    level: float
    interburst_s: float

    @property
    def pulses(self) -> int:
        return len(self.rhythm) + 1

    @property
    def rise_s(self) -> float:
        """From 10 to 90 %."""
        return RISE_SHARE * self.duration_s

    @property
    def repeat_s(self) -> float:
        """From the start of a burst to the start of the next."""
        return float(self.starts_s()[-1]) + self.duration_s + self.interburst_s

    def starts_s(self) -> NDArray[np.float64]:
        """When each pulse reaches 90 %, from the first, shape (pulses,)."""
        return np.concatenate(([0.0], np.cumsum([gap + self.duration_s for gap in self.rhythm])))


def _five(gap_s: float, duration_s: float) -> tuple[float, ...]:
    """The rhythm c c c – c c: the fourth pulse waits as if one had been left out."""
    return (gap_s, gap_s, 2 * gap_s + duration_s, gap_s)


C4, D4, E4, F4, G4, A4, B4, C5 = 261.63, 293.66, 329.63, 349.23, 392.00, 440.00, 493.88, 523.25
"""Equal temperament, in hertz; all within the window for a pulse's fundamental."""


class Category(Enum):
    """What an alarm is about, for the melodies. Names after the informative melodies of IEC 60601-1-8 of 2006."""

    GENERAL = "general"
    OXYGEN = "oxygen"
    VENTILATION = "ventilation"
    CARDIOVASCULAR = "cardiovascular"
    TEMPERATURE = "temperature"
    DRUG_DELIVERY = "drug delivery"
    EQUIPMENT = "equipment"


MELODIES = MappingProxyType(
    {
        Category.GENERAL: (C4, C4, C4, C4, C4),
        Category.OXYGEN: (C5, B4, A4, G4, F4),
        Category.VENTILATION: (C4, A4, F4, A4, F4),
        Category.CARDIOVASCULAR: (C4, E4, G4, G4, C5),
        Category.TEMPERATURE: (C4, D4, E4, F4, G4),
        Category.DRUG_DELIVERY: (C5, D4, G4, C5, D4),
        Category.EQUIPMENT: (C5, C4, C4, C5, C4),
    }
)
"""The five notes of a category: high plays them twice, medium the first three, low the first. The melodies were since withdrawn in favour
of other sounds, and few people learn them: they are an option. Notes: a page of one of their authors (Thompson, Sydney); equipment:
a secondary source."""

LOUDER_AFTER_S, LOUDER_STEPS = 30.0, (0.5, 0.7, 1.0)
"""While nobody answers the sound goes one step up each so often; a new alarm begins at the first. Proposals."""


def loudness(unanswered_s: float) -> float:
    """The volume, 0 to 1, of what has sounded for so long and nobody has answered."""
    return LOUDER_STEPS[min(int(unanswered_s // LOUDER_AFTER_S), len(LOUDER_STEPS) - 1)]


_HIGH_GAPS = _five(0.100, 0.150)
BURSTS = MappingProxyType(
    {
        Priority.HIGH: Burst(rhythm=(*_HIGH_GAPS, 0.7, *_HIGH_GAPS), duration_s=0.150, fundamental_hz=440.0, level=1.0, interburst_s=5.0),
        Priority.MEDIUM: Burst(rhythm=(0.200, 0.200), duration_s=0.200, fundamental_hz=392.0, level=0.8, interburst_s=15.0),
        Priority.LOW: Burst(rhythm=(), duration_s=0.200, fundamental_hz=330.0, level=0.6, interburst_s=30.0),
    }
)


def burst_samples(burst: Burst, rate_hz: int = RATE_HZ, melody: tuple[float, ...] = ()) -> NDArray[np.float64]:
    """The burst as samples within ±level, shape (n,). ``melody``: the pulses take its notes in turn, in hertz; empty: all are one."""
    ramp_s = burst.rise_s / (_HIGH_POINT - _LOW_POINT)
    lead_s, tail_s = _HIGH_POINT * ramp_s, burst.duration_s + _HIGH_POINT * ramp_s
    starts = burst.starts_s()
    t = np.arange(round((lead_s + starts[-1] + tail_s) * rate_hz) + 1) / rate_hz - lead_s
    samples = np.zeros_like(t)
    for number, start in enumerate(starts):
        envelope = _ramp((t - start) / ramp_s + _HIGH_POINT) * _ramp((start + burst.duration_s - t) / ramp_s + _HIGH_POINT)
        samples += envelope * _tone(melody[number % len(melody)] if melody else burst.fundamental_hz, t)
    return np.asarray(burst.level * samples)


def _ramp(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Raised cosine from 0 at u ≤ 0 to 1 at u ≥ 1."""
    return np.asarray((1 - np.cos(pi * np.clip(u, 0, 1))) / 2)


def _tone(fundamental_hz: float, t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fundamental and harmonics, with a peak of 1."""
    orders = np.arange(1, len(HARMONICS_DB) + 1)
    heights = 10 ** (np.array(HARMONICS_DB) / 20)
    tone = (heights[:, None] * np.sin(2 * pi * fundamental_hz * orders[:, None] * t)).sum(axis=0)
    return np.asarray(tone / np.abs(tone).max())
