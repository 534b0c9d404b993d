"""The arithmetic of the history page: spans, columns, pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.instant import NS_PER_S, Instant
from widgets.durations import clock
from widgets.history.history_paint import TICK_SLACK_S
from widgets.history.lane_raster import SHADES, rasterised
from widgets.history.time_span import SHORTEST_S, TimeSpan
from widgets.history.trend_columns import columns_of

SECONDS = st.floats(0, 400_000)


@given(SECONDS, st.floats(2, 400_000), st.floats(-1e6, 1e6), st.floats(0.01, 100), st.floats(2, 400_000))
def test_a_span_never_leaves_the_case_nor_turns_round(since, long, by, factor, whole):
    span = TimeSpan(since, since + long).inside(whole)
    for moved in (span, span.panned(by, whole), span.zoomed(factor, since, whole), span.about(by, whole)):
        assert moved.since_s >= 0
        assert moved.until_s <= max(whole, SHORTEST_S) * (1 + 1e-9)
        assert moved.length_s >= min(SHORTEST_S, whole) * (1 - 1e-6)


def test_zooming_keeps_the_moment_under_the_pointer():
    span = TimeSpan(1000.0, 2000.0).zoomed(0.25, 1250.0, 10_000.0)
    assert (span.since_s, span.until_s) == (1187.5, 1437.5)


@pytest.mark.parametrize("length", [2, 8, 100, 900, 5000, 14_400, 360_000])
def test_ticks_are_round_and_few(length):
    offset = 8 * 3600 + 7.25
    ticks = list(TimeSpan(50.0, 50.0 + length).ticks(12, offset))
    assert 1 <= len(ticks) <= 13
    assert all(abs((tick + offset) - round(tick + offset)) < 1e-6 for tick in ticks)
    assert all(50 <= tick <= 50 + length for tick in ticks)


def test_every_value_is_in_its_column_and_a_gap_in_none():
    seconds = np.array([0.0, 1, 2, 3, 50, 51, 52])
    values = np.array([10.0, 20, 10, np.nan, 70, 71, 72])
    lows, highs = columns_of(seconds, values, TimeSpan(0.0, 100.0), 100)
    assert (highs[1], lows[0], highs[51]) == (20, 10, 72)
    assert np.isnan(lows[10:45]).all()
    assert np.isnan(lows[60:]).all()


def test_a_missing_value_is_no_line():
    seconds = np.arange(10.0)
    values = np.array([1.0, 1, 1, 1, np.nan, np.nan, 1, 1, 1, 1])
    lows, _ = columns_of(seconds, values, TimeSpan(0.0, 10.0), 100)
    assert np.isnan(lows[45:55]).all()
    assert not np.isnan(lows[0:29]).any()


def test_a_trend_out_of_sight_leaves_the_picture_empty():
    lows, highs = columns_of(np.array([1.0, 2.0]), np.array([3.0, 4.0]), TimeSpan(100.0, 200.0), 50)
    assert np.isnan(lows).all()
    assert np.isnan(highs).all()


@given(st.lists(st.one_of(st.floats(-2, 2), st.just(float("nan"))), min_size=2, max_size=60))
def test_pixels_are_where_the_values_are(values):
    made = np.array(values, np.float32)
    shades = rasterised(made, made, 40, (-1.0, 1.0))
    assert shades.shape == (40, len(made))
    assert shades.max(initial=0) <= SHADES
    empty = ~shades.any(axis=0)
    assert np.array_equal(empty, np.isnan(made))
    for column in np.flatnonzero(~empty):
        row = (39 - 0.25) - (np.clip(made[column], -1, 1) + 1) / 2 * 38.5
        covered = np.flatnonzero(shades[:, column])
        assert covered.min() - 1.5 <= row <= covered.max() + 1.5


def test_neighbours_are_joined():
    step = np.array([0, 0, 10, 10], np.float32)
    shades = rasterised(step, step, 100, (0.0, 10.0))
    assert (shades[:, 1] > 0).sum() + (shades[:, 2] > 0).sum() >= 99


@given(st.integers(0, 999_999_999))
def test_the_word_at_a_tick_is_the_round_time_itself(fraction_ns):
    started = Instant(0, 1_795_350_322_000_000_000 + fraction_ns)
    words = [
        clock(started.plus(tick + TICK_SLACK_S), 0, seconds=True) for tick in TimeSpan(0.0, 840.0).ticks(12, started.utc_ns / NS_PER_S)
    ]
    assert len(words) >= 7
    assert all(word.endswith(":00") for word in words)
