"""What stands, what happened, and one key that acknowledges. The space bar never does."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinical.alarm_model import AlarmTransition, AudioState, Presence
from widgets import gallery_case as case
from widgets.alarm_log import MOST_ROWS
from widgets.alarms_page import AlarmsPage
from widgets.theme import DAY, Look


@pytest.fixture
def page(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1900, 856)
    page = AlarmsPage()
    page.setParent(window)
    page.setGeometry(0, 0, 1900, 856)
    page.set_look(Look())
    page.set_setup(case.SETUP)
    window.show()
    page.set_alarms((case.SPO2_ALARM, case.SBP_ALARM, case.LINE_ALARM))
    page.got = []
    page.acknowledge_requested.connect(page.got.append)
    page.kept_window = window
    return page


def test_acknowledging_names_the_condition_and_hides_nothing(page, qtbot):
    qtbot.mouseClick(page.rows()[1].acknowledge, Qt.MouseButton.LeftButton)
    assert page.got == [case.SBP_ALARM.condition]
    assert len(page.rows()) == 3


def test_what_is_acknowledged_cannot_be_acknowledged_again(page, qtbot):
    qtbot.mouseClick(page.rows()[2].acknowledge, Qt.MouseButton.LeftButton)
    assert page.got == []


def test_enter_acknowledges_and_space_does_not(page, qtbot):
    key = page.rows()[0].acknowledge
    key.setFocus()
    qtbot.keyClick(key, Qt.Key.Key_Space)
    assert page.got == []
    qtbot.keyClick(key, Qt.Key.Key_Return)
    assert page.got == [case.SPO2_ALARM.condition]


def test_rows_follow_what_stands(page):
    page.set_alarms((replace(case.SPO2_ALARM, presence=Presence.ACKNOWLEDGED),))
    (row,) = page.rows()
    assert not row.acknowledge.isEnabled()
    page.set_alarms(())
    assert page.rows() == ()
    assert page.subtitle.text() == ""


def test_a_flood_costs_a_hidden_page_nothing_and_a_shown_one_only_what_is_new(page, qtbot, monkeypatch):
    made = []
    ordinary = AlarmsPage._row
    monkeypatch.setattr(AlarmsPage, "_row", lambda self, alarm: made.append(alarm) or ordinary(self, alarm))
    flood = [replace(case.LINE_ALARM, condition=f"device:monitor:{number}") for number in range(200)]
    page.hide()
    for number in range(160):
        page.set_alarms(flood[number : number + 40])
    assert made == []
    page.show()
    assert len(made) == 40, "as it stands when it is seen"
    page.set_alarms(flood[160:])
    qtbot.waitUntil(lambda: page.subtitle.text() == "40 stand")
    kept = page.rows()[0]
    page.set_alarms(flood[160:170])
    assert page.rows()[0] is kept, "a row that still stands is not made anew"
    assert len(made) == 41


def test_the_log_is_newest_first_and_complete(page):
    for transition in case.TRANSITIONS:
        page.add_transition(transition)
    ended = AlarmTransition(at=case.NOW.plus(3), before=Presence.ON, alarm=replace(case.SPO2_ALARM, presence=Presence.OFF), by="")
    page.add_transition(ended)
    rows = page.log.texts()
    assert rows[0] == ("14:05:03", "high", "SpO₂ 84 < 90", "ended", "")
    assert len(rows) == 4
    page.set_setup(case.SETUP)
    assert page.log.texts() == ()


def test_the_log_tells_what_happened_in_words_of_the_bedside(page):
    steps = (
        (Presence.OFF, Presence.ON, "began"),
        (Presence.ON, Presence.ON, "now high"),
        (Presence.ON, Presence.ACKNOWLEDGED, "acknowledged"),
        (Presence.ACKNOWLEDGED, Presence.ON, "now high"),
        (Presence.ON, Presence.LATCHED, "ended, not yet seen"),
        (Presence.LATCHED, Presence.ON, "came back"),
        (Presence.LATCHED, Presence.OFF, "seen after its end"),
        (Presence.ACKNOWLEDGED, Presence.OFF, "ended"),
    )
    for before, after, _ in steps:
        page.add_transition(AlarmTransition(at=case.NOW, before=before, alarm=replace(case.SPO2_ALARM, presence=after)))
    assert [row[3] for row in page.log.texts()] == [told for _, _, told in reversed(steps)]


def test_the_log_shows_each_priority_on_its_own_fill(page, qtbot):
    page.add_transition(AlarmTransition(at=case.NOW, before=Presence.OFF, alarm=case.SPO2_ALARM))
    qtbot.wait(1)
    picture = page.log.grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(0, picture.height(), 4)}
    assert DAY.high.lower() in colours


def test_the_shown_log_is_bounded(page):
    for second in range(MOST_ROWS + 5):
        page.add_transition(AlarmTransition(at=case.ZERO.plus(second), before=Presence.OFF, alarm=case.SPO2_ALARM))
    assert len(page.log.texts()) == MOST_ROWS


def test_ages_move_with_the_clock(page):
    page.advance(case.NOW.plus(60))
    assert "1 min" in page.rows()[0]._since.text()


def _log(page):
    steps = [
        AlarmTransition(at=case.NOW, before=Presence.OFF, alarm=replace(alarm, presence=Presence.ON, since=case.NOW))
        for alarm in (case.SPO2_ALARM, case.SBP_ALARM, case.LINE_ALARM)
    ]
    seen = replace(steps[1].alarm, presence=Presence.ACKNOWLEDGED)
    steps.append(AlarmTransition(at=case.NOW.plus(40), before=Presence.ON, alarm=seen, by="A. N."))
    steps.append(AlarmTransition(at=case.NOW.plus(9), before=Presence.ON, alarm=replace(steps[0].alarm, presence=Presence.OFF)))
    for step in steps:
        page.add_transition(step)
    return steps


def test_the_log_is_filtered_and_nothing_of_it_is_lost(page, qtbot):
    steps = _log(page)
    assert len(page.log.texts()) == len(steps)
    qtbot.mouseClick(page.filter.keys["priority"], Qt.MouseButton.LeftButton)
    assert {row[1] for row in page.log.texts()} == {"high"}
    page.add_transition(steps[1])  # medium: kept, not shown now
    assert {row[1] for row in page.log.texts()} == {"high"}
    for _ in range(3):
        qtbot.mouseClick(page.filter.keys["priority"], Qt.MouseButton.LeftButton)
    assert len(page.log.texts()) == len(steps) + 1
    qtbot.mouseClick(page.filter.keys["by"], Qt.MouseButton.LeftButton)
    assert [row[-1] for row in page.log.texts()] == ["A. N."]
    qtbot.mouseClick(page.filter.keys["by"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.filter.keys["about"], Qt.MouseButton.LeftButton)
    assert len({row[2] for row in page.log.texts()}) == 1
    page.set_setup(case.SETUP)
    assert page.filter.filter.about is None


def test_the_burden_of_the_case_is_told(page):
    page.begin(case.NOW)
    _log(page)
    page.add_audio(case.NOW.plus(10), AudioState(sounding=None, paused_until=case.NOW.plus(70), generation=1))
    page.add_audio(case.NOW.plus(70), AudioState(sounding=None, paused_until=None, generation=1))
    page.advance(case.NOW.plus(1800))
    assert page.burden.texts() == ("3", "6.0", "1", "1:00", "0:40")


def test_one_condition_is_silenced_by_name_and_counted_down(page, qtbot):
    asked = []
    page.silence_requested.connect(asked.append)
    qtbot.mouseClick(page.rows()[0].silence, Qt.MouseButton.LeftButton)
    assert asked == [case.SPO2_ALARM.condition]
    page.set_alarms((replace(case.SPO2_ALARM, silenced_until=case.NOW.plus(103)),))
    page.advance(case.NOW)
    (row,) = page.rows()
    assert (row.silence.text(), row.silence.note) == ("Silenced", "1:43 left")


@pytest.mark.parametrize("width", [830, 1040, 1900])
def test_every_key_is_whole_where_the_page_is_docked(page, qtbot, width):
    long = "A device whose name and cause are long: no readings from the second channel"
    page.set_alarms(
        (replace(case.LINE_ALARM, title=long, detail="/dev/serial/by-id/usb-Some_Maker_of_Adapters_0123456789-if00-port0 is in use"),)
    )
    page.setGeometry(0, 0, width, 856)
    qtbot.wait(1)
    (row,) = page.rows()
    key = row.acknowledge
    assert key.mapTo(page, key.rect().topRight()).x() <= page.width()
    assert row.width() <= row.parentWidget().parentWidget().width()
