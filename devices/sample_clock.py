"""Places waveform samples in time. Devices send samples in packets that arrive late and unevenly; the samples were taken evenly."""

from __future__ import annotations

from clinical.instant import NS_PER_S, Instant


class SampleClock:
    """Gives each packet the instant of its first sample by counting samples, and starts anew after a gap.

    Counting alone would drift from the wall by the error of the device's crystal, so a departure of more than
    ``tolerance_s`` between the count and the arrival restarts the count: a visible gap, never a silent shift.
    """

    def __init__(self, rate_hz: float, tolerance_s: float = 1.0) -> None:
        self._step_ns = NS_PER_S / rate_hz
        self._tolerance_s = tolerance_s
        self._anchor: Instant | None = None
        self._count = 0

    def place(self, count: int, arrived: Instant) -> Instant:
        """The instant of the first of ``count`` samples whose packet arrived at ``arrived``."""
        expected = self._next()
        ends = None if expected is None else expected.plus(count * self._step_ns / NS_PER_S)
        if expected is None or ends is None or abs(arrived.since(ends)) > self._tolerance_s:
            self._anchor = expected = arrived.plus(-count * self._step_ns / NS_PER_S)
            self._count = 0
        self._count += count
        return expected

    def _next(self) -> Instant | None:
        if self._anchor is None:
            return None
        shift_ns = round(self._count * self._step_ns)
        return Instant(self._anchor.monotonic_ns + shift_ns, self._anchor.utc_ns + shift_ns)

    def reset(self) -> None:
        """Forget the count: the next packet starts anew."""
        self._anchor = None
