"""The chart in the whole window, over a real monitor: two touches away, corrected with the old one beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from app.display.trend_wires import flags_of
from clinical.assessments.chart import Series
from clinical.messages import FromOperator
from tests.app.display.chart_bed import ChartBed, begun, charted, medication, pain, unproven
from tests.app.display.windows import IGNORED
from tests.storage.made_case import made_setup
from widgets.amend_page import FUTURE
from widgets.durations import clock
from widgets.form_page import WHO_NEEDED, WHY_NEEDED
from widgets.trend_chart import TrendChart

pytestmark = pytest.mark.qt_log_ignore(IGNORED)


@pytest.fixture
def bed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChartBed]:
    yield from begun(tmp_path, monkeypatch)


def test_every_page_is_two_touches_from_the_watch(bed: ChartBed) -> None:
    for name in ("chart", "examination", "intake", "recovery"):
        assert bed.open(name) == 2
        assert bed.pages.named[name].isVisible()
        bed.tap(bed.pages.named[name].back)


def test_a_wrong_score_is_put_right_with_the_old_one_beside_it(bed: ChartBed) -> None:
    charted(bed, pain(9))
    assert bed.open("chart") == 2
    bed.tap(bed.pages.chart.keys[0])
    page = bed.pages.amend
    assert page.isVisible()
    for _ in range(3):
        bed.tap(page.scores["pain at rest"].less)
    bed.tap(page.correct)
    assert page.problems == {"who": WHO_NEEDED, "reason": WHY_NEEDED}
    assert len(bed.assessments()) == 1
    page.who.setText("Nurse B")
    page.reason.setText("misheard")
    bed.tap(page.correct)
    assert bed.pages.chart.isVisible()
    old, new = bed.assessments()
    assert (new.scores, new.corrects, new.by, new.reason, new.event_at) == (
        (("pain at rest", 6),),
        1,
        unproven("Nurse B"),
        "misheard",
        old.event_at,
    )
    (key,) = bed.pages.chart.keys
    assert "pain at rest 6" in key.text()
    assert key.note == f"by {unproven('Nurse B')}; was: pain at rest 9 (misheard), entered by A"
    assert [text for _, text, _ in flags_of(bed.display.state.chart)] == ["pain 6 (was 9)"]
    assert bed.display.window.round._lines["pain at rest"]._score.text() == "6"
    assert "corrected" in bed.display.window.round._when.text()


def test_a_past_of_many_entries_marks_the_trend_once(bed: ChartBed, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A display that comes late is told them all at once: to mark each anew took it twenty seconds for 1,400."""
    QCoreApplication.processEvents()  # what the fixture brought
    marked: list[int] = []
    monkeypatch.setattr(TrendChart, "set_flags", lambda _chart, flags: marked.append(len(flags)))
    state = bed.display.state
    before = len(state.chart.standing())
    for _ in range(40):
        state.take_entry(bed.display.time.now(), pain(3))
    assert marked == []
    qtbot.waitUntil(lambda: bool(marked))
    assert marked == [before + 40]


def test_a_medication_is_put_right_and_one_of_another_patient_is_struck_out(bed: ChartBed) -> None:
    charted(bed, medication("ondansetron 8 mg IV"))
    charted(bed, medication("midazolam 1 mg IV"))
    bed.open("chart")
    page = bed.pages.amend
    page.who.setText("B")
    bed.tap(bed.pages.chart.keys[1])
    page.text.setText("ondansetron 4 mg IV")
    page.reason.setText("wrong key")
    bed.tap(page.correct)
    bed.tap(bed.pages.chart.keys[0])
    page.reason.setText("another patient's")
    bed.tap(page.strike)
    assert page.problems == {"who": WHO_NEEDED}  # a typed name was for one correction
    page.who.setText("B")
    bed.tap(page.strike)
    assert [event.text for event in bed.display.state.chart.events()] == ["ondansetron 4 mg IV", "midazolam 1 mg IV"]
    bed.tap(page.strike)
    assert [event.text for event in bed.display.state.chart.events()] == ["ondansetron 4 mg IV"]
    assert not bed.pages.chart.keys[0].isEnabled()
    assert bed.pages.chart.keys[0].text().endswith("struck out: midazolam 1 mg IV")
    assert len(bed.display.state.chart.all(Series.EVENT)) == 4


def test_an_entry_that_is_moved_into_the_future_or_before_the_case_is_told_beside_its_time(bed: ChartBed) -> None:
    charted(bed, medication("ondansetron 4 mg IV"))
    bed.open("chart")
    bed.tap(bed.pages.chart.keys[0])
    page = bed.pages.amend
    page.who.setText("B")
    page.reason.setText("late")
    bed.tap(page.moves[5])
    bed.tap(page.correct)
    assert page.problems == {"when": FUTURE}
    assert page.said == f"Not corrected: {FUTURE}."
    for _ in range(2):
        bed.tap(page.moves[-5])
    bed.tap(page.correct)
    assert "before the case began" in page.problems["when"]
    assert len(bed.display.state.chart.all(Series.EVENT)) == 1


def test_what_another_nurse_corrected_meanwhile_is_not_overwritten_unseen(bed: ChartBed) -> None:
    charted(bed, pain(9))
    bed.open("chart")
    bed.tap(bed.pages.chart.keys[0])
    page = bed.pages.amend
    page.who.setText("C")
    page.reason.setText("misheard")
    bed.tap(page.scores["pain at rest"].less)
    (first,) = bed.assessments()
    other = replace(first, scores=(("pain at rest", 5),), corrects=1, by="B", reason="misheard")
    bed.step(FromOperator(bed.display.time.now(), other))
    assert page.isVisible()  # another's correction takes nobody's page away
    bed.tap(page.correct)
    assert "corrected meanwhile by B" in page.said
    assert [one.by for one in bed.assessments()] == ["A", "B"]
    assert page.scores["pain at rest"].value == 8


def test_of_a_long_round_the_list_shows_what_was_changed_and_why(bed: ChartBed) -> None:
    scores = (("pain at rest", 7), ("pain on movement", 8), ("RASS", 0), ("dissociation", 1), ("nausea", 0), ("dizzy", 0))
    charted(bed, replace(pain(7), scores=scores))
    bed.open("chart")
    bed.tap(bed.pages.chart.keys[0])
    page = bed.pages.amend
    bed.tap(page.scores["pain at rest"].more)
    bed.tap(page.scores["headache"].more)
    page.who.setText("B")
    page.reason.setText("misheard")
    bed.tap(page.correct)
    (key,) = bed.pages.chart.keys
    assert key.note == f"by {unproven('B')}; was: pain at rest 7, headache not answered (misheard), entered by A"


def test_an_entry_that_was_only_moved_shows_when_it_was(bed: ChartBed) -> None:
    at = bed.display.time.now()
    bed.step(FromOperator(at, replace(medication("ondansetron 4 mg IV"), event_at=at)))
    bed.open("chart")
    bed.tap(bed.pages.chart.keys[0])
    page = bed.pages.amend
    bed.tap(page.moves[-1])
    page.who.setText("B")
    page.reason.setText("late")
    bed.tap(page.correct)
    (key,) = bed.pages.chart.keys
    assert f"was: {clock(at, made_setup().utc_offset_min)} (late), entered by A" in key.note
