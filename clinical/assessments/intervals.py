"""Intervals of confidence: Wilson's for a share, the bootstrap's for a mean. Knows no patient and nothing of what is counted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
RESAMPLES = 9_999
SEED = 20_090_824
SMALL_NUMBER = 20
"""Below so many, a figure says that it rests on few. A proposal."""

_BATCH_CELLS = 1_000_000

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``count`` of ``of``, with Wilson's score interval; ``low`` and ``high`` are None where there is nothing to count."""

    count: int
    of: int
    low: float | None
    high: float | None

    @property
    def value(self) -> float | None:
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean of ``of`` values with the bootstrap's interval; None where there are too few (none at all; for the interval, one)."""

    value: float | None
    of: int
    low: float | None
    high: float | None


def wilson(count: int, of: int) -> Share:
    """Wilson's score interval without correction for continuity (Wilson 1927). Raises ValueError unless 0 ≤ count ≤ of."""
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share")
    if of == 0:
        return Share(count=0, of=0, low=None, high=None)
    z, share = _z(), count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low = 0.0 if count == 0 else middle - half
    return Share(count=count, of=of, low=low, high=1.0 if count == of else middle + half)


def bootstrap_mean(values: Sequence[float], *, seed: int = SEED, resamples: int = RESAMPLES) -> Mean:
    """The mean with its bias-corrected and accelerated bootstrap interval (BCa; Efron 1987). The same seed gives the same interval."""
    data = np.asarray(values, np.float64)
    if data.size == 0:
        return Mean(value=None, of=0, low=None, high=None)
    mean = float(data.mean())
    if data.size == 1:
        return Mean(value=mean, of=1, low=None, high=None)
    if np.all(data == data[0]):
        return Mean(value=mean, of=data.size, low=mean, high=mean)
    means = _resampled_means(data, seed, resamples)
    low, high = np.percentile(means, [100 * alpha for alpha in _bca_levels(data, mean, means)])
    return Mean(value=mean, of=data.size, low=float(low), high=float(high))


def _z() -> float:
    from scipy.special import ndtri  # noqa: PLC0415 (scipy takes long to load, and only statistics need it)

    return float(ndtri(0.5 + CONFIDENCE / 2))


def _resampled_means(data: Vector, seed: int, resamples: int) -> Vector:
    """Means of samples drawn with replacement, shape (resamples,); in batches, so that a large clinic needs no large memory."""
    random, size = np.random.default_rng(seed), data.size
    rows = max(1, _BATCH_CELLS // size)
    counts = [min(rows, resamples - done) for done in range(0, resamples, rows)]
    means: Vector = np.concatenate([data[random.integers(0, size, (count, size))].mean(axis=-1) for count in counts])
    return means


def _bca_levels(data: Vector, mean: float, means: Vector) -> tuple[float, float]:
    """At which levels of the resampled means the interval's ends lie."""
    from scipy.special import ndtr, ndtri  # noqa: PLC0415 (as above)

    below = (np.count_nonzero(means < mean) + np.count_nonzero(means <= mean)) / (2 * means.size)
    bias = float(ndtri(below))
    without_each = (data.sum() - data) / (data.size - 1)  # jackknife
    pull = (data.size - 1) * (without_each.mean() - without_each)
    acceleration = float((pull**3).sum() / data.size**3 / (6 * ((pull**2).sum() / data.size**2) ** 1.5))
    ends = (bias - _z(), bias + _z())
    low, high = (float(ndtr(bias + end / (1 - acceleration * end))) for end in ends)
    return low, high
