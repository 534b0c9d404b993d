"""What the screen does when sources stand otherwise: words, the last number of the new source, the page, the command."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.display.main_window import MainWindow
from app.display.sources_shown import KEY, SourcesShown
from clinical.commands import ChooseSource
from clinical.metrics import PLETH, SPO2
from clinical.observations import Numeric, WaveformBlock
from clinical.sources import Source, SourceStanding
from tests.app.display.test_watch_state import NOW
from widgets.sources_page import SourcesPage
from widgets.tile import SourceWord

MONITOR, OXIMETER = Source(device="monitor"), Source(device="oximeter")


def standing(shown: Source) -> SourceStanding:
    return SourceStanding(metric=SPO2, sources=(OXIMETER, MONITOR), shown=shown)


@pytest.fixture
def shown(qtbot: QtBot) -> SourcesShown:
    window = MainWindow()
    qtbot.addWidget(window)
    page = SourcesPage()
    window.keep(page)
    shown = SourcesShown(window, "A. N.", window)
    shown.take_page(page)
    shown.page_wanted.connect(lambda: window.dock(None if page.isVisible() else page))
    window.resize(1366, 768)
    window.show()
    return shown


def test_when_another_source_takes_over_its_last_number_is_there_at_once(shown: SourcesShown) -> None:
    told = []
    shown.number_shown.connect(lambda device, numeric: told.append((device, numeric.value)))
    shown.change(standing(OXIMETER))
    shown.take("monitor", Numeric(at=NOW, metric=SPO2, value=95.0))
    shown.take("oximeter", Numeric(at=NOW, metric=SPO2, value=None))
    assert told == []
    shown.change(standing(MONITOR))
    assert told == [("monitor", 95.0)]
    assert shown._window.spo2.source_word() == SourceWord("monitor", stands_in=True)


def test_a_lane_names_its_device_only_where_its_number_has_a_choice(shown: SourcesShown) -> None:
    block = WaveformBlock(at=NOW, metric=PLETH, rate_hz=75, steps=np.zeros(8, np.int16), unit_per_step=1)
    shown.hear_block("oximeter", block)
    assert shown._window.waves._notes[PLETH] == ""
    shown.change(standing(OXIMETER))
    shown.hear_block("oximeter", block)
    assert shown._window.waves._notes[PLETH] == "oximeter"


def test_a_touch_opens_the_page_of_that_tile_another_touch_of_it_closes_it(shown: SourcesShown, qtbot: QtBot) -> None:
    window, page = shown._window, shown._page
    qtbot.mouseClick(window.spo2, Qt.MouseButton.LeftButton)
    assert page.isVisible()
    assert page.leaders == (SPO2,)
    qtbot.mouseClick(window.hr, Qt.MouseButton.LeftButton)
    assert page.isVisible()
    assert len(page.leaders) == 2
    qtbot.mouseClick(window.hr, Qt.MouseButton.LeftButton)
    assert not page.isVisible()


def test_the_key_opens_the_page_of_what_has_a_choice(shown: SourcesShown, qtbot: QtBot) -> None:
    shown.change(standing(OXIMETER))
    qtbot.keyClick(shown._window, getattr(Qt.Key, f"Key_{KEY}"))
    assert SPO2 in shown._page.leaders


def test_a_choice_becomes_a_command_with_who_made_it(shown: SourcesShown) -> None:
    asked = []
    shown.commanded.connect(asked.append)
    shown._page.source_chosen.emit(SPO2, MONITOR)
    assert asked == [ChooseSource(metric=SPO2, device="monitor", by="A. N.")]


def test_a_page_that_comes_late_is_told_what_stands(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    early = SourcesShown(window, "A. N.", window)
    early.change(standing(OXIMETER))
    early.take("oximeter", Numeric(at=NOW, metric=SPO2, value=97.0))
    early.take("monitor", Numeric(at=NOW, metric=SPO2, value=95.0))
    early.open(window.spo2)
    page = SourcesPage()
    window.keep(page)
    early.take_page(page)
    early.open(window.spo2)
    window.dock(page)
    window.show()
    page.advance(NOW)
    assert [row.words[2] for row in page.rows(SPO2)] == ["97", "95"]
