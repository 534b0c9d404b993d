"""Intervals agree with scipy's own to 1e-9; what there is too little of has none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from clinical.assessments.intervals import RESAMPLES, SEED, bootstrap_mean, wilson


@pytest.mark.parametrize(("count", "of"), [(0, 1), (1, 1), (0, 7), (3, 7), (7, 7), (18, 60), (500, 1000), (1, 3777)])
def test_wilson_agrees_with_scipy(count: int, of: int) -> None:
    theirs = stats.binomtest(count, of).proportion_ci(confidence_level=0.95, method="wilson")
    ours = wilson(count, of)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


CLINICS = [
    np.random.default_rng(1).integers(-2, 9, 60).astype(float),
    np.random.default_rng(2).normal(3, 2, 7),
    np.random.default_rng(3).exponential(2, 400),
    np.array([0.0, 5.0]),
]


@pytest.mark.parametrize("values", CLINICS, ids=len)
def test_bootstrap_agrees_with_scipy(values: np.ndarray) -> None:
    random = np.random.default_rng(SEED)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=RESAMPLES, method="BCa", rng=random).confidence_interval
    ours = bootstrap_mean(values.tolist())
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_the_same_seed_gives_the_same_interval_and_another_another() -> None:
    values = CLINICS[0].tolist()
    assert bootstrap_mean(values) == bootstrap_mean(values)
    assert bootstrap_mean(values) != bootstrap_mean(values, seed=1)


def test_too_few_have_no_interval() -> None:
    assert (wilson(0, 0).value, wilson(0, 0).low) == (None, None)
    assert bootstrap_mean([]).value is None
    assert (bootstrap_mean([3.0]).value, bootstrap_mean([3.0]).low) == (3.0, None)
    assert (bootstrap_mean([3.0, 3.0]).low, bootstrap_mean([3.0, 3.0]).high) == (3.0, 3.0)
    with pytest.raises(ValueError, match="5 of 4 is no share"):
        wilson(5, 4)
