"""Faults that other bedside programs have had, by name: none of them here."""

from __future__ import annotations

import locale
import re
from pathlib import Path

import pytest

import clinical
from clinical.alarm_model import LONGEST_AUDIO_PAUSE_S, REMINDER_EVERY_S, AlarmLimit, Presence
from clinical.commands import Acknowledge, PauseAudio, SilenceAlarm
from clinical.metrics import CO2_RESP_RATE, HEART_RATE, SPO2, TEMPERATURE
from clinical.monitor import Monitor
from clinical.observations import LinkState, Priority
from clinical.pharmacokinetics import models
from tests.clinical.bed import LIMITS, Bed, preset

SPO2_LOW = "limit:MDC_PULS_OXIM_SAT_O2:low"


def low_spo2() -> Bed:
    bed = Bed()
    bed.start()
    bed.hold(SPO2, 97, 1)
    bed.hold(SPO2, 84, 11)
    return bed


def test_a_rise_in_priority_after_dismissal_is_raised():
    """A ventilator's alarm manager returned early for what had been dismissed, so LOW to HIGH went unheard."""
    bed = Bed()
    bed.start()
    bed.alert("pressure", Priority.LOW)
    bed.do(Acknowledge())
    bed.alert("pressure", Priority.MEDIUM)
    assert bed.audio.sounding is Priority.MEDIUM
    bed.do(Acknowledge())
    bed.alert("pressure", Priority.HIGH)
    assert bed.audio.sounding is Priority.HIGH
    assert [(step.before, step.alarm.priority) for step in bed.transitions if step.alarm.presence is Presence.ON] == [
        (Presence.OFF, Priority.LOW),
        (Presence.ACKNOWLEDGED, Priority.MEDIUM),
        (Presence.ACKNOWLEDGED, Priority.HIGH),
    ]


def test_dismissing_removes_nothing_that_lasts():
    """Dismissal took the card off the screen while the condition went on."""
    bed = low_spo2()
    bed.do(Acknowledge())
    assert bed.alarms[SPO2_LOW].presence is Presence.ACKNOWLEDGED


def test_every_priority_reaches_the_list():
    """One screen laid out HIGH, then LOW; MEDIUM was never added."""
    bed = low_spo2()
    bed.numeric(HEART_RATE, 40)
    bed.numeric(TEMPERATURE, 39)
    last = next(outcome.alarms for outcome in reversed(bed.outcomes) if outcome.alarms is not None)
    assert [alarm.priority for alarm in last] == [Priority.HIGH, Priority.MEDIUM, Priority.LOW]


def test_a_stalled_line_clears_no_alarm():
    """Alarms vanished 2 s after the last report, so a stalled line looked like recovery."""
    bed = low_spo2()
    bed.each_second(600)
    assert bed.alarms[SPO2_LOW].presence is Presence.ON


def test_staleness_cannot_be_switched_off_by_a_zero():
    """A time-out of 0 switched the stale-data check off."""
    bed = Bed()
    bed.start()
    bed.hold(SPO2, 97, 2, interval_s=0)
    bed.each_second(3)
    assert "nodata:MDC_PULS_OXIM_SAT_O2" in bed.alarms


def test_not_sounding_is_itself_told():
    """Where the audio line was missing the exception was printed and the program stayed mute."""
    bed = Bed()
    bed.start()
    bed.report("sound", text="no audio device: plug in a loudspeaker")
    assert bed.alarms["self:sound"].title == "CANNOT SOUND"


def test_a_silenced_alarm_stays_silent_at_the_next_reading_and_no_longer():
    """A snoozed alarm sounded again at the next reading."""
    bed = low_spo2()
    bed.do(PauseAudio(seconds=120))
    for value in (83, 82, 81):
        bed.hold(SPO2, value, 10)
        assert bed.audio.sounding is None
    bed.hold(SPO2, 81, 90)
    assert bed.audio.sounding is Priority.HIGH


def test_silencing_one_direction_leaves_the_other():
    """Silencing HIGH silenced LOW."""
    bed = Bed()
    bed.start()
    bed.hold(HEART_RATE, 130, 4)
    bed.do(Acknowledge())
    bed.numeric(HEART_RATE, 40)
    assert bed.audio.sounding is Priority.MEDIUM
    assert bed.alarms["limit:MDC_ECG_HEART_RATE:low"].presence is Presence.ON


def test_a_lost_line_is_over_when_it_is_back():
    """A connection-lost alarm never cleared after recovery."""
    bed = Bed()
    bed.start()
    bed.hold(SPO2, 97, 1)
    for state in (LinkState.LOST, LinkState.CONNECTING, LinkState.LOST, LinkState.CONNECTING, LinkState.LIVE):
        bed.link(state)
    bed.hold(SPO2, 97, 5)
    assert not bed.alarms


def test_one_noisy_value_raises_nothing():
    """Users asked for "outside for so long", not one noisy value."""
    bed = Bed()
    bed.start()
    bed.hold(SPO2, 97, 2)
    bed.numeric(SPO2, 60)
    bed.hold(SPO2, 97, 20)
    assert not bed.transitions


def test_words_do_not_change_with_the_locale():
    """Three of the programs read or wrote numbers by the locale of the machine."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
    except locale.Error:
        pytest.skip("the locale de_DE.UTF-8 is not installed here")
    try:
        bed = Bed()
        bed.start()
        bed.numeric(TEMPERATURE, 39.2)
        assert bed.alarms["limit:MDC_TEMP:high"].title == "Temp 39.2 > 38.5"
    finally:
        locale.setlocale(locale.LC_ALL, before)


def test_every_silence_has_an_end():
    """Mute was a toggle without a time limit, reset only when all alarms were gone."""
    bed = low_spo2()
    for silence in (PauseAudio(seconds=1e9), SilenceAlarm(condition=SPO2_LOW, seconds=1e9)):
        bed.do(silence)
        assert bed.audio.sounding is None
        bed.hold(SPO2, 84, LONGEST_AUDIO_PAUSE_S + 1)
        assert bed.audio.sounding is Priority.HIGH


def test_many_that_end_at_once_leave_none_behind_and_a_lower_newcomer_is_heard():
    """Alarms were removed from a list while it was walked, and sound began only where the newcomer was the highest."""
    bed = Bed()
    bed.start(preset=preset(()))
    for number in range(20):
        bed.alert(f"alert {number}", Priority.HIGH)
    bed.do(Acknowledge())
    bed.alert("lower", Priority.LOW)
    assert bed.audio.sounding is Priority.LOW
    for number in range(20):
        bed.alert(f"alert {number}", active=False)
    bed.alert("lower", active=False)
    assert not bed.alarms
    assert bed.audio.sounding is None


def test_an_unanswered_alarm_sounds_on_and_an_acknowledged_one_reminds():
    """A reminder stopped by itself after ten times half a second."""
    bed = low_spo2()
    bed.hold(SPO2, 84, 3600)
    assert bed.audio.sounding is Priority.HIGH
    assert bed.audio.repeats
    bed.do(Acknowledge())
    bed.hold(SPO2, 84, 3600)
    assert bed.audio.reminders == 3600 // REMINDER_EVERY_S


def test_low_is_low_high_is_high_and_a_limit_of_zero_is_a_limit():
    """Low and high were loaded the wrong way round for years, and a limit of 0 meant "off"."""
    zero = AlarmLimit(metric=CO2_RESP_RATE, low=None, high=0, priority=Priority.MEDIUM, delay_s=0, hysteresis=0)
    bed = Bed()
    bed.start(preset=preset((zero, *LIMITS)))
    bed.numeric(CO2_RESP_RATE, 1)
    assert bed.alarms["limit:MDC_CO2_RESP_RATE:high"].title == "RR 1 > 0"
    bed.numeric(HEART_RATE, 40)
    assert "limit:MDC_ECG_HEART_RATE:low" in bed.alarms
    assert "limit:MDC_ECG_HEART_RATE:high" not in bed.alarms


def test_constants_that_are_assumed_say_so_and_ranges_are_the_right_way_round():
    """A drug file had its upper and lower typical concentrations swapped, and a time to peak that was "just a guess"."""
    assert "assumption" in (models.__doc__ or "") + Path(models.__file__).read_text(encoding="utf-8")
    for model in models.MODELS:
        assert model.source
    bed = Bed()
    bed.start()
    for minute in range(60):
        bed.pump(rate_ml_per_h=5.0, infused_ml=minute / 12)
        bed.each_second(1)
        bed.now = bed.now.plus(59)
    assert bed.dose is not None
    assert bed.dose.predicted_ng_per_ml is not None
    low, high = bed.dose.predicted_ng_per_ml
    assert 0 < low < high


def test_a_rate_below_one_is_not_nothing():
    """A comma as the decimal point made rates below 1 mL/h a 0 in the record."""
    bed = Bed()
    bed.start()
    bed.pump(rate_ml_per_h=0.5)
    assert bed.dose is not None
    assert bed.dose.rate_mg_per_h == 1.0


def test_no_code_asks_what_the_machines_locale_is():
    """Three of the programs read or wrote numbers by it; a machine of any country must give the same bytes."""
    root = Path(clinical.__file__).parents[1]
    asked = re.compile(r"^\s*(import|from) locale\b|QLocale|:n}", re.MULTILINE)
    rooms = ("app", "clinical", "devices", "storage", "widgets")
    sources = [path for room in rooms for path in (root / room).rglob("*.py")]
    assert len(sources) > 200
    assert [str(path) for path in sources if asked.search(path.read_text(encoding="utf-8"))] == []


def test_a_case_played_again_gives_the_same_to_the_byte():
    bed = low_spo2()
    bed.pump(rate_ml_per_h=5.0, infused_ml=0.0)
    bed.link(LinkState.LOST)
    bed.do(PauseAudio(seconds=60))
    bed.each_second(70, lambda: bed.numeric(SPO2, 95, device="oximeter"))
    bed.end()
    again = Monitor()
    replayed = [again.step(message) for message in bed.messages]
    assert replayed == bed.outcomes
    assert repr(replayed) == repr(bed.outcomes)
