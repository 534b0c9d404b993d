"""A round is a few touches, or a few keys. Nothing is chosen for the nurse, nothing is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from clinical.commands import RecordAssessment
from clinical.metrics import ETCO2, HEART_RATE, NIBP_DIA, NIBP_SYS, RESP_RATE, SPO2
from clinical.observations import Numeric, Validity
from widgets import gallery_case as case
from widgets.docked_page import IDLE_S
from widgets.round_page import RoundEntry, RoundPage
from widgets.round_panel import RoundPanel
from widgets.theme import Look
from widgets.touch_key import TouchKey
from widgets.vitals_strip import CONFIRMED_FOR_S


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
    page.recorded.connect(got.append)
    return got


def _tap(qtbot, key):
    qtbot.mouseClick(key, Qt.MouseButton.LeftButton)


FULL = (("pain at rest", 3), ("pain on movement", 5), ("RASS", -1), ("dissociation", 2), ("nausea", 0))


NO_EFFECTS = tuple((name, 0) for name in ("dizzy", "double vision", "headache", "hallucination", "dysphoria"))


def entry(*scores, note="", vitals=(), minutes_ago=0):
    return RoundEntry(scores=scores, note=note, vitals=vitals, minutes_ago=minutes_ago)


def show_vitals(page, at=case.NOW):
    numbers = ((HEART_RATE, 92.0), (NIBP_SYS, 168.0), (NIBP_DIA, 92.0), (SPO2, 96.0), (RESP_RATE, 14.0), (ETCO2, 38.0))
    for metric, value in numbers:
        page.show_numeric(Numeric(at=at, metric=metric, value=value))
    page.advance(at)
    return numbers


def test_a_complete_round_is_seven_taps_and_one_more_with_nausea(page, recorded, qtbot):
    numbers = show_vitals(page)
    taps = [page.vitals.confirm, *(row.key(score) for row, (_, score) in zip(page.rows[:4], FULL[:4], strict=True))]
    taps += [page.effects.key("None"), page.save]
    assert len(taps) == 7
    for key in taps[:-1]:
        _tap(qtbot, key)
    assert page.save.note == "7 of 7"
    _tap(qtbot, taps[-1])
    assert recorded == [entry(*FULL, *NO_EFFECTS, vitals=numbers)]


def test_none_leaves_an_answered_nausea_as_it_is(page, qtbot):
    _tap(qtbot, page.rows[4].key(2))
    _tap(qtbot, page.effects.key("None"))
    assert page.scores == (("nausea", 2), *NO_EFFECTS)


def test_confirmed_vital_signs_stand_still_and_are_taken_back_by_another_touch(page, qtbot):
    show_vitals(page)
    assert page.vitals.vitals == ()
    _tap(qtbot, page.vitals.confirm)
    page.show_numeric(Numeric(at=case.NOW.plus(1), metric=HEART_RATE, value=140.0))
    page.advance(case.NOW.plus(1))
    assert dict(page.vitals.vitals)[HEART_RATE] == 92.0
    assert "140" not in _texts(page.vitals)
    _tap(qtbot, page.vitals.confirm)
    page.advance(case.NOW.plus(1))
    assert page.vitals.vitals == ()
    assert "140" in _texts(page.vitals)


def test_what_was_confirmed_and_not_saved_is_soon_to_be_confirmed_anew(page, qtbot):
    show_vitals(page)
    _tap(qtbot, page.vitals.confirm)
    _tap(qtbot, page.rows[0].key(3))
    page.advance(case.NOW.plus(CONFIRMED_FOR_S))
    assert page.save.note.startswith("2 of 7")
    page.advance(case.NOW.plus(CONFIRMED_FOR_S + 1))
    assert page.vitals.vitals == ()
    assert page.vitals.confirm.text() == "Confirm"
    assert page.save.note.startswith("1 of 7")


def test_an_old_number_is_neither_shown_nor_confirmed_but_the_cuffs_stands_with_its_time(page, qtbot):
    show_vitals(page)
    page.advance(case.NOW.plus(120))
    assert _texts(page.vitals).count("---") == 4
    assert {"168/92", "NIBP 14:05"} <= set(_texts(page.vitals))
    _tap(qtbot, page.vitals.confirm)
    assert page.vitals.vitals == ((NIBP_SYS, 168.0), (NIBP_DIA, 92.0))


def test_the_cuffs_last_reading_can_be_confirmed_while_it_measures_anew(page, qtbot):
    measured_at, now = case.NOW.plus(-60), case.NOW.plus(30)
    for metric, value in ((NIBP_SYS, 168.0), (NIBP_DIA, 92.0)):
        page.show_numeric(Numeric(at=case.NOW, metric=metric, value=value, measured_at=measured_at))
        page.show_numeric(Numeric(at=now, metric=metric, value=None, validity=Validity.ONGOING))
    page.advance(now)
    assert {"168/92", "NIBP 14:04"} <= set(_texts(page.vitals))
    _tap(qtbot, page.vitals.confirm)
    assert page.vitals.vitals == ((NIBP_SYS, 168.0), (NIBP_DIA, 92.0))


def test_without_numbers_there_is_nothing_to_confirm(page):
    assert not page.vitals.confirm.isEnabled()
    page.show_numeric(Numeric(at=case.NOW, metric=SPO2, value=None, validity=Validity.INVALID, reason="sensor off"))
    page.advance(case.NOW)
    assert not page.vitals.confirm.isEnabled()


def test_a_side_effect_grows_with_each_touch_and_none_takes_all_back(page, qtbot):
    dizzy = page.effects.key("dizzy")
    for expected in (1, 2, 3):
        _tap(qtbot, dizzy)
        assert page.scores == (("dizzy", expected),)
    assert dizzy.note == "severe"
    _tap(qtbot, page.effects.key("headache"))
    _tap(qtbot, page.effects.key("None"))
    assert page.scores == (("nausea", 0), *NO_EFFECTS)
    assert dizzy.note == ""
    _tap(qtbot, dizzy)
    assert page.scores == (("nausea", 0), ("dizzy", 1))


def test_a_late_round_says_when_it_was_made(page, recorded, qtbot):
    _tap(qtbot, page.rows[0].key(3))
    for _ in range(3):
        _tap(qtbot, page.when)
    assert page.when.text() == "Taken 15 min ago"
    _tap(qtbot, page.save)
    assert recorded == [entry(("pain at rest", 3), minutes_ago=15)]


@pytest.mark.parametrize(("scale", "score", "written"), [("RASS", -2, "−2"), ("POSS", 0, "S"), ("MOAA/S", 3, "3")])
def test_the_site_chooses_the_scale_of_sedation(qtbot, scale, score, written):
    page = RoundPage(scale)
    qtbot.addWidget(page)
    assert page.rows[2].key(score).text() == written
    page.rows[2].answer(score)
    assert page.scores == ((scale, score),)


def test_why_and_how_late_is_said(page):
    page.set_due(case.NOW.plus(-150), "after the dose step")
    page.advance(case.NOW)
    assert page.subtitle.text() == "after the dose step, due 2 min ago"


def test_by_keyboard(page, recorded, qtbot):
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_T)
    qtbot.keyClick(page, Qt.Key.Key_5)
    qtbot.keyClick(page, Qt.Key.Key_Minus)
    qtbot.keyClick(page, Qt.Key.Key_1)
    qtbot.keyClick(page, Qt.Key.Key_2)
    qtbot.keyClick(page, Qt.Key.Key_0)
    qtbot.keyClick(page, Qt.Key.Key_2)
    qtbot.keyClick(page, Qt.Key.Key_2)
    qtbot.keyClick(page, Qt.Key.Key_5)
    qtbot.keyClick(page, Qt.Key.Key_W)
    numbers = show_vitals(page)
    qtbot.keyClick(page, Qt.Key.Key_V)
    page.window().activateWindow()
    qtbot.keyClick(page, Qt.Key.Key_N)
    qtbot.waitUntil(page.note.hasFocus, timeout=1000)
    qtbot.keyClicks(page.note, "room dark")
    qtbot.keyClick(page.note, Qt.Key.Key_Return)
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(recorded), timeout=1000)  # a shortcut shows the key pressed before it acts
    effects = (("double vision", 2), ("dysphoria", 1))
    assert recorded == [entry(("pain at rest", 10), *FULL[1:], *effects, note="room dark", vitals=numbers, minutes_ago=5)]


def test_a_score_that_is_not_on_the_scale_answers_nothing(page, qtbot):
    page.setFocus()
    for _ in range(4):
        qtbot.keyClick(page, Qt.Key.Key_Down)
    qtbot.keyClick(page, Qt.Key.Key_9)
    assert page.scores == ()


def test_save_works_at_any_time_and_leaves_the_rest_open(page, recorded, qtbot):
    _tap(qtbot, page.rows[2].key(-3))
    assert "1 of 7" in page.save.note
    _tap(qtbot, page.save)
    assert recorded == [entry(("RASS", -3))]


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
    assert recorded == [entry(note="room dark 5")]


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
    page.confirm(RecordAssessment(event_at=case.NOW, scores=recorded[1].scores))
    assert (page.scores, closed) == ((), [True])


def test_what_was_answered_since_is_not_cleared(page, recorded, qtbot):
    _tap(qtbot, page.rows[0].key(3))
    _tap(qtbot, page.save)
    _tap(qtbot, page.rows[1].key(2))
    page.confirm(RecordAssessment(event_at=case.NOW, scores=recorded[0].scores))
    assert page.scores == (("pain at rest", 3), ("pain on movement", 2))


def test_every_key_is_a_finger_wide(page):
    keys = [key for key in page.findChildren(TouchKey) if key.isVisible()]
    assert len(keys) > 50
    assert [key.text() for key in keys if key.width() < 72 or key.height() < 72] == []


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


def test_in_a_fast_case_it_is_the_room_that_counts(page):
    page.pace = 30.0
    page.advance(case.NOW)
    page.advance(case.NOW.plus(30 * 20))
    assert page.back.note == "closes in 0:40"


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
    assert "last 13:49, Nurse A" in texts


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
