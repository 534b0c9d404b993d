"""The states of the alarm system beyond presence: silence of one condition, reminders, de-escalation, latching, presets, interruption."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinical.alarm_model import LONGEST_AUDIO_PAUSE_S, REMINDER_EVERY_S, AlarmLimit, ConditionSetting, Presence, PresetLevel
from clinical.alarms.board import INHERITED_S
from clinical.commands import Acknowledge, PauseAudio, SetLimit, SilenceAlarm
from clinical.metrics import HEART_RATE, SPO2
from clinical.observations import LinkState, Priority, Validity
from tests.clinical.bed import LIMITS, Bed, preset

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
SPO2_LOW, HR_HIGH, HR_LOW = "limit:MDC_PULS_OXIM_SAT_O2:low", "limit:MDC_ECG_HEART_RATE:high", "limit:MDC_ECG_HEART_RATE:low"
PLAIN = (
    AlarmLimit(metric=SPO2, low=90, high=None, priority=HIGH, delay_s=0, hysteresis=0),
    AlarmLimit(metric=HEART_RATE, low=50, high=120, priority=MEDIUM, delay_s=0, hysteresis=0),
)


def low_spo2(*settings: ConditionSetting) -> Bed:
    bed = Bed()
    bed.start(preset=preset(PLAIN, *settings))
    bed.numeric(SPO2, 97, interval_s=4000)
    bed.numeric(SPO2, 84, interval_s=4000)
    return bed


# silence of one condition


def test_one_silenced_condition_leaves_all_others_to_be_heard():
    bed = low_spo2()
    bed.do(SilenceAlarm(condition=SPO2_LOW, seconds=60))
    assert bed.audio.sounding is None
    assert bed.alarms[SPO2_LOW].presence is Presence.ON
    bed.numeric(HEART_RATE, 130, interval_s=4000)
    assert bed.audio.sounding is MEDIUM


def test_one_silenced_direction_leaves_the_other():
    bed = Bed()
    bed.start(preset=preset(PLAIN))
    bed.numeric(HEART_RATE, 130, interval_s=4000)
    bed.do(SilenceAlarm(condition=HR_HIGH, seconds=120))
    bed.numeric(HEART_RATE, 40, interval_s=4000)
    assert bed.alarms[HR_LOW].silenced_until is None
    assert bed.audio.sounding is MEDIUM


@pytest.mark.parametrize("asked", [1.0, 60.0, 120.0, 9999.0])
def test_a_silence_ends_and_is_counted_down_meanwhile(asked):
    bed = low_spo2()
    bed.do(SilenceAlarm(condition=SPO2_LOW, seconds=asked))
    until = bed.alarms[SPO2_LOW].silenced_until
    assert until is not None
    assert until.since(bed.now) == min(asked, LONGEST_AUDIO_PAUSE_S)
    bed.each_second(until.since(bed.now) - 0.25)
    assert bed.audio.sounding is None
    bed.each_second(0.25)
    assert bed.audio.sounding is HIGH
    assert bed.alarms[SPO2_LOW].silenced_until is None


def test_a_silenced_condition_that_worsens_is_heard():
    bed = Bed()
    bed.start()
    bed.alert("occlusion", LOW)
    bed.do(SilenceAlarm(condition="device:pump:occlusion", seconds=120))
    bed.alert("occlusion", MEDIUM)
    assert bed.audio.sounding is MEDIUM


def test_a_silence_ends_with_its_occurrence():
    bed = low_spo2()
    bed.do(SilenceAlarm(condition=SPO2_LOW, seconds=120))
    bed.numeric(SPO2, 97)
    bed.numeric(SPO2, 84)
    assert bed.audio.sounding is HIGH


def test_words_that_change_leave_a_silence():
    bed = low_spo2()
    bed.do(SilenceAlarm(condition=SPO2_LOW, seconds=120))
    bed.numeric(SPO2, 83)
    assert bed.audio.sounding is None
    assert "83" in bed.alarms[SPO2_LOW].title


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("inf"), float("nan")])
def test_no_silence_without_an_end(seconds):
    bed = low_spo2()
    assert bed.do(SilenceAlarm(condition=SPO2_LOW, seconds=seconds)).refused
    assert bed.audio.sounding is HIGH


# reminders


@pytest.mark.parametrize("hush", [Acknowledge(), PauseAudio(seconds=120)])
def test_one_is_reminded_of_a_high_condition_whose_sound_was_taken_away(hush):
    bed = low_spo2()
    bed.do(hush)
    bed.each_second(3 * REMINDER_EVERY_S + 1)
    assert bed.audio.reminders == (3 if isinstance(hush, Acknowledge) else 0)
    assert bed.audio.sounding is (None if isinstance(hush, Acknowledge) else HIGH)


def test_what_is_not_high_and_what_is_over_reminds_of_nothing():
    bed = Bed()
    bed.start(preset=preset(PLAIN))
    bed.numeric(HEART_RATE, 130, interval_s=4000)
    bed.do(Acknowledge())
    bed.each_second(3 * REMINDER_EVERY_S)
    assert bed.audio.reminders == 0
    bed = low_spo2()
    bed.do(Acknowledge())
    bed.each_second(REMINDER_EVERY_S - 1)
    bed.numeric(SPO2, 97, interval_s=4000)
    bed.each_second(REMINDER_EVERY_S)
    assert bed.audio.reminders == 0


# de-escalation


def test_a_lower_priority_counts_when_it_has_lasted_and_is_logged():
    bed = Bed()
    bed.start()
    bed.alert("pressure", HIGH)
    generation = bed.audio.generation
    bed.alert("pressure", MEDIUM)
    assert bed.audio.sounding is HIGH
    bed.each_second(11)
    assert (bed.audio.sounding, bed.audio.generation) == (MEDIUM, generation)
    last = bed.transitions[-1]
    assert (last.before, last.alarm.presence, last.alarm.priority) == (Presence.ON, Presence.ON, MEDIUM)


def test_a_priority_that_goes_up_and_down_is_no_row_of_new_alarms():
    bed = Bed()
    bed.start(preset=preset(()))
    bed.alert("pressure", HIGH)
    generation = bed.audio.generation
    for _ in range(10):
        bed.alert("pressure", MEDIUM)
        bed.each_second(2)
        bed.alert("pressure", HIGH)
        bed.each_second(2)
    assert bed.audio.generation == generation


# latching, as the preset has it


def test_a_preset_makes_a_condition_latch_and_another_not():
    bed = low_spo2(ConditionSetting(name="limit low", latching=True))
    bed.numeric(SPO2, 97)
    assert bed.alarms[SPO2_LOW].presence is Presence.LATCHED
    assert bed.audio.sounding is HIGH
    bed.do(Acknowledge())
    assert not bed.alarms
    bed = Bed()
    bed.start(preset=preset(PLAIN, ConditionSetting(name="fault", latching=False)))
    bed.report("fault")
    bed.report("fault", ok=True)
    assert not bed.alarms


# presets


def test_a_limit_set_in_the_case_changes_the_cases_preset_alone():
    bed = Bed()
    site = replace(preset(LIMITS), level=PresetLevel.SITE)
    bed.start(preset=site)
    outcome = bed.do(SetLimit(metric=HEART_RATE, low=45, high=120, reason="usual for her"))
    assert outcome.limits is not None
    assert outcome.limits.level is PresetLevel.CASE
    assert site.level is PresetLevel.SITE
    assert site.limit_of(HEART_RATE) == LIMITS[1]


# after an interruption


def interrupted(alarms) -> Bed:
    bed = Bed()
    bed.start(preset=preset(PLAIN))
    outcome = bed.monitor.inherit(bed.now, alarms)
    assert not outcome.transitions
    bed.alarms = {alarm.condition: alarm for alarm in outcome.alarms or ()}
    bed.audio = outcome.audio or bed.audio
    return bed


def test_what_stood_stands_on_as_it_stood():
    before = low_spo2()
    before.do(Acknowledge(by="A"))
    bed = interrupted(before.alarms.values())
    bed.numeric(SPO2, 97, interval_s=4000)
    bed.numeric(SPO2, 84, interval_s=4000)
    assert bed.alarms[SPO2_LOW].presence is Presence.ACKNOWLEDGED
    assert bed.alarms[SPO2_LOW].since == before.alarms[SPO2_LOW].since
    assert not bed.transitions
    assert bed.audio.sounding is None
    bed.each_second(INHERITED_S + 1)
    assert bed.alarms[SPO2_LOW].presence is Presence.ACKNOWLEDGED


def test_what_stood_and_is_not_found_again_stays_until_someone_has_looked():
    bed = interrupted(low_spo2().alarms.values())
    bed.numeric(SPO2, 97, interval_s=4000)
    bed.each_second(INHERITED_S + 1)
    assert bed.alarms[SPO2_LOW].presence is Presence.LATCHED
    bed.do(Acknowledge())
    assert SPO2_LOW not in bed.alarms


def test_what_stood_is_heard_at_once_and_ends_no_pause():
    bed = interrupted(low_spo2().alarms.values())
    assert bed.audio.sounding is HIGH
    bed.do(PauseAudio(seconds=120))
    bed.numeric(SPO2, 97, interval_s=4000)
    bed.numeric(SPO2, 84, interval_s=4000)
    assert bed.audio.paused_until is not None


def test_a_lost_line_ends_nothing_that_was_inherited():
    bed = interrupted(low_spo2().alarms.values())
    bed.link(LinkState.LOST)
    bed.numeric(SPO2, None, validity=Validity.NOT_AVAILABLE)
    bed.each_second(3 * INHERITED_S)
    assert bed.alarms[SPO2_LOW].presence is Presence.LATCHED
