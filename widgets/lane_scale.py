"""Which values a lane's lower and upper edge stand for, and when that may change: seldom, and never for a passing spike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOOK_BACK_S = 6.0
"""How much of the newest signal a scale is fitted to."""
LOOK_EVERY_S = 2.0
SHRINK_AFTER_S = 10.0
"""A scale that is too wide waits this long before it narrows; one that cuts the signal widens at the next look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How a lane's range is chosen.

    Attributes:
        low, high: the range to begin with, in the metric's unit.
        highs: the upper edges it may step through, rising; a lower edge below zero grows with them. Empty for a fixed range.
        automatic: both edges follow the signal instead (for a signal without a unit).
        ticks_each: a tick with its number at each multiple of this; 0 for none.
        bar: height of a calibration bar at the left edge; 0 for none.
    """

    low: float
    high: float
    highs: tuple[float, ...] = ()
    automatic: bool = False
    ticks_each: float = 0.0
    bar: float = 0.0

    def ticks(self, high: float) -> list[float]:
        """The values to be marked below an upper edge; at most four."""
        if not self.ticks_each:
            return []
        each = next(self.ticks_each * factor for factor in (1, 2, 4, 8, 16, 32) if high <= 3 * self.ticks_each * factor)
        return [float(count * each) for count in np.arange(np.ceil(self.low / each), high / each + 1e-9)]


class LaneScale:
    """The range of one lane as it stands."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.low, self.high = scale.low, scale.high
        self._looked_s = -LOOK_EVERY_S
        self._too_wide_since_s: float | None = None
        self._fitted = False

    def due(self, now_s: float) -> bool:
        """Whether it is time to look at the signal again."""
        return (self.scale.automatic or bool(self.scale.highs)) and not 0 <= now_s - self._looked_s < LOOK_EVERY_S

    def fit(self, values: NDArray[np.float32], now_s: float) -> bool:
        """Fit to the newest values, shape (n,), none missing; True if the range changed."""
        self._looked_s = now_s
        if len(values) < 8:
            return False
        low, high = self._wanted(float(values.min()), float(values.max()))
        cut = low < self.low or high > self.high
        if cut or not self._fitted or self._wide_for_long(low, high, now_s):
            self._fitted, self._too_wide_since_s = True, None
            changed = (low, high) != (self.low, self.high)
            self.low, self.high = low, high
            return changed
        return False

    def _wanted(self, lowest: float, highest: float) -> tuple[float, float]:
        if self.scale.highs:
            fits = (edge for edge in self.scale.highs if highest <= edge * 1.02 and (self.scale.low >= 0 or lowest >= self._low_for(edge)))
            high = next(fits, self.scale.highs[-1])
            return self._low_for(high), high
        span = max(highest - lowest, 1e-6 * max(1.0, abs(highest)))
        inside = self.low <= lowest and highest <= self.high and span > 0.5 * (self.high - self.low)
        return (self.low, self.high) if inside and self._fitted else (lowest - 0.12 * span, highest + 0.12 * span)

    def _low_for(self, high: float) -> float:
        """A lower edge below zero grows with the upper one; what falls below a lower edge of zero is drawn on it."""
        return self.scale.low * high / self.scale.high

    def _wide_for_long(self, low: float, high: float, now_s: float) -> bool:
        if high - low >= 0.98 * (self.high - self.low):
            self._too_wide_since_s = None
            return False
        if self._too_wide_since_s is None:
            self._too_wide_since_s = now_s
        return now_s - self._too_wide_since_s >= SHRINK_AFTER_S
