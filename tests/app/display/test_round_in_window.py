"""A complete round in the whole window, from the watch back to the watch: touches counted, time taken, and the same by keyboard alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.display.compose import Display
from app.display.operator import BEFORE_THE_CASE
from app.plan import CorePlan
from app.settings import SEDATION as SETTABLE
from app.settings import Settings
from app.wire import FromDisplay
from clinical.assessments.rounds import SEDATION
from clinical.commands import Command, RecordAssessment, StartCase
from clinical.messages import FromDevice, FromOperator, Message, Outcome
from clinical.metrics import HEART_RATE, NIBP_DIA, NIBP_SYS, SPO2
from clinical.monitor import Monitor
from clinical.observations import Numeric
from tests.app.display.windows import IGNORED
from tests.storage.made_case import made_setup

pytestmark = pytest.mark.qt_log_ignore(IGNORED)
MOST_TAPS = 8
WITHIN_S = 20.0
A_TAP_S = 2.0
"""Of a nurse who knows the page: reading a title and touching a key."""
NUMBERS = ((HEART_RATE, 92.0), (NIBP_SYS, 150.0), (NIBP_DIA, 84.0), (SPO2, 96.0))


class Bed:
    """The window over a monitor in this process: what is asked for is stepped, and what follows is shown."""

    def __init__(self, display: Display) -> None:
        self.display = display
        self.monitor = Monitor()
        self.taken: list[Outcome] = []
        self.taps = 0

    def step(self, message: Message) -> None:
        outcome = self.monitor.step(message)
        self.taken.append(outcome)
        self.display._take((outcome,))

    def send(self, asked: FromDisplay) -> bool:
        if isinstance(asked, Command):
            self.step(FromOperator(self.display.time.now(), asked))
        return True

    def tap(self, widget: QWidget, at: QPoint | None = None) -> None:
        self.taps += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())
        QCoreApplication.processEvents()  # a turn of the loop, with which the pages hear what was charted

    def assessments(self) -> list[RecordAssessment]:
        operators = [one.message for one in self.taken if isinstance(one.message, FromOperator) and not one.refused]
        return [message.command for message in operators if isinstance(message.command, RecordAssessment)]


@pytest.fixture
def bed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bed]:
    display = Display(CorePlan(database="sqlite://", address=str(tmp_path / "core"), secret=b"s"), Settings())
    display.finish()
    bed = Bed(display)
    monkeypatch.setattr(display.bridge, "send", bed.send)
    display.window.resize(1920, 1080)
    display.operator.show_keys()
    display.window.show()
    display.window.activateWindow()
    qtbot.waitUntil(display.window.isActiveWindow, timeout=2000)
    bed.step(FromOperator(display.time.now(), StartCase(setup=made_setup())))
    for metric, value in NUMBERS:
        bed.step(FromDevice("monitor", Numeric(at=display.time.now(), metric=metric, value=value)))
    yield bed
    display.close_down()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_complete_round_from_the_watch_and_back_is_eight_touches(bed: Bed) -> None:
    window, page = bed.display.window, bed.display.operator.pages.round
    began = time.monotonic()
    bed.tap(window.round)
    bed.display._count()  # the second that passes while the page is looked at
    assert page.isVisible()
    bed.tap(page.vitals.confirm)
    for row, score in zip(page.rows[:4], (3, 5, -1, 2), strict=True):
        bed.tap(row.key(score))
    bed.tap(page.effects.key("None"))
    assert page.save.note == "7 of 7"
    bed.tap(page.save)
    own_s = time.monotonic() - began
    assert bed.taps <= MOST_TAPS
    assert own_s + bed.taps * A_TAP_S <= WITHIN_S
    (kept,) = bed.assessments()
    assert dict(kept.scores) | {} == {
        "pain at rest": 3,
        "pain on movement": 5,
        "RASS": -1,
        "dissociation": 2,
        "nausea": 0,
        "dizzy": 0,
        "double vision": 0,
        "headache": 0,
        "hallucination": 0,
        "dysphoria": 0,
    }
    assert kept.vitals == NUMBERS
    assert not page.isVisible()
    assert bed.display.state.round_due() is None  # no infusion has begun: none is planned


def test_the_keyboard_alone_does_it(bed: Bed, qtbot: QtBot) -> None:
    window, page = bed.display.window, bed.display.operator.pages.round
    QTest.keyClick(window, Qt.Key.Key_F3)
    qtbot.waitUntil(page.isVisible, timeout=1000)
    bed.display._count()
    for key in (Qt.Key.Key_V, Qt.Key.Key_T, Qt.Key.Key_7, Qt.Key.Key_Minus, Qt.Key.Key_2, Qt.Key.Key_4, Qt.Key.Key_1, Qt.Key.Key_1):
        assert page.hasFocus()
        QTest.keyClick(page, key)
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(bed.assessments()), timeout=1000)
    (kept,) = bed.assessments()
    assert kept.scores == (("pain at rest", 10), ("pain on movement", 7), ("RASS", -2), ("dissociation", 4), ("nausea", 1), ("dizzy", 1))
    assert kept.vitals == NUMBERS


def test_a_round_dated_before_the_case_is_not_recorded_and_the_draft_stays(bed: Bed) -> None:
    page = bed.display.operator.pages.round
    bed.tap(bed.display.window.round)
    bed.tap(page.rows[0].key(3))
    bed.tap(page.when)
    bed.tap(page.save)
    assert bed.assessments() == []
    assert page.scores == (("pain at rest", 3),)
    assert page.save.note.startswith("NOT recorded")
    assert BEFORE_THE_CASE in page.when.note
    assert BEFORE_THE_CASE in bed.display.window.notice.text


def test_every_scale_of_sedation_can_be_set() -> None:
    assert set(SETTABLE) == set(SEDATION)
