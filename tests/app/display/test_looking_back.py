"""A stored case on the history page: read from a real database, on a thread of its own, and shown in this one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.display.case_view import case_view
from app.display.history_wires import HistoryWires
from app.display.main_window import MainWindow
from app.display.noting import Noting
from app.display.reviewing import Reviewing
from clinical.commands import EventKind, RecordEvent
from clinical.messages import FromDevice, Outcome
from clinical.metrics import HEART_RATE, NIBP_SYS, SPO2
from clinical.observations import Numeric, Priority
from storage.cases import open_case
from tests.app.display.windows import IGNORED, Database, window
from tests.storage.made_case import START, command, end, made_setup, minute, record, start
from widgets.history.case_view import MarkKind
from widgets.history.history_page import HistoryPage
from widgets.history.time_span import TimeSpan

pytestmark = pytest.mark.qt_log_ignore(IGNORED)


@pytest.fixture
def address(tmp_path: Path) -> str:
    return record(tmp_path / "a.sqlite", minute(60))


def test_a_case_is_told_whole(address: str) -> None:
    with open_case(address, 1) as history:
        view = case_view(history)
    assert view.length_s == 60
    lines = {trend.metric: trend for trend in view.trends}
    assert len(lines[HEART_RATE].seconds) == 57
    assert lines[HEART_RATE].at(10.9, 5) == pytest.approx(60.4)
    assert lines[SPO2].at(13.9, 5) is None  # the sensor was off
    alarm = next(mark for mark in view.marks if mark.kind is MarkKind.ALARM)
    assert (alarm.at_s, alarm.until_s, alarm.priority) == (20, 30, Priority.HIGH)
    events = [mark.title for mark in view.marks if mark.kind is MarkKind.EVENT]
    assert "ondansetron 4 mg IV (was ondansetron 8 mg IV)" in events
    assert "ondansetron 8 mg IV" not in events
    assert [mark.title for mark in view.marks if mark.kind is MarkKind.STEP] == ["10 mg/h"]
    assert (24.0, 27.0) in view.gaps
    assert [(limit.since_s, limit.until_s, limit.value) for limit in view.limits] == [
        (0, pytest.approx(16.1), 90),
        (pytest.approx(16.1), 60, 88),
    ]


def test_the_page_shows_waveforms_of_the_stretch_that_is_looked_at(qtbot: QtBot, address: str) -> None:
    page = HistoryPage(stored=True)
    qtbot.addWidget(page)
    page.resize(1400, 600)
    page.show()
    wires = HistoryWires(page)
    wires.show(address, "1")
    view = page.views[0]
    qtbot.waitUntil(lambda: view.case is not None and view._waves_of == view.span, timeout=8000)
    view.look_at(TimeSpan(5.0, 8.0))
    qtbot.waitUntil(lambda: view._waves_of == TimeSpan(5.0, 8.0), timeout=4000)
    assert [wave.title for wave in view._waves] == ["II", "Pleth"]
    assert len(view._waves[0].lows) == view.columns
    wires.show(address, "1", place=1)
    qtbot.waitUntil(lambda: page.views[1].case is not None, timeout=4000)
    wires.leave()
    assert not page.views[1].isVisible()


def test_a_print_lands_in_the_documents_folder(qtbot: QtBot, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))
    page = HistoryPage(stored=True)
    qtbot.addWidget(page)
    wires = HistoryWires(page)
    wires.show(address, "1")
    qtbot.waitUntil(lambda: page.views[0].case is not None, timeout=8000)
    for _ in range(2):
        QTest.mouseClick(page.keys["print"], Qt.MouseButton.LeftButton)
    wires.leave()
    assert sorted(path.name for path in (tmp_path / "documents").iterdir()) == ["bedside-history-1-2.pdf", "bedside-history-1.pdf"]


def test_a_database_that_is_none_is_told_on_the_page(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "b.sqlite").write_bytes(b"no database at all, only words")
    page = HistoryPage(stored=True)
    qtbot.addWidget(page)
    wires = HistoryWires(page)
    wires.show(f"sqlite:///{tmp_path / 'b.sqlite'}", "1")
    qtbot.waitUntil(lambda: "is no database" in page.subtitle.text(), timeout=8000)
    wires.leave()


def test_a_case_of_another_file_is_reviewed_looked_into_and_left(
    qtbot: QtBot, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    main = MainWindow()
    qtbot.addWidget(main)
    main.resize(1366, 768)
    main.show()
    reviewing = Reviewing(f"sqlite:///{tmp_path / 'own.sqlite'}", main, Noting(lambda: "A. Meier", main), main)
    reviewing.open("1", address)
    qtbot.waitUntil(reviewing.page.export.isEnabled, timeout=8000)
    QTest.mouseClick(reviewing.page.history, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: reviewing.history.isVisible() and reviewing.history.views[0].case is not None, timeout=8000)
    assert made_setup().patient.label in reviewing.history.views[0].case.title
    assert main.bar.isVisible()
    QTest.mouseClick(reviewing.history.back, Qt.MouseButton.LeftButton)
    assert reviewing.page.isVisible()
    reviewing.leave()


def test_beside_the_watch_the_bar_the_numbers_and_the_keys_stay_in_sight(qtbot: QtBot) -> None:
    main = MainWindow()
    qtbot.addWidget(main)
    page = HistoryPage()
    main.keep(page)
    for size in ((1366, 768), (1920, 1080), (3840, 2160)):
        main.resize(*size)
        main.show()
        main.dock(page)
        parts = [main.bar, *main.tiles, page, main.keys]
        assert all(part.isVisible() for part in parts)
        boxes = [part.geometry() for part in parts]
        assert not any(one.intersects(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :])
        assert all(main.rect().contains(box) for box in boxes)
        assert page.minimumSizeHint().width() <= page.width()
        assert page.minimumSizeHint().height() <= page.height()
        main.dock(None)
        assert main.waves.isVisible()


def test_cases_of_an_opened_file_are_listed_reviewed_and_never_resumed(qtbot: QtBot, address: str, database: Database) -> None:
    with window(database) as program:
        page = program.starting.page
        program.starting.file.take(address.removeprefix("sqlite:///"))
        qtbot.waitUntil(lambda: len(page.reviews.keys) == 1, timeout=8000)
        QTest.mouseClick(page.reviews.keys[0], Qt.MouseButton.LeftButton)
        reviewing = program.starting.reviewing
        assert reviewing is not None
        qtbot.waitUntil(reviewing.page.export.isEnabled, timeout=8000)
        QTest.keyClick(program.shell, Qt.Key.Key_F11)
        qtbot.waitUntil(lambda: reviewing.history.isVisible() and reviewing.history.views[0].case is not None, timeout=8000)
        assert not page.resume.isVisible()
    assert not database.path.exists()


def test_what_was_given_is_told_with_what_came_of_it(tmp_path: Path) -> None:
    def outcomes() -> Iterator[Outcome]:
        yield start()
        event = RecordEvent(kind=EventKind.MEDICATION, event_at=START.plus(600), text="clonidine 1 mg PO", by="A")
        for at_min, sbp in ((8, 171.0), (22, 148.0)):
            value = Numeric(at=START.plus(60 * at_min), metric=NIBP_SYS, value=sbp, interval_s=900.0)
            yield Outcome(message=FromDevice("monitor", value), shown=value)
            yield command(650, event)
            event = replace(event, kind=EventKind.CORRECTION, text="clonidine 0.1 mg PO", corrects=1)
        yield end(3000)

    with open_case(record(tmp_path / "b.sqlite", outcomes()), 1) as history:
        titles = [mark.title for mark in case_view(history).marks if mark.kind is MarkKind.EVENT]
    assert titles == ["clonidine 0.1 mg PO (was clonidine 1 mg PO): SBP 171 → 148 in 12 min"]
