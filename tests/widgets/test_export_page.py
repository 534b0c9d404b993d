"""The page on which a case leaves: what can be chosen, what cannot, and that nothing else is touched while it is written."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from widgets.export_page import TOLD, WHOLE
from widgets.gallery_export import export_page
from widgets.theme import Look


@pytest.fixture
def page(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1900, 968)
    page = export_page()
    page.setParent(window)
    page.setGeometry(0, 0, 1900, 968)
    page.set_look(Look())
    window.show()
    page.kept_window = window
    return page


def press(qtbot, key):
    qtbot.mouseClick(key, Qt.MouseButton.LeftButton)


def test_the_key_asks_for_what_is_chosen(page, qtbot):
    with qtbot.waitSignal(page.export_requested) as asked:
        press(qtbot, page.export)
    assert asked.args == ["edf", True]
    press(qtbot, page.keys["pdf"])
    press(qtbot, page.as_it_is)
    with qtbot.waitSignal(page.export_requested) as asked:
        press(qtbot, page.export)
    assert asked.args == ["pdf", False]
    assert page.export.note == "Report (PDF), with names"


def test_of_the_record_itself_nothing_can_be_hidden_and_it_says_so(page, qtbot):
    press(qtbot, page.keys["bedside"])
    assert not page.hidden.isEnabled()
    assert page.as_it_is.isChecked()
    assert not page.hides
    assert page._told.text() == WHOLE
    press(qtbot, page.keys["csv"])
    assert page.hidden.isEnabled()
    assert not page.hides
    assert page._told.text() == TOLD[False]


def test_while_it_is_written_only_cancel_can_be_touched(page, qtbot):
    page.show_progress("Writing: 30%", 0.3)
    others = [key for key in (*page.keys.values(), *page.places.values(), page.as_it_is, page.place, page.back) if not key.isChecked()]
    assert not any(key.isEnabled() for key in others)
    press(qtbot, page.keys["edf"])
    assert page.progress.text() == "Writing: 30%"
    assert page.bar.isVisible()
    assert page.bar.share == pytest.approx(0.3)
    with qtbot.waitSignal(page.cancel_requested):
        press(qtbot, page.export)
    page.show_idle("Cancelled: nothing was written.")
    assert all(key.isEnabled() for key in others)
    assert not page.bar.isVisible()
    assert page.export.text() == "Export"
    assert page.format == "edf"


def test_every_key_is_a_finger_wide_and_nothing_overlaps(page):
    keys = (*page.keys.values(), *page.places.values(), page.as_it_is, page.hidden, page.place, page.back, page.export)
    look = Look()
    assert all(key.width() >= look.px(72) and key.height() >= look.px(72) for key in keys)
    boxes = [key.rect().translated(key.mapTo(page, key.rect().topLeft())) for key in keys]
    assert not any(one.intersects(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :])
    assert all(page.rect().contains(box) for box in boxes)


def test_a_place_is_asked_for_by_its_folder_and_shown_as_told(page, qtbot):
    assert page.places["/media/nurse/WARD 7"].isChecked()
    with qtbot.waitSignal(page.place_chosen) as chosen:
        press(qtbot, page.places["/home/nurse/Documents"])
    assert chosen.args == ["/home/nurse/Documents"]
    page.set_place("bedside-case-3-edf\nin /elsewhere", "/elsewhere")
    assert not any(key.isChecked() for key in page.places.values())


def test_another_choice_takes_the_words_of_the_last_export_away(page, qtbot):
    page.show_idle("Written and sealed", done=True)
    assert page.bar.isVisible()
    press(qtbot, page.keys["csv"])
    assert not page.bar.isVisible()
    assert not page.progress.text().strip()


def test_no_format_no_export(qtbot, page):
    page.set_formats(())
    assert page.format == ""
    assert not page.export.isEnabled()
