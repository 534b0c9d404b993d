"""What the vital signs were before something was given and what they were afterwards, in words. It compares; it names no cause.

The windows and the least change that is told are proposals, to be confirmed by your clinicians.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol as Interface

import numpy as np
from numpy.typing import NDArray

from clinical.metrics import CO2_RESP_RATE, HEART_RATE, NIBP_SYS, PULSE_RATE, RESP_RATE, SPO2, Metric

EARLIEST_S, LATEST_S = 300.0, 1800.0
"""After the giving: sooner says nothing of it yet, later says something of what came since."""
BEST_S = 900.0
LOW_OVER_S = 15.0
"""The lowest in between is the median of so many seconds: single odd values do not count."""


class Series(Interface):
    """All values of one metric, in order; float64 arrays of shape (n,), NaN where a value was missing."""

    @property
    def metric(self) -> Metric: ...
    @property
    def seconds(self) -> NDArray[np.float64]: ...
    @property
    def values(self) -> NDArray[np.float64]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How a metric is compared: the median of ``over_s`` seconds (0: single readings), none older than ``since_s`` before.

    ``lowest``: what it fell to in between is told too, for what was mended in the meantime was there all the same.
    """

    over_s: float
    since_s: float
    least: float
    lowest: bool = False


WATCHED = {
    NIBP_SYS: Watched(over_s=0, since_s=1200, least=10),
    HEART_RATE: Watched(over_s=60, since_s=120, least=10),
    PULSE_RATE: Watched(over_s=60, since_s=120, least=10),
    RESP_RATE: Watched(over_s=60, since_s=120, least=4, lowest=True),
    CO2_RESP_RATE: Watched(over_s=60, since_s=120, least=4, lowest=True),
    SPO2: Watched(over_s=60, since_s=120, least=2, lowest=True),
}
"""In the order in which changes are told; in each metric's unit."""
_SAME = ((HEART_RATE, PULSE_RATE), (RESP_RATE, CO2_RESP_RATE))
"""Pairs that say the same: the second is told where the first is not measured."""


def afterwards(at_s: float, series: Iterable[Series], until_s: float) -> str:
    """``SBP 171 → 148 in 12 min``, for each metric that changed enough, with ``(lowest 86)`` where it fell further in between.

    Empty where none did or nothing can be said.

    Args:
        at_s: when something was given, seconds of case.
        series: of the case; of several of one metric the first that can be compared counts.
        until_s: when the next thing was given, or the case or its record ends.
    """
    told: dict[Metric, str] = {}
    for one in series:
        if one.metric in WATCHED and one.metric not in told and (words := _change(at_s, one, until_s)) is not None:
            told[one.metric] = words
    for first, second in _SAME:
        if first in told:
            told.pop(second, None)
    return ", ".join(told[metric] for metric in WATCHED if told.get(metric))


def _change(at_s: float, series: Series, until_s: float) -> str | None:
    """In words; empty where it is too small to tell, None where it cannot be reckoned."""
    how = WATCHED[series.metric]
    there = ~np.isnan(series.values)
    seconds, values = series.seconds[there], series.values[there]
    before = np.flatnonzero((seconds <= at_s) & (seconds > at_s - how.since_s))
    after = np.flatnonzero((seconds >= at_s + EARLIEST_S) & (seconds <= min(at_s + LATEST_S, until_s)))
    if not len(before) or not len(after):
        return None
    then = after[np.argmin(np.abs(seconds[after] - at_s - BEST_S))]
    was, is_now = (_level(seconds, values, place, how.over_s) for place in (before[-1], then))
    low = _lowest(at_s, seconds, values, then) if how.lowest else is_now
    fell = low <= min(was, is_now) - how.least
    if abs(is_now - was) < how.least and not fell:
        return ""
    metric, minutes = series.metric, (seconds[then] - at_s) / 60
    words = f"{metric.label} {was:.{metric.decimals}f} → {is_now:.{metric.decimals}f} in {minutes:.0f} min"
    return f"{words} (lowest {low:.{metric.decimals}f})" if fell else words


def _level(seconds: NDArray[np.float64], values: NDArray[np.float64], place: int, over_s: float) -> float:
    """The median of the stretch that ends with a value."""
    return float(np.median(values[(seconds <= seconds[place]) & (seconds >= seconds[place] - over_s)]))


def _lowest(at_s: float, seconds: NDArray[np.float64], values: NDArray[np.float64], last: int) -> float:
    """The lowest median of ``LOW_OVER_S`` between the giving and a value."""
    between = (seconds >= at_s) & (seconds <= seconds[last])
    stretches = (seconds[between] - at_s) // LOW_OVER_S
    return min(float(np.median(values[between][stretches == one])) for one in np.unique(stretches))
