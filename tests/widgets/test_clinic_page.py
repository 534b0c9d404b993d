"""The clinic's page shows what was counted and what was published, and asks for another period or kind."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from clinical.assessments.intervals import Mean, wilson
from clinical.assessments.published import PUBLISHED
from widgets.clinic_figures import change_rows, dose_rows, effect_rows, scale_of_points, stop_words
from widgets.clinic_page import ClinicFigures, ClinicPage
from widgets.gallery_clinic import BARE, FIGURES, clinic_page, clinic_page_bare
from widgets.theme import Look


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


def words_of(page):
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def type_in(qtbot, field, text):
    field.clear()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_every_share_stands_with_its_interval(stage):
    page = stage(clinic_page())
    thirty = page.responders.rows[0]
    share = wilson(10, 16)
    assert (thirty.value, thirty.low, thirty.high) == (share.value, share.low, share.high)
    assert "10 of 16" in thirty.words
    assert [point.week for point in page.weeks.points] == [1, 2, 4, 8, 12]
    assert page.weeks.points[-1].share == 0.0
    assert page.stopped.rows[0].words.endswith("3 of 171")


def test_every_published_figure_stands_with_its_source(stage):
    shown = words_of(stage(clinic_page()))
    for row in PUBLISHED:
        assert row.figure in shown
        assert row.source in shown


def test_marks_lie_where_the_words_say():
    assert change_rows(FIGURES)[-1].published == (5.9, 7.2)
    assert effect_rows(FIGURES)[-1].published == (0.76,)
    rows, scale = dose_rows(FIGURES)
    assert sorted(rows[-1].published) == [40.0, 80.0, 100.0]
    assert scale.top >= 100.0
    for row in PUBLISHED:
        for of, value in row.marks:
            assert f"{100 * value:g} %" in row.figure if of == "psychomimetic" else f"{value:g}" in row.figure


def test_small_numbers_and_the_method_are_told(stage):
    shown = words_of(stage(clinic_page()))
    assert "FEW: 17 patients" in shown
    assert "bootstrap" in shown
    assert "Wilson" in shown
    assert "a change is not an effect" in shown
    assert "2026-01-05 to 2026-06-22" in shown


def test_simulated_says_so_and_patients_do_not(stage):
    assert "SIMULATED" in words_of(stage(clinic_page_bare()))
    assert "SIMULATED" not in words_of(stage(clinic_page()))


def test_deidentified_tells_no_date_and_no_free_text(stage, qtbot):
    page = stage(clinic_page())
    assert "at the patient's request" in words_of(page)
    qtbot.mouseClick(page.hide_words, Qt.MouseButton.LeftButton)
    shown = words_of(page)
    assert "at the patient's request" not in shown
    assert "2026" not in shown.replace("Pain, 10.1016/j.pain.2009", "")
    assert stop_words(FIGURES, deidentified=True) == "Why: left out, being free text."


def test_what_is_missing_is_named(stage):
    shown = words_of(stage(clinic_page_bare()))
    assert "No follow-up was entered" in shown
    assert "None was entered, which is not that there was none." in shown
    assert stage(clinic_page_bare()).change.rows[-2].words == "---"


def test_a_figure_beyond_the_scale_widens_it():
    worse = replace(FIGURES, change=Mean(value=-2.5, of=16, low=-4.1, high=-0.9), css16_change=Mean(value=9.0, of=9, low=6.0, high=12.5))
    scale = scale_of_points(change_rows(worse))
    assert (scale.bottom, scale.top) == (-6, 14)


def test_a_period_and_the_other_kind_are_asked_for(stage, qtbot):
    page = stage(clinic_page())
    asked = []
    page.count_requested.connect(lambda *period: asked.append(period))
    type_in(qtbot, page.since, "2026-02-01")
    assert asked == [(date(2026, 2, 1), None, False)]
    qtbot.mouseClick(page.kind, Qt.MouseButton.LeftButton)
    assert asked[-1] == (date(2026, 2, 1), None, True)
    assert page.kind.note == "60 courses"


@pytest.mark.parametrize(
    ("since", "until", "why"),
    [("2026-2-1", "", "A date is written as"), ("2026-03-01", "2026-02-01", "comes before"), ("yesterday", "", "A date is written as")],
)
def test_a_wrong_period_is_told_beside_the_fields_and_nothing_is_asked(stage, qtbot, since, until, why):
    page = stage(clinic_page())
    asked = []
    page.count_requested.connect(lambda *period: asked.append(period))
    page.until.setText(until)
    type_in(qtbot, page.since, since)
    assert why in page.complaint.text()
    assert asked == []
    assert page.responders.isVisible()


def test_an_empty_period_can_be_left(stage):
    page = stage(ClinicPage())
    page.show_figures(ClinicFigures(simulated=False, figures=None, others=3))
    assert "No patient's course began then." in words_of(page)
    assert page.kind.isVisible()
    page.show_figures(ClinicFigures(simulated=True, figures=BARE, first=date(2026, 1, 5), last=date(2026, 1, 5)))
    assert page.responders.isVisible()
    assert not page.kind.isVisible()
