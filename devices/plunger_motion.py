"""Whether a pump's plunger moves, where its words do not prove it: by the volume infused, which must rise. Knows no pump."""

from __future__ import annotations

from clinical.instant import Instant

S_PER_H = 3600.0


class PlungerMotion:
    """Takes each volume a pump tells; says whether it rose lately.

    Args:
        step_ml: the last digit of the volume as this pump tells it.
        least_patience_s: a pump that moves shows it within this, unless it is so slow that the last digit takes longer.
    """

    def __init__(self, step_ml: float, least_patience_s: float = 10.0) -> None:
        self._step_ml = step_ml
        self._least_patience_s = least_patience_s
        self._infused_ml: float | None = None
        self._rose_at: Instant | None = None

    def note(self, infused_ml: float | None, now: Instant) -> None:
        """A fall is a reset, after which motion must be seen anew; so is a volume that is not told."""
        before, self._infused_ml = self._infused_ml, infused_ml
        if infused_ml is None or before is None or infused_ml < before:
            self._rose_at = None
        elif infused_ml > before:
            self._rose_at = now

    def seen(self, rate_ml_per_h: float | None, now: Instant) -> bool:
        """It rose within twice the time that the last digit takes at this rate, or its least patience; at no rate, just now."""
        patience_s = max(self._least_patience_s, 2 * self._step_ml / rate_ml_per_h * S_PER_H) if rate_ml_per_h else 0.0
        return self._rose_at is not None and now.since(self._rose_at) <= patience_s
