"""Sound: the loudest sounds, pauses end, what is new is heard."""

from __future__ import annotations

import math

import pytest

from clinical.alarm_model import LONGEST_AUDIO_PAUSE_S, Presence
from clinical.alarms.audio import Audio
from clinical.commands import Acknowledge, PauseAudio, ResumeAudio
from clinical.metrics import NIBP_SYS, SPO2, TEMPERATURE
from clinical.observations import LinkState, Priority
from tests.clinical.bed import T0, Bed

SPO2_LOW = "limit:MDC_PULS_OXIM_SAT_O2:low"


def low_spo2() -> Bed:
    bed = Bed()
    bed.start()
    bed.hold(SPO2, 97, 1)
    bed.hold(SPO2, 84, 11)
    return bed


def keep(bed: Bed, seconds: float) -> None:
    bed.hold(SPO2, 84, seconds)


def test_the_loudest_sounds():
    bed = low_spo2()
    bed.numeric(TEMPERATURE, 39)
    assert bed.audio.sounding is Priority.HIGH
    bed.do(Acknowledge(conditions=(SPO2_LOW,), by="A"))
    assert bed.audio.sounding is Priority.LOW
    bed.do(Acknowledge(by="A"))
    assert bed.audio.sounding is None
    assert {alarm.presence for alarm in bed.alarms.values()} == {Presence.ACKNOWLEDGED}
    assert bed.transitions[-1].by == "A"


@pytest.mark.parametrize(("asked", "length"), [(30, 30), (120, 120), (3600, 120)])
def test_a_pause_ends_by_itself(asked, length):
    bed = low_spo2()
    bed.do(PauseAudio(seconds=asked))
    assert (bed.audio.sounding, bed.audio.paused_until) == (None, bed.now.plus(length))
    assert SPO2_LOW in bed.alarms  # sight stays
    keep(bed, length - 0.5)
    assert bed.audio.sounding is None
    keep(bed, 0.5)
    assert (bed.audio.sounding, bed.audio.paused_until) == (Priority.HIGH, None)


@pytest.mark.parametrize("seconds", [0, -1, math.inf, math.nan])
def test_a_pause_without_a_length_is_refused(seconds):
    bed = low_spo2()
    assert "cannot be paused" in bed.do(PauseAudio(seconds=seconds)).refused
    assert bed.audio.sounding is Priority.HIGH


def test_a_pause_can_be_taken_back():
    bed = low_spo2()
    bed.do(PauseAudio(seconds=60))
    bed.do(ResumeAudio())
    assert bed.audio.sounding is Priority.HIGH


def test_anything_new_breaks_a_pause_even_if_it_is_lower():
    bed = low_spo2()
    bed.do(PauseAudio(seconds=120))
    generation = bed.audio.generation
    bed.numeric(TEMPERATURE, 39)
    assert (bed.audio.sounding, bed.audio.paused_until, bed.audio.generation) == (Priority.HIGH, None, generation + 1)


def test_what_gets_worse_breaks_a_pause_and_an_acknowledgement():
    bed = Bed()
    bed.start()
    bed.alert("occlusion", Priority.LOW)
    bed.do(Acknowledge())
    bed.do(PauseAudio(seconds=120))
    bed.alert("occlusion", Priority.HIGH)
    assert (bed.audio.sounding, bed.audio.paused_until) == (Priority.HIGH, None)
    assert bed.alarms["device:pump:occlusion"].presence is Presence.ON
    bed.do(Acknowledge())
    bed.alert("occlusion", Priority.MEDIUM)  # better: told when it has lasted, not heard again
    bed.each_second(11)
    assert bed.alarms["device:pump:occlusion"].priority is Priority.MEDIUM
    assert bed.audio.sounding is None


def test_a_new_occurrence_is_heard_though_the_last_was_acknowledged():
    bed = low_spo2()
    bed.do(Acknowledge())
    generation = bed.audio.generation
    bed.hold(SPO2, 97, 1)
    assert not bed.alarms
    bed.hold(SPO2, 84, 11)
    assert bed.audio.sounding is Priority.HIGH
    assert bed.audio.generation == generation + 1


def test_an_alarm_that_ends_during_a_pause_leaves_it_running():
    bed = low_spo2()
    bed.do(PauseAudio(seconds=120))
    bed.hold(SPO2, 97, 1)
    assert bed.audio.paused_until is not None
    bed.numeric(NIBP_SYS, 168, measured_at=bed.now)
    assert bed.audio.sounding is Priority.MEDIUM


def test_nothing_sounds_without_a_case():
    bed = Bed()
    bed.link(LinkState.LOST)
    assert "link:monitor:lost" in bed.alarms
    assert bed.audio.sounding is None
    bed.do(PauseAudio(seconds=120))
    bed.start()
    assert (bed.audio.sounding, bed.audio.paused_until) == (Priority.HIGH, None)
    bed.end()
    assert "link:monitor:lost" in bed.alarms
    assert bed.audio.sounding is None


def test_a_pause_is_never_longer_than_the_longest():
    audio = Audio()
    audio.arm()
    audio.pause(T0, math.inf, None)
    state = audio.settle(T0, None, appeared=False)
    assert state is not None
    assert state.paused_until == T0.plus(LONGEST_AUDIO_PAUSE_S)
