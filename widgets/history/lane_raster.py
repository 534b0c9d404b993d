"""Columns of lowest and highest values as pixels: how much of each pixel a trace covers. Numbers in, numbers out; no Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SHADES = 31
"""How much of a pixel is covered, in so many steps."""
PEN = 1.5
"""Height of a level trace, in pixels."""


def rasterised(lows: NDArray[np.float32], highs: NDArray[np.float32], height: int, span: tuple[float, float]) -> NDArray[np.uint8]:
    """Shade of each pixel, 0 to ``SHADES``, shape (height, columns).

    Columns that follow one another are joined; NaN leaves a column empty. ``span``: the values at the lower and the upper edge; what
    lies outside is drawn at the edge. ``height`` is at most 1,000.
    """
    top, foot = _joined(lows, highs)
    room = height - PEN
    scale = room / max(1e-12, span[1] - span[0])
    above = room - np.clip((top - span[0]) * scale, 0, room)
    below = height - np.clip((foot - span[0]) * scale, 0, room)
    ends = [np.nan_to_num(edge * SHADES, nan=nothing).astype(np.int16) for edge, nothing in ((above, SHADES * height), (below, 0))]
    rows = np.arange(height, dtype=np.int16)[:, None] * np.int16(SHADES)
    covered: NDArray[np.int16] = np.minimum(ends[1], rows + np.int16(SHADES))  # in shades, as whole numbers: four times quicker
    covered -= np.maximum(ends[0], rows)
    return np.maximum(covered, 0, out=covered).astype(np.uint8)


def _joined(lows: NDArray[np.float32], highs: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Upper and lower end of each column, each reaching half-way to the column before."""
    top, foot = highs.astype(np.float32), lows.astype(np.float32)
    gap_below, gap_above = lows[1:] - highs[:-1], lows[:-1] - highs[1:]
    rises, falls = gap_below > 0, gap_above > 0
    foot[1:][rises] -= gap_below[rises] / 2
    top[:-1][rises] += gap_below[rises] / 2
    top[1:][falls] += gap_above[falls] / 2
    foot[:-1][falls] -= gap_above[falls] / 2
    return top, foot
