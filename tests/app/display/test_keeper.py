"""Which plan a core is started anew with: a case that runs is taken up, and never one that nobody asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from app.display.keeper import CoreKeeper
from app.plan import CorePlan
from app.supervision import SELDOM_S
from clinical.commands import CaseSetup
from widgets.gallery_case import SETUP

PLAN = CorePlan(database="sqlite:////nowhere/cases.sqlite", address="place")


class Starts:
    """The plans of the cores that were started; each is a process that ends at once."""

    def __init__(self) -> None:
        self.plans: list[CorePlan] = []

    def __call__(self, plan: CorePlan) -> subprocess.Popen[bytes]:
        self.plans.append(plan)
        process = subprocess.Popen([sys.executable, "-c", ""])
        process.wait()
        return process


@pytest.fixture
def started() -> Starts:
    return Starts()


@pytest.mark.parametrize(("case", "resumes"), [(SETUP, True), (None, False)], ids=["a case", "no case"])
def test_core_that_was_lost_takes_up_a_case_only_if_one_ran(qtbot: QtBot, started: Starts, case: CaseSetup | None, resumes: bool) -> None:
    keeper = CoreKeeper(PLAN, start=started, patience_s=0.0)
    keeper.watch(started(keeper.plan))
    keeper.hear_named(17)
    keeper.hear_found()
    keeper.hear_case(case)
    keeper.hear_lost(True)
    assert [plan.resume for plan in started.plans] == [False, resumes]


def test_case_that_is_not_stored_yet_can_begin_again_as_it_was_set_up(qtbot: QtBot, started: Starts) -> None:
    keeper = CoreKeeper(PLAN, start=started, patience_s=0.0)
    keeper.watch(started(keeper.plan))
    keeper.hear_case(SETUP)
    keeper.hear_lost(True)
    assert (started.plans[-1].case, started.plans[-1].setup) == (SETUP.uuid, SETUP)


def test_watch_that_a_fault_stopped_is_tried_again_but_seldom(qtbot: QtBot, started: Starts, monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 1000.0
    monkeypatch.setattr("app.display.keeper.monotonic", lambda: now_s)
    keeper = CoreKeeper(PLAN, start=started, patience_s=0.0)
    keeper.watch(started(keeper.plan))
    keeper.hear_named(17)
    keeper.hear_found()
    keeper.hear_case(SETUP)
    for tries in (1, 2):
        keeper.hear_fault("the disk is full")
        keeper.hear_lost(True)
        now_s += SELDOM_S - 1
        keeper._look()
        assert len(started.plans) == tries
        now_s += 1
        keeper._look()
        assert len(started.plans) == tries + 1
        assert not keeper.expects_core
    keeper.hear_found()
    assert keeper.expects_core


def test_core_that_gave_up_is_not_started_anew_until_another_plan_comes(qtbot: QtBot, started: Starts) -> None:
    keeper = CoreKeeper(PLAN, start=started, patience_s=0.0)
    keeper.watch(started(keeper.plan))
    keeper.hear_named(17)
    keeper.hear_found()
    keeper.hear_fault("the disk is full")
    keeper.hear_lost(True)
    assert len(started.plans) == 1
    assert not keeper.expects_core
    keeper.run(CorePlan(database="sqlite:////elsewhere"))
    assert started.plans[-1].database == "sqlite:////elsewhere"
    assert started.plans[-1].address == PLAN.address
    assert keeper.expects_core


def test_next_core_waits_until_the_bridge_has_let_go_of_the_last(qtbot: QtBot, started: Starts) -> None:
    keeper = CoreKeeper(PLAN, start=started, patience_s=0.0)
    keeper.watch(started(keeper.plan))
    keeper.hear_named(17)
    keeper.hear_found()
    with qtbot.waitSignal(keeper.goodbye_due):
        keeper.run(CorePlan(database="sqlite:////elsewhere"))
    assert len(started.plans) == 1
    keeper.hear_lost(True)
    assert len(started.plans) == 2
