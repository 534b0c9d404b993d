"""A real core whose disk fails under a running case: the watch goes on, the alarm comes within two seconds, and nothing that was shown as
kept is lost. The display is one of ours."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from app.clock import room_now
from app.plan import CorePlan, Demonstration
from app.supervision import leave_meeting_place, meeting_place, start_core
from app.wire import send
from bench.failing_disk_shim import Disk, NoCompilerError, built
from clinical.commands import EventKind, RecordEvent
from clinical.messages import FromDevice
from clinical.observations import Numeric
from storage.cases import faults_of, open_case
from tests.app.processes.bedside import needs_processes, slowness
from tests.app.processes.test_entries_kept import DisplayOfOurs, texts

pytestmark = needs_processes
NOT_RECORDING = "self:recorder"
ILL_S = 2.5


class Watching(DisplayOfOurs):
    """Notes when each thing was first told."""

    def __init__(self, plan: CorePlan) -> None:
        super().__init__(plan)
        self.numbers: list[float] = []
        self.alarm_at: float | None = None
        self.alarmed = False

    def listen(self) -> None:
        for outcome in self.heard():
            now = time.monotonic()
            if isinstance(outcome.message, FromDevice) and isinstance(outcome.message.observation, Numeric):
                self.numbers.append(now)
            if outcome.alarms is not None:
                self.alarmed = any(alarm.condition == NOT_RECORDING for alarm in outcome.alarms)
                self.alarm_at = self.alarm_at or (now if self.alarmed else None)

    def ask(self, text: str) -> None:
        send(self._pipe, RecordEvent(kind=EventKind.NOTE, event_at=room_now(), text=text, by="test"))


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    try:
        library = built(tmp_path)
    except NoCompilerError as why:
        pytest.skip(str(why))
    disk = Disk(tmp_path / "control", new=True)
    for name, value in disk.environment(library, tmp_path / "cases.sqlite").items():
        monkeypatch.setenv(name, value)
    return disk


@pytest.fixture
def display(tmp_path: Path, disk: Disk) -> Iterator[Watching]:
    place = meeting_place()
    database = f"sqlite:///{tmp_path / 'cases.sqlite'}"
    plan = CorePlan(database=database, demonstration=Demonstration(scenario="quiet-day"), address=place.address, secret=place.secret)
    core = start_core(plan)
    try:
        display = Watching(plan)
        display.until_watching()
        yield display
        display.close()
    finally:
        core.kill()
        core.wait()
        leave_meeting_place(place.address)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_the_watch_goes_on_and_says_that_nothing_is_recorded(tmp_path: Path, disk: Disk, display: Watching, error: str) -> None:
    display.record("before")
    slow = slowness()
    disk.fail(getattr(errno, error))
    display.ask("meanwhile")
    until = time.monotonic() + ILL_S * slow
    while time.monotonic() < until:
        display.listen()
    assert disk.failed
    assert display.alarm_at is not None
    assert display.alarm_at - disk.since_ns / 1e9 < 2.0 * slow
    assert "meanwhile" not in texts(display.told)  # it is not kept, so nobody is told that it is
    ill = [at for at in display.numbers if at > disk.since_ns / 1e9]
    assert max(after - before for before, after in pairwise(ill)) < 2.0 * slow
    disk.heal()
    while display.alarmed or "meanwhile" not in texts(display.told):
        display.listen()
    address = f"sqlite:///{tmp_path / 'cases.sqlite'}"
    with open_case(address, 1) as history:
        kept = [kept.command.text for kept in history.events() if isinstance(kept.command, RecordEvent)]
    assert [text for text in kept if text in {"before", "meanwhile"}] == ["before", "meanwhile"]
    assert faults_of(address) == []
