"""The small keys of the chart's pages, and what the trend and the round panel make of a corrected entry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from clinical.assessments.chart import Series
from clinical.forms import RecordRecovery
from clinical.instant import Instant
from widgets import gallery_case as case
from widgets.answer_keys import SCORE_AND_WORD, ChoiceKeys, CycleKey, Stepper, TriKey
from widgets.chart_page import ChartPage
from widgets.gallery_chart import chart
from widgets.recovery_print import print_recovery
from widgets.round_panel import RoundPanel
from widgets.trend_history import TrendHistory


def tap(key) -> None:
    QTest.mouseClick(key, Qt.MouseButton.LeftButton)


def test_yes_no_and_open_again(qtbot):
    key = TriKey("allodynia, seen")
    qtbot.addWidget(key)
    told = []
    for _ in range(3):
        tap(key)
        told.append((key.value, key.text(), key.accessibleName()))
    assert told == [(True, "yes", "allodynia, seen: yes"), (False, "no", "allodynia, seen: no"), (None, "–", "allodynia, seen: open")]


@pytest.mark.parametrize(("low", "first"), [(0, 0), (-5, 0), (1, 1)])
def test_a_number_begins_open_and_stays_between_its_ends(qtbot, low, first):
    stepper = Stepper("score", low, low + 6)
    qtbot.addWidget(stepper)
    tap(stepper.less)
    assert stepper.value is None
    tap(stepper.more)
    assert stepper.value == first
    for _ in range(20):
        tap(stepper.more)
    assert stepper.value == low + 6
    for _ in range(20):
        tap(stepper.less)
    assert stepper.value is None


def test_one_of_several_and_several_of_them(qtbot):
    one, several = ChoiceKeys(["a", "b"]), ChoiceKeys(["a", "b"], several=True)
    for keys in (one, several):
        qtbot.addWidget(keys)
        tap(keys.key("a"))
        tap(keys.key("b"))
    assert (one.chosen, several.chosen) == (("b",), ("a", "b"))
    tap(one.key("b"))
    assert one.one == ""


def test_a_score_and_what_it_means_are_two_things_on_a_key(qtbot):
    keys = ChoiceKeys([f"2{SCORE_AND_WORD}4 limbs", f"1{SCORE_AND_WORD}2 limbs"])
    qtbot.addWidget(keys)
    best = keys.key(f"2{SCORE_AND_WORD}4 limbs")
    assert (best.text(), best.note) == ("2", "4 limbs")
    qtbot.mouseClick(best, Qt.MouseButton.LeftButton)
    assert keys.one == f"2{SCORE_AND_WORD}4 limbs"


def test_a_treatment_goes_through_its_effects(qtbot):
    key = CycleKey("nerve blocks", ["helped", "no effect"])
    qtbot.addWidget(key)
    told = []
    for _ in range(3):
        tap(key)
        told.append(key.word)
    assert told == ["helped", "no effect", ""]
    key.set_word("a word of another program")
    assert key.word == ""


def test_the_list_shows_the_newest_first_with_what_each_replaced(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    page = ChartPage(window)
    page.set_setup(case.SETUP)
    page.set_chart(chart())
    window.show()
    titles = [key.text().split("  ", 1)[1] for key in page.keys]
    assert titles[1] == "struck out: Toilet"
    assert "by Nurse B; was: ondansetron 8 mg IV (wrong key), entered by Nurse A" in [key.note for key in page.keys]
    assert len(titles) == len(chart().latest())
    with qtbot.waitSignal(page.chosen) as told:
        tap(page.keys[0])
    assert told.args == [chart().latest()[-1]]


def test_the_last_round_is_the_last_that_was_made_not_the_last_that_was_entered(qtbot):
    panel = RoundPanel()
    qtbot.addWidget(panel)
    panel.set_setup(case.SETUP)
    panel.set_rounds(chart().standing(Series.ROUND))
    assert panel._lines["pain at rest"]._score.text() == "4"
    assert panel._lines["pain at rest"]._before.text() == "was 6"
    panel.set_rounds(())
    assert (panel._when.text(), panel._lines["pain at rest"]._score.text()) == ("none yet", "---")


def test_flags_of_the_trend_are_those_that_stand():
    history = TrendHistory(Instant(0, 0))
    history.set_flags([(Instant(10**9, 10**9), "pain 9", True)])
    before = history.changes
    history.set_flags([(Instant(2 * 10**9, 2 * 10**9), "note", False), (Instant(10**9, 10**9), "pain 6 (was 9)", True)])
    assert [(event.at_s, event.text) for event in history.events] == [(1.0, "pain 6 (was 9)"), (2.0, "note")]
    assert history.changes > before


def test_what_is_printed_is_the_same_for_the_same_form(qtbot, tmp_path):
    form = RecordRecovery(event_at=case.NOW, aldrete=(("activity", 2),), escort=True, lines=(("escort", "met", "present"),), by="A")
    files = [print_recovery(tmp_path / name, case.SETUP, form, "No advice of ours.").read_bytes() for name in ("a.pdf", "b.pdf")]
    other = print_recovery(tmp_path / "c.pdf", case.SETUP, replace(form, lines=(("escort", "not met", "not here"),)), "").read_bytes()
    assert files[0] == files[1] != other
    with pytest.raises(FileExistsError):
        print_recovery(tmp_path / "a.pdf" / "b.pdf", case.SETUP, form, "")
