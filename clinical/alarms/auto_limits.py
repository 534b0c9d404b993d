"""Limits proposed from what the patient measures now. Proposed only: nothing is in force before somebody applies it.

From the last 12 s, and never wider than the preset (makers' manuals: one computes from the last 12 s and only inside a range that is
not pathological; another takes the saturation less 5 %, and of all else 25 % above and 20 % below). To be confirmed by your clinicians.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from clinical.alarm_model import AlarmLimit
from clinical.metrics import SPO2

FROM_LAST_S = 12.0
SATURATION_LESS = 0.05
LESS, MORE = 0.20, 0.25


def proposed(preset: AlarmLimit, values: Sequence[float]) -> tuple[float | None, float | None] | None:
    """Low and high for a metric, rounded to what it is shown with; None where there is no value, or it lies outside the preset.

    A side that the preset has off stays off.
    """
    if not values:
        return None
    now = median(values)
    if (preset.low is not None and now <= preset.low) or (preset.high is not None and now >= preset.high):
        return None
    less = SATURATION_LESS if preset.metric is SPO2 else LESS
    low = None if preset.low is None else max(preset.low, _rounded(now - less * abs(now), preset))
    high = None if preset.high is None else min(preset.high, _rounded(now + MORE * abs(now), preset))
    return (low, high) if low is None or high is None or low < high else None


def _rounded(value: float, preset: AlarmLimit) -> float:
    return round(value, preset.metric.decimals)
