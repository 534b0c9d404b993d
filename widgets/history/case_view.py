"""What the history page is told of a case: trends, dose, marks, gaps and limits, in seconds since its start. Values only; draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Priority


class MarkKind(Enum):
    """What can be jumped to."""

    ALARM = "alarm"
    STEP = "step"
    EVENT = "event"
    ROUND = "round"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that happened. ``until_s`` None: at one moment; ``priority`` only of alarms."""

    at_s: float
    kind: MarkKind
    title: str
    until_s: float | None = None
    priority: Priority | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrendLine:
    """All values of one metric and channel, in order; float64 arrays of shape (n,), NaN where a value was missing."""

    metric: Metric
    channel: str
    seconds: NDArray[np.float64]
    values: NDArray[np.float64]

    def at(self, second: float, within_s: float) -> float | None:
        """The newest value no older than ``within_s`` at a moment; None where there is none."""
        place = int(np.searchsorted(self.seconds, second, side="right")) - 1
        if place < 0 or second - self.seconds[place] > within_s or np.isnan(self.values[place]):
            return None
        return float(self.values[place])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaveColumns:
    """A waveform over the stretch that is shown; float32 arrays of shape (columns,), NaN where there are no samples.

    ``source`` is its device, told where another has the same title.
    """

    metric: Metric
    title: str
    lows: NDArray[np.float32]
    highs: NDArray[np.float32]
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitStretch:
    """An alarm limit as it stood from one moment on, until the next of its metric and side or the end."""

    metric: Metric
    since_s: float
    until_s: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CaseView:
    """A case but for its waveforms.

    Attributes:
        doses: (n, 2), second and mg/h from then on, NaN where it is not known.
        gaps: stretches without data, (since, until) in seconds.
        marks: by time.
    """

    title: str
    started: Instant
    utc_offset_min: int
    length_s: float
    simulated: bool
    trends: tuple[TrendLine, ...]
    doses: NDArray[np.float64]
    marks: tuple[Mark, ...]
    gaps: tuple[tuple[float, float], ...]
    limits: tuple[LimitStretch, ...]

    def next_mark(self, kinds: frozenset[MarkKind], after_s: float) -> Mark | None:
        return next((mark for mark in self.marks if mark.kind in kinds and mark.at_s > after_s), None)

    def mark_before(self, kinds: frozenset[MarkKind], before_s: float) -> Mark | None:
        return next((mark for mark in reversed(self.marks) if mark.kind in kinds and mark.at_s < before_s), None)
