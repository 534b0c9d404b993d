"""Limits relative to the case's baseline ("SBP +30 % of baseline"): made absolute when the case begins. Judges nothing."""

from __future__ import annotations

from dataclasses import replace

from clinical.alarm_model import AlarmLimit, AlarmPreset
from clinical.metrics import ART_SYS, NIBP_SYS

WITH_BASELINE = (NIBP_SYS, ART_SYS)
"""Metrics of which a case knows the patient's usual value."""


def against_baseline(preset: AlarmPreset, baseline_sbp_mmhg: float | None) -> AlarmPreset:
    """The preset for this patient: relative sides reckoned from the baseline; the absolute ones where there is none.

    What was reckoned is absolute from here on, so a limit that someone changes stays changed when the case is taken up again.
    """
    if not baseline_sbp_mmhg:
        return preset
    return replace(preset, limits=tuple(_relative(limit, baseline_sbp_mmhg) for limit in preset.limits))


def _relative(limit: AlarmLimit, baseline: float) -> AlarmLimit:
    if limit.metric not in WITH_BASELINE:
        return limit
    low = _side(limit.low, limit.low_percent_of_baseline, baseline)
    high = _side(limit.high, limit.high_percent_of_baseline, baseline)
    return replace(limit, low=low, high=high, low_percent_of_baseline=None, high_percent_of_baseline=None)


def _side(absolute: float | None, percent: float | None, baseline: float) -> float | None:
    """To the whole mmHg, as people set limits."""
    return absolute if percent is None or absolute is None else float(round(baseline * percent / 100))
