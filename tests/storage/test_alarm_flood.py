"""A flood of alarms, some with words that cannot be drawn or stored as they are: none is lost from the log, and none changes its place."""

from __future__ import annotations

from bench.alarm_flood import flood


def test_two_hundred_alarms_a_second_are_all_in_the_log(tmp_path):
    told = flood(tmp_path, per_second=200, seconds=3)
    assert (told.raised, told.logged, told.in_order) == (600, 600, True)
