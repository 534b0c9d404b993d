"""A recording as this program sees it, whatever file it came from: tracks on one time axis that begins at 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import MISSING_SAMPLE, Observation

DEVICE = "recording"
"""Name of the device that a recording stands in for."""

LARGEST_STEP = 32000
MOST_SAMPLES = 1 << 28
"""Of one file, on even grids: six days of 500 Hz. More is a gap of years, or a file that lies about its length."""


class RecordingError(Exception):
    """A recording that cannot be played. The text is for people: which file, what is wrong, what to do."""


def in_a_line(error: BaseException) -> str:
    """What a library said, without its line ends."""
    return " ".join(str(error).split())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NumericTrack:
    """Values of one metric: ``times_s`` and ``values``, shape (n,), by rising time; NaN and "no reading" are NaN."""

    metric: Metric
    times_s: NDArray[np.float64]
    values: NDArray[np.float64]
    channel: str = ""

    @property
    def end_s(self) -> float:
        return float(self.times_s[-1]) if len(self.times_s) else 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaveTrack:
    """Samples of one metric from ``start_s`` on, evenly spaced: int16 ``steps`` as in a WaveformBlock."""

    metric: Metric
    start_s: float
    rate_hz: float
    steps: NDArray[np.int16]
    unit_per_step: float
    unit_at_zero: float
    channel: str = ""

    @property
    def end_s(self) -> float:
        return self.start_s + len(self.steps) / self.rate_hz


Track = NumericTrack | WaveTrack


@dataclass(frozen=True, slots=True)
class Told:
    """What a driver told when a line was played back: seconds from the ``origin``, on whose clock the observation still is."""

    seconds: float
    origin: Instant
    observation: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What can be played.

    Attributes:
        starts_at_unix_s: when it began, where the file says so; only differences between files are used.
        unknown: names of tracks that no metric stands for; they are told, not played.
        problems: what is left out, a line each: of several files those that cannot be read, of a damaged one what follows the damage.
        told: of a raw recording of a line, what its driver told, by rising time; there are no tracks then.
    """

    title: str
    tracks: tuple[Track, ...]
    starts_at_unix_s: float | None = None
    unknown: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()

    @property
    def length_s(self) -> float:
        ends = [track.end_s for track in self.tracks] + [one.seconds for one in self.told[-1:]]
        return max(ends, default=0.0)


def quantised(metric: Metric, start_s: float, rate_hz: float, values: NDArray[np.float64]) -> WaveTrack:
    """A track of physical values as int16 steps, as fine as the values' range allows. NaN becomes a missing sample."""
    good = np.isfinite(values)
    low, high = (float(values[good].min()), float(values[good].max())) if good.any() else (0.0, 1.0)
    step = max(high - low, 1e-9) / (2 * LARGEST_STEP)
    middle = (high + low) / 2
    steps = np.full(len(values), MISSING_SAMPLE, dtype=np.int16)
    steps[good] = np.round((values[good] - middle) / step)
    return WaveTrack(metric=metric, start_s=start_s, rate_hz=rate_hz, steps=steps, unit_per_step=step, unit_at_zero=middle)
