"""The examination in the whole window: scored while it is made, saved whole or not at all, corrected on its own page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clinical.forms import Phase, RecordExamination
from clinical.messages import FromDevice
from clinical.metrics import SKIN_TEMPERATURE
from clinical.observations import Numeric
from tests.app.display.chart_bed import ChartBed, begun, examined, unproven
from tests.app.display.windows import IGNORED
from widgets.form_page import WHO_NEEDED, WHY_NEEDED

pytestmark = pytest.mark.qt_log_ignore(IGNORED)


@pytest.fixture
def bed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChartBed]:
    yield from begun(tmp_path, monkeypatch)


def test_an_examination_is_scored_while_it_is_made_and_saved_whole(bed: ChartBed) -> None:
    page = bed.pages.examination
    examined(bed)
    assert page.limb.one == "right arm"  # the drawing says which
    assert (page.examined.score.text(), page.examined.criteria["clinical"].text()) == ("7", "met")
    bed.tap(page.save)
    assert bed.forms() == []
    assert page.problems == {"who": WHO_NEEDED}
    page.who.setText("Nurse A")
    bed.tap(page.save)
    (form,) = bed.forms()
    assert isinstance(form, RecordExamination)
    assert (form.phase, form.pain, form.by, form.drawn, len(form.outlines)) == (Phase.BEFORE, 8, unproven("Nurse A"), True, 1)
    assert page.draft() is None
    assert (page.phase.one, page.limb.one) == ("after", "right arm")
    assert (page.examined.score.text(), page.examined.criteria["clinical"].text()) == ("–", ""), "nothing is assessed, so nothing is judged"
    bed.tap(page.nothing_hurts)
    assert "area −100 %" in page.examined.changed.text(), "what was drawn is compared all the same"
    bed.tap(page.signs["colour"])
    bed.tap(page.signs["colour"])
    assert "area −100 %" in page.examined.changed.text()
    assert "gone: sign colour" in page.examined.changed.text()
    assert "CSS-16 not compared" in page.examined.changed.text(), "not the same items are assessed"
    assert page.examined.criteria["clinical"].text() == "open", "what is not asked yet may decide"


def test_a_limb_that_is_amputated_and_hurts_is_refused_in_one_line_beside_it(bed: ChartBed) -> None:
    page = bed.pages.examination
    examined(bed)
    page.who.setText("A")
    bed.tap(page.amputated)
    bed.tap(page.save)
    assert bed.forms() == []
    assert page.problems["amputated"].startswith("the right arm is amputated: only phantom pain can be charted, not pain, symptoms, signs")
    bed.tap(page.amputated)
    bed.tap(page.amputated)
    QTest.keyClicks(page.temperature.field, "3o.5")
    bed.tap(page.save)
    assert page.problems == {"temperature": "“3o.5” is not a number."}
    assert bed.forms() == []


def test_the_skin_of_both_hands_comes_from_the_monitor(bed: ChartBed) -> None:
    page = bed.pages.examination
    bed.open("examination")
    bed.tap(page.limb.key("left arm"))
    now = bed.display.time.now()
    for channel, value in (("T1", 32.0), ("T2", 30.4)):
        bed.step(FromDevice("monitor", Numeric(at=now, metric=SKIN_TEMPERATURE, channel=channel, value=value)))
    bed.display._count()
    bed.tap(page.from_monitor)
    form = page.form()
    assert (form.temperature_c, form.opposite_temperature_c) == (30.4, 32.0)


def test_an_examination_is_corrected_from_the_list_on_its_own_page(bed: ChartBed) -> None:
    page = bed.pages.examination
    examined(bed)
    page.who.setText("A")
    bed.tap(page.save)
    bed.open("chart")
    bed.tap(bed.pages.chart.keys[0])
    assert page.isVisible()
    assert page.pain.value == 8
    bed.tap(page.pain.less)
    bed.tap(page.save)
    assert page.problems == {"who": WHO_NEEDED, "reason": WHY_NEEDED}
    page.who.setText("A")
    page.reason.setText("misheard")
    bed.tap(page.save)
    first, second = bed.forms()
    assert second == replace(first, pain=7, corrects=1, reason="misheard")
    assert bed.display.state.chart.examinations() == (second,)
