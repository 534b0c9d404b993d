"""The two processes, each watching the other: killed, frozen, asked to end. Real processes, real signals."""

from __future__ import annotations

import os
import signal
import time

import numpy as np

from app.core.guard import LOADING_S
from app.supervision import OneCore
from clinical.alarm_model import Presence
from clinical.instant import Instant
from clinical.metrics import ECG_II, HEART_RATE, Metric
from storage.cases import list_cases, open_case, unfinished
from tests.app.processes.bedside import ROOT, Bedside, Told, bedside, kill, needs_processes, slowness

assert bedside  # a fixture

pytestmark = needs_processes

NO_HOLE_S = 0.5
UNPLUGGED = """
[[event]]
at_min = 0.2
kind = "unplug"
line = "oximeter"
"""


def until_recorded(run: Bedside, metric: Metric, within_s: float = 20.0) -> None:
    """A monitor says its first numbers after a second, and they are on the disk within another."""
    limit = time.monotonic() + within_s
    while time.monotonic() < limit:
        if unfinished(run.database):
            with open_case(run.database, 1) as history:
                if len(history.numerics(metric).values):
                    return
        time.sleep(0.1)
    raise AssertionError(f"no {metric} in the record within {within_s} s")


def about(told: Told, word: str) -> bool:
    return any(word in condition for condition in told["conditions"])


def holes_s(run: Bedside, since: Instant, until: Instant) -> float:
    """Seconds of ECG that are missing from the record between two moments."""
    with open_case(run.database, 1) as history:
        stretch = history.waveform(ECG_II, since, until)
    assert stretch is not None
    return float(np.isnan(stretch.values).sum() / stretch.rate_hz)


def shown(run: Bedside) -> object:
    return run.until("trend", lambda told: sum(told["places"].values()) >= 4, within_s=6)


def test_killed_the_display_costs_nothing_and_is_back(bedside: Bedside) -> None:
    scenario = bedside.folder / "unplugged.toml"
    scenario.write_text((ROOT / "resources/scenarios/quiet-day.toml").read_text() + UNPLUGGED)
    bedside.demo(str(scenario), speed="6")
    standing = set(bedside.until("alarms", lambda told: about(told, "oximeter"), within_s=8)["conditions"])
    bedside.until("trend", lambda told: told["places"][HEART_RATE.id] >= 4, within_s=12)
    core, display = bedside.core, bedside.display
    bedside.mark()
    lost_at = kill(display)
    back = bedside.until("core found", within_s=15)
    assert back["t"] - lost_at < 3.0 * slowness()
    assert back["process"] != display
    assert bedside.core == core
    assert standing & set(bedside.until("alarms", lambda told: about(told, "oximeter"))["conditions"])
    bedside.until("trend", lambda told: told["places"][HEART_RATE.id] >= 4, within_s=3)
    time.sleep(1.2)  # a commit
    with open_case(bedside.database, 1) as history:
        begun, last = history.started, history.last()
        conditions = [(t.alarm.condition, t.alarm.presence) for t in history.transitions()]
    assert last.since(begun) > 40
    assert holes_s(bedside, begun.plus(5), last.plus(-10)) < NO_HOLE_S
    assert ("self:display", Presence.ON) in conditions


def test_killed_the_core_is_told_at_once_and_takes_up_the_case(bedside: Bedside) -> None:
    display = bedside.demo("quiet-day", speed="20")
    bedside.until("event", within_s=12)
    given = bedside.until("dose", lambda told: told["given_mg"] > 0.0, within_s=15)["given_mg"]
    time.sleep(0.5)
    uuid = bedside.until("case")["uuid"]
    bedside.mark()
    killed_at = kill(bedside.core)
    lost = bedside.until("core lost", within_s=2)
    assert lost["t"] - killed_at < 1.0
    assert lost["covered"]
    assert bedside.until("sounded", within_s=1)["priority"] == "high"
    case = bedside.until("case", within_s=15)
    assert case["t"] - killed_at < 3.0 * slowness()
    assert case["uuid"] == uuid
    assert not bedside.until("core found")["covered"]
    assert bedside.until("dose", lambda told: told["given_mg"] > 0.0)["given_mg"] >= given
    bedside.until("event")  # told again by the new core
    shown(bedside)
    assert display.poll() is None
    time.sleep(1.2)
    assert [case.id for case in list_cases(bedside.database)] == [1]
    with open_case(bedside.database, 1) as history:
        away = [gap for gap in history.gaps() if gap.device == "recorder"]
        texts = [kept.command.text for kept in history.events()]
        beats = history.numerics(HEART_RATE).mono_ns
    assert len(away) == 1
    assert away[0].until is not None
    assert away[0].until.since(away[0].since) < 3.0 * 20 * slowness()
    assert len(set(texts)) == len(texts)
    assert np.all(np.diff(beats) >= 0)


def test_a_frozen_display_is_told_sounded_for_and_replaced(bedside: Bedside) -> None:
    bedside.demo("quiet-day")
    time.sleep(LOADING_S)  # in which a display that has just come may be silent for longer
    frozen, core = bedside.display, bedside.core
    bedside.mark()
    os.kill(frozen, signal.SIGSTOP)
    frozen_at = time.monotonic()
    while not bedside.played.exists():
        assert time.monotonic() - frozen_at < 4.0, "the core sounds by itself"
        time.sleep(0.02)
    back = bedside.until("core found", within_s=12)
    assert 4.7 < back["t"] - frozen_at < 6.0 + 3.0 * slowness()
    assert back["process"] != frozen
    assert bedside.core == core
    assert frozen not in {process.pid for process in bedside.processes()}
    time.sleep(1.2)
    with open_case(bedside.database, 1) as history:
        told_at = next(t.at for t in history.transitions() if t.alarm.condition == "self:display")
        last = history.last()
        frozen_for = told_at.monotonic_ns / 1e9 - time_in_boot(frozen_at)
        missing_s = holes_s(bedside, told_at, last.plus(-1.0))
    assert 0.6 < frozen_for < 2.0 * slowness()
    assert missing_s < NO_HOLE_S


def time_in_boot(monotonic_s: float) -> float:
    """A moment of the clock that stands still in sleep, by the one that does not."""
    return monotonic_s + time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()


def test_a_frozen_core_is_replaced_by_a_display_that_did_not_start_it_and_a_goodbye_ends_both(bedside: Bedside) -> None:
    bedside.demo("quiet-day")
    time.sleep(0.6)
    kill(bedside.display)  # so that the next display is not the parent of the core
    bedside.mark()
    bedside.until("core found", within_s=6)
    frozen = bedside.core
    time.sleep(0.5)
    bedside.mark()
    os.kill(frozen, signal.SIGSTOP)
    frozen_at = time.monotonic()
    lost = bedside.until("core lost", within_s=3)
    assert lost["t"] - frozen_at < 1.6 * slowness()
    assert lost["covered"]
    found = bedside.until("core found", within_s=12)
    assert found["t"] - frozen_at < 6.5 + 3.0 * slowness()
    assert bedside.core != frozen
    assert frozen not in {process.pid for process in bedside.processes()}
    assert bedside.until("case")["uuid"] is not None
    assert not [told for told in bedside.told() if told["what"] == "fault"]
    os.kill(bedside.display, signal.SIGTERM)
    assert bedside.gone(8)
    time.sleep(0.3)
    assert bedside.processes() == []  # nor did one side start the other again


def test_one_core_for_a_database_and_a_goodbye_that_frees_it(bedside: Bedside) -> None:
    first = bedside.demo("quiet-day")
    owner = bedside.core
    bedside.mark()
    bedside.start("demo")
    fault = bedside.until("fault", within_s=15)
    assert f"process {owner}" in str(fault["text"])
    assert owner in {process.pid for process in bedside.processes()}
    for window in bedside.windows:
        window.send_signal(signal.SIGTERM)
    assert bedside.gone(8)
    assert first.wait() == 0
    assert [case.ended for case in unfinished(bedside.database)] == [None]
    assert not list(bedside.folder.glob("bedside-*/core"))
    lock = OneCore(bedside.database)
    lock.take()
    lock.let_go()


def test_both_killed_the_case_can_be_resumed(bedside: Bedside) -> None:
    bedside.demo("quiet-day")
    until_recorded(bedside, HEART_RATE)
    numbers = [process.pid for process in bedside.processes()]
    for number in numbers:
        os.kill(number, signal.SIGSTOP)
    for number in numbers:
        kill(number)
    assert bedside.gone()
    cases = unfinished(bedside.database)
    assert [case.id for case in cases] == [1]
    with open_case(bedside.database, 1) as history:
        assert len(history.numerics(HEART_RATE).values) > 0
