"""Which plan a core is started anew with: a case that runs is taken up, and never one that nobody asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from app.display import keeper as module
from app.display.keeper import CoreKeeper
from app.plan import CorePlan

PLAN = CorePlan(database="sqlite:////nowhere/cases.sqlite", address="place")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[CorePlan]:
    """The plans of the cores that were started; each is a process that ends at once."""
    plans: list[CorePlan] = []

    def start(plan: CorePlan) -> subprocess.Popen[bytes]:
        plans.append(plan)
        process = subprocess.Popen([sys.executable, "-c", ""])
        process.wait()
        return process

    monkeypatch.setattr(module, "start_core", start)
    monkeypatch.setattr(module, "STARTING_S", 0.0)
    return plans


@pytest.mark.parametrize(("case", "resumes"), [("a case", True), (None, False)])
def test_core_that_was_lost_takes_up_a_case_only_if_one_ran(qtbot: QtBot, started: list[CorePlan], case: str | None, resumes: bool) -> None:
    keeper = CoreKeeper(PLAN)
    keeper.start()
    keeper.hear_found()
    keeper.hear_case(case)
    keeper.hear_lost()
    assert [plan.resume for plan in started] == [False, resumes]


def test_core_that_gave_up_is_not_started_anew_until_another_plan_comes(qtbot: QtBot, started: list[CorePlan]) -> None:
    keeper = CoreKeeper(PLAN)
    keeper.start()
    keeper.hear_found()
    keeper.hear_fault("the disk is full")
    keeper.hear_lost()
    assert len(started) == 1
    assert not keeper.expects_core
    keeper.run(CorePlan(database="sqlite:////elsewhere"))
    assert started[-1].database == "sqlite:////elsewhere"
    assert started[-1].address == PLAN.address
    assert keeper.expects_core


def test_next_core_waits_until_the_bridge_has_let_go_of_the_last(qtbot: QtBot, started: list[CorePlan]) -> None:
    keeper = CoreKeeper(PLAN)
    keeper.start()
    keeper.hear_found()
    with qtbot.waitSignal(keeper.goodbye_due):
        keeper.run(CorePlan(database="sqlite:////elsewhere"))
    assert len(started) == 1
    keeper.hear_lost()
    assert len(started) == 2
