"""What the display showed as recorded is in the database, however soon after that the core is killed. One real core, a display of ours."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Client, Connection
from pathlib import Path

import pytest

from app.clock import room_now
from app.plan import CorePlan, Demonstration
from app.supervision import leave_meeting_place, meeting_place, start_core
from app.wire import Alive, Batch, Draft, Heartbeat, Standing, Taken, receive, send
from clinical.commands import EventKind, RecordEvent
from clinical.forms import Phase, RecordExamination
from clinical.instant import Instant
from clinical.messages import FromOperator, Outcome
from storage.cases import faults_of, open_case
from tests.app.processes.bedside import needs_processes

pytestmark = needs_processes

KILLS = int(os.environ.get("BEDSIDE_KILLS", "4"))


class DisplayOfOurs:
    """Speaks to the core as a display does, without a screen."""

    def __init__(self, plan: CorePlan) -> None:
        self._pipe = self._met(plan)
        self.told: list[Outcome] = []
        self.drafts: tuple[Draft, ...] = ()

    @staticmethod
    def _met(plan: CorePlan) -> Connection:
        limit = time.monotonic() + 10
        while True:
            try:
                return Client(plan.address, authkey=plan.secret)
            except OSError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.02)

    def until_watching(self) -> None:
        """Until the first dose report: the case has begun or was taken up."""
        while not any(outcome.dose for outcome in self.heard()):
            pass

    def heard(self) -> tuple[Outcome, ...]:
        message = receive(self._pipe)
        if isinstance(message, Heartbeat):
            send(self._pipe, Alive(True, 0))
        elif isinstance(message, Batch):
            send(self._pipe, Taken())
        elif isinstance(message, Standing):
            self.drafts = message.drafts
        outcomes = message.outcomes if isinstance(message, Batch | Standing) else ()
        self.told += outcomes
        return outcomes

    def record(self, text: str) -> None:
        """Returns when the core has said that it is recorded."""
        send(self._pipe, RecordEvent(kind=EventKind.NOTE, event_at=room_now(), text=text, by="test"))
        while text not in texts(self.heard()):
            pass

    def draft(self, draft: Draft) -> None:
        send(self._pipe, draft)

    def close(self) -> None:
        self._pipe.close()


def texts(outcomes: Sequence[Outcome]) -> list[str]:
    messages = [outcome.message for outcome in outcomes]
    return [m.command.text for m in messages if isinstance(m, FromOperator) and isinstance(m.command, RecordEvent)]


@pytest.fixture
def plan(tmp_path: Path):
    place = meeting_place()
    yield CorePlan(
        database=f"sqlite:///{tmp_path / 'cases.sqlite'}",
        demonstration=Demonstration(scenario="quiet-day"),
        address=place.address,
        secret=place.secret,
    )
    leave_meeting_place(place.address)


def one_life(plan: CorePlan, text: str, random_wait: random.Random) -> list[str]:
    """Starts a core, records one event, kills the core at once; the entries that were told at its beginning."""
    core: subprocess.Popen[bytes] = start_core(plan)
    try:
        display = DisplayOfOurs(plan)
        display.until_watching()
        stood = texts(display.told)
        time.sleep(random_wait.random() * 0.3)
        display.record(text)
        time.sleep(random_wait.choice([0.0, random_wait.random() * 0.002]))
        core.send_signal(signal.SIGKILL)
        display.close()
        return stood
    finally:
        core.kill()
        core.wait()


@pytest.mark.timeout(40 + 4 * KILLS)
def test_a_shown_entry_is_never_lost(plan: CorePlan) -> None:
    random_wait = random.Random(4)
    recorded = []
    for number in range(KILLS):
        stood = one_life(replace(plan, resume=number > 0), f"entry {number}", random_wait)
        assert set(recorded) <= set(stood)
        recorded.append(f"entry {number}")
    with open_case(plan.database, 1) as history:
        kept = [kept.command.text for kept in history.events() if kept.command.text.startswith("entry")]
        assert len([gap for gap in history.gaps() if gap.what == "everything"]) == KILLS - 1
    assert kept == recorded
    assert faults_of(plan.database) == []


@pytest.mark.timeout(60)
def test_a_form_under_way_outlives_both_processes(plan: CorePlan) -> None:
    drafted = Draft("examination", RecordExamination(event_at=Instant(5, 5), phase=Phase.BEFORE, limb="right arm", pain=8, note="as told"))
    file = Path(plan.database.removeprefix("sqlite:///")).with_name("cases.sqlite.drafts")
    core = start_core(plan)
    try:
        display = DisplayOfOurs(plan)
        display.until_watching()
        display.draft(drafted)
        limit = time.monotonic() + 5
        while not file.exists() and time.monotonic() < limit:
            display.heard()
        time.sleep(0.3)
    finally:
        core.kill()  # and with it the display that was told
        core.wait()
    display.close()
    again = start_core(replace(plan, resume=True))
    try:
        display = DisplayOfOurs(plan)
        display.until_watching()
        assert display.drafts == (drafted,)
        display.close()
    finally:
        again.kill()
        again.wait()
