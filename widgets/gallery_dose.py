"""Samples of the infusion's pages for the gallery, on invented values: the ladder held, the ledger, a correction, a course."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from clinical.dose_told import GivenBy, GivenTold, LadderTold, LedgerLine, LedgerTold, RuleTold, StepTaken
from clinical.messages import DoseReport
from widgets import gallery_case as case
from widgets.correct_page import CorrectPage
from widgets.course_page import CoursePage, CourseRow, CourseSummary
from widgets.dose_page import DosePage
from widgets.infusion_panel import InfusionPanel
from widgets.ledger_page import LedgerPage
from widgets.new_case_page import unchecked

Page = TypeVar("Page", DosePage, LedgerPage, CorrectPage, CoursePage)
_RATES = (10.0, 15.0, 20.0, 25.0)
GIVEN = GivenTold(
    sources=tuple(
        GivenBy(source=name, low_mg=low, high_mg=high)
        for name, low, high in (("rate", 30.5, 30.7), ("counter", 30.5, 30.6), ("rest", 30.4, 30.7))
    ),
    best_mg=30.55,
    best_mg_per_kg=0.436,
    low_mg=30.5,
    high_mg=30.6,
    certainty="known",
    silent_s=0.0,
)
LADDER = LadderTold(
    step_number=4,
    off_order="",
    next_number=5,
    next_mg_per_h=27.5,
    may_step_at=case.NOW.plus(900),
    waits=("SBP 168 > 156: hold", "in 15:00 min"),
    rules=(
        RuleTold(standing="broken", action="hold", text="SBP 168 > 156: hold"),
        RuleTold(standing="kept", action="hold", text="SpO₂ 96"),
        RuleTold(standing="kept", action="hold", text="RASS -1"),
    ),
    asked="hold",
    taken=tuple(
        StepTaken(at=case.ZERO.plus(1800 * number), rate_mg_per_h=rate, step_number=number + 1) for number, rate in enumerate(_RATES)
    ),
    bolus_waits=(("5 mg bolus", ("in 12 min",)),),
)
LEDGER = LedgerTold(
    lines=(
        LedgerLine(at=case.ZERO, what="opened", mg=100.0, by="Nurse A", witness="Nurse B"),
        LedgerLine(at=case.ZERO.plus(4000), what="added", mg=50.0, by="Nurse A", witness="Nurse B"),
    ),
    given_mg=30.55,
    left_mg=119.45,
    low_mg=119.4,
    high_mg=119.5,
    verdict="",
    closes=False,
)


def _report() -> DoseReport:
    return replace(
        case.dose_report(), ladder=LADDER, given=GIVEN, ledger=LEDGER, weight_kg=70.0, concentration_mg_per_ml=2.0, course_mg=214.0
    )


def infusion_panel_held() -> QWidget:
    panel = InfusionPanel()
    panel.set_setup(case.SETUP)
    panel.set_dose(_report())
    return panel


def dose_page() -> QWidget:
    return _filled(DosePage())


def ledger_page() -> QWidget:
    return _filled(LedgerPage())


def correct_page() -> QWidget:
    return _filled(CorrectPage(unchecked))


def course_page() -> QWidget:
    page = _filled(CoursePage())
    steps = tuple((30.0 * number, rate) for number, rate in enumerate(_RATES))
    rows = tuple(
        CourseRow(
            number=day,
            given_mg=84.0 + day,
            given_mg_per_kg=1.2,
            highest_mg_per_h=25.0,
            untoward=bad,
            rates=(*steps, (240.0, _RATES[-1])),
            simulated=True,
        )
        for day, bad in ((1, ("nausea, mild", "held for pressure")), (2, ()))
    )
    page.set_course(
        CourseSummary(
            rows=rows, best="20 mg/h, on 2 of 2 days", rule="as the course says it", by_rate=("20 mg/h: untoward on 0 of 2 days",)
        )
    )
    page.set_dose(_report())
    return page


def _filled(page: Page) -> Page:
    page.set_setup(case.SETUP)
    page.set_dose(_report())
    return page
