"""How spans and moments are written: never so that minutes read as hours."""

import pytest

from clinical.instant import NS_PER_S, Instant
from widgets import durations


@pytest.mark.parametrize(("seconds", "text"), [(3, "3 s"), (125, "2 min"), (3600, "1 h"), (11400, "3 h 10 min"), (200000, "2 days")])
def test_ages(seconds, text):
    assert durations.age(seconds) == text


def test_durations():
    assert durations.minutes_and_seconds(41) == "0:41"
    assert durations.minutes_and_seconds(3725) == "1:02:05"
    assert durations.hours_and_minutes(9059) == "2:30"
    assert durations.hours_and_minutes(None) == "---"


def test_local_time_crosses_midnight_with_the_offset():
    late = Instant(0, 1_795_390_200 * NS_PER_S)  # Sun 22 Nov 2026 23:30 UTC
    assert durations.clock(late, 60) == "00:30"
    assert durations.clock(late, 0, seconds=True) == "23:30:00"
    assert durations.day_and_clock(late, 60) == "Mon 23 Nov 00:30"
    assert durations.clock(late, -210) == "20:00"


@pytest.mark.parametrize(("seconds", "text"), [(34.9, "34 s"), (125, "2:05 min"), (3729, "1:02:09 h"), (-1, "0 s")])
def test_a_running_span_names_its_unit(seconds, text):
    assert durations.span(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(103, "1:43"), (0.2, "0:01"), (0, "0:00")])
def test_a_countdown_ends_at_nothing_only_when_it_is_over(seconds, text):
    assert durations.countdown(seconds) == text
