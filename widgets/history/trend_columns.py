"""A trend's values as columns of lowest and highest, as a waveform's come from the record. Numbers in, numbers out; no Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from widgets.history.time_span import TimeSpan

Columns = tuple[NDArray[np.float32], NDArray[np.float32]]
JOINED_S = 12.0
"""Values further apart than this, or than three of their usual intervals, are not joined: a gap is a gap."""


def columns_of(seconds: NDArray[np.float64], values: NDArray[np.float64], span: TimeSpan, columns: int) -> Columns:
    """Lows and highs, float32 of shape (columns,); NaN where there is no value. Values that follow one another are joined by a line."""
    lows, highs = (np.full(columns, np.nan, np.float32) for _ in range(2))
    first = max(0, int(np.searchsorted(seconds, span.since_s)) - 1)
    last = int(np.searchsorted(seconds, span.until_s)) + 1
    times, shown = seconds[first:last], values[first:last]
    if not len(times):
        return lows, highs
    wide_s = span.length_s / columns
    _fill(lows, highs, np.floor((times - span.since_s) / wide_s).astype(np.int64), shown)
    if len(times) > 1:
        _join(lows, highs, np.linspace(span.since_s, span.until_s, columns + 1), times, shown)
    return lows, highs


def _fill(lows: NDArray[np.float32], highs: NDArray[np.float32], places: NDArray[np.int64], values: NDArray[np.float64]) -> None:
    there = (places >= 0) & (places < len(lows)) & ~np.isnan(values)
    np.fmin.at(lows, places[there], values[there].astype(np.float32))
    np.fmax.at(highs, places[there], values[there].astype(np.float32))


def _join(
    lows: NDArray[np.float32],
    highs: NDArray[np.float32],
    edges: NDArray[np.float64],
    times: NDArray[np.float64],
    values: NDArray[np.float64],
) -> None:
    """Lines over the columns between two values that are near one another."""
    after = np.clip(np.searchsorted(times, edges), 1, len(times) - 1)
    near_s = max(JOINED_S, 3 * float(np.median(np.diff(times))))
    joined = (edges >= times[0]) & (edges <= times[-1]) & (times[after] - times[after - 1] <= near_s)
    heights = np.where(joined, np.interp(edges, times, values), np.nan).astype(np.float32)
    np.fmin(lows, np.fmin(heights[:-1], heights[1:]), out=lows)
    np.fmax(highs, np.fmax(heights[:-1], heights[1:]), out=highs)
