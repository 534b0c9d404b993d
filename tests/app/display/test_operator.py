"""What the soft keys ask of the core."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.display.case_time import CaseTime
from app.display.main_window import MainWindow
from app.display.operator import OPERATOR, Operator
from app.display.watch_state import WatchState
from app.settings import Settings
from clinical.alarm_model import Presence
from clinical.commands import Acknowledge
from clinical.observations import Priority
from tests.app.display.test_watch_state import NOW, alarm


@pytest.fixture
def operator(qtbot: QtBot) -> Operator:
    window = MainWindow()
    qtbot.addWidget(window)
    operator = Operator(window, WatchState(window), CaseTime(), Settings(), window)
    operator.asked = []
    operator.commanded.connect(operator.asked.append)
    return operator


def test_acknowledged_are_the_alarms_on_the_screen_that_nobody_has_seen_and_no_other(operator: Operator) -> None:
    presences = {"a": Presence.ON, "b": Presence.ACKNOWLEDGED, "c": Presence.LATCHED}
    operator._state.take_alarms(tuple(alarm(name, Priority.LOW, presence=presence) for name, presence in presences.items()), NOW)
    operator.press("acknowledge")
    assert operator.asked == [Acknowledge(conditions=("a", "c"), by=OPERATOR)]


def test_nothing_is_acknowledged_where_nothing_stands(operator: Operator) -> None:
    operator.press("acknowledge")
    assert operator.asked == []
