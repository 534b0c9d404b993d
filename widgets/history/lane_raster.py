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
    above = _in_shades(room - np.clip((top - span[0]) * scale, 0, room), where_empty=SHADES * height)
    below = _in_shades(height - np.clip((foot - span[0]) * scale, 0, room), where_empty=0)
    shades = np.zeros((height, len(lows)), np.uint8)
    first, last = int(above.min(initial=SHADES * height)) // SHADES, -(-int(below.max(initial=0)) // SHADES)
    if first < last:  # a trace seldom fills its lane: where it never comes, nothing is reckoned
        rows = np.arange(first, last, dtype=np.int16)[:, None] * np.int16(SHADES)
        covered = np.minimum(below, rows + np.int16(SHADES))
        covered -= np.maximum(above, rows)
        shades[first:last] = np.maximum(covered, 0, out=covered)
    return shades


def _in_shades(edge: NDArray[np.float32], *, where_empty: int) -> NDArray[np.int16]:
    """Rows as whole numbers of shades, which are reckoned with four times quicker than fractions."""
    return np.where(np.isnan(edge), np.float32(where_empty), edge * np.float32(SHADES)).astype(np.int16)


def _joined(lows: NDArray[np.float32], highs: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Upper and lower end of each column, each reaching half-way to the column before; an empty column is no gap."""
    top, foot = highs.astype(np.float32), lows.astype(np.float32)
    rises = np.fmax(lows[1:] - highs[:-1], np.float32(0)) / np.float32(2)
    falls = np.fmax(lows[:-1] - highs[1:], np.float32(0)) / np.float32(2)
    foot[1:] -= rises
    top[:-1] += rises
    top[1:] += falls
    foot[:-1] -= falls
    return top, foot
