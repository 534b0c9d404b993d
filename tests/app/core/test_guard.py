"""The guard over a display that cannot live: real processes that end at once, a clock that is given."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from app.clock import CaseClock, boot_id
from app.core.compose import Core
from app.core.guard import DISPLAY_HOPELESS, DISPLAY_ILL, DisplayGuard
from app.core.outlet import Outlet
from app.core.own_sound import OwnSound
from app.plan import CorePlan
from app.supervision import (
    HOPELESS_AFTER_S,
    TRIES,
    AlreadyRunning,
    Attempts,
    Heart,
    OneCore,
    end_process,
    leave_meeting_place,
    meeting_place,
)
from app.wire import Alive
from clinical.alarm_model import AudioState
from clinical.commands import StartCase
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Outcome, Tick
from clinical.monitor import Monitor
from clinical.observations import Priority, PumpState, PumpStatus
from storage.recorder import Recorder
from tests.clinical.bed import Bed


def test_three_attempts_then_one_a_minute() -> None:
    attempts, made = Attempts(patience_s=4.0), []
    for second in range(300):
        if attempts.may_try(second):
            attempts.note(second)
            made.append(second)
    assert made[:TRIES] == [0, 4, 8]
    assert made[TRIES:] == [68, 128, 188, 248]


def test_many_attempts_are_told_when_the_last_has_failed_too() -> None:
    attempts = Attempts(patience_s=4.0)
    for second in (0, 4, 8):
        assert not attempts.are_many(second)
        attempts.note(second)
    assert not attempts.are_many(11)
    assert attempts.are_many(12)
    attempts.forget()
    assert not attempts.are_many(13)
    assert attempts.may_try(13)


def test_one_that_stood_still_itself_blames_nobody() -> None:
    heart = Heart(0.0)
    for tenth in range(20):
        heart.look(tenth / 10)
    assert heart.is_silent(1.9)
    heart.look(1.9)
    assert heart.is_silent(1.9)
    heart.look(600.0)
    assert not heart.is_silent(600.0)
    for tenth in range(6000, 6060):
        heart.look(tenth / 10)
    assert heart.is_hopeless(600.0 + HOPELESS_AFTER_S + 0.1)


def test_a_display_that_cannot_start_is_given_up_in_words() -> None:
    told, started = [], []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-S", "-c", "raise SystemExit(1)"]))
        return started[-1]

    guard = DisplayGuard(start, lambda part, ok, text: told.append((part, ok, text)), OwnSound())
    guard.hear(Alive(True, 0))
    guard.hear(None)
    begun = time.monotonic()
    for tenth in range(600):
        guard._look(begun + tenth / 10)
    assert len(started) <= TRIES + 1
    for process in started:
        process.wait()
    display = [(ok, text) for part, ok, text in told if part == "display"]
    assert display[:2] == [(False, DISPLAY_ILL), (False, DISPLAY_HOPELESS)]
    guard.hear(Alive(True, 0))
    guard._look(time.monotonic())
    assert told[-1] == ("display", True, "") or ("display", True, "") in told


@pytest.mark.parametrize(("met_s_ago", "silent_s"), [(0.0, 2.5), (10.0, 1.0)])
def test_a_display_that_loads_its_pages_may_be_silent_for_longer(met_s_ago: float, silent_s: float) -> None:
    told: list[tuple[str, bool]] = []
    guard = DisplayGuard(lambda: pytest.fail("it lives"), lambda part, ok, _text: told.append((part, ok)), OwnSound())
    guard.hear(Alive(True, 0))
    begun = time.monotonic()
    guard._met_at = begun - met_s_ago
    for tenth in range(round(10 * silent_s)):
        guard._look(begun + tenth / 10)
    assert ("display", False) not in told
    guard._look(begun + silent_s + 0.2)
    assert ("display", False) in told


def test_no_process_to_be_had_does_not_end_the_guard() -> None:
    def start() -> subprocess.Popen[bytes]:
        raise OSError("no more processes")

    guard = DisplayGuard(start, lambda part, ok, text: None, OwnSound())
    guard.hear(Alive(True, 0))
    guard.hear(None)
    guard._look(time.monotonic())
    guard._look(time.monotonic() + 5.0)


def test_ending_a_process_that_is_gone_is_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
    end_process(process.pid)
    assert process.wait(5) != 0
    end_process(process.pid)
    end_process(0)


def test_the_lock_waits_for_an_owner_that_is_just_ending(tmp_path) -> None:
    address = f"sqlite:///{tmp_path / 'cases.sqlite'}"
    first, second = OneCore(address), OneCore(address)
    first.take()
    threading.Timer(0.3, first.let_go).start()
    second.take(patience_s=2.0)
    second.let_go()


def test_the_lock_leaves_nothing_and_is_one_wherever_temporary_files_lie(tmp_path, monkeypatch) -> None:
    address = f"sqlite:///{tmp_path / 'cases.sqlite'}"
    first = OneCore(address)
    first.take()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "elsewhere"))
    with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
        OneCore(address).take()
    first.let_go()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_whose_file_was_removed_under_it_holds_nobody(tmp_path) -> None:
    address = f"sqlite:///{tmp_path / 'cases.sqlite'}"
    first, second, third = OneCore(address), OneCore(address), OneCore(address)
    first.take()
    first.let_go()
    second.take()
    with pytest.raises(AlreadyRunning):
        third.take()
    second.let_go()


class ReadySound(OwnSound):
    """A player that works, and what it was asked to sound."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Priority | None] = []
        self.stops = 0

    def play(self, priority: Priority | None, now_s: float, *, repeats: bool = True) -> bool:
        self.asked.append(priority)
        return True

    def stop(self) -> None:
        self.stops += 1


@pytest.mark.parametrize(("can_sound", "own"), [(True, []), (False, [Priority.HIGH])])
def test_the_core_sounds_for_a_display_that_lives_without_a_loudspeaker(can_sound: bool, own: list[Priority]) -> None:
    told, sound = [], ReadySound()
    guard = DisplayGuard(lambda: pytest.fail("it lives"), lambda part, ok, text: told.append((part, ok)), sound)
    guard.follow(Outcome(message=Tick(Instant(0, 0)), audio=AudioState(sounding=Priority.HIGH, paused_until=None, generation=1)))
    guard.hear(Alive(can_sound, 0))
    guard._look(time.monotonic())
    assert sound.asked == own
    assert sound.stops == (1 if can_sound else 0)
    assert told == []


def test_alarms_that_stand_in_a_case_taken_up_are_sounded_though_the_display_dies(tmp_path) -> None:
    plan = CorePlan(database=f"sqlite:///{tmp_path / 'cases.sqlite'}", resume=True)
    recorder, monitor, now = Recorder(plan.database, program_version="test", boot_id=boot_id()), Monitor(), CaseClock().now()
    recorder.open()
    setup = Bed().start().message.command.setup
    differs = PumpStatus(at=now.plus(1), channel="", state=PumpState.INFUSING, rate_ml_per_h=5.0, concentration_mg_per_ml=50.0)
    for message in (FromOperator(now, StartCase(setup=setup)), FromDevice("pump", differs)):
        outcome = monitor.step(message)
        recorder.keep(outcome)
    assert outcome.audio is not None
    recorder.commit()
    recorder.close()
    place = meeting_place()
    outlet = Outlet(place.address, place.secret, CaseClock(), on_command=lambda _: None, on_display=lambda _: None)
    core = Core(plan, outlet, CaseClock(), threading.Event())
    assert core._guard._audio.sounding is outcome.audio.sounding is Priority.MEDIUM
    core._recorder.close()
    outlet._listener.close()
    leave_meeting_place(place.address)


def test_a_fault_in_the_guard_is_told_and_it_goes_on(monkeypatch) -> None:
    monkeypatch.setattr("app.core.guard.LOOK_EVERY_S", 0.01)
    told, faults = [], iter([ValueError("odd")])

    class Faulty(ReadySound):
        def stop(self) -> None:
            if fault := next(faults, None):
                raise fault

    guard = DisplayGuard(lambda: pytest.fail("it lives"), lambda part, ok, text: told.append((part, ok, text)), Faulty())
    guard.hear(Alive(True, 0))
    guard.start()
    limit = time.monotonic() + 3
    while len(told) < 2 and time.monotonic() < limit:
        time.sleep(0.01)
    guard.stop()
    assert [(part, ok) for part, ok, _ in told] == [("guard", False), ("guard", True)]
    assert "ValueError: odd" in told[0][2]


def test_a_loudspeaker_that_windows_refuses_is_no_fault(monkeypatch) -> None:
    sound = OwnSound()

    def refused(path: object) -> None:
        raise RuntimeError("Failed to play sound")

    monkeypatch.setattr(sound, "_begin", refused)
    assert not sound.play(Priority.HIGH, 1.0)
    sound.stop()
