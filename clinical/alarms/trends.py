"""One value that rises or falls: by how much, from what, in how long. Knows no metric, no limit and no alarm.

The change is from the most extreme value of the last ``within_s`` seconds to the newest, of running medians, so a glitch is no fall.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from clinical.alarms.smoothing import RunningMedian
from clinical.instant import Instant

ENDS_AT = 0.5
"""A change counts until less than half of it is left, so that it does not flicker. A proposal."""


@dataclass(frozen=True, slots=True)
class Change:
    """From one value to another in so many seconds."""

    before: float
    after: float
    seconds: float


@dataclass(slots=True)
class Trend:
    """One value over time.

    Attributes:
        sign: +1 looks for a rise, −1 for a fall.
        by: how much counts, in the value's unit.
        change: the change that counts now; None where there is none.
    """

    sign: int
    by: float
    within_s: float
    median: RunningMedian
    change: Change | None = None
    _starts: deque[tuple[Instant, float]] = field(default_factory=deque)

    def restart(self) -> None:
        """What comes next is from another source."""
        self.median.restart()
        self._starts.clear()
        self.change = None

    def take(self, value: float, at: Instant) -> Change | None:
        """Takes a reading; gives the change that counts with it. Older readings than the last are passed over."""
        starts = self._starts
        if starts and at < starts[-1][0]:
            return self.change
        now = self.median.take(value, at)
        while starts and at.since(starts[0][0]) > self.within_s:
            starts.popleft()
        while starts and (starts[-1][1] - now) * self.sign >= 0:  # can never again be where a change begins
            starts.pop()
        starts.append((at, now))
        since, before = starts[0]
        amount = (now - before) * self.sign
        counts = amount >= self.by if self.change is None else amount >= ENDS_AT * self.by
        self.change = Change(before, now, at.since(since)) if counts else None
        return self.change
