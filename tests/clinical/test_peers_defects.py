"""Faults that other bedside programs have had, by name: none of them here."""

from __future__ import annotations

import locale

import pytest

from clinical.alarm_model import Presence
from clinical.commands import Acknowledge, PauseAudio
from clinical.metrics import HEART_RATE, SPO2, TEMPERATURE
from clinical.monitor import Monitor
from clinical.observations import LinkState, Priority
from tests.clinical.bed import Bed

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
