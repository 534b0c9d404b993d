"""A stored case, played again from its record, gives the same alarm log to the byte; also over an interruption."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from math import nan
from pathlib import Path

import pytest

from clinical.alarm_model import SILENCE, Alarm, AudioState, Presence
from clinical.commands import Acknowledge, PauseAudio, RecordAssessment, SetLimit, SilenceAlarm
from clinical.instant import Instant
from clinical.messages import Outcome, SelfReport, Tick
from clinical.metrics import HEART_RATE, NIBP_SYS, SPO2
from clinical.observations import LinkState, Priority, PumpState, Validity
from clinical.taking_up import rebuild, taking_up
from storage import arrivals
from storage.arrivals import ArrivalsError, read
from storage.cases import check_case, open_case, resume_messages
from storage.errors import StoreDamagedError
from storage.past import Past
from storage.recorder import Recorder
from storage.replay import NotReplayableError, replayed
from tests.clinical.bed import Bed

SPO2_LOW = "limit:MDC_PULS_OXIM_SAT_O2:low"


class KeptBed(Bed):
    """A bed whose outcomes go into a database."""

    def __init__(self, path: Path, boot_id: str = "boot-a") -> None:
        super().__init__()
        self.address = f"sqlite:///{path}"
        self.boot_id = boot_id
        self.recorder = Recorder(self.address, boot_id=boot_id)
        self.recorder.open()

    def step(self, message: object) -> Outcome:
        outcome = super().step(message)  # type: ignore[arg-type]
        self.recorder.keep(outcome)
        if self.recorder.wants_commit(outcome):
            self.recorder.commit()
        return outcome

    def close(self) -> None:
        self.recorder.commit()
        self.recorder.close()

    def take_up(self, now: Instant) -> None:
        """As the core does it after an interruption."""
        self.now = now
        with open_case(self.address, 1) as history:
            past = Past(history, now, boot_id=self.boot_id)
            case = taking_up(now, list(resume_messages(history, now, boot_id=self.boot_id)), list(past.transitions()))
        self.monitor, outcomes = rebuild(case)
        self.recorder.resume(1, now)
        for outcome in outcomes:
            self.audio = outcome.audio or self.audio
            if outcome.alarms is not None:
                self.alarms = {alarm.condition: alarm for alarm in outcome.alarms}
        for ok in (False, True):
            self.step(SelfReport(now, "power", ok, "away"))


def much_happens(bed: Bed) -> None:
    bed.pump(rate_ml_per_h=5.0, infused_ml=0.0, pressure_mmhg=-12.5)
    bed.hold(SPO2, 97, 3)
    bed.hold(SPO2, 84, 12)
    bed.do(SilenceAlarm(condition=SPO2_LOW, seconds=20))
    bed.numeric(HEART_RATE, nan)
    bed.hold(HEART_RATE, 130, 5, validity=Validity.QUESTIONABLE)
    bed.do(Acknowledge(by="A"))
    bed.do(SetLimit(metric=SPO2, low=500, high=None))  # refused
    bed.do(SetLimit(metric=HEART_RATE, low=45, high=140, reason="usual"))
    bed.numeric(NIBP_SYS, 168, measured_at=bed.now.plus(-4), interval_s=5)
    bed.alert("occlusion", Priority.HIGH)
    bed.alert("occlusion", Priority.MEDIUM)
    bed.each_second(11, lambda: bed.pump(PumpState.ALARM, rate_ml_per_h=0.0))
    bed.report("disk", text="little is left")
    bed.link(LinkState.LOST, "monitor", "unplugged")
    bed.do(RecordAssessment(event_at=bed.now, scores=(("pain at rest", 4),)))
    bed.do(PauseAudio(seconds=60))
    bed.each_second(3)


def test_a_case_gives_its_log_again(tmp_path):
    bed = KeptBed(tmp_path / "a.sqlite")
    bed.start()
    much_happens(bed)
    bed.link(LinkState.LIVE)
    bed.hold(SPO2, 97, 15)
    bed.end()
    bed.close()
    with open_case(bed.address, 1) as history:
        log = history.transitions()
        assert len(log) > 12
        assert repr(replayed(history)) == repr(log)
        assert history.pump_reports()[0][1].pressure_mmhg == -12.5
    assert check_case(bed.address, 1).whole


@pytest.mark.parametrize(("boot", "away_s"), [("boot-a", 4.0), ("boot-b", 90.0)])
def test_acknowledgements_outlive_an_interruption_and_the_log_is_exact_over_it(tmp_path, boot, away_s):
    bed = KeptBed(tmp_path / "a.sqlite")
    bed.start()
    much_happens(bed)
    stood = {name: alarm.presence for name, alarm in bed.alarms.items() if not name.startswith("self:")}
    assert Presence.ACKNOWLEDGED in stood.values()
    bed.close()
    again = KeptBed(tmp_path / "a.sqlite", boot)
    now = bed.now.plus(away_s)
    again.take_up(now if boot == "boot-a" else Instant(77 * 10**9, now.utc_ns))
    assert {name: alarm.presence for name, alarm in again.alarms.items() if not name.startswith("self:")} == stood
    assert again.alarms["self:power"].presence is Presence.LATCHED
    again.hold(SPO2, 84, 20)
    assert again.alarms[SPO2_LOW].presence is Presence.ACKNOWLEDGED
    much_happens(again)
    again.close()
    with open_case(bed.address, 1) as history:
        log = history.transitions()
        assert repr(replayed(history)) == repr(log)
    assert any(step.alarm.condition == "self:power" for step in log)


def taken_up(path: Path, bed: KeptBed, away_s: float) -> tuple[dict[str, Alarm], AudioState]:
    """What stands and what sounds after so long an interruption."""
    bed.close()
    now = bed.now.plus(away_s)
    with open_case(bed.address, 1) as history:
        messages, log = list(resume_messages(history, now, boot_id="boot-a")), history.transitions()
    _, outcomes = rebuild(taking_up(now, messages, log))
    audio = next((outcome.audio for outcome in reversed(outcomes) if outcome.audio is not None), SILENCE)
    return {alarm.condition: alarm for outcome in outcomes for alarm in outcome.alarms or ()}, audio


def low_saturation(path: Path) -> KeptBed:
    bed = KeptBed(path)
    bed.start()
    bed.hold(SPO2, 97, 3)
    bed.hold(SPO2, 84, 12)
    return bed


def test_a_pause_of_all_sound_is_over_after_an_interruption(tmp_path):
    bed = low_saturation(tmp_path / "a.sqlite")
    bed.do(PauseAudio(seconds=120))
    bed.each_second(1)
    assert bed.audio.sounding is None
    _, audio = taken_up(tmp_path / "a.sqlite", bed, 3)
    assert (audio.sounding, audio.paused_until) == (Priority.HIGH, None)


def test_the_silence_of_one_condition_goes_on_for_what_is_left_of_it(tmp_path):
    bed = low_saturation(tmp_path / "a.sqlite")
    silenced_at = bed.now.plus(1)
    bed.each_second(1)
    bed.do(SilenceAlarm(condition=SPO2_LOW, seconds=9999))
    bed.each_second(1)
    alarms, audio = taken_up(tmp_path / "a.sqlite", bed, 3)
    assert alarms[SPO2_LOW].silenced_until == silenced_at.plus(120)
    assert audio.sounding is None


@pytest.mark.parametrize("then", ["it is over", "it was acknowledged", "another was silenced", "its time has passed"])
def test_a_silence_that_had_ended_is_not_taken_up(tmp_path, then):
    bed, away_s = low_saturation(tmp_path / "a.sqlite"), 3.0
    bed.each_second(1)
    bed.do(SilenceAlarm(condition="limit:other" if then == "another was silenced" else SPO2_LOW, seconds=60))
    if then == "it is over":
        bed.hold(SPO2, 97, 6)
        bed.hold(SPO2, 84, 12)
    elif then == "it was acknowledged":
        bed.do(Acknowledge(by="A"))
    elif then == "its time has passed":
        away_s = 61.0
    alarms, audio = taken_up(tmp_path / "a.sqlite", bed, away_s)
    assert alarms[SPO2_LOW].silenced_until is None
    assert (audio.sounding is Priority.HIGH) == (then != "it was acknowledged")


def test_a_case_without_its_order_of_arrival_is_not_replayed_by_guess(tmp_path):
    bed = KeptBed(tmp_path / "a.sqlite")
    bed.start()
    bed.close()
    connection = sqlite3.connect(tmp_path / "a.sqlite")
    connection.execute("UPDATE arrivals SET kinds = ?", (b"CN",))
    connection.commit()
    with open_case(bed.address, 1) as history, pytest.raises(StoreDamagedError, match="more messages than are stored"):
        replayed(history)
    connection.execute("UPDATE arrivals SET kinds = x'58'")
    connection.commit()
    with open_case(bed.address, 1) as history, pytest.raises(NotReplayableError, match="could not be stored in time"):
        replayed(history)
    connection.execute("DELETE FROM arrivals")
    connection.commit()
    connection.close()
    with open_case(bed.address, 1) as history, pytest.raises(NotReplayableError, match="was not kept"):
        replayed(history)


@pytest.mark.parametrize("order", [b"Q", b"T1234", b"N" + bytes([arrivals.TICK])])
def test_bytes_that_are_no_order_are_refused(order):
    with pytest.raises(ArrivalsError):
        list(read(order))


def test_how_often_an_alarm_came_back_is_kept(tmp_path):
    bed = KeptBed(tmp_path / "a.sqlite")
    bed.start()
    bed.hold(SPO2, 97, 3)
    bed.hold(SPO2, 84, 12)
    step = bed.transitions[0]
    again = replace(step, alarm=replace(step.alarm, returns=2))
    bed.recorder.keep(Outcome(message=Tick(bed.now), transitions=(again,)))
    bed.close()
    with open_case(bed.address, 1) as history:
        assert [kept.alarm.returns for kept in history.transitions()] == [0, 2]
    assert check_case(bed.address, 1).whole
