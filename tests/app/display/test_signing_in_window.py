"""Who signs in the whole window: whoever is signed in and nobody else, or a typed name that the record calls not signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.display.session import GLASS
from clinical.people import NOBODY
from tests.app.display.chart_bed import ChartBed, begun, charted, examined, pain, unproven
from tests.app.display.windows import IGNORED
from widgets.form_page import WHO_NEEDED

pytestmark = pytest.mark.qt_log_ignore(IGNORED)


@pytest.fixture
def bed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChartBed]:
    yield from begun(tmp_path, monkeypatch)


def test_whoever_is_signed_in_signs_and_nothing_is_typed_over_the_name(bed: ChartBed) -> None:
    page = bed.pages.examination
    bed.display.session._enter("A. Meier")
    examined(bed)
    assert page.who.text() == "A. Meier"
    assert page.who.isReadOnly()
    page.who.insert("somebody else")
    bed.tap(page.save)
    assert [form.by for form in bed.forms()] == ["A. Meier"]


def test_who_signs_out_leaves_no_name_to_sign_with(bed: ChartBed) -> None:
    page = bed.pages.examination
    bed.display.session._enter("A. Meier")
    examined(bed)
    bed.display.session.sign_out()
    assert page.who.text() == ""
    bed.tap(page.save)
    assert page.problems == {"who": WHO_NEEDED}
    page.who.setText("  A.   Meier ")
    bed.tap(page.save)
    assert [form.by for form in bed.forms()] == [unproven("A. Meier")]


def test_a_correction_is_signed_by_whoever_is_signed_in(bed: ChartBed) -> None:
    charted(bed, pain(9))
    bed.display.session._enter("A. Meier")
    bed.open("chart")
    bed.tap(bed.pages.chart.keys[0])
    page = bed.pages.amend
    bed.tap(page.scores["pain at rest"].less)
    page.reason.setText("misheard")
    bed.tap(page.correct)
    assert [one.by for one in bed.assessments()] == ["A", "A. Meier"]


def test_behind_a_broken_glass_nobody_is_proved(bed: ChartBed) -> None:
    page = bed.pages.examination
    bed.display.session._enter(GLASS)
    examined(bed)
    assert page.who.text() == ""
    page.who.setText("Locum")
    bed.tap(page.save)
    assert [form.by for form in bed.forms()] == [unproven("Locum")]


def test_a_typed_name_goes_with_its_page_unless_a_form_is_under_way(bed: ChartBed) -> None:
    page = bed.pages.intake
    bed.open("intake")
    page.who.setText("A")
    bed.tap(page.back)
    assert page.who.text() == ""
    bed.open("intake")
    bed.tap(page.no_allergies)
    page.who.setText("A")
    bed.tap(page.back)
    assert page.who.text() == "A"


def test_a_round_that_nobody_signs_names_nobody(bed: ChartBed) -> None:
    page = bed.display.operator.pages.round  # type: ignore[union-attr]
    bed.tap(bed.display.window.round)
    bed.tap(page.rows[0].key(3))
    bed.tap(page.save)
    assert [one.by for one in bed.assessments()] == [NOBODY]
