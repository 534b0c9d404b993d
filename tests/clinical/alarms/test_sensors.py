"""Sensors without a reading: the number is gone at once; the alarm is delayed, held, joined and rises. It is never missed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.site_data import SiteData
from clinical.alarm_model import AlarmLimit, AlarmPreset, ConditionSetting, Presence, SensorRule
from clinical.commands import Acknowledge, PauseAudio, SetLimit
from clinical.metrics import NIBP_SYS, PULSE_RATE, SPO2
from clinical.observations import LinkState, Numeric, Priority, Validity
from tests.clinical.bed import Bed, preset

OFF, PULSE_OFF, WAITS = "sensor:MDC_PULS_OXIM_SAT_O2", "sensor:MDC_PULS_OXIM_PULS_RATE", "wait:sensor:MDC_PULS_OXIM_SAT_O2"
LIMITS = (
    AlarmLimit(metric=SPO2, low=90, high=None, priority=Priority.HIGH, delay_s=3, hysteresis=0, cuff_wait_s=60),
    AlarmLimit(metric=PULSE_RATE, low=50, high=120, priority=Priority.MEDIUM, delay_s=3, hysteresis=0),
)
RULE = SensorRule(hold_s=15, rejoin_s=300, rises_after_s=45)


def begun(rule: SensorRule = RULE) -> Bed:
    bed = Bed()
    bed.start(preset=replace(preset(LIMITS, ConditionSetting(name="sensor off", delay_s=20)), sensors=rule))
    probe(bed, 97, 72, 5)
    return bed


def probe(bed: Bed, spo2: float | None, pulse: float | None, seconds: float) -> None:
    bed.each_second(seconds, lambda: (bed.numeric(SPO2, spo2, reason=_why(spo2)), bed.numeric(PULSE_RATE, pulse, reason=_why(pulse))))


def _why(value: float | None) -> str:
    return "finger out" if value is None else ""


def off(bed: Bed, seconds: float) -> None:
    probe(bed, None, None, seconds)


def on(bed: Bed, seconds: float) -> None:
    probe(bed, 97, 72, seconds)


def test_the_number_is_gone_with_the_first_missing_value():
    bed = begun()
    outcome = bed.numeric(SPO2, None)
    assert isinstance(outcome.shown, Numeric)
    assert (outcome.shown.value, outcome.shown.validity) == (None, Validity.INVALID)


def test_low_after_its_delay_then_medium_and_heard_again_though_acknowledged():
    bed = begun()
    off(bed, 20.75)
    assert not bed.alarms
    off(bed, 1)
    assert (bed.alarms[OFF].title, bed.alarms[OFF].priority) == ("SpO₂ finger out", Priority.LOW)
    assert PULSE_OFF not in bed.alarms, "one probe, one alarm"
    bed.do(Acknowledge(by="A"))
    assert bed.audio.sounding is None
    off(bed, 23)
    assert bed.alarms[OFF].priority is Priority.LOW
    off(bed, 3)
    assert (bed.alarms[OFF].priority, bed.alarms[OFF].presence) == (Priority.MEDIUM, Presence.ON)
    assert bed.audio.sounding is Priority.MEDIUM


def test_a_brief_absence_is_not_told():
    bed = begun()
    off(bed, 19)
    on(bed, 60)
    assert not bed.transitions


def test_a_loose_contact_does_not_put_its_alarm_off():
    bed = begun()
    for _ in range(3):
        off(bed, 8)
        on(bed, 2)
    assert OFF in bed.alarms


def test_it_does_not_appear_while_a_reading_is_there():
    bed = begun()
    off(bed, 18)
    on(bed, 10)
    assert not bed.alarms
    off(bed, 1)
    assert OFF in bed.alarms, "the reading did not stay"


def test_a_reading_that_is_back_is_judged_at_once_and_the_alarm_says_that_it_is_back():
    bed = begun()
    off(bed, 25)
    probe(bed, 84, 72, 4)
    assert bed.alarms[OFF].title == "SpO₂ back, was finger out"
    assert bed.alarms[OFF].detail == "over after 15 s of good readings"
    assert "limit:MDC_PULS_OXIM_SAT_O2:low" in bed.alarms
    probe(bed, 97, 72, 13)
    assert OFF not in bed.alarms


def test_a_return_is_seen_and_logged_at_once_and_breaks_no_pause():
    bed = begun()
    off(bed, 25)
    bed.do(PauseAudio(seconds=120))
    on(bed, 60)
    off(bed, 25)
    assert (bed.alarms[OFF].returns, bed.alarms[OFF].presence) == (1, Presence.ON)
    assert "back after 45 s, return 1" in bed.alarms[OFF].detail
    assert bed.transitions[-1].alarm.returns == 1
    assert bed.audio.paused_until is not None
    off(bed, 25)
    assert bed.audio.paused_until is None, "what lasts is heard"
    assert bed.alarms[OFF].priority is Priority.MEDIUM


@pytest.mark.parametrize(("away_s", "returns"), [(290, 1), (330, 0)])
def test_how_long_it_is_remembered(away_s, returns):
    bed = begun()
    off(bed, 25)
    on(bed, away_s)
    off(bed, 25)
    assert bed.alarms[OFF].returns == returns


def test_a_pulse_that_comes_back_after_the_saturation_is_the_same_absence():
    bed = begun()
    off(bed, 18)
    probe(bed, 97, None, 12)
    on(bed, 30)
    assert not bed.transitions
    probe(bed, 97, None, 31)
    assert bed.alarms[PULSE_OFF].priority is Priority.LOW, "alone it is told by itself"


def test_a_pulse_that_stays_away_is_told_though_the_saturation_comes_and_goes():
    bed = begun()
    for _ in range(2):
        off(bed, 5)
        probe(bed, 97, None, 16)
    assert PULSE_OFF in bed.alarms
    off(bed, 5)
    assert PULSE_OFF in bed.alarms, "until the saturation's own alarm takes its place"
    off(bed, 20)
    assert list(bed.alarms) == [OFF]


def test_a_line_that_is_lost_takes_the_place_of_the_sensor_at_once():
    bed = begun()
    off(bed, 25)
    bed.link(LinkState.LOST)
    assert OFF not in bed.alarms
    assert "link:monitor:lost" in bed.alarms


def test_on_the_arm_of_the_cuff_it_waits_says_so_and_no_longer_than_a_minute():
    bed = begun()
    bed.numeric(NIBP_SYS, None, validity=Validity.ONGOING)
    off(bed, 25)
    assert bed.alarms[WAITS].detail == "waits at most 60 s"
    assert OFF not in bed.alarms
    off(bed, 36)
    assert OFF in bed.alarms
    assert WAITS not in bed.alarms
    assert bed.alarms[OFF].priority is Priority.MEDIUM, "it has lasted by then"


def test_after_the_cuff_the_probe_has_ten_seconds_to_find_the_pulse():
    bed = begun()
    bed.numeric(NIBP_SYS, None, validity=Validity.ONGOING)
    off(bed, 25)
    bed.numeric(NIBP_SYS, 120, measured_at=bed.now)
    off(bed, 9)
    assert OFF not in bed.alarms
    on(bed, 60)
    assert OFF not in {step.alarm.condition for step in bed.transitions}


def test_a_probe_that_came_off_under_the_cuff_is_told_when_the_ten_seconds_are_over():
    bed = begun()
    bed.numeric(NIBP_SYS, None, validity=Validity.ONGOING)
    off(bed, 25)
    bed.numeric(NIBP_SYS, 120, measured_at=bed.now)
    off(bed, 11)
    assert OFF in bed.alarms
    assert WAITS not in bed.alarms


def test_a_limit_that_is_switched_off_ends_its_sensors_alarm_and_it_may_come_anew():
    bed = begun()
    off(bed, 25)
    bed.do(SetLimit(metric=SPO2, low=None, high=None, by="A", reason="no finger"))
    assert OFF not in bed.alarms
    bed.do(SetLimit(metric=SPO2, low=90, high=None, by="A"))
    off(bed, 25)
    assert OFF in bed.alarms


@settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 30)), max_size=5), st.integers(25, 60))
def test_a_probe_that_stays_off_is_always_told(stretches, seconds):
    """Whatever came before: 20 s after the last reading its alarm stands, and after 45 s it is medium."""
    bed = begun()
    for here, length in stretches:
        (on if here else off)(bed, length)
    off(bed, seconds)
    assert OFF in bed.alarms
    if seconds > 46:
        assert bed.alarms[OFF].priority is Priority.MEDIUM
    on(bed, 16.5)
    assert OFF not in bed.alarms, "and it always ends"


def test_without_a_rule_each_absence_is_told_with_its_full_priority():
    bed = begun(SensorRule())
    off(bed, 21)
    assert bed.alarms[OFF].priority is Priority.MEDIUM
    bed.numeric(SPO2, 97)
    assert OFF not in bed.alarms


def test_the_shipped_preset_discloses_its_delay():
    shipped: AlarmPreset = SiteData().load_preset("adult-ketamine").value
    assert shipped.sensors == RULE
    assert next(setting for setting in shipped.conditions if setting.name == "sensor off").delay_s == 20
