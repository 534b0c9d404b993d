"""How old a message is by the device's own clock, of which only the pace is known: not its zone, not whether it is right.

The least delay between the device's time and ours that was seen stands for "just now". What comes with a longer delay was
held up on its way (a serial server that stalled) and was measured earlier by as much.
"""

from __future__ import annotations

from clinical.instant import NS_PER_S, Instant

RESOLUTION_S = 2.0
"""The device counts whole seconds, and the line takes its time: less than this is no age."""
LONGEST_HELD_S = 60.0
"""A longer delay, or a clock that leaps ahead of what passed, is a clock that was set anew."""


DRIFT = 1e-3
"""How much slower than ours its clock may run: far more than a crystal's error, far less than what is looked for."""


class DeviceClock:
    """Follows one device's time stamps."""

    def __init__(self) -> None:
        self._least: tuple[float, Instant] | None = None

    def measured_at(self, device_s: int, now: Instant) -> Instant | None:
        """When a message stamped ``device_s`` was made; None where that is now."""
        delay_s = now.monotonic_ns / NS_PER_S - device_s
        age_s = delay_s - self._expected(now, delay_s)
        if not 0 <= age_s <= LONGEST_HELD_S:
            self._least, age_s = (delay_s, now), 0.0
        return now.plus(-age_s) if age_s >= RESOLUTION_S else None

    def _expected(self, now: Instant, delay_s: float) -> float:
        """The least delay seen, allowed to grow with time."""
        if self._least is None:
            return delay_s + 1
        least_s, since = self._least
        return least_s + DRIFT * now.since(since)
