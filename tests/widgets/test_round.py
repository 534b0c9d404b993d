"""A round is a few touches, or a few keys. Nothing is chosen for the nurse, nothing is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from clinical.commands import RecordAssessment
from widgets import gallery_case as case
from widgets.docked_page import IDLE_S
from widgets.round_page import RoundPage
from widgets.round_panel import RoundPanel
from widgets.theme import Look


@pytest.fixture
def page(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(824, 856)
    page = RoundPage()
    page.setParent(window)
    page.setGeometry(0, 0, 824, 856)
    page.set_look(Look())
    page.set_setup(case.SETUP)
    page.set_assessment(case.ASSESSMENTS[-1])
    window.show()
    page.advance(case.NOW)
    page.kept_window = window
    return page


@pytest.fixture
def recorded(page):
    got = []
    page.recorded.connect(lambda scores, note: got.append((scores, note)))
    return got


def _tap(qtbot, key):
    qtbot.mouseClick(key, Qt.MouseButton.LeftButton)


FULL = (("pain at rest", 3), ("pain on movement", 5), ("RASS", -1), ("dissociation", 2), ("nausea", 0))


def test_a_whole_round_is_six_taps(page, recorded, qtbot):
    for row, (_, score) in zip(page.rows, FULL, strict=True):
        _tap(qtbot, row.key(score))
    _tap(qtbot, page.save)
    assert recorded == [(FULL, "")]


def test_by_keyboard(page, recorded, qtbot):
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_T)
    qtbot.keyClick(page, Qt.Key.Key_5)
    qtbot.keyClick(page, Qt.Key.Key_Minus)
    qtbot.keyClick(page, Qt.Key.Key_1)
    qtbot.keyClick(page, Qt.Key.Key_2)
    qtbot.keyClick(page, Qt.Key.Key_0)
    qtbot.keyClick(page, Qt.Key.Key_Up)
    assert page.scores == (("pain at rest", 10), *FULL[1:])
    page.window().activateWindow()
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(recorded), timeout=1000)  # a shortcut shows the key pressed before it acts
    assert recorded == [((("pain at rest", 10), *FULL[1:]), "")]


def test_a_score_that_is_not_on_the_scale_answers_nothing(page, qtbot):
    page.setFocus()
    for _ in range(4):
        qtbot.keyClick(page, Qt.Key.Key_Down)
    qtbot.keyClick(page, Qt.Key.Key_9)
    assert page.scores == ()


def test_save_works_at_any_time_and_leaves_the_rest_open(page, recorded, qtbot):
    _tap(qtbot, page.rows[2].key(-3))
    assert "1 of 5" in page.save.note
    _tap(qtbot, page.save)
    assert recorded == [((("RASS", -3),), "")]


def test_an_answer_is_changed_by_another_touch(page, qtbot):
    _tap(qtbot, page.rows[0].key(3))
    _tap(qtbot, page.rows[0].key(8))
    assert page.scores == (("pain at rest", 8),)


def test_nothing_is_recorded_from_nothing(page, recorded, qtbot):
    _tap(qtbot, page.save)
    assert recorded == []


def test_the_last_answer_is_outlined_and_never_chosen(page):
    assert page.rows[0].key(4).outlined
    assert not page.rows[0].key(4).isChecked()
    assert page.scores == ()


def test_a_note_goes_with_it_and_typing_in_it_answers_nothing(page, recorded, qtbot):
    page.note.setFocus()
    qtbot.keyClicks(page.note, "room dark 5")
    qtbot.keyClick(page.note, Qt.Key.Key_Return)
    assert page.scores == ()
    _tap(qtbot, page.save)
    assert recorded == [((), "room dark 5")]


def test_answers_stay_until_they_are_recorded_and_only_then_the_page_closes(page, recorded, qtbot):
    closed = []
    page.back_requested.connect(lambda: closed.append(True))
    _tap(qtbot, page.rows[0].key(3))
    _tap(qtbot, page.save)
    assert page.save.note == "sending…"
    _tap(qtbot, page.save)
    assert len(recorded) == 1
    page.refuse()
    assert "NOT recorded" in page.save.note
    assert (page.scores, closed) == ((("pain at rest", 3),), [])
    _tap(qtbot, page.save)
    page.confirm(RecordAssessment(event_at=case.NOW, scores=recorded[1][0]))
    assert (page.scores, closed) == ((), [True])


def test_what_was_answered_since_is_not_cleared(page, recorded, qtbot):
    _tap(qtbot, page.rows[0].key(3))
    _tap(qtbot, page.save)
    _tap(qtbot, page.rows[1].key(2))
    page.confirm(RecordAssessment(event_at=case.NOW, scores=recorded[0][0]))
    assert page.scores == (("pain at rest", 3), ("pain on movement", 2))


def test_every_key_is_a_finger_wide(page):
    for row in page.rows:
        for score in row.item.scores:
            assert row.key(score).width() >= 72
            assert row.key(score).height() >= 72


def test_untouched_it_gives_way_once_and_keeps_the_draft(page, qtbot):
    left = []
    page.back_requested.connect(lambda: left.append(1))
    _tap(qtbot, page.rows[0].key(3))
    page.advance(case.NOW.plus(1))
    page.advance(case.NOW.plus(IDLE_S))
    assert not left
    for extra in (1, 2, 30):
        page.advance(case.NOW.plus(IDLE_S + extra))
    assert left == [1]
    page.hide()
    page.show()
    assert page.scores == (("pain at rest", 3),)


def test_a_touch_begins_the_countdown_anew(page, qtbot):
    page.advance(case.NOW.plus(50))
    _tap(qtbot, page.rows[1].key(2))
    page.advance(case.NOW.plus(55))
    assert page.back.note == "closes in 1:00"


def test_escape_and_back_leave(page, qtbot):
    with qtbot.waitSignal(page.back_requested):
        _tap(qtbot, page.back)
    page.window().activateWindow()
    with qtbot.waitSignal(page.back_requested):
        QTest.keyClick(page, Qt.Key.Key_Escape)


@pytest.fixture
def panel(qtbot):
    panel = RoundPanel()
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(362, 408)
    panel.setParent(window)
    panel.setGeometry(0, 0, 362, 408)
    panel.set_setup(case.SETUP)
    panel.set_look(Look())
    window.show()
    panel.kept_window = window
    return panel


def _texts(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.text()]


def test_the_panel_shows_the_last_scores_with_those_before(panel):
    for assessment in case.ASSESSMENTS:
        panel.set_assessment(assessment)
    texts = _texts(panel)
    assert "RASS −1" in texts
    assert "drowsy, was 0" in texts
    assert "was 7" in texts
    assert "last 13:49 by Nurse A" in texts


def test_an_item_left_open_is_not_the_old_score(panel):
    panel.set_assessment(case.ASSESSMENTS[0])
    panel.set_assessment(type(case.ASSESSMENTS[0])(event_at=case.NOW, scores=(("RASS", 0),)))
    assert _texts(panel).count("---") == 4


@pytest.mark.parametrize(
    ("due_in_s", "text"),
    [(1200, "Next in 20 min"), (20, "Next in 20 s"), (-20, "Due now"), (-130, "Due 2 min ago"), (-7300, "Due 2 h 1 min ago")],
)
def test_due_and_overdue_are_said_quietly(panel, due_in_s, text):
    panel.set_due(case.NOW.plus(due_in_s), "after step to 25")
    panel.advance(case.NOW)
    assert text in _texts(panel)


def test_touching_the_panel_asks_for_the_round(panel, qtbot):
    with qtbot.waitSignal(panel.round_requested):
        qtbot.mouseClick(panel, Qt.MouseButton.LeftButton)
