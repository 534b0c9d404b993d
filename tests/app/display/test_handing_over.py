"""The note of the running case, from its key to its file; a second one takes another name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from platformdirs import user_documents_path
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.display.handing_over import HandingOver
from app.display.noting import Noting
from app.display.watch_state import WatchState
from tests.app.display.windows import Database
from tests.app.pdf_reader import texts
from tests.storage.made_case import made_setup, minute, record
from widgets.case_page import CasePage

SOON_MS = 30_000


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[CasePage]:
    window = QWidget()
    qtbot.addWidget(window)
    page = CasePage(window)
    window.show()
    yield page  # noqa: PT022 (keeps the window for as long as the test lasts)


def test_the_key_writes_a_page_among_the_documents(qtbot: QtBot, database: Database, page: CasePage) -> None:
    record(database.path, minute(20))
    state = WatchState()
    state.take_case(made_setup())
    handing_over = HandingOver(page, state, database.url, Noting(lambda: "A. Meier"))
    for name in ("bedside-handover-7a0c6c1e.pdf", "bedside-handover-7a0c6c1e-2.pdf"):
        qtbot.mouseClick(page.handover, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda name=name: page.written.text() == f"Written to {user_documents_path() / name}", timeout=SOON_MS)
        (text,) = texts((user_documents_path() / name).read_bytes())
        assert "What is next" in text
    assert handing_over is not None


def test_why_there_is_no_note_is_told(qtbot: QtBot, database: Database, page: CasePage) -> None:
    state = WatchState()
    handing_over = HandingOver(page, state, database.url, Noting(lambda: "A. Meier"))
    qtbot.mouseClick(page.handover, Qt.MouseButton.LeftButton)
    assert page.written.text() == "No case runs."
    state.take_case(made_setup(uuid="not-there"))
    qtbot.mouseClick(page.handover, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.written.text().startswith("Not written: "), timeout=SOON_MS)
    assert handing_over is not None
