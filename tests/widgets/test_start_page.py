"""The first page asks for one of four things, and offers what was not ended."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget

from app.display.scenario_rows import scenario_rows
from widgets import gallery_case as case
from widgets.gallery_panels import start_page
from widgets.start_page import StartPage
from widgets.theme import DAY, Look
from widgets.touch_key import TouchKey


@pytest.fixture
def stage(qtbot):
    def put(page):
        window = QWidget()
        qtbot.addWidget(window)
        window.resize(1900, 968)
        page.setParent(window)
        page.setGeometry(0, 0, 1900, 968)
        page.set_look(Look())
        window.show()
        page.kept_window = window
        return page

    return put


def test_each_key_asks_for_its_own(stage, qtbot):
    page = stage(start_page())
    asked = []
    page.new_case_requested.connect(lambda: asked.append("new"))
    page.resume_requested.connect(lambda id_: asked.append(("resume", id_)))
    page.review_requested.connect(lambda id_: asked.append(("review", id_)))
    page.demonstration_requested.connect(lambda id_: asked.append(("demonstration", id_)))
    for key in (page.new_case, page.resume, page.reviews.keys[1], page.scenarios.keys[2]):
        qtbot.mouseClick(key, Qt.MouseButton.LeftButton)
    assert asked == ["new", ("resume", "0"), ("review", "2"), ("demonstration", "occlusion")]


def test_resume_says_who_when_and_how_long_ago(stage):
    page = stage(start_page())
    text = " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
    assert "M. K." in text
    assert "begun Sun 22 Nov 12:20" in text
    assert "3 min ago" in text


def test_without_an_unfinished_case_nothing_is_offered(stage, qtbot):
    page = stage(StartPage())
    page.offer_resume(None, case.NOW)
    assert not page.resume.isVisible()
    assert page.new_case.isVisible()
    assert any(label.text() == "No case is stored yet." and label.isVisible() for label in page.findChildren(QLabel))


def test_a_simulated_case_says_so(stage):
    page = stage(start_page())
    assert "SIMULATED" in page.reviews.keys[-1].note
    assert "SIMULATED" not in page.reviews.keys[0].note


def test_rows_are_replaced_not_added(stage):
    page = stage(start_page())
    page.set_cases([])
    assert page.reviews.keys == ()


def test_cases_are_found_by_their_words_and_a_file_can_be_asked_for(stage, qtbot):
    page = stage(start_page())
    every = [key.text() for key in page.reviews.keys]
    word = page.reviews.keys[1].note.split("   ")[0]  # its day and time
    qtbot.keyClicks(page.search, word.lower())
    found = page.reviews.keys
    assert 1 <= len(found) < len(every)
    assert all(word in key.note for key in found)
    page.search.setText("nobody of that name")
    assert page.reviews.keys == ()
    page.search.clear()
    assert [key.text() for key in page.reviews.keys] == every
    with qtbot.waitSignal(page.file_requested):
        qtbot.mouseClick(page.open_file, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("scale", [1366 / 1920, 1.0])
def test_every_demonstration_is_described_whole(stage, fonts, scale):
    page = stage(StartPage())
    page.kept_window.resize(round(1900 * scale), round(968 * scale))
    page.setGeometry(page.kept_window.rect())
    page.set_look(Look(scale=scale))
    page.set_scenarios(scenario_rows())
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    for key in page.scenarios.keys:
        words = QFontMetrics(Look(scale=scale).font("note"))
        needed = words.boundingRect(QRect(0, 0, key.width() - 2 * Look(scale=scale).px(14), 999), Qt.TextFlag.TextWordWrap, key.note)
        assert needed.height() <= 2 * words.height(), key.note
        assert key.height() >= key.minimumSizeHint().height()


def test_the_key_with_the_keyboard_is_ringed_even_where_it_is_chosen(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    key = TouchKey("Now", fill="chosen", edge="chosen")
    key.setParent(window)
    key.resize(120, 72)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    key.setFocus()
    ringed = key.grab().toImage()
    key.clearFocus()
    bare = key.grab().toImage()
    assert [ringed.pixelColor(x, 36).name() for x in range(12)].count(DAY.chosen_ink.lower()) >= 1
    assert DAY.chosen_ink.lower() not in [bare.pixelColor(x, 36).name() for x in range(12)]
