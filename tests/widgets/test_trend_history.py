"""What the trend keeps of messages: which number stands for which line, where the dose is unknown, where gaps are."""

import math
from dataclasses import replace

import numpy as np

from clinical import metrics
from clinical.alarm_model import AlarmTransition, Presence
from clinical.messages import Gap
from clinical.observations import Numeric, Priority, Validity
from widgets import gallery_case as case
from widgets.trend_history import MOST_EVENTS, MOST_GAPS, TrendHistory


def _numeric(metric, at_s, value, **rest):
    return Numeric(at=case.ZERO.plus(at_s), metric=metric, value=value, **rest)


def test_the_oximeters_pulse_stands_for_the_heart_rate_only_while_there_is_none():
    history = TrendHistory(case.ZERO)
    history.add_numeric(_numeric(metrics.PULSE_RATE, 0, 60))
    history.add_numeric(_numeric(metrics.HEART_RATE, 20, 80))
    history.add_numeric(_numeric(metrics.PULSE_RATE, 25, 61))
    history.add_numeric(_numeric(metrics.PULSE_RATE, 70, 62))
    line = history.lines[metrics.HEART_RATE].polyline(10)
    assert sorted(set(line.y.tolist())) == [60, 62, 80]


def test_a_value_that_is_not_valid_is_never_drawn_and_breaks_the_line():
    history = TrendHistory(case.ZERO)
    for second in range(100):
        history.add_numeric(_numeric(metrics.SPO2, second, 97))
    history.add_numeric(_numeric(metrics.SPO2, 100, None, validity=Validity.INVALID))
    for second in range(101, 200):
        history.add_numeric(_numeric(metrics.SPO2, second, 97))
    assert np.isnan(history.lines[metrics.SPO2].band(10)[0]).sum() == 1


def test_a_cuff_reading_stands_where_it_was_measured():
    history = TrendHistory(case.ZERO)
    measured = case.ZERO.plus(300)
    for told_s in (310, 315, 320):
        history.add_numeric(_numeric(metrics.NIBP_SYS, told_s, 128, measured_at=measured))
        history.add_numeric(_numeric(metrics.NIBP_DIA, told_s, 76, measured_at=measured))
    assert history.cuff.readings().tolist() == [[300, 128, 76]]


def test_from_the_last_word_of_a_silent_pump_the_dose_is_unknown():
    history = TrendHistory(case.ZERO)
    history.add_dose(case.dose_report(case.ZERO.plus(100), rate_mg_per_h=25))
    history.add_dose(case.dose_report(case.ZERO.plus(160), word_at=case.ZERO.plus(120), stale=True))
    history.add_dose(case.dose_report(case.ZERO.plus(200), rate_mg_per_h=25))
    changes = history.dose.changes()
    assert changes[:, 0].tolist() == [100, 120, 200]
    assert math.isnan(changes[1, 1])


def test_a_gap_ends_when_it_is_told_again_and_belongs_to_the_pump_or_not():
    history = TrendHistory(case.ZERO)
    history.add_dose(replace(case.dose_report(case.ZERO.plus(1)), pump_device="pump"))
    gap = Gap(device="monitor", what="line", reason="unplugged", since=case.ZERO.plus(50))
    history.add_gap(gap)
    assert history.line_gaps(90.0, of_pump=False) == [(50.0, 90.0)]
    history.add_gap(replace(gap, until=case.ZERO.plus(70)))
    assert history.line_gaps(90.0, of_pump=False) == [(50.0, 70.0)]
    assert history.line_gaps(90.0, of_pump=True) == []
    history.add_gap(Gap(device="pump", what="line", reason="unplugged", since=case.ZERO.plus(60), until=case.ZERO.plus(65)))
    assert history.line_gaps(90.0, of_pump=True) == [(60.0, 65.0)]


def test_a_missing_metric_is_a_gap_of_that_metric_alone():
    history = TrendHistory(case.ZERO)
    history.add_gap(Gap(device="monitor", what=metrics.SPO2.id, reason="probe off", since=case.ZERO.plus(10), until=case.ZERO.plus(30)))
    assert history.metric_gaps(60.0, metrics.SPO2) == [(10.0, 30.0)]
    assert history.metric_gaps(60.0, metrics.HEART_RATE) == []
    assert history.line_gaps(60.0, of_pump=False) == []


def test_late_entries_are_put_in_their_place():
    history = TrendHistory(case.ZERO)
    for at_s in (100, 300, 200, 50):
        history.add_event(case.ZERO.plus(at_s), f"{at_s}", is_score=False)
    assert [event.at_s for event in history.events] == [50, 100, 200, 300]


def test_events_and_gaps_are_bounded():
    history = TrendHistory(case.ZERO)
    for at_s in range(2 * MOST_EVENTS):
        history.add_event(case.ZERO.plus(at_s), "x", is_score=True)
        history.add_gap(Gap(device="monitor", what="line", reason="", since=case.ZERO.plus(at_s), until=case.ZERO.plus(at_s + 0.5)))
    assert len(history.events) == MOST_EVENTS
    assert history.events[-1].at_s == 2 * MOST_EVENTS - 1
    assert len(history.line_gaps(0, of_pump=False)) == MOST_GAPS


def test_of_alarms_that_lie_on_one_another_the_newest_of_each_priority_is_marked_and_the_highest_lies_on_top():
    history = TrendHistory(case.ZERO)
    history.alarms.extend((at_s, priority) for at_s in (0.0, 1.0, 60.0, 61.0, 62.0) for priority in (Priority.HIGH, Priority.LOW))
    assert history.alarms_apart(10) == [(at_s, priority) for priority in (Priority.LOW, Priority.HIGH) for at_s in (1.0, 62.0)]
    assert sorted(history.alarms_apart(0), key=str) == sorted(history.alarms, key=str)


def test_only_appearances_of_alarms_are_marked():
    history = TrendHistory(case.ZERO)
    history.add_alarm(AlarmTransition(at=case.NOW, before=Presence.OFF, alarm=case.SPO2_ALARM))
    seen = replace(case.SPO2_ALARM, presence=Presence.ACKNOWLEDGED)
    history.add_alarm(AlarmTransition(at=case.NOW.plus(5), before=Presence.ON, alarm=seen))
    assert len(history.alarms) == 1
