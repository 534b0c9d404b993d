"""Divided differences of e^(−x·t), the kernels of every linear compartment model. Knows no compartments.

Each stands twice: for arrays, and for one number, where the call of an array routine would cost twenty times the arithmetic.
Decays are per minute and at least 0, times minutes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

SERIES_BELOW = 1e-3
"""Decay × time; below it the closed form of the second difference loses digits, and four terms of the series lose none."""


def first_difference(a: Vector, b: Vector | np.float64, t: Vector) -> Vector:
    """(e^(−a·t) − e^(−b·t)) / (b − a), or its limit t·e^(−a·t) where a = b; shapes broadcast.

    Written with the slower of the two factored out: nothing overflows, and nothing cancels when a is close to b.
    """
    gap = np.abs(a - b)
    safe = np.where(gap > 0, gap, 1.0)
    ratio = np.where(gap > 0, -np.expm1(-t * gap) / safe, t)
    return np.asarray(np.exp(-t * np.minimum(a, b)) * ratio)


def second_difference(a: Vector, b: Vector, t: Vector, first: Vector) -> Vector:
    """∫₀ᵗ of ``first`` = ``first_difference(a, b, ·)``: the second divided difference at 0, a and b. One of a, b is above 0."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    closed = (first_difference(low, np.float64(0.0), t) - first) / high
    h1, h2, h3 = low + high, low**2 + low * high + high**2, (low + high) * (low**2 + high**2)
    series = t**2 / 2 * (1 - h1 * t / 3 + h2 * t**2 / 12 - h3 * t**3 / 60)
    return np.where(high * t < SERIES_BELOW, series, closed)


def first_difference_of(a: float, b: float, t: float) -> float:
    """``first_difference`` of single numbers."""
    gap = abs(a - b)
    return math.exp(-t * min(a, b)) * (-math.expm1(-t * gap) / gap if gap > 0 else t)


def second_difference_of(a: float, b: float, t: float, first: float) -> float:
    """``second_difference`` of single numbers."""
    low, high = (a, b) if a < b else (b, a)
    if high * t >= SERIES_BELOW:
        return (first_difference_of(low, 0.0, t) - first) / high
    h1, h2, h3 = low + high, low * low + low * high + high * high, (low + high) * (low * low + high * high)
    return t * t / 2 * (1 - h1 * t / 3 + h2 * t * t / 12 - h3 * t**3 / 60)
