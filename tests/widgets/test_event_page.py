"""Events at one touch, now or earlier; notes; the next step named."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinical.commands import EventKind, RecordEvent
from widgets import gallery_case as case
from widgets import gallery_dose
from widgets.event_page import EventPage
from widgets.theme import Look


@pytest.fixture
def page(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(824, 856)
    page = EventPage(("ondansetron 4 mg IV", "midazolam 1 mg IV"))
    page.setParent(window)
    page.setGeometry(0, 0, 824, 856)
    page.set_look(Look())
    page.set_setup(case.SETUP)
    window.show()
    page.advance(case.NOW)
    page.got = []
    page.recorded.connect(lambda *event: page.got.append(event))
    page.kept_window = window
    return page


def _tap(qtbot, key):
    qtbot.mouseClick(key, Qt.MouseButton.LeftButton)


def test_a_medication_is_one_touch(page, qtbot):
    _tap(qtbot, page.key("ondansetron 4 mg IV"))
    assert page.got == [(EventKind.MEDICATION, "ondansetron 4 mg IV", 0)]
    assert page.confirmation == "sending 14:05: ondansetron 4 mg IV …"
    page.confirm(RecordEvent(kind=EventKind.MEDICATION, event_at=case.NOW, text="ondansetron 4 mg IV"))
    assert page.confirmation.startswith("Recorded 14:05: ondansetron 4 mg IV")


def test_what_did_not_arrive_is_told_and_a_note_stays(page, qtbot):
    qtbot.keyClicks(page.note, "sister visits")
    _tap(qtbot, page.record_note)
    _tap(qtbot, page.record_note)
    assert len(page.got) == 1
    page.refuse(RecordEvent(kind=EventKind.NOTE, event_at=case.NOW, text="sister visits"), "no answer")
    assert page.confirmation == "NOT recorded: 14:05: sister visits: no answer."
    assert page.note.text() == "sister visits"
    _tap(qtbot, page.record_note)
    assert len(page.got) == 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Bolus", EventKind.BOLUS), ("Hold", EventKind.HOLD), ("Stop", EventKind.STOP), ("Step down", EventKind.DOSE_STEP),
     ("Dysphoria", EventKind.SIDE_EFFECT), ("Probe moved", EventKind.INTERVENTION)],
)  # fmt: skip
def test_each_group_has_its_kind(page, qtbot, text, kind):
    _tap(qtbot, page.key(text))
    assert page.got == [(kind, text, 0)]


def test_earlier_holds_for_one_event_only(page, qtbot):
    page.set_minutes_ago(10)
    _tap(qtbot, page.key("Nausea"))
    assert "13:55" in page.confirmation
    _tap(qtbot, page.key("Vomiting"))
    assert [minutes for _, _, minutes in page.got] == [10, 0]


def test_a_time_without_a_key_is_refused(page):
    with pytest.raises(ValueError, match="7 min ago"):
        page.set_minutes_ago(7)


def test_step_up_says_to_what(page, qtbot):
    page.set_dose(case.dose_report())
    assert page.key("Step up").note == "to 27.5 mg/h"
    _tap(qtbot, page.key("Step up"))
    assert page.got == [(EventKind.DOSE_STEP, "Step up to 27.5 mg/h", 0)]


def test_step_up_follows_the_step_that_was_taken_and_not_the_clock(page):
    report = case.dose_report()
    page.set_dose(replace(report, ladder=replace(gallery_dose.LADDER, step_number=2, next_number=3, next_mg_per_h=20.0)))
    assert report.next_step_mg_per_h == 27.5
    assert page.key("Step up").note == "to 20 mg/h"


def test_a_note_is_recorded_by_enter_or_key_and_an_empty_one_is_not(page, qtbot):
    _tap(qtbot, page.record_note)
    page.note.setFocus()
    qtbot.keyClicks(page.note, "sister visits")
    qtbot.keyClick(page.note, Qt.Key.Key_Return)
    page.confirm(RecordEvent(kind=EventKind.NOTE, event_at=case.NOW, text="sister visits"))
    qtbot.keyClicks(page.note, "lights off")
    _tap(qtbot, page.record_note)
    assert [text for _, text, _ in page.got] == ["sister visits", "lights off"]
    assert {kind for kind, _, _ in page.got} == {EventKind.NOTE}


def test_every_key_is_a_finger_wide(page):
    for text in ("Hold", "Nausea", "midazolam 1 mg IV", "Turned"):
        assert page.key(text).width() >= 72
        assert page.key(text).height() >= 72


def test_a_long_list_of_medications_scrolls_and_hides_no_note(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(824, 856)
    page = EventPage(tuple(f"drug {number} 1 mg IV" for number in range(24)))
    page.setParent(window)
    page.setGeometry(0, 0, 824, 856)
    page.set_look(Look())
    window.show()
    assert page.minimumSizeHint().height() <= 856
    assert page.key("drug 23 1 mg IV").height() >= 72
    assert page.note.visibleRegion().boundingRect().height() == page.note.height()
