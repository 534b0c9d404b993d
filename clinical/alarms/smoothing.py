"""Artefact sense for one channel: the running median of what came in the last seconds. Knows no metric, no limit and no alarm.

A median of a few seconds drops a spike that is shorter than half of its window whole, and moves an edge by half of it; a mean
would smear both. It looks back only, so it adds half its window to the delay of an alarm, which the preset discloses.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from clinical.instant import Instant


@dataclass(slots=True)
class RunningMedian:
    """The median of the readings of the last ``window_s`` seconds; the reading itself where the window is 0.

    After a stretch without readings that is longer than the window it begins anew: what was before says nothing of now.
    """

    window_s: float
    _kept: deque[tuple[Instant, float]] = field(default_factory=deque)

    def restart(self) -> None:
        """What comes next is from another source: what was before says nothing of it."""
        self._kept.clear()

    def take(self, value: float, at: Instant) -> float:
        """Takes a reading; gives the median with it. A reading as old as the window is long counts no more."""
        if self.window_s <= 0:
            return value
        self._kept.append((at, value))
        while at.since(self._kept[0][0]) >= self.window_s:
            self._kept.popleft()
        values = sorted(value for _, value in self._kept)
        middle = len(values) // 2
        return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
