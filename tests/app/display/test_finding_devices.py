"""Find devices, in the real window with a real core: the row is filled in and its preview answers; what is read already is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.display.case_devices import STOPPED
from app.display.new_case import NewCase
from app.display.program import Program
from app.remembered import Remembered
from app.settings import Settings, data_folder
from app.site_data import SiteData
from devices.transports.ports import Port
from tests.app.display.windows import IGNORED, Database, emulated_oximeter, window
from widgets.new_case.devices_card import HOW, NOT_USED

pytestmark = pytest.mark.qt_log_ignore(IGNORED)
SOON_MS = 15_000
SEARCH_S = 3.0


@contextmanager
def new_case(program: Program, database: Database, *plugged: str) -> Iterator[NewCase]:
    """The new-case page over a computer that has these ports."""
    remembered = Remembered(database.path.with_name("remembered.json"))
    present = tuple(Port(name=name, description="pseudo-terminal") for name in plugged)
    opened = NewCase(program.display, Settings(), SiteData(), remembered, program.starting, list_ports=lambda: present, search_s=SEARCH_S)
    opened.open()
    try:
        yield opened
    finally:
        opened.leave()


def test_a_plugged_in_device_is_found_filled_in_and_read(qtbot: QtBot, database: Database) -> None:
    with emulated_oximeter() as port, window(database) as program, new_case(program, database, port) as opened:
        card = opened.page.devices
        line = card.line("oximeter")
        assert card.told == HOW
        qtbot.mouseClick(card.find_key, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: card.find_key.text() == "Stop" and card.find_key.note not in {"", "0 %"}, timeout=SOON_MS)
        opened.page.start.click()
        assert "being looked for" in program.display.window.notice.text
        qtbot.waitUntil(lambda: card.find_key.text() == "Find devices", timeout=SOON_MS)
        assert (line.choice.driver, line.choice.port) == ("nonin", port)
        assert card.told == "1 found."
        qtbot.waitUntil(lambda: line.answers and line.shown.endswith("%"), timeout=SOON_MS)
        assert card.line("pump").key.note == NOT_USED
        assert opened.devices.device_page.port_keys[port].note == "Nonin oximeter answers  ·  pseudo-terminal"
        assert (data_folder() / "known-devices.json").exists()


def test_a_search_that_is_stopped_changes_nothing_and_reads_on(qtbot: QtBot, database: Database) -> None:
    with emulated_oximeter() as port, window(database) as program, new_case(program, database) as opened:
        card = opened.page.devices
        line = card.line("oximeter")
        line.choose("nonin:df2", port)
        qtbot.waitUntil(lambda: line.answers, timeout=SOON_MS)
        qtbot.keyClick(card.find_key, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: opened.devices.search.active, timeout=SOON_MS)
        assert line.answers
        qtbot.keyClick(card.find_key, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: card.told == STOPPED and not opened.devices.searching, timeout=SOON_MS)
        qtbot.waitUntil(lambda: line.answers, timeout=SOON_MS)
        assert (line.choice.driver, line.choice.port) == ("nonin:df2", port)


def test_what_was_chosen_in_the_wrong_row_is_found_in_the_right_one(qtbot: QtBot, database: Database) -> None:
    with emulated_oximeter() as port, window(database) as program, new_case(program, database) as opened:
        card = opened.page.devices
        card.line("pump").choose("bcc", port)
        qtbot.waitUntil(lambda: program.display.keeper.heard_once, timeout=SOON_MS)
        card.find_key.click()
        qtbot.waitUntil(lambda: card.find_key.text() == "Find devices", timeout=SOON_MS)
        assert card.line("pump").choice.port == ""
        assert card.line("oximeter").choice.port == port
        qtbot.waitUntil(lambda: card.line("oximeter").answers, timeout=SOON_MS)
