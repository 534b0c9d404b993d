"""Looking back while the case runs, in the real window over a real core: the watch goes on, and nothing is altered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.display.opening import Opening
from app.plan import CorePlan, Demonstration
from tests.app.display.windows import IGNORED, Database, window
from widgets.history.time_span import TimeSpan

pytestmark = pytest.mark.qt_log_ignore(IGNORED)
SOON_MS = 15_000


def test_history_is_opened_by_its_key_beside_the_living_watch(qtbot: QtBot, database: Database) -> None:
    plan = CorePlan(database=database.url, demonstration=Demonstration(scenario="quiet-day"))
    with window(database, Opening.PLAN, plan) as program:
        watch = program.display.window
        qtbot.waitUntil(lambda: watch.spo2.reading().live and program.display.operator.pages is not None, timeout=SOON_MS)
        begun = watch.spo2.now
        qtbot.waitUntil(lambda: watch.spo2.now.since(begun) > 3, timeout=SOON_MS)  # until then there is nothing to look back at
        QTest.keyClick(program.shell, Qt.Key.Key_F11)
        page = program.display.operator.pages.history
        qtbot.waitUntil(lambda: page.isVisible() and page.views[0].case is not None, timeout=SOON_MS)
        view = page.views[0]
        qtbot.waitUntil(lambda: bool(view._waves) and view._waves_of == view.span, timeout=SOON_MS)
        assert {("Pleth", "monitor"), ("Pleth", "oximeter"), ("Resp", "")} <= {(wave.title, wave.source) for wave in view._waves}
        frozen, before = view.span, watch.spo2.now
        assert all(part.isVisible() for part in (watch.bar, *watch.tiles, watch.keys))
        qtbot.waitUntil(lambda: watch.spo2.now.since(before) > 3, timeout=SOON_MS)  # the record is a second or two behind
        assert view.span == frozen
        assert watch.spo2.reading().live
        length_s = view.case.length_s
        QTest.mouseClick(page.keys["now"], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: view.case.length_s > length_s, timeout=SOON_MS)
        assert view.span == TimeSpan(frozen.since_s, frozen.until_s)
        QTest.keyClick(program.shell, Qt.Key.Key_F11)
        qtbot.waitUntil(lambda: not page.isVisible() and watch.waves.isVisible(), timeout=SOON_MS)
