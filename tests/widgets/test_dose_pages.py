"""Step and hold, the ledger, a correction, the course: what a touch records, and what is said when it was not kept."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinical.commands import CorrectDose, EventKind, LedgerAct, RecordEvent, SignLedger
from clinical.dose_told import Ahead, BelowTold, GivenBy, GivenTold, LadderTold, LedgerLine, LedgerTold, RuleTold, StepTaken
from widgets import gallery_case as case
from widgets.correct_page import CorrectPage
from widgets.course_page import CoursePage, CourseRow, CourseSummary
from widgets.dose_page import DosePage, below_told, sources_told
from widgets.infusion_panel import agreement_told
from widgets.ladder_block import LadderBlock, against_step
from widgets.ledger_page import LedgerPage
from widgets.new_case_page import unchecked
from widgets.theme import Look

BROKEN = RuleTold(standing="broken", action="hold", text="SBP 168 > 156: hold")
CALM = RuleTold(standing="kept", action="hold", text="RASS −1")
LADDER = LadderTold(
    step_number=4,
    off_order="",
    next_number=5,
    next_mg_per_h=27.5,
    may_step_at=case.NOW.plus(900),
    waits=("SBP 168 > 156: hold", "in 15:00 min"),
    rules=(BROKEN, CALM),
    asked="hold",
    taken=tuple(
        StepTaken(at=case.ZERO.plus(1800 * number), rate_mg_per_h=rate, step_number=number + 1)
        for number, rate in enumerate((10.0, 15.0, 20.0, 25.0))
    ),
    bolus_waits=(("5 mg bolus", ("in 12 min",)),),
)
GIVEN = GivenTold(
    sources=(GivenBy(source="rate", low_mg=38.1, high_mg=38.4), GivenBy(source="counter", low_mg=38.2, high_mg=38.22)),
    best_mg=38.21,
    best_mg_per_kg=0.546,
    low_mg=38.2,
    high_mg=38.22,
    certainty="known",
    silent_s=0.0,
)
LEDGER = LedgerTold(
    lines=(LedgerLine(at=case.ZERO, what="opened", mg=100.0, by="A", witness="B"),),
    given_mg=38.21,
    left_mg=61.79,
    low_mg=61.78,
    high_mg=61.8,
    verdict="",
    closes=False,
)
REPORT = replace(
    case.dose_report(),
    ladder=LADDER,
    given=GIVEN,
    ledger=LEDGER,
    weight_kg=70.0,
    concentration_mg_per_ml=2.0,
    correction="weight 70 → 82 kg",
)


def _shown(qtbot, page):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(830, 856)
    page.setParent(window)
    page.setGeometry(0, 0, 830, 856)
    page.set_look(Look())
    page.set_setup(case.SETUP)
    window.show()
    page.advance(case.NOW)
    page.set_dose(REPORT)
    page.kept_window, page.got = window, []
    return page


@pytest.fixture
def dose(qtbot, fonts):
    page = _shown(qtbot, DosePage())
    page.recorded.connect(lambda *event: page.got.append(event))
    return page


def _tap(qtbot, key):
    qtbot.mouseClick(key, Qt.MouseButton.LeftButton)


def test_the_page_says_where_and_why_not_yet(dose):
    assert dose._where.text() == "Step 4 of 6   next 27.5 mg/h, from 14:20 at the earliest"
    assert dose._why.text() == "Not yet: SBP 168 > 156: hold · in 15:00 min"
    assert dose.key("Bolus").note == "5 mg bolus: in 12 min"
    assert "from the rate 38.1 to 38.4, from the pump's counter 38.2 to 38.22 mg" in dose._sources.text()


@pytest.mark.parametrize(
    ("key", "kind", "text"),
    [
        ("Step up", EventKind.DOSE_STEP, "Step up to 27.5 mg/h: blood pressure"),
        ("Step down", EventKind.DOSE_STEP, "Step down to 20 mg/h: blood pressure"),
        ("Hold", EventKind.HOLD, "Hold: blood pressure"),
        ("Bag change", EventKind.BAG_CHANGE, "Bag change: blood pressure"),
        ("Line change", EventKind.LINE_CHANGE, "Line change: blood pressure"),
    ],
)
def test_one_touch_records_with_its_reason(dose, qtbot, key, kind, text):
    dose.set_reason("blood pressure")
    _tap(qtbot, dose.key(key))
    assert dose.got == [(kind, text, 0)]
    event = RecordEvent(kind=kind, event_at=case.NOW, text=text)
    dose.refuse(event, "no answer")
    assert dose.confirmation == f"NOT recorded: {text}: no answer."
    dose.confirm(event)
    assert dose.confirmation.startswith(f"Recorded 14:05: {text}.")


def test_the_page_asks_where_the_pump_does_not_follow(dose, qtbot):
    _tap(qtbot, dose.key("Step up"))
    dose.set_dose(replace(REPORT, at=case.NOW.plus(30)))
    assert dose.question == ""
    dose.set_dose(replace(REPORT, at=case.NOW.plus(61)))
    assert dose.question == "Recorded: Step up to 27.5 mg/h. The pump still runs 25 mg/h. Look at the pump."
    dose.set_dose(replace(REPORT, at=case.NOW.plus(70), rate_mg_per_h=27.5))
    assert dose.question == ""


def test_the_block_shouts_what_holds_and_ticks_what_is_kept(qtbot, fonts):
    block = LadderBlock()
    qtbot.addWidget(block)
    block.set_setup(case.SETUP)
    block.set_dose(REPORT)
    assert block._title.text() == "Hold: SBP 168 > 156"
    assert block._kept.text() == "✓ RASS −1"
    assert against_step(replace(LADDER, off_order="13 mg/h is no step"))[0] == "Off the order: 13 mg/h is no step"


def test_once_the_order_has_ended_and_nothing_runs_no_step_and_no_rule_is_shown(qtbot, fonts, dose):
    block = LadderBlock()
    qtbot.addWidget(block)
    block.set_setup(case.SETUP)
    off = StepTaken(at=case.NOW.plus(-60), rate_mg_per_h=0.0, step_number=None)
    over = replace(LADDER, next_number=None, next_mg_per_h=None, may_step_at=None, waits=(), taken=(*LADDER.taken, off))
    ended = replace(REPORT, planned_mg_per_h=None, next_step_mg_per_h=None, step_number=None, rate_mg_per_h=0.0, ladder=over)
    assert ended.over_since == off.at
    assert replace(ended, next_step_mg_per_h=10.0).over_since is None, "an order whose first step is yet to come"
    block.set_dose(ended)
    assert (block._step.text(), block._next.text(), block._box.isVisibleTo(block)) == ("Order ended", "", False)
    assert not block._kept.isVisibleTo(block)
    dose.set_dose(ended)
    assert dose._where.text().endswith("the order has ended")
    runs_on = replace(ended, ladder=replace(over, taken=LADDER.taken))
    assert runs_on.over_since is None
    block.set_dose(runs_on)
    assert block._box.isVisibleTo(block)


def test_how_far_the_sources_agree_is_said():
    assert agreement_told(GIVEN) == ("Two ways agree within 0.01 mg", "fine")
    silent = replace(GIVEN, certainty="bounded", high_mg=80.0, silent_s=300.0)
    assert agreement_told(silent) == ("If it was changed unseen: 38.2 to 80 mg; not heard for 5 min", "ink_soft")
    assert agreement_told(replace(GIVEN, disagreement="rate and counter"))[1] == "caution"
    assert sources_told(replace(GIVEN, high_mg=None)).endswith("taken together 38.2 mg or more")
    assert sources_told(GIVEN).startswith("Given so far: from the rate ")


def test_when_the_level_would_be_low_is_a_span_and_says_that_it_is_predicted():
    below = (
        BelowTold(level_ng_per_ml=70, soonest_min=12.0, estimate_min=34.0, latest_min=None),
        BelowTold(level_ng_per_ml=100, soonest_min=0.0, estimate_min=0.0, latest_min=0.0),
    )
    ahead = Ahead(at=case.NOW, minutes=(), curves=(), below=below, landmarks=(), assumption="")
    told = "below 70 ng/mL in 34 min (12 min to more than a day); below 100 ng/mL already"
    assert below_told(ahead) == f"Predicted, not measured; if stopped now: {told}"
    assert below_told(replace(ahead, below=())) == ""
    soon = replace(ahead, below=(BelowTold(level_ng_per_ml=70, soonest_min=0.0, estimate_min=0.0, latest_min=65.2),))
    assert below_told(soon).endswith("below 70 ng/mL now (now to 1 h 5 min)")


def test_the_ledger_signs_what_the_pump_gave(qtbot, fonts):
    page = _shown(qtbot, LedgerPage())
    page.signed.connect(page.got.append)
    assert page.verdict == "61.8 mg left"
    _tap(qtbot, page.key(LedgerAct.WASTED))
    assert page.confirmation == "Type the amount in mg first."
    page.by.setText("Nurse A")
    _tap(qtbot, page.key(LedgerAct.GIVEN))
    (line,) = page.got
    assert (line.act, line.mg, line.by) == (LedgerAct.GIVEN, 38.21, "Nurse A")
    assert (line.low_mg, line.high_mg) == (pytest.approx(38.2), pytest.approx(38.22))
    page.refuse("waste needs a witness")
    assert page.confirmation == "NOT signed: waste needs a witness."
    page.confirm(SignLedger(act=LedgerAct.GIVEN, mg=38.21, by="Nurse A"))
    assert page.confirmation == "Signed: given 38.21 mg by Nurse A."


def test_what_is_left_is_not_called_missing_before_anything_was_returned_or_wasted(qtbot, fonts):
    page = _shown(qtbot, LedgerPage())
    given = LedgerLine(at=case.NOW, what="given", mg=38.2, by="A")
    wasted = LedgerLine(at=case.NOW, what="wasted", mg=60.0, by="A", witness="B")
    signed = replace(LEDGER, lines=(*LEDGER.lines, given), given_mg=None, verdict="61.8 mg not accounted for")
    page.set_dose(replace(REPORT, ledger=signed))
    assert page.verdict == "61.8 mg left"
    page.set_dose(replace(REPORT, ledger=replace(signed, lines=(*signed.lines, wasted), verdict="1.8 mg not accounted for")))
    assert page.verdict == "1.8 mg not accounted for"
    page.set_dose(replace(REPORT, ledger=replace(signed, given_mg=2.4)))
    assert page._sums.text().startswith("2.4 mg more given by the pump, not yet signed")


def test_a_correction_is_typed_twice_and_shows_both_readings(qtbot, fonts):
    page = _shown(qtbot, CorrectPage(unchecked))
    page.corrected.connect(page.got.append)
    for field in (page.weight.first.field, page.weight.second.field):
        qtbot.keyClicks(field, "82")
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [cell.text() for cell in page._cells["mg_per_kg_h"]] == ["0.357", "0.305"]
    assert [cell.text() for cell in page._cells["ml_per_h"]] == ["12.5", "12.5"]
    _tap(qtbot, page.apply)
    assert page.confirmation == "Two different people sign a correction."
    for line, name in zip(page.names, ("A", "B"), strict=True):
        line.setText(name)
    _tap(qtbot, page.apply)
    assert page.got == [CorrectDose(weight_kg=82.0, by="A", witness="B")]
    page.confirm(page.got[0])
    assert page.confirmation == "Corrected by A and B: weight 70 → 82 kg."


def test_the_course_adds_its_days_and_names_its_rule(qtbot, fonts):
    page = _shown(qtbot, CoursePage())
    row = CourseRow(
        number=1,
        given_mg=84.0,
        given_mg_per_kg=1.2,
        highest_mg_per_h=25,
        untoward=("nausea",),
        rates=((0, 10.0), (30, 25.0)),
        simulated=True,
    )
    page.set_course(CourseSummary(rows=(row,), best="20 mg/h, on 1 of 1 days", rule="the highest rate", missing=(2,)))
    assert page.total == "This course 122.2 mg, 1.75 mg/kg; no record of day 2"
    assert page.best == "Best tolerated so far: 20 mg/h, on 1 of 1 days"
