"""The last minute of one waveform, in place by time: what a lane draws from. No Qt, no clock.

Samples lie on an even grid; a stretch without samples is NaN, never filled. Positions are counted from the first sample
ever received and rise for as long as the ring lives.
"""

from __future__ import annotations

from math import floor

import numpy as np
from numpy.typing import NDArray

from clinical.observations import Validity, WaveformBlock

TOLERANCE_S = 0.05
"""A block that begins this near to the end of the last one continues it; the grid is drawn after it, a tenth at a time."""


class SampleRing:
    """Preallocated; a block costs one copy.

    Attributes:
        rate_hz: of the present grid.
        end: position after the newest sample; 0 while empty.
        beginnings: how often the grid began anew; positions of different beginnings are not comparable.
    """

    def __init__(self, length_s: float = 60.0) -> None:
        self._length_s = length_s
        self.rate_hz = 0.0
        self.end = 0
        self.beginnings = 0
        self._origin_ns = 0.0
        self._values: NDArray[np.float32] = np.empty(0, np.float32)

    def append(self, block: WaveformBlock) -> None:
        """Take in a block where its time says: gaps stay gaps, what comes twice is overwritten, a new rate begins anew."""
        values = block.values().astype(np.float32)
        if block.validity in {Validity.INVALID, Validity.NOT_AVAILABLE}:
            values[:] = np.nan
        if block.rate_hz != self.rate_hz:
            self._begin(block.rate_hz, block.at.monotonic_ns)
        place = self._place(block.at.monotonic_ns)
        if place < max(0, self.end - len(self._values)):
            self._begin(block.rate_hz, block.at.monotonic_ns)
            place = 0
        if place - self.end >= len(self._values):
            self._values[:] = np.nan
        elif place > self.end:
            self._write(self.end, np.full(place - self.end, np.nan, np.float32))
        self._write(place, values[-len(self._values) :])

    def _begin(self, rate_hz: float, at_ns: int) -> None:
        self.rate_hz = rate_hz
        self.beginnings += 1
        self.end = 0
        self._origin_ns = float(at_ns)
        self._values = np.full(max(1, round(rate_hz * self._length_s)), np.nan, np.float32)

    def _place(self, at_ns: int) -> int:
        """The position for a block's first sample; a small departure moves the grid instead."""
        exact = (at_ns - self._origin_ns) * self.rate_hz / 1e9
        departure = exact - self.end
        if abs(departure) <= max(1.5, TOLERANCE_S * self.rate_hz):
            self._origin_ns += 0.1 * departure * 1e9 / self.rate_hz
            return self.end
        return round(exact)

    def _write(self, place: int, values: NDArray[np.float32]) -> None:
        size, count = len(self._values), len(values)
        start = place % size
        head = min(count, size - start)
        self._values[start : start + head] = values[:head]
        self._values[: count - head] = values[head:]
        self.end = place + count

    def position(self, monotonic_ns: float) -> float:
        """Where on the grid a moment lies; beyond ``end`` if nothing has come for it yet."""
        return (monotonic_ns - self._origin_ns) * self.rate_hz / 1e9

    def moment_ns(self, position: float) -> float:
        """The monotonic moment of a position."""
        return self._origin_ns + position * 1e9 / self.rate_hz

    @property
    def oldest(self) -> int:
        """The first position that is still held."""
        return max(0, self.end - len(self._values))

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Values at positions start ≤ p < stop, shape (stop − start,); NaN where nothing is held."""
        size = len(self._values)
        first, last = max(start, self.oldest), min(stop, self.end)
        if first >= last:
            return np.full(max(0, stop - start), np.nan, np.float32)
        low, high = first % size, (last - 1) % size + 1
        held = self._values[low:high] if low < high else np.concatenate((self._values[low:], self._values[:high]))
        if first == start and last == stop:
            return held
        framed = np.full(stop - start, np.nan, np.float32)
        framed[first - start : last - start] = held
        return framed

    def recent(self, seconds: float) -> NDArray[np.float32]:
        """The newest values, shape (≤ seconds × rate,), without the missing ones."""
        values = self.read(max(self.oldest, self.end - floor(seconds * self.rate_hz)), self.end)
        return values[~np.isnan(values)]
