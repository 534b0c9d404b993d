"""Whether a volume counter that fell went over its top and began at 0 again. Knows how wide counters are, and no pump.

A fall is taken for a wrap only where the rise over the top is one that the rate explains; any other fall is a reset. A reset that
looks like this by chance is counted with no more than the rate explains, so nothing can be lost or made up by it.
"""

from __future__ import annotations

from collections.abc import Sequence

COUNTER_WIDTHS_ML = (100.0, 655.36, 1000.0, 6553.6, 10_000.0, 65_536.0)
"""After so much a counter begins again at 0: two to four digits before the point, and sixteen bits of hundredths, tenths and whole
millilitres. By the arithmetic of digits and bits; no pump's document says it, so it is to be confirmed for the pumps of a site."""
STEP_ML = 0.1
"""Counters move in steps of up to this: two readings may be off by one step."""


def wrapped_at(
    before_ml: float, now_ml: float, *, least_ml: float, most_ml: float, widths_ml: Sequence[float] = COUNTER_WIDTHS_ML
) -> float | None:
    """The width at which the counter wrapped; None where it did not, or the fall is no wrap.

    ``least_ml``, ``most_ml``: what may have been pushed between the two readings.
    """
    if now_ml >= before_ml:
        return None
    for width_ml in widths_ml:
        rise_ml = now_ml + width_ml - before_ml
        if before_ml <= width_ml and least_ml - STEP_ML <= rise_ml <= most_ml + STEP_ML:
            return width_ml
    return None
