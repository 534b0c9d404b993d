"""A case leaves through the window: sealed, in the format and the place that were chosen, noted; a cancelled one leaves nothing."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.access_log import Viewer, access_log, log_fault
from app.display.case_export import CaseExport
from app.display.case_files import TITLES, Wish, folder_in, format_rows, write_case
from app.display.errand import Cancelled
from app.display.history_wires import RunningHistory
from app.display.noting import Noting
from app.display.places import places_of
from app.display.watch_state import WatchState
from app.exporting import FORMATS
from app.kept_key import SEAL, kept_key
from clinical.people import NOBODY
from storage.accesses import Act, accesses
from storage.export.folder_check import folder_faults, seal_told
from tests.app.display.windows import IGNORED, Database, window
from tests.storage.made_case import made_setup, minute, record
from widgets.history.history_page import HistoryPage

pytestmark = pytest.mark.qt_log_ignore(IGNORED)
SOON_MS = 15_000
UUID = made_setup().uuid


@pytest.fixture
def kept(database: Database) -> Callable[[], list[tuple[Act, str, str, str, str]]]:
    record(database.path, minute(20))
    return lambda: [(one.act, one.case, one.by, one.format, one.target) for one in accesses(access_log())]


def press(qtbot: QtBot, key: object) -> None:
    qtbot.mouseClick(key, Qt.MouseButton.LeftButton)


def test_a_case_is_exported_from_the_window_sealed_and_every_step_is_noted(qtbot: QtBot, database: Database, kept) -> None:
    with window(database) as program:
        start = program.starting.page
        qtbot.waitUntil(lambda: len(start.reviews.keys) == 1, timeout=SOON_MS)
        press(qtbot, start.reviews.keys[0])
        reviewing = program.starting.reviewing
        assert reviewing is not None
        qtbot.waitUntil(reviewing.page.export.isEnabled, timeout=SOON_MS)
        press(qtbot, reviewing.page.export)
        page = reviewing.exporting.page
        qtbot.waitUntil(lambda: bool(page.keys), timeout=SOON_MS)
        assert page.isVisible()
        stick = database.path.parent / "stick"
        stick.mkdir()
        reviewing.exporting.take_place(str(stick))
        press(qtbot, page.keys["edf"])
        press(qtbot, page.hidden)
        press(qtbot, page.export)
        qtbot.waitUntil(lambda: page.progress.text().startswith("Written and sealed"), timeout=SOON_MS)
        folder = stick / "bedside-case-1-edf-deidentified"
        assert str(folder) in page.progress.text()
        press(qtbot, page.back)
        assert reviewing.page.isVisible()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["export_format"], manifest["deidentified"]) == ("edf", True)
    assert folder_faults(folder) == []
    assert seal_told(folder, kept_key(SEAL)).holds
    left = (NOBODY, "edf", folder.name)
    assert kept() == [(Act.VIEWED, UUID, NOBODY, "", ""), (Act.BEGUN, UUID, *left), (Act.EXPORTED, UUID, *left)]
    assert log_fault() == ""


def test_the_history_of_a_running_case_leaves_a_row_each_time_it_is_opened(qtbot: QtBot, database: Database, kept) -> None:
    page, state, noting = HistoryPage(), WatchState(), Noting(lambda: "A. Meier")
    qtbot.addWidget(page)
    running = RunningHistory(page, state, database.url, noting)
    running.follow("history")
    state.take_case(made_setup())
    for name in ("history", "limits", "history"):
        running.follow(name)
        noting.wait(10)
    running.wires.leave()
    assert kept() == [(Act.VIEWED, UUID, "A. Meier", "", "")] * 2


def test_a_view_that_cannot_be_noted_is_told(qtbot: QtBot, database: Database, kept) -> None:
    noting = Noting(lambda: "A. Meier")
    noting.view(database.url, "1")
    noting.wait(10)
    access_log().write_bytes(b"")
    with qtbot.waitSignal(noting.told) as told:
        noting.view(database.url, "1")
    assert "could not be noted" in told.args[0]
    with qtbot.waitSignal(noting.told) as told:
        noting.view(database.url, "99")
    assert "has no case 99" in told.args[0]


class Disk:
    def __init__(self, path: str, *, ready: bool = True, locked: bool = False, root: bool = False) -> None:
        self.rootPath, self.displayName, self.bytesAvailable = (lambda: path), (lambda: path.rpartition("/")[2]), (lambda: 14_200_000_000)
        self.isReady, self.isReadOnly, self.isRoot = (lambda: ready), (lambda: locked), (lambda: root)


@pytest.mark.skipif(sys.platform == "win32", reason="disks are told by their letters there")
def test_places_are_the_documents_and_what_is_plugged_in_and_can_be_written() -> None:
    disks = [Disk("/", root=True), Disk("/home"), Disk("/media/n/A"), Disk("/media/n/B", locked=True), Disk("/run/media/n/C", ready=False)]
    rows = places_of(Path("/home/n/Documents"), disks)
    assert [(row.folder, row.title) for row in rows] == [("/home/n/Documents", "Documents"), ("/media/n/A", "A")]
    assert rows[1].note == "plugged in, 14.2 GB free"


@pytest.mark.parametrize("asked", [True, False])
def test_where_names_are_asked_for_an_export_without_one_is_told(qtbot: QtBot, database: Database, kept, asked: bool) -> None:
    exporting = CaseExport(Noting(lambda: "bedside", asked=lambda: asked))
    qtbot.addWidget(exporting.page)
    exporting.open(database.url, "1")
    assert exporting.page.progress.text().startswith("Nobody is signed in") is asked
    qtbot.waitUntil(lambda: bool(exporting.page.keys and exporting.page.places), timeout=SOON_MS)


VIEWER = Viewer(by="A. Meier")


def wish(name: str, place: Path, *, deidentify: bool = False) -> Wish:
    return Wish(format=name, deidentify=deidentify, folder=folder_in(place, "1", name, deidentify=deidentify))


def test_every_format_of_the_page_can_be_written(database: Database, kept, tmp_path: Path) -> None:
    names = [row.name for row in format_rows()]
    assert set(TITLES) == set(FORMATS)
    for name in set(names) - {"csv", "pdf", "handover"}:
        told = write_case(database.url, "1", wish(name, tmp_path), VIEWER, lambda _share: None)
        assert str(tmp_path / f"bedside-case-1-{name}") in told
    assert len(kept()) == 2 * (len(names) - 3)


def test_a_format_whose_extra_is_missing_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "parquet" in {row.name for row in format_rows()}
    monkeypatch.setattr("app.exporting.find_spec", lambda _name: None)
    assert "parquet" not in {row.name for row in format_rows()}


def test_a_cancelled_export_leaves_nothing_but_its_note(database: Database, kept, tmp_path: Path) -> None:
    def stop(share: float) -> None:
        if share > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_case(database.url, "1", wish("edf", tmp_path / "out"), VIEWER, stop)
    assert list((tmp_path / "out").iterdir()) == []
    assert [row[0] for row in kept()] == [Act.BEGUN, Act.NOT_FINISHED]


def test_what_lies_there_already_is_left_and_the_next_name_is_taken(database: Database, kept, tmp_path: Path) -> None:
    (tmp_path / "bedside-case-1-hl7").mkdir()
    (tmp_path / "bedside-case-1-hl7" / "letter.txt").write_text("mine")
    for _ in range(2):
        told = write_case(database.url, "1", wish("hl7", tmp_path), VIEWER, lambda _share: None)
        assert str(tmp_path / "bedside-case-1-hl7-2") in told
    assert (tmp_path / "bedside-case-1-hl7" / "letter.txt").read_text() == "mine"
    assert not (tmp_path / "bedside-case-1-hl7-3").exists()


def test_a_read_only_database_of_another_machine_is_exported_and_noted(database: Database, kept, tmp_path: Path) -> None:
    with sqlite3.connect(database.path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    database.path.chmod(0o444)
    assert "Written" in write_case(database.url, "1", wish("hl7", tmp_path), VIEWER, lambda _share: None)
    assert [row[0] for row in kept()] == [Act.BEGUN, Act.EXPORTED]
