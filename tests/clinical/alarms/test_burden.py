"""The burden of a case, from what happened at a bed."""

from __future__ import annotations

from clinical.alarm_model import AlarmLimit
from clinical.alarms.burden import burden_of
from clinical.commands import Acknowledge, PauseAudio
from clinical.metrics import SPO2
from clinical.observations import Priority
from tests.clinical.bed import T0, Bed, preset

LIMIT = AlarmLimit(metric=SPO2, low=90, high=None, priority=Priority.HIGH, delay_s=0, hysteresis=0, rejoin_s=60, worse_by=5)


def test_a_quiet_case():
    burden = burden_of((), (), T0, T0.plus(3600))
    assert (burden.hours, burden.new, burden.in_alarm_s, burden.silenced_s, burden.response_s) == (1, 0, 0, 0, None)
    assert burden_of((), (), T0, T0).new_per_hour == 0


def test_what_is_counted():
    bed = Bed()
    bed.start(preset=preset((LIMIT,)))
    bed.hold(SPO2, 97, 9)
    bed.hold(SPO2, 85, 10)  # second 10 to 20: new, ends by itself
    bed.hold(SPO2, 97, 30)
    bed.hold(SPO2, 85, 20)  # second 50 to 70: the same one returns, and is answered after 20 s
    bed.do(Acknowledge())
    bed.do(PauseAudio(seconds=30))
    bed.hold(SPO2, 97, 60)
    bed.report("disk")  # second 129: technical, and it stands to the end
    bed.hold(SPO2, 97, 11)
    audio = [(outcome.message.at, outcome.audio) for outcome in bed.outcomes if outcome.audio is not None]
    burden = burden_of(bed.transitions, audio, T0, T0.plus(140))
    assert (burden.new, burden.returned, burden.physiological, burden.technical) == (2, 1, 1, 1)
    assert burden.self_cleared == 1
    assert burden.in_alarm_s == 10 + 20 + 11
    assert burden.silenced_s == 30
    assert burden.response_s == 19
    assert burden.new_per_hour == 2 / (140 / 3600)


def test_a_standing_alarm_that_worsens_is_no_new_one():
    bed = Bed()
    bed.alert("battery", Priority.LOW)
    bed.start(preset=preset((LIMIT,)))
    bed.alert("battery", Priority.MEDIUM)
    burden = burden_of(bed.transitions, (), T0, bed.now.plus(60))
    assert (burden.new, burden.worsened) == (1, 1)
