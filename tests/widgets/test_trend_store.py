"""The trend's memory: bounded, nothing lost between the edges, nothing bridged."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.trend_store import BucketSeries, CuffSeries, StepSeries


def test_a_spike_of_one_second_survives_hours():
    series = BucketSeries(bucket_s=10, capacity=64)
    for second in range(6 * 3600):
        series.add(second, 70.0, 70.0)
    series.add(1234, 140.0, 140.0)
    line = series.polyline(60)
    assert line.y.max() == 140.0
    assert line.y.min() == 70.0


def test_memory_does_not_grow_and_buckets_widen_instead():
    series = BucketSeries(bucket_s=10, capacity=64)
    before = len(series._low)
    for second in range(0, 100_000, 5):
        series.add(second, second, second)
    assert len(series._low) == before
    assert series.bucket_s * before >= 100_000
    line = series.polyline(1)
    assert line.y.min() == 0
    assert line.y.max() == 99_995
    assert len(line.x) <= 2 * before


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 5000), st.floats(0, 250)), min_size=1, max_size=80), st.floats(1, 400))
def test_the_drawn_edges_are_the_edges_of_the_data(points, column_s):
    series = BucketSeries(bucket_s=5, capacity=32)
    for at_s, value in points:
        series.add(at_s, value, value)
    line = series.polyline(column_s)
    assert line.y.min() == min(value for _, value in points)
    assert line.y.max() == max(value for _, value in points)
    assert np.all(np.diff(line.x) >= 0)


def _joined_over(line, at_s):
    """Whether any connected piece spans a moment."""
    return any(line.connected[i] and line.x[i] < at_s < line.x[i + 1] for i in range(len(line.x) - 1))


def test_a_silence_is_never_bridged():
    series = BucketSeries(bucket_s=10)
    for second in [*range(600), *range(700, 1200)]:
        series.add(second, 70.0, 70.0)
    line = series.polyline(10)
    assert not _joined_over(line, 650)
    assert _joined_over(line, 300.5)


@pytest.mark.parametrize("column_s", [1, 10, 30])
def test_a_told_gap_breaks_the_line_though_it_is_short(column_s):
    series = BucketSeries(bucket_s=10)
    for second in range(0, 1200, 5):
        if second == 600:
            series.break_at(600)
        series.add(second, 70.0, 70.0)
    x, y, _ = series.band(column_s)
    assert np.isnan(x).sum() == 1
    assert np.isnan(y).sum() == 1


def test_slow_numbers_are_joined_by_their_own_interval():
    series = BucketSeries(bucket_s=10)
    for second in range(0, 1200, 60):
        series.add(second, 38.0, 38.0, interval_s=60)
    assert _joined_over(series.polyline(10), 90)


def test_nothing_stored_draws_nothing():
    assert len(BucketSeries().polyline(10).x) == 0
    assert len(StepSeries().changes()) == 0
    assert CuffSeries().readings().shape == (0, 3)


def test_cuff_sides_belong_together_and_repeats_change_nothing():
    cuff = CuffSeries()
    for _ in range(3):
        cuff.add(120.0, sys=128)
        cuff.add(120.0, dia=76)
    cuff.add(420.0, sys=131)
    assert cuff.readings().tolist() == [[120.0, 128.0, 76.0]]
    cuff.add(421.0, dia=78)
    assert cuff.readings().tolist()[-1] == [420.0, 131.0, 78.0]


def test_a_full_cuff_series_keeps_the_newest():
    cuff = CuffSeries(capacity=8)
    for number in range(20):
        cuff.add(number * 300.0, sys=100 + number)
        cuff.add(number * 300.0, dia=60)
    readings = cuff.readings()
    assert readings[-1, 1] == 119
    assert len(readings) <= 8


def test_steps_keep_changes_only():
    steps = StepSeries(capacity=16)
    assert steps.add(0, 10.0)
    assert not steps.add(5, 10.0)
    assert steps.add(9, float("nan"))
    assert not steps.add(12, float("nan"))
    assert steps.add(20, 10.0)
    assert steps.changes()[:, 0].tolist() == [0, 9, 20]


def test_a_rate_that_never_rests_stays_bounded_and_keeps_the_last():
    steps = StepSeries(capacity=16)
    for second in range(500):
        steps.add(second, second % 7)
    assert len(steps.changes()) <= 16
    assert steps.changes()[-1].tolist() == [499, 499 % 7]
