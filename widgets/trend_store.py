"""Hours of numbers in bounded memory: the lowest and highest of each stretch, cuff readings, steps of a rate. numpy only, no Qt.

Times are seconds from the chart's zero, as floats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Polyline:
    """A line with breaks.

    Attributes:
        x, y: shape (n,), seconds and the metric's unit.
        connected: int32, shape (n,): 1 where point i is joined to point i + 1.
    """

    x: Floats
    y: Floats
    connected: NDArray[np.int32]


class BucketSeries:
    """Lowest and highest value of each bucket of time. When full, buckets are joined in pairs: memory never grows."""

    def __init__(self, *, bucket_s: float = 10.0, capacity: int = 4096) -> None:
        """``capacity`` is even."""
        self.bucket_s = bucket_s
        self._low = np.full(capacity, np.nan)
        self._high = np.full(capacity, np.nan)
        self._broken = np.zeros(capacity, dtype=bool)
        self._used = 0
        self._joined_s = 3 * bucket_s

    def add(self, at_s: float, low: float, high: float, interval_s: float = 1.0) -> None:
        """A value, or the edges of a range. Before the zero nothing is kept. ``interval_s``: three of them missing break the line."""
        if at_s < 0:
            return
        index = self._index(at_s)
        self._low[index] = np.fmin(self._low[index], low)
        self._high[index] = np.fmax(self._high[index], high)
        self._used = max(self._used, index + 1)
        self._joined_s = max(3 * interval_s, 1.5 * self.bucket_s)

    def break_at(self, at_s: float) -> None:
        """No line leads from what was before to what comes after."""
        if at_s >= 0:
            self._broken[self._index(at_s)] = True

    def _index(self, at_s: float) -> int:
        index = int(at_s / self.bucket_s)
        while index >= len(self._low):
            self._halve()
            index = int(at_s / self.bucket_s)
        return index

    def _halve(self) -> None:
        half = len(self._low) // 2
        self._low[:half], self._low[half:] = np.fmin(self._low[::2], self._low[1::2]), np.nan
        self._high[:half], self._high[half:] = np.fmax(self._high[::2], self._high[1::2]), np.nan
        self._broken[:half], self._broken[half:] = self._broken[::2] | self._broken[1::2], False
        self._used = (self._used + 1) // 2
        self.bucket_s *= 2

    def _columns(self, column_s: float) -> tuple[Floats, Floats, Floats, NDArray[np.bool_], float]:
        """Middle, low, high and break of each filled column at least ``column_s`` wide; and that width."""
        join = max(1, int(np.ceil(column_s / self.bucket_s)))
        starts = np.arange(0, self._used, join)
        if not len(starts):
            none = np.empty(0)
            return none, none, none, np.empty(0, dtype=bool), self.bucket_s
        low: Floats = np.fmin.reduceat(self._low[: self._used], starts)
        high: Floats = np.fmax.reduceat(self._high[: self._used], starts)
        broken_before = np.concatenate(([0], np.cumsum(np.logical_or.reduceat(self._broken[: self._used], starts))))
        filled = np.flatnonzero(~np.isnan(low))
        middle = (starts[filled] + join / 2) * self.bucket_s
        # a break anywhere between two filled columns parts them; within the first of the two it counts as well
        breaks = broken_before[filled[1:]] > broken_before[filled[:-1]]
        return np.asarray(middle, dtype=np.float64), low[filled], high[filled], breaks, join * self.bucket_s

    def polyline(self, column_s: float) -> Polyline:
        """Down and up through each column: shape (2 × columns,)."""
        middle, low, high, breaks, width_s = self._columns(column_s)
        x = np.repeat(middle, 2)
        y = np.column_stack((low, high)).ravel()
        connected = np.ones(len(x), dtype=np.int32)
        if len(middle):
            far = np.diff(middle) > max(self._joined_s, 1.5 * width_s)
            connected[1:-1:2] = ~(far | breaks)
            connected[-1] = 0
        return Polyline(x, y, connected)

    def band(self, column_s: float) -> tuple[Floats, Floats, Floats]:
        """Time, low edge, high edge; NaN stands where the band is interrupted."""
        middle, low, high, breaks, width_s = self._columns(column_s)
        cut = np.flatnonzero((np.diff(middle) > max(self._joined_s, 1.5 * width_s)) | breaks) + 1
        return np.insert(middle, cut, np.nan), np.insert(low, cut, np.nan), np.insert(high, cut, np.nan)


class CuffSeries:
    """Cuff readings: systolic and diastolic belong together by the moment they were measured."""

    SAME_READING_S = 5.0

    def __init__(self, *, capacity: int = 2048) -> None:
        self._rows = np.full((capacity, 3), np.nan)
        self._used = 0

    def add(self, at_s: float, *, sys: float | None = None, dia: float | None = None) -> None:
        """One side of a reading; the same reading told again changes nothing. When full, the older half is dropped."""
        if at_s < 0:
            return
        if not self._used or abs(at_s - self._rows[self._used - 1, 0]) > self.SAME_READING_S:
            self._begin(at_s)
        row = self._rows[self._used - 1]
        if sys is not None:
            row[1] = sys
        if dia is not None:
            row[2] = dia

    def _begin(self, at_s: float) -> None:
        if self._used == len(self._rows):
            half = self._used // 2
            self._rows[:half] = self._rows[half:].copy()
            self._rows[half:] = np.nan
            self._used = half
        self._rows[self._used] = (at_s, np.nan, np.nan)
        self._used += 1

    def readings(self) -> Floats:
        """Whole readings, shape (n, 3): time, systolic, diastolic."""
        rows: Floats = self._rows[: self._used]
        whole: Floats = rows[~np.isnan(rows).any(axis=1)]
        return whole


class StepSeries:
    """A rate that holds until the next: only changes are kept. NaN: not known from here on."""

    def __init__(self, *, capacity: int = 4096) -> None:
        self._rows = np.full((capacity, 2), np.nan)
        self._used = 0

    def add(self, at_s: float, rate: float) -> bool:
        """The rate from ``at_s`` on; whether that was a change. When full, the older half is thinned to every second change."""
        if self._used and (rate == self._rows[self._used - 1, 1] or (np.isnan(rate) and np.isnan(self._rows[self._used - 1, 1]))):
            return False
        if self._used == len(self._rows):
            self._thin()
        self._rows[self._used] = (max(0.0, at_s), rate)
        self._used += 1
        return True

    def _thin(self) -> None:
        half = self._used // 2
        kept = np.concatenate((self._rows[:half:2], self._rows[half : self._used]))
        self._rows[: len(kept)] = kept
        self._used = len(kept)

    def changes(self) -> Floats:
        """Shape (n, 2): time and rate, by rising time."""
        return self._rows[: self._used]
