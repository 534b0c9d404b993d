"""The stretch of a case that is on the screen: how it is panned and zoomed, and where its axis has ticks. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SHORTEST_S = 2.0
_TICKS_S = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Seconds since the start of a case, ``until_s`` later than ``since_s``."""

    since_s: float
    until_s: float

    @property
    def length_s(self) -> float:
        return self.until_s - self.since_s

    def panned(self, by_s: float, length_s: float) -> TimeSpan:
        """Moved, but never off the case."""
        return TimeSpan(self.since_s + by_s, self.until_s + by_s).inside(length_s)

    def zoomed(self, factor: float, about_s: float, length_s: float) -> TimeSpan:
        """``factor`` times as long, the moment ``about_s`` where it was."""
        wanted = min(max(self.length_s * factor, SHORTEST_S), max(length_s, SHORTEST_S))
        share = (about_s - self.since_s) / self.length_s
        since_s = about_s - share * wanted
        return TimeSpan(since_s, since_s + wanted).inside(length_s)

    def about(self, middle_s: float, length_s: float) -> TimeSpan:
        """As long as it is, with a moment in its middle."""
        return self.panned(middle_s - (self.since_s + self.until_s) / 2, length_s)

    def inside(self, length_s: float) -> TimeSpan:
        """Moved as little as need be to lie in the case; the whole of it where it is longer."""
        long = min(self.length_s, max(length_s, SHORTEST_S))
        since_s = min(max(self.since_s, 0.0), max(0.0, max(length_s, SHORTEST_S) - long))
        return TimeSpan(since_s, since_s + long)

    def ticks(self, most: int, offset_s: float = 0.0) -> Iterator[float]:
        """At most ``most`` moments at round times; ``offset_s`` is the time of day at the start of the case."""
        each = next((step for step in _TICKS_S if self.length_s / step <= max(1, most)), _TICKS_S[-1])
        number = -(-(self.since_s + offset_s) // each)
        while (moment := number * each - offset_s) <= self.until_s:
            yield moment
            number += 1
