"""Intake and recovery in the whole window: questions for the physician, lines that follow from data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from clinical.forms import RecordIntake, RecordRecovery
from clinical.messages import FromDevice, FromOperator
from clinical.metrics import HEART_RATE, NIBP_SYS
from clinical.observations import PumpState, PumpStatus
from tests.app.display.chart_bed import ChartBed, begun
from tests.app.display.test_round_in_window import NUMBERS
from tests.app.display.windows import IGNORED

pytestmark = pytest.mark.qt_log_ignore(IGNORED)


@pytest.fixture
def bed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChartBed]:
    yield from begun(tmp_path, monkeypatch)


def test_an_intake_asks_the_physician_and_decides_nothing(bed: ChartBed) -> None:
    page = bed.pages.intake
    bed.open("intake")
    bed.display._count()
    everything = len(page.questions)
    assert everything > 10
    bed.tap(page.same_diagnosis)
    bed.tap(page.trigger.key("fracture"))
    bed.tap(page.limb.key("left leg"))
    bed.tap(page.limb.key("right arm"))
    bed.tap(page.no_allergies)
    bed.tap(page.tried["nerve blocks"])
    page.medicines.setText("pregabalin 75 mg; clonidine 0.1 mg")
    bed.tap(page.vitals.confirm)
    page.checklist.key("consent").key("yes").click()
    page.checklist.key("pregnancy").key("no").click()
    assert len(page.questions) == everything - 6
    assert all(text.startswith("Ask the physician: ") for text in page.questions)
    page.who.setText("A")
    bed.tap(page.save)
    (form,) = bed.forms()
    assert isinstance(form, RecordIntake)
    assert form.limbs == ("left leg", "right arm")
    assert form.medicines == ("pregabalin 75 mg", "clonidine 0.1 mg")
    assert (form.diagnosis, form.trigger, form.allergies) == ("CRPS", "fracture", ("none",))
    assert dict(form.answers) == {"consent": "yes", "pregnancy": "no"}
    assert form.baseline == NUMBERS


def test_readiness_is_reckoned_from_data_and_printed(bed: ChartBed, tmp_path: Path) -> None:
    page, now = bed.pages.recovery, bed.display.time.now()
    bed.step(FromOperator(now, RecordIntake(event_at=now, baseline=((NIBP_SYS, 140.0), (HEART_RATE, 60.0)), by="A")))
    for state, rate in ((PumpState.INFUSING, 5.0), (PumpState.PAUSED, 0.0)):
        bed.step(FromDevice("pump", PumpStatus(at=bed.display.time.now(), channel="", state=state, rate_ml_per_h=rate)))
    bed.open("recovery")
    bed.display._count()
    bed.tap(page.vitals.confirm)
    for scores in (page.aldrete, page.padss):
        for keys in scores.items.values():
            bed.tap(keys.key(keys.words[0]))
    bed.tap(page.escort)
    told = {line.text: (line.met.value, line.detail) for line in page.lines}
    assert told["60 min since the infusion stopped"] == ("not met", "0 min")
    assert told["vital signs within 20 % of the baseline"][0] == "not met"  # 92 of 60
    assert told["modified Aldrete 9 or more"] == ("met", "10 of 10")
    assert told["escort"] == ("met", "present")
    bed.tap(page.print)
    (printed,) = (tmp_path / "documents").glob("bedside-recovery-*.pdf")
    assert printed.read_bytes().startswith(b"%PDF")
    page.who.setText("A")
    bed.tap(page.save)
    form = bed.forms()[-1]
    assert isinstance(form, RecordRecovery)
    assert {text: met for text, met, _ in form.lines}["escort"] == "met"
    assert page.draft() is None
