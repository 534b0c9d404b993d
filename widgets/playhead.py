"""Which moment the lanes draw: a steady step behind the newest samples, so that packets appear as an even flow. No Qt, no clock.

The step is the same for all lanes of a panel, so that one moment stands under one moment.
"""

from __future__ import annotations

from clinical.instant import NS_PER_S, Instant

LEAST_S = 0.6
MOST_S = 2.2
"""Packets of a second need about 1.2 s; a device whose clock is slow may be dated up to another second late."""
MARGIN_S = 0.05
GROW = 0.25
SHRINK = 0.02
"""Seconds of latency a second: while it grows the trace runs a quarter slower; while it shrinks nobody sees it."""


class Playhead:
    """Attributes:
    latency_s: how far behind ``now`` the lanes are drawn.
    """

    def __init__(self) -> None:
        self.latency_s = LEAST_S
        self._needed_s = LEAST_S
        self._now: Instant | None = None
        self._begun = False

    def arrived(self, first: Instant, end: Instant) -> None:
        """A block came whose first sample is of ``first`` and whose last is just before ``end``."""
        now = end if self._now is None else max(end, self._now)
        needed_s = now.since(first) + MARGIN_S
        if needed_s > 2 * MOST_S:
            return  # an old stretch delivered late: no reason to delay what is live
        self._needed_s = max(self._needed_s, min(MOST_S, needed_s))
        if not self._begun:
            self._begun = True
            self.latency_s = self._needed_s

    def at_ns(self, now: Instant) -> float:
        """The monotonic moment to be drawn at ``now``."""
        passed_s = 0.0 if self._now is None else max(0.0, now.since(self._now))
        self._now = now
        self._needed_s = max(LEAST_S, self._needed_s - 0.5 * SHRINK * passed_s)
        wanted = self._needed_s - self.latency_s
        self.latency_s += min(wanted, GROW * passed_s) if wanted > 0 else max(wanted, -SHRINK * passed_s)
        return now.monotonic_ns - self.latency_s * NS_PER_S
