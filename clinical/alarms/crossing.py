"""One side of one limit: when a value has crossed it, with delay and hysteresis. Knows no metric and no alarm.

A value at exactly the limit is inside. A delay counts from the first value beyond.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.instant import Instant


@dataclass(slots=True)
class Crossing:
    """One side of one limit, for one channel.

    Attributes:
        sign: +1 for a high limit, −1 for a low one.
        since: the first value beyond, while it lasts.
        on: beyond for as long as the delay asks, and not yet back by the hysteresis.
    """

    sign: int
    limit: float
    delay_s: float
    hysteresis: float
    since: Instant | None = None
    on: bool = False

    def judge(self, value: float, at: Instant, *, at_once: bool = False) -> bool:
        """Takes a value; gives whether the condition is on. ``at_once``: the delay does not apply."""
        beyond = (value - self.limit) * self.sign
        if self.on:
            self.on = beyond > -self.hysteresis
        else:
            self.since = (self.since or at) if beyond > 0 else None
            self.on = self.since is not None and (at_once or at.since(self.since) >= self.delay_s)
        if not self.on and beyond <= 0:
            self.since = None
        return self.on

    def mature(self, at: Instant) -> bool:
        """Time passed with the last value still good: whether the delay has just run out."""
        if self.on or self.since is None or at.since(self.since) < self.delay_s:
            return False
        self.on = True
        return True
