"""What makes few alarms of many crossings: median, delay, extremes, hold, and returns. On values that come each second."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.alarm_model import AlarmLimit, Presence
from clinical.alarms.recurrence import Recurrence
from clinical.alarms.relative import against_baseline
from clinical.alarms.smoothing import RunningMedian
from clinical.commands import Acknowledge, PauseAudio, SetLimit
from clinical.metrics import HEART_RATE, NIBP_SYS, SPO2
from clinical.observations import LinkState, Priority, Validity
from tests.clinical.alarms.reference_limits import told_by_reference
from tests.clinical.bed import LIMITS, T0, Bed, preset

HR_LOW = "limit:MDC_ECG_HEART_RATE:low"
SPO2_LOW = "limit:MDC_PULS_OXIM_SAT_O2:low"
SBP_HIGH = "limit:MDC_PRESS_BLD_NONINV_SYS:high"
HR = AlarmLimit(
    metric=HEART_RATE,
    low=50,
    high=120,
    priority=Priority.MEDIUM,
    delay_s=12,
    hysteresis=0,
    smoothing_s=9,
    return_s=15,
    rejoin_s=300,
    worse_by=10,
    extreme_low=40,
    extreme_high=150,
    extreme_delay_s=3,
)


def started(*limits: AlarmLimit) -> Bed:
    bed = Bed()
    bed.start(preset=preset(limits or (HR,)))
    bed.hold(HEART_RATE, 70, 20)
    return bed


def presences(bed: Bed, name: str = HR_LOW) -> list[Presence]:
    return [step.alarm.presence for step in bed.transitions if step.alarm.condition == name]


def test_the_median_is_of_the_last_seconds_only():
    median = RunningMedian(9.0)
    values = [70, 70, 20, 20, 70, 70, 70, 20, 20, 20, 20, 20]
    got = [median.take(value, T0.plus(second)) for second, value in enumerate(values)]
    assert got == [statistics.median(values[max(0, n - 8) : n + 1]) for n in range(len(values))]
    assert median.take(55, T0.plus(11 + 9)) == 55  # what is as old as the window counts no more


def test_without_a_window_each_value_is_judged():
    median = RunningMedian(0.0)
    assert [median.take(value, T0) for value in (1.0, 9.0)] == [1.0, 9.0]


def test_a_glitch_shorter_than_half_the_median_is_not_seen():
    bed = started()
    for _ in range(20):
        bed.hold(HEART_RATE, 45, 4)
        bed.hold(HEART_RATE, 70, 5)
    assert not bed.transitions


def test_a_crossing_is_told_when_median_and_delay_say_so():
    bed = started()
    bed.hold(HEART_RATE, 45, 16)  # the fifth value moves the median; 12 s from there
    assert not bed.alarms
    bed.hold(HEART_RATE, 45, 1)
    assert bed.alarms[HR_LOW].priority is Priority.MEDIUM


@pytest.mark.parametrize("value", [0.0, 39.0])
def test_an_extreme_value_waits_for_no_median_and_is_of_high_priority(value):
    bed = started()
    bed.hold(HEART_RATE, value, 3)
    assert not bed.alarms
    bed.hold(HEART_RATE, value, 1)
    alarm = bed.alarms[HR_LOW]
    assert (alarm.priority, alarm.value, alarm.limit) == (Priority.HIGH, value, 50)
    assert alarm.detail == "extreme: < 40"


def test_an_extreme_value_counts_by_time_too_while_it_stands():
    bed = started()
    bed.hold(HEART_RATE, 30, 2)
    bed.each_second(1.75)
    assert not bed.alarms
    bed.each_second(0.25)
    assert bed.alarms[HR_LOW].detail == "extreme: < 40"


def test_a_short_extreme_is_as_bad_as_its_value_and_not_as_its_median():
    bed = started()
    bed.hold(HEART_RATE, 30, 4)
    bed.hold(HEART_RATE, 70, 30)
    assert not bed.alarms
    bed.hold(HEART_RATE, 45, 17)
    assert bed.alarms[HR_LOW].returns == 1


def test_one_extreme_value_is_a_glitch():
    bed = started()
    for _ in range(10):
        bed.hold(HEART_RATE, 0, 2)
        bed.hold(HEART_RATE, 70, 5)
    assert not bed.transitions


def test_a_standing_alarm_that_becomes_extreme_is_heard_again_though_acknowledged():
    bed = started()
    bed.hold(HEART_RATE, 45, 20)
    bed.do(Acknowledge())
    bed.hold(HEART_RATE, 35, 4)
    assert bed.alarms[HR_LOW].presence is Presence.ON
    assert bed.audio.sounding is Priority.HIGH
    bed.hold(HEART_RATE, 45, 5)  # no longer extreme, and not over
    assert bed.alarms[HR_LOW].priority is Priority.HIGH
    assert bed.alarms[HR_LOW].detail == "extreme: < 40"


def test_an_alarm_ends_when_the_median_was_back_long_enough():
    bed = started()
    bed.hold(HEART_RATE, 45, 20)
    bed.hold(HEART_RATE, 70, 4 + 15)
    assert HR_LOW in bed.alarms
    bed.hold(HEART_RATE, 70, 1)
    assert not bed.alarms


def test_a_dip_while_it_is_on_its_way_back_holds_it():
    bed = started()
    bed.hold(HEART_RATE, 45, 20)
    bed.hold(HEART_RATE, 70, 15)
    bed.hold(HEART_RATE, 45, 6)
    bed.hold(HEART_RATE, 70, 15)
    assert presences(bed) == [Presence.ON]


def one_alarm_over(bed: Bed, value: float = 45) -> None:
    bed.hold(HEART_RATE, value, 20)
    bed.hold(HEART_RATE, 70, 30)
    assert not bed.alarms


def test_a_return_is_seen_and_logged_at_once_and_says_what_it_is():
    bed = started()
    one_alarm_over(bed)
    bed.hold(HEART_RATE, 45, 17)
    alarm = bed.alarms[HR_LOW]
    assert (alarm.presence, alarm.returns) == (Presence.ON, 1)
    assert alarm.detail == "back after 27 s, return 1"
    assert presences(bed) == [Presence.ON, Presence.OFF, Presence.ON]
    assert bed.audio.sounding is Priority.MEDIUM  # not acknowledged: it sounds like any that stands


def test_a_return_does_not_break_a_pause_and_a_new_alarm_does():
    for away_s, breaks in ((30, False), (301, True)):
        bed = started()
        bed.hold(HEART_RATE, 45, 20)
        bed.hold(HEART_RATE, 70, 20 + away_s)
        bed.hold(HEART_RATE, 45, 10)
        bed.do(PauseAudio(seconds=60))
        generation = bed.audio.generation
        bed.hold(HEART_RATE, 45, 7)
        assert bed.alarms[HR_LOW].returns == (0 if breaks else 1)
        assert (bed.audio.generation > generation) is breaks


def test_a_pause_granted_while_it_stood_lasts_over_its_return_and_ends():
    bed = started()
    bed.hold(HEART_RATE, 45, 20)
    bed.do(PauseAudio(seconds=120))
    bed.hold(HEART_RATE, 70, 25)
    bed.hold(HEART_RATE, 45, 20)
    assert bed.alarms[HR_LOW].returns == 1
    assert bed.audio.sounding is None
    bed.hold(HEART_RATE, 45, 76)
    assert bed.audio.sounding is Priority.MEDIUM


@pytest.mark.parametrize(("value", "returns"), [(41, 1), (40, 1)])
def test_a_worse_one_within_the_margin_is_a_return(value, returns):
    bed = started()
    one_alarm_over(bed, 48)
    bed.hold(HEART_RATE, value, 17)
    assert bed.alarms[HR_LOW].returns == returns


def test_a_worse_one_is_new():
    bed = started(AlarmLimit(**{name: getattr(HR, name) for name in HR.__slots__} | {"worse_by": 5}))
    one_alarm_over(bed, 48)
    bed.hold(HEART_RATE, 42, 17)
    assert bed.alarms[HR_LOW].returns == 0


def test_an_extreme_one_after_one_that_was_not_is_new_and_a_second_one_is_still_heard_at_once():
    bed = started()
    one_alarm_over(bed)
    bed.hold(HEART_RATE, 35, 4)
    assert bed.alarms[HR_LOW].returns == 0
    bed.do(PauseAudio(seconds=120))
    bed.hold(HEART_RATE, 70, 25)
    assert not bed.alarms
    bed.hold(HEART_RATE, 35, 4)
    assert bed.alarms[HR_LOW].returns == 1
    assert bed.audio.sounding is Priority.HIGH  # the pause is broken


@pytest.mark.parametrize(("away_s", "same"), [(300.0, True), (300.5, False)])
def test_how_long_an_alarm_is_remembered(away_s, same):
    recurrence = Recurrence(within_s=300, worse_by=0)
    assert recurrence.begins(T0, 3, extreme=False) is None
    recurrence.ends(T0)
    assert (recurrence.begins(T0.plus(away_s), 3, extreme=False) is not None) is same


def test_missing_data_neither_matures_nor_clears():
    bed = started()
    bed.hold(HEART_RATE, 45, 10)
    bed.hold(HEART_RATE, None, 60)
    assert HR_LOW not in bed.alarms
    bed.hold(HEART_RATE, 45, 2)
    assert HR_LOW in bed.alarms
    bed.hold(HEART_RATE, 70, 10)
    bed.link(LinkState.LOST)
    bed.each_second(60)
    assert bed.alarms[HR_LOW].presence is Presence.ON


def test_a_median_does_not_mix_two_sources():
    bed = started()
    bed.link(LinkState.LOST)
    bed.hold(HEART_RATE, 45, 12, device="oximeter")  # of this source every value is beyond: no value of the other counts
    assert HR_LOW not in bed.alarms
    bed.hold(HEART_RATE, 45, 1, device="oximeter")
    assert HR_LOW in bed.alarms


def test_an_extreme_inside_a_limit_that_was_moved_does_not_count():
    bed = started()
    bed.do(SetLimit(metric=HEART_RATE, low=30, high=120))
    bed.hold(HEART_RATE, 35, 40)
    assert not bed.alarms
    bed.hold(HEART_RATE, 29, 4)
    assert bed.alarms[HR_LOW].detail == "extreme: < 30"


WAITS = AlarmLimit(metric=SPO2, low=90, high=None, priority=Priority.HIGH, delay_s=3, hysteresis=0, extreme_low=80, cuff_wait_s=60)


def inflating(spo2: float, seconds: float) -> Bed:
    bed = Bed()
    bed.start(preset=preset((WAITS,)))
    bed.hold(SPO2, 97, 5)
    bed.numeric(NIBP_SYS, None, validity=Validity.ONGOING, interval_s=60)
    bed.hold(SPO2, spo2, seconds)
    return bed


def test_the_saturation_alarm_waits_for_the_cuff_says_so_and_no_longer_than_a_minute():
    bed = inflating(85, 59)
    assert list(bed.alarms) == ["wait:MDC_PULS_OXIM_SAT_O2"]
    bed.hold(SPO2, 85, 1)
    assert list(bed.alarms) == [SPO2_LOW]


def test_it_is_told_as_soon_as_the_cuff_is_done():
    bed = inflating(85, 20)
    bed.numeric(NIBP_SYS, 120, measured_at=bed.now)
    bed.numeric(SPO2, 85)
    assert list(bed.alarms) == [SPO2_LOW]


def test_an_extreme_waits_for_no_cuff():
    bed = inflating(79, 2)
    assert list(bed.alarms) == [SPO2_LOW]


def test_a_fall_that_ends_with_the_cuff_was_none():
    bed = inflating(85, 20)
    bed.numeric(NIBP_SYS, 120, measured_at=bed.now)
    bed.numeric(SPO2, 95)
    assert not bed.alarms
    assert SPO2_LOW not in {step.alarm.condition for step in bed.transitions}


RELATIVE = AlarmLimit(
    metric=NIBP_SYS,
    low=90,
    high=156,
    priority=Priority.MEDIUM,
    delay_s=0,
    hysteresis=0,
    low_percent_of_baseline=75,
    high_percent_of_baseline=130,
)


def test_a_limit_of_the_baseline():
    bed = Bed()
    outcome = bed.start(preset=preset((RELATIVE,)), baseline_sbp_mmhg=128.0)
    assert outcome.limits is not None
    assert (outcome.limits.limits[0].low, outcome.limits.limits[0].high) == (96, 166)
    bed.numeric(NIBP_SYS, 166, measured_at=bed.now)
    assert not bed.alarms
    bed.now = bed.now.plus(300)
    bed.numeric(NIBP_SYS, 168, measured_at=bed.now)
    assert (bed.alarms[SBP_HIGH].title, bed.alarms[SBP_HIGH].detail) == ("SBP 168 > 166", "+31 % of baseline")


def test_without_a_baseline_the_absolute_limits_count():
    assert against_baseline(preset((RELATIVE,)), None).limits == (RELATIVE,)
    assert against_baseline(preset((HR,)), 128.0).limits == (HR,)


def test_a_relative_limit_that_someone_changed_stays_changed_when_the_case_is_taken_up_again():
    once = against_baseline(preset((RELATIVE,)), 128.0)
    assert against_baseline(once, 100.0) == once


SECOND = st.one_of(st.none(), st.sampled_from([30.0, 39.0, 41.0, 44.0, 47.0, 49.0, 50.0, 51.0, 60.0, 90.0]))
STRETCHES = st.lists(st.tuples(SECOND, st.integers(1, 25)), min_size=1, max_size=30)


@given(STRETCHES, st.sampled_from([0.0, 3.0, 9.0]), st.sampled_from([0.0, 5.0, 15.0]), st.sampled_from([0.0, 60.0]))
@settings(max_examples=100, deadline=None)
def test_as_the_slow_reference_says(stretches, smoothing_s, return_s, rejoin_s):
    """Against an independent judgement that looks at the whole history anew at each second."""
    sense = {"smoothing_s": smoothing_s, "return_s": return_s, "rejoin_s": rejoin_s, "worse_by": 5, "high": None, "extreme_high": None}
    limit = AlarmLimit(**{name: getattr(HR, name) for name in HR.__slots__} | sense)
    bed = Bed()
    bed.start(preset=preset((limit,)))
    values = [value for value, seconds in stretches for _ in range(seconds)]
    for value in values:
        bed.hold(HEART_RATE, value, 1)
    told = [
        (int(step.at.since(T0)), step.alarm.presence is Presence.ON, step.alarm.returns, step.alarm.priority is Priority.HIGH)
        for step in bed.transitions
        if step.alarm.condition == HR_LOW
    ]
    assert told == told_by_reference(values, limit)


def test_the_limits_of_other_tests_have_no_sense_of_their_own():
    assert all(limit.smoothing_s == limit.return_s == limit.rejoin_s == 0 for limit in LIMITS)
