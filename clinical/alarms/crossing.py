"""One side of one limit: when a value has crossed it, with delay, hysteresis and hold. Knows no metric and no alarm.

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
        return_s: how long it must be back inside before the condition is off; counted by readings alone.
        since: the first value beyond, while it lasts.
        on: beyond for as long as the delay asks, and not yet back by the hysteresis and the hold.
        back_since: the first value back inside, while it is on.
    """

    sign: int
    limit: float
    delay_s: float
    hysteresis: float
    return_s: float = 0.0
    since: Instant | None = None
    on: bool = False
    back_since: Instant | None = None

    def beyond(self, value: float) -> float:
        """How far beyond the limit, in the metric's unit; negative inside."""
        return (value - self.limit) * self.sign

    def judge(self, value: float, at: Instant, *, at_once: bool = False) -> bool:
        """Takes a value; gives whether the condition is on. ``at_once``: neither the delay nor the hold applies."""
        beyond = self.beyond(value)
        if self.on:
            self.on = self._stays(beyond, at, at_once=at_once)
        else:
            self.since = (self.since or at) if beyond > 0 else None
            self.on = self.since is not None and (at_once or at.since(self.since) >= self.delay_s)
        if not self.on and beyond <= 0:
            self.since = None
        return self.on

    def _stays(self, beyond: float, at: Instant, *, at_once: bool) -> bool:
        if beyond > -self.hysteresis:
            self.back_since = None
            return True
        self.back_since = self.back_since or at
        stays = not at_once and at.since(self.back_since) < self.return_s
        if not stays:
            self.back_since = None
        return stays

    def mature(self, at: Instant) -> bool:
        """Time passed with the last value still good: whether the delay has just run out."""
        if self.on or self.since is None or at.since(self.since) < self.delay_s:
            return False
        self.on = True
        return True

    def appear(self, at: Instant) -> None:
        """Found on by other means than its own delay."""
        self.since = self.since or at
        self.on, self.back_since = True, None
