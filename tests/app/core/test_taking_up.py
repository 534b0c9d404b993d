"""A core that is to take up a case which is not stored yet begins it as it was set up; one that has ended it leaves alone."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.clock import CaseClock, boot_id, room_now
from app.core.compose import Core
from app.core.outlet import Outlet
from app.plan import CorePlan
from clinical.commands import CaseSetup, EndCase, StartCase
from clinical.messages import FromOperator, Outcome
from clinical.monitor import Monitor
from storage.recorder import Recorder
from widgets.gallery_case import SETUP


class Offered(Outlet):
    """What a display would be told, without a pipe."""

    def __init__(self) -> None:
        self.told: list[Outcome] = []

    def offer(self, outcome: Outcome) -> None:
        self.told.append(outcome)


def cases_begun(plan: CorePlan) -> list[CaseSetup]:
    outlet = Offered()
    core = Core(plan, outlet, CaseClock(1.0), threading.Event())
    core._recorder.close()
    return [outcome.case for outcome in outlet.told if outcome.case is not None]


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CorePlan:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return CorePlan(database=f"sqlite:///{tmp_path / 'cases.sqlite'}", resume=True, case=SETUP.uuid, setup=SETUP)


def test_a_case_that_never_reached_the_database_begins(plan: CorePlan) -> None:
    assert cases_begun(plan) == [SETUP]


def test_a_case_that_has_ended_does_not_begin_again(plan: CorePlan) -> None:
    recorder, monitor = Recorder(plan.database, program_version="1", boot_id=boot_id()), Monitor()
    recorder.open()
    for command in (StartCase(setup=SETUP), EndCase(reason="over")):
        recorder.keep(monitor.step(FromOperator(room_now(), command)))
    recorder.commit()
    recorder.close()
    assert cases_begun(plan) == []
