"""Crossed limits: boundaries, delays, hysteresis, and what is lost."""

from __future__ import annotations

import pytest

from clinical.alarm_model import Presence
from clinical.alarms.crossing import Crossing
from clinical.commands import Acknowledge, SetLimit
from clinical.metrics import HEART_RATE, NIBP_SYS, SPO2, TEMPERATURE
from clinical.observations import LinkState, PumpState, Validity
from tests.clinical.bed import T0, Bed

SPO2_LOW = "limit:MDC_PULS_OXIM_SAT_O2:low"
HR_LOW = "limit:MDC_ECG_HEART_RATE:low"
HR_HIGH = "limit:MDC_ECG_HEART_RATE:high"
SBP_HIGH = "limit:MDC_PRESS_BLD_NONINV_SYS:high"


@pytest.mark.parametrize(
    ("sign", "limit", "hysteresis", "values", "on"),
    [
        (-1, 90, 2, [90], [False]),
        (-1, 90, 2, [89.9], [True]),
        (-1, 90, 2, [89, 90, 91, 91.9, 92], [True, True, True, True, False]),
        (-1, 90, 0, [89, 90], [True, False]),
        (1, 120, 5, [120, 120.1, 120, 115.1, 115], [False, True, True, True, False]),
        (1, 0, 0, [0, 1], [False, True]),  # a limit of 0 is a limit, not "off"
        (-1, 0, 0, [0, -1], [False, True]),
    ],
)
def test_boundaries_and_hysteresis(sign, limit, hysteresis, values, on):
    crossing = Crossing(sign, limit, 0.0, hysteresis)
    assert [crossing.judge(value, T0) for value in values] == on


@pytest.mark.parametrize("delay_s", [2.0, 10.0])
def test_delay_counts_from_the_first_value_beyond(delay_s):
    crossing = Crossing(1, 120, delay_s, 0)
    assert not crossing.judge(121, T0)
    assert not crossing.judge(121, T0.plus(delay_s - 0.001))
    assert crossing.judge(121, T0.plus(delay_s))


def test_coming_back_inside_starts_the_delay_anew():
    crossing = Crossing(1, 120, 4.0, 5)
    crossing.judge(121, T0)
    crossing.judge(120, T0.plus(3))
    assert not crossing.judge(121, T0.plus(5))
    assert crossing.judge(121, T0.plus(9))


def started() -> Bed:
    bed = Bed()
    bed.start()
    bed.hold(SPO2, 97, 2)
    return bed


def test_low_spo2_is_told_after_its_delay_with_value_and_limit():
    bed = started()
    bed.hold(SPO2, 84, 10)
    assert not bed.alarms
    bed.hold(SPO2, 84, 1)
    alarm = bed.alarms[SPO2_LOW]
    assert (alarm.title, alarm.value, alarm.limit, alarm.presence) == ("SpO₂ 84 < 90", 84, 90, Presence.ON)
    assert bed.transitions[-1].before is Presence.OFF
    assert alarm.since == bed.transitions[-1].at


def test_the_delays_of_the_two_sides_differ():
    bed = started()
    bed.numeric(HEART_RATE, 49)
    assert HR_LOW in bed.alarms  # low: at once
    bed.hold(HEART_RATE, 121, 2)
    assert HR_HIGH not in bed.alarms
    bed.hold(HEART_RATE, 121, 1)
    assert HR_HIGH in bed.alarms


def test_title_follows_the_value_and_since_does_not():
    bed = started()
    bed.hold(SPO2, 84, 11)
    since = bed.alarms[SPO2_LOW].since
    bed.hold(SPO2, 81, 3)
    assert bed.alarms[SPO2_LOW].title == "SpO₂ 81 < 90"
    assert bed.alarms[SPO2_LOW].since == since
    assert len(bed.transitions) == 1


def test_a_standing_alarm_is_not_told_anew_while_nothing_changes():
    bed = started()
    bed.hold(SPO2, 84, 11)
    before = len(bed.outcomes)
    bed.hold(SPO2, 84, 60)
    assert all(outcome.alarms is None for outcome in bed.outcomes[before:])


def test_it_ends_only_inside_by_the_hysteresis():
    bed = started()
    bed.hold(SPO2, 84, 11)
    bed.hold(SPO2, 91, 30)
    assert bed.alarms[SPO2_LOW].title == "SpO₂ 91, was < 90"
    bed.hold(SPO2, 92, 1)
    assert not bed.alarms


def test_questionable_values_count_and_are_said():
    bed = started()
    bed.hold(SPO2, 84, 11, validity=Validity.QUESTIONABLE)
    assert "questionable" in bed.alarms[SPO2_LOW].detail


@pytest.mark.parametrize("how", ["sensor off", "silent", "link", "zero"])
def test_lost_data_is_never_recovery(how):
    bed = started()
    bed.hold(SPO2, 84, 11)
    if how == "sensor off":
        bed.hold(SPO2, None, 60, reason="sensor off")
    elif how == "zero":
        bed.hold(SPO2, 0, 60)
    elif how == "link":
        bed.link(LinkState.LOST)
        bed.each_second(60)
    else:
        bed.each_second(60)
    alarm = bed.alarms[SPO2_LOW]
    assert alarm.presence is Presence.ON
    assert alarm.detail.startswith("last seen 08:00:1")
    assert alarm.title == "SpO₂ 84 < 90"
    assert len(bed.alarms) == 2  # and a technical one that says why
    bed.link(LinkState.LIVE)
    bed.numeric(SPO2, 84)
    assert "last seen" not in bed.alarms[SPO2_LOW].detail
    bed.numeric(SPO2, 96)
    assert SPO2_LOW not in bed.alarms


def test_a_crossing_still_being_timed_neither_matures_in_silence_nor_is_forgotten():
    bed = started()
    bed.hold(SPO2, 70, 3)
    bed.hold(SPO2, None, 30)
    assert SPO2_LOW not in bed.alarms
    bed.numeric(SPO2, 70)
    assert SPO2_LOW in bed.alarms


def test_a_cuff_reading_is_judged_once_and_at_once():
    bed = started()
    measured = bed.now
    bed.numeric(NIBP_SYS, 168, measured_at=measured)
    assert bed.alarms[SBP_HIGH].title == "SBP 168 > 156"
    assert bed.alarms[SBP_HIGH].detail == "+31 % of baseline"
    bed.do(Acknowledge())
    bed.hold(NIBP_SYS, 168, 60, measured_at=measured, interval_s=5)
    assert bed.alarms[SBP_HIGH].presence is Presence.ACKNOWLEDGED
    assert [step.alarm.presence for step in bed.transitions if step.alarm.condition == SBP_HIGH] == [Presence.ON, Presence.ACKNOWLEDGED]
    bed.numeric(NIBP_SYS, 120, measured_at=measured.plus(-300))  # an older one, by another way: neither clears nor raises
    assert SBP_HIGH in bed.alarms
    bed.numeric(NIBP_SYS, None, validity=Validity.ONGOING)
    assert SBP_HIGH in bed.alarms
    bed.numeric(NIBP_SYS, 140, measured_at=bed.now)
    assert SBP_HIGH not in bed.alarms


@pytest.mark.parametrize(("before_s", "told"), [(299, True), (301, False)])
def test_a_cuff_reading_from_long_before_the_case_says_nothing_of_it(before_s, told):
    bed = started()
    bed.numeric(NIBP_SYS, 168, measured_at=T0.plus(-before_s))
    assert (SBP_HIGH in bed.alarms) is told


def test_the_detail_names_the_step_before_it():
    bed = started()
    bed.pump(rate_ml_per_h=5.0)
    bed.now = bed.now.plus(1800)
    bed.pump(rate_ml_per_h=7.5)
    bed.now = bed.now.plus(9 * 60 + 5)
    bed.numeric(NIBP_SYS, 168, measured_at=bed.now)
    assert bed.alarms[SBP_HIGH].detail == "+31 % of baseline · 9 min after step to 15 mg/h"
    assert bed.dose is not None
    assert bed.dose.pump is not None
    assert bed.dose.pump.state is PumpState.INFUSING


def test_nothing_is_judged_before_the_case_and_after_it():
    bed = Bed()
    bed.hold(SPO2, 60, 20)
    assert not bed.alarms
    bed.start()
    bed.hold(SPO2, 60, 11)
    assert SPO2_LOW in bed.alarms
    bed.end()
    assert not bed.alarms
    assert bed.transitions[-1].alarm.presence is Presence.OFF
    bed.hold(SPO2, 60, 20)
    assert not bed.alarms


def test_channels_are_judged_apart():
    bed = started()
    bed.numeric(TEMPERATURE, 39, channel="T1")
    bed.numeric(TEMPERATURE, 37, channel="T2")
    assert [name for name in bed.alarms if name.startswith("limit")] == ["limit:MDC_TEMP:high:T1"]


def test_a_new_limit_judges_the_value_at_hand():
    bed = started()
    bed.hold(SPO2, 84, 11)
    since = bed.alarms[SPO2_LOW].since
    outcome = bed.do(SetLimit(metric=SPO2, low=88, high=None))
    assert outcome.limits is not None
    limit = outcome.limits.limit_of(SPO2)
    assert limit is not None
    assert (limit.low, limit.low_delay_s) == (88, 10)
    assert (bed.alarms[SPO2_LOW].title, bed.alarms[SPO2_LOW].since) == ("SpO₂ 84 < 88", since)
    bed.do(SetLimit(metric=SPO2, low=84, high=None))
    assert not bed.alarms


def test_a_side_switched_off_needs_a_reason_and_ends_its_alarm():
    bed = started()
    bed.hold(SPO2, 84, 11)
    assert "say why" in bed.do(SetLimit(metric=SPO2, low=None, high=None)).refused
    assert SPO2_LOW in bed.alarms
    assert bed.do(SetLimit(metric=SPO2, low=None, high=None, reason="comfort care")).refused == ""
    assert not bed.alarms
    bed.do(SetLimit(metric=SPO2, low=90, high=None))
    bed.hold(SPO2, 84, 11)
    assert SPO2_LOW in bed.alarms
