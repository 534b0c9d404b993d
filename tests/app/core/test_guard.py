"""The guard over a display that cannot live: real processes that end at once, a clock that is given."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from app.core.guard import DISPLAY_HOPELESS, DISPLAY_ILL, DisplayGuard
from app.core.own_sound import OwnSound
from app.supervision import HOPELESS_AFTER_S, TRIES, AlreadyRunning, Attempts, Heart, OneCore, end_process
from app.wire import Alive


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
    import threading

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
