"""Whether an alarm that appears is new, or one of a little while ago that comes back. Knows no metric and makes no sound.

An alarm that comes back within a set time of its end, and no worse than it was, is the same alarm returning: values that hover
about a limit are one finding. One that is worse, or extreme for the first time, is new. Either is seen at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.instant import Instant


@dataclass(slots=True)
class Recurrence:
    """The history of one side of one limit.

    Attributes:
        within_s: a return this long after the end, or sooner, is a return; 0: every alarm is new.
        worse_by: further beyond the worst so far than this it is worse, in the metric's unit.
        count: how often the alarm that stands, or stood last, has come back.
        extreme: it was extreme at some time since it was new.
    """

    within_s: float
    worse_by: float
    count: int = 0
    extreme: bool = False
    _worst: float = 0.0
    _ended: Instant | None = None

    def begins(self, at: Instant, beyond: float, *, extreme: bool) -> float | None:
        """The alarm appears, so far beyond its limit; gives the seconds since it ended where it returns, None where it is new."""
        away_s = None if self._ended is None else at.since(self._ended)
        worse = beyond > self._worst + self.worse_by or (extreme and not self.extreme)
        if away_s is None or away_s > self.within_s or worse:
            self.count, self._worst, self.extreme = 0, beyond, extreme
            return None
        self.count += 1
        self.goes_on(beyond, extreme=extreme)
        return away_s

    def goes_on(self, beyond: float, *, extreme: bool) -> None:
        """It stands, and was looked at."""
        self._worst = max(self._worst, beyond)
        self.extreme |= extreme

    def ends(self, at: Instant) -> None:
        self._ended = at
