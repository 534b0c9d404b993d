"""What a slow, stopped or new display is told: merged, bounded, nothing that matters lost, and nobody waits."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from itertools import pairwise
from multiprocessing.connection import Client
from pathlib import Path
from queue import SimpleQueue

import pytest

from app.clock import CaseClock
from app.core.kept_trend import STEP_S
from app.core.merge import LONGEST_BACKLOG_S, Backlog, worth_showing
from app.core.outlet import STEPS_WITHIN_S, Outlet
from app.core.recording import is_chart_entry, without_entry
from app.core.standing import StandingState
from app.wire import CREDIT, Alive, Batch, Draft, Fault, Goodbye, Heartbeat, Standing, Taken, receive, send
from clinical.alarm_model import SILENCE
from clinical.commands import PauseAudio
from clinical.forms import Phase, RecordExamination, RecordIntake
from clinical.messages import FromDevice, FromOperator, Outcome, Tick
from clinical.metrics import ETCO2, HEART_RATE, PLETH, SKIN_TEMPERATURE, SPO2
from clinical.observations import LinkState, LinkStatus, Numeric, WaveformBlock
from clinical.sources import Source, SourceStanding
from tests.app.core.outcomes import BLOCK_S, START, alarm, dose, event, link, numeric, wave
from tests.storage.made_case import made_setup

# merge

MONITOR, OXIMETER = Source(device="monitor"), Source(device="oximeter")


def aside(second: float, value: float, device: str) -> Outcome:
    told = Numeric(at=START.plus(second), metric=SPO2, value=value)
    return Outcome(message=FromDevice(device, told), aside=told)


def sources(second: float, shown: Source) -> Outcome:
    standing = SourceStanding(metric=SPO2, sources=(MONITOR, OXIMETER), shown=shown)
    return Outcome(message=Tick(START.plus(second)), sources=(standing,))


def test_of_numbers_aside_the_newest_of_each_source_and_of_choices_all() -> None:
    backlog = Backlog()
    for second in range(10):
        backlog.add(aside(second, second, "oximeter"))
        backlog.add(aside(second, 50 + second, "third"))
    backlog.add(sources(10, OXIMETER))
    backlog.add(sources(11, MONITOR))
    taken = backlog.take()
    assert [outcome.aside.value for outcome in taken if outcome.aside] == [9, 59]
    assert [outcome.sources[0].shown for outcome in taken if outcome.sources] == [OXIMETER, MONITOR]


def test_a_new_display_hears_how_sources_stand_and_their_numbers() -> None:
    state = StandingState()
    for outcome in (sources(1, OXIMETER), aside(2, 95, "monitor"), sources(3, MONITOR), aside(4, 97, "oximeter"), aside(5, 96, "oximeter")):
        state.add(outcome)
    told = state.outcomes(START.plus(6))
    assert [outcome.sources[0].shown for outcome in told if outcome.sources] == [MONITOR]
    assert [(outcome.message.device, outcome.aside.value) for outcome in told if outcome.aside] == [("monitor", 95), ("oximeter", 96)]


def test_of_numbers_the_newest_of_alarms_and_events_all() -> None:
    backlog = Backlog()
    for second in range(100):
        backlog.add(numeric(second, second))
        backlog.add(dose(second, second))
        if second % 10 == 0:
            backlog.add(alarm(second, f"condition {second}"))
            backlog.add(event(second, f"event {second}"))
            backlog.add(link(second, LinkState.LIVE))
    taken = backlog.take()
    assert [outcome.shown.value for outcome in taken if isinstance(outcome.shown, Numeric)] == [99]
    assert [outcome.dose.rate_mg_per_h for outcome in taken if outcome.dose] == [99]
    assert [outcome.alarms[0].condition for outcome in taken if outcome.alarms] == [f"condition {n}" for n in range(0, 100, 10)]
    assert sum(isinstance(outcome.message, FromOperator) for outcome in taken) == 10
    assert len(taken) == 2 + 30
    moments = [outcome.message.at for outcome in taken]
    assert moments == sorted(moments)
    assert not backlog
    assert backlog.take() == ()


def test_two_channels_of_one_metric_are_two_numbers() -> None:
    backlog = Backlog()
    for second in range(10):
        backlog.add(numeric(second, 30 + second, SKIN_TEMPERATURE, "T1"))
        backlog.add(numeric(second, 20 + second, SKIN_TEMPERATURE, "T2"))
    assert [outcome.shown.value for outcome in backlog.take()] == [39, 29]


def test_waves_are_kept_for_as_long_as_a_lane_shows_them() -> None:
    backlog = Backlog()
    for number in range(1000):
        backlog.add(wave(number * BLOCK_S))
    kept = backlog.take()
    assert len(kept) * BLOCK_S <= LONGEST_BACKLOG_S
    assert kept[-1].shown.at == START.plus(999 * BLOCK_S)


def test_an_alarm_that_came_with_samples_outlives_them() -> None:
    backlog = Backlog()
    first = wave(0.0)
    backlog.add(replace(first, transitions=alarm(0.0).transitions, alarms=alarm(0.0).alarms))
    for number in range(1, 100):
        backlog.add(wave(number * BLOCK_S))
    kept = backlog.take()
    assert kept[0].transitions
    assert kept[0].shown is None
    assert all(isinstance(outcome.shown, WaveformBlock) for outcome in kept[1:])


def test_what_changes_no_screen_is_not_sent() -> None:
    assert not worth_showing(Outcome(message=Tick(START)))
    assert not worth_showing(Outcome(message=numeric(0, 1).message)), "of a source that is not shown"
    assert worth_showing(Outcome(message=Tick(START), refused="no case runs"))
    assert worth_showing(link(0, LinkState.LOST))
    assert worth_showing(event(0, "x"))


# standing


def test_a_new_display_is_told_how_everything_stands_and_the_whole_past() -> None:
    standing = StandingState()
    for second in range(3600):
        standing.add(numeric(second, second))
        standing.add(dose(second))
    standing.add(event(12.0, "note"))
    standing.add(alarm(20.0))
    standing.add(link(21.0, LinkState.LIVE))
    standing.add(link(22.0, LinkState.LOST))
    told = standing.outcomes(START.plus(3600))
    trend = [outcome.shown for outcome in told if outcome.shown is not None]
    assert trend[-1].value == 3599
    assert 3600 / STEP_S <= len(trend) <= 3600 / STEP_S + 2
    assert len([outcome for outcome in told if outcome.dose]) <= 3600 / STEP_S + 2
    assert [outcome.message.command.text for outcome in told if isinstance(outcome.message, FromOperator)] == ["note"]
    assert [outcome.alarms[0].condition for outcome in told if outcome.alarms] == ["spo2-low"]
    heard = [outcome.message.observation for outcome in told if hasattr(outcome.message, "device")]
    assert [observation.state for observation in heard if isinstance(observation, LinkStatus)] == [LinkState.LOST]


def test_alarms_that_are_over_are_told_as_over_even_by_a_core_that_never_had_them() -> None:
    told = StandingState().outcomes(START)
    assert [outcome.alarms for outcome in told if outcome.alarms is not None] == [()]
    assert [outcome.audio for outcome in told if outcome.audio is not None] == [SILENCE]


def test_a_chart_entry_goes_in_two_parts() -> None:
    both = replace(event(1.0, "note"), alarms=alarm(1.0).alarms)
    assert is_chart_entry(both)
    assert without_entry(both).alarms == both.alarms
    assert not isinstance(without_entry(both).message, FromOperator)
    assert not is_chart_entry(replace(both, refused="no case runs"))
    assert not is_chart_entry(Outcome(message=FromOperator(START, PauseAudio(seconds=60))))


# outlet


class Meeting:
    def __init__(self, folder: Path, *, watching: bool = True) -> None:
        self.heard: SimpleQueue[object] = SimpleQueue()
        self.address, self.secret = str(folder / "core"), secrets.token_bytes(8)
        self.outlet = Outlet(self.address, self.secret, CaseClock(), on_command=self.heard.put, on_display=self.heard.put)
        self.outlet.start()
        self.reports: SimpleQueue[tuple[str, bool, str]] = SimpleQueue()
        if watching:
            self.begin()

    def begin(self) -> None:
        self.outlet.begin(lambda part, ok, text: self.reports.put((part, ok, text)))

    def display(self):
        return Client(self.address, authkey=self.secret)


@pytest.fixture
def meeting(tmp_path: Path):
    meeting = Meeting(tmp_path)
    yield meeting
    meeting.outlet.stop()


def until(pipe, kind: type) -> object:
    while not isinstance(message := receive(pipe), kind):
        pass
    return message


def test_a_display_that_never_takes_holds_nobody_up_and_is_told_what_matters_later(meeting: Meeting) -> None:
    pipe = meeting.display()
    until(pipe, Standing)
    began = time.monotonic()
    for number in range(20_000):
        meeting.outlet.offer(numeric(number * 0.01, number, (SPO2, HEART_RATE, ETCO2)[number % 3]))
        if number % 50 == 0:
            meeting.outlet.offer(wave(number * 0.01, PLETH))
        if number % 4000 == 0:
            meeting.outlet.offer(alarm(number * 0.01, f"condition {number}"))
    assert time.monotonic() - began < 3.0
    while not meeting.outlet._inbox.empty():
        time.sleep(0.01)
    assert len(meeting.outlet._backlog._kept) < 100
    everything: list[Outcome] = []
    newest: dict[object, float | None] = {}
    while set(newest.values()) != {19_997, 19_998, 19_999}:
        everything += until(pipe, Batch).outcomes
        send(pipe, Taken())
        newest = {outcome.shown.metric: outcome.shown.value for outcome in everything if isinstance(outcome.shown, Numeric)}
    assert [outcome.alarms[0].condition for outcome in everything if outcome.alarms] == [f"condition {n}" for n in range(0, 20_000, 4000)]
    pipe.close()


def test_heartbeats_go_on_though_nothing_is_taken(meeting: Meeting) -> None:
    pipe = meeting.display()
    beats = []
    for _ in range(8):
        beats.append(until(pipe, Heartbeat))
        meeting.outlet.note_tick(Outcome(message=Tick(START)))
    assert all(beat.watching for beat in beats)
    assert all(0.15 < later.at.since(earlier.at) < 0.6 for earlier, later in pairwise(beats[1:]))
    assert beats[0].process > 0
    pipe.close()


def test_a_monitor_that_steps_no_more_is_not_said_to_live(meeting: Meeting) -> None:
    pipe = meeting.display()
    heard = []
    end = time.monotonic() + STEPS_WITHIN_S + 1.0
    while time.monotonic() < end:
        meeting.outlet.offer(numeric(1.0, 97.0))  # lines and other threads go on
        meeting.outlet.note_tick(numeric(1.0, 97.0))
        while pipe.poll(0.05):
            heard.append((time.monotonic(), receive(pipe)))
    assert max(at for at, message in heard if isinstance(message, Heartbeat)) < end - 0.6
    meeting.outlet.note_tick(Outcome(message=Tick(START)))
    assert until(pipe, Heartbeat).watching
    pipe.close()


def test_a_display_that_comes_before_the_core_watches_waits_for_how_things_stand(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path, watching=False)
    pipe = meeting.display()
    meeting.outlet.offer(alarm(1.0))
    before = [receive(pipe) for _ in range(6)]
    assert [message.watching for message in before] == [False] * 6
    meeting.begin()
    meeting.outlet.offer(alarm(2.0, "later"))
    assert receive(pipe).watching
    standing = receive(pipe)
    assert isinstance(standing, Standing)
    assert [outcome.alarms[0].condition for outcome in standing.outcomes if outcome.alarms] == ["spo2-low"]
    assert [outcome.alarms[0].condition for outcome in until(pipe, Batch).outcomes] == ["later"]
    meeting.outlet.end()
    while until(pipe, Heartbeat).watching:
        pass
    pipe.close()
    meeting.outlet.stop()


def test_what_cannot_be_sent_is_told_and_the_rest_goes_on(meeting: Meeting) -> None:
    pipe = meeting.display()
    until(pipe, Standing)
    for number in range(2 * CREDIT):
        meeting.outlet.offer(event(number, lambda: None))  # type: ignore[arg-type] (nothing that goes through a pipe)
        if number == 0:
            part, ok, text = meeting.reports.get(timeout=2)
        time.sleep(0.02)
    assert (part, ok) == ("outlet", False)
    assert "screen" in text
    assert meeting.reports.get(timeout=2)[1]
    meeting.outlet.offer(numeric(3.0, 97.0))
    assert until(pipe, Batch).outcomes[-1].shown.value == 97.0
    pipe.close()


def test_a_display_whose_words_make_a_fault_may_come_again(meeting: Meeting) -> None:
    pipe = meeting.display()
    pipe.send_bytes(b"no pickle")
    assert meeting.heard.get(timeout=2) is None
    assert meeting.reports.get(timeout=2)[:2] == ("outlet", False)
    pipe.close()
    again = meeting.display()
    send(again, Alive(True, 17))
    assert meeting.heard.get(timeout=2) == Alive(True, 17)
    again.close()


def test_displays_come_and_go_and_strangers_do_not_stop_the_listening(meeting: Meeting) -> None:
    import socket
    from multiprocessing import AuthenticationError

    meeting.outlet.offer(numeric(1.0, 97.0))
    for _ in range(3):
        pipe = meeting.display()
        assert [outcome.shown.value for outcome in until(pipe, Standing).outcomes if outcome.shown][-1] == 97.0
        send(pipe, Alive(True, 17))
        assert meeting.heard.get(timeout=2) == Alive(True, 17)
        pipe.close()
        assert meeting.heard.get(timeout=2) is None
        with pytest.raises((AuthenticationError, EOFError, OSError)):
            Client(meeting.address, authkey=b"guessed")
        with socket.socket(socket.AF_UNIX) as rude:  # ends in the midst of the handshake
            rude.connect(meeting.address)
            rude.send(b"\0")
    pipe = meeting.display()
    send(pipe, Goodbye())
    assert meeting.heard.get(timeout=2) == Goodbye()
    pipe.close()


def test_a_fault_is_told_to_the_display_that_comes_later(meeting: Meeting) -> None:
    from threading import Thread

    telling = Thread(target=meeting.outlet.tell_fault, args=("the disk is full",))
    telling.start()
    pipe = meeting.display()
    assert until(pipe, Fault) == Fault("the disk is full")
    telling.join(2)
    assert not telling.is_alive()
    pipe.close()


def test_a_form_under_way_waits_for_the_next_display_and_goes_with_its_case(meeting: Meeting) -> None:
    pipe = meeting.display()
    until(pipe, Standing)
    form = RecordExamination(event_at=START, phase=Phase.BEFORE, limb="right arm", pain=8)
    for draft in (Draft("intake", RecordIntake(event_at=START)), Draft("examination", form), Draft("intake", None)):
        send(pipe, draft)
    pipe.close()  # it died
    again = meeting.display()
    assert until(again, Standing).drafts == (Draft("examination", form),)
    again.close()
    meeting.outlet.offer(Outcome(message=Tick(START), case=made_setup(), ended=True))
    last = meeting.display()
    assert until(last, Standing).drafts == ()
    last.close()
