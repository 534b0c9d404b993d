"""The chart's pages for the gallery, on an invented case. Nothing here is a patient's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtWidgets import QWidget

from clinical.assessments.body_map import PARTS, View
from clinical.assessments.chart import Chart, Series
from clinical.assessments.charted import outlines_of
from clinical.assessments.intake import Checklist, ChecklistItem, Kind
from clinical.assessments.pain_drawing import PainDrawing, Region
from clinical.assessments.recovery import RecoveryRules
from clinical.commands import EventKind, RecordAssessment, RecordEvent
from clinical.forms import Phase, RecordExamination, RecordIntake
from clinical.metrics import HEART_RATE, NIBP_DIA, NIBP_SYS, SPO2
from clinical.observations import Numeric
from widgets import gallery_case as case
from widgets.amend_page import AmendPage
from widgets.chart_page import ChartPage
from widgets.examination_page import ExaminationPage
from widgets.form_page import FormPage
from widgets.intake_page import IntakePage
from widgets.recovery_page import RecoveryPage

_ARM = PainDrawing(regions=tuple(Region(view=View.FRONT, points=PARTS[View.FRONT][part]) for part in ("right hand", "right forearm")))
_HAND = PainDrawing(regions=_ARM.regions[:1])

BEFORE = RecordExamination(
    event_at=case.ZERO.plus(300),
    phase=Phase.BEFORE,
    limb="right arm",
    symptoms=(("allodynia", True), ("temperature asymmetry", True), ("swelling", True), ("tremor", True)),
    signs=(("allodynia", True), ("colour", True), ("swelling", True), ("coordination", False)),
    continuing_pain=True,
    pain=8,
    temperature_c=30.5,
    opposite_temperature_c=32.0,
    no_better_diagnosis=True,
    outlines=outlines_of(_ARM),
    drawn=True,
    by="Nurse A",
)
AFTER = replace(
    BEFORE,
    event_at=case.NOW,
    phase=Phase.AFTER,
    pain=4,
    temperature_c=31.5,
    signs=(("allodynia", False), ("colour", True), ("swelling", False), ("coordination", False)),
    outlines=outlines_of(_HAND),
    by="",
)
INTAKE = RecordIntake(
    event_at=case.ZERO.plus(120),
    diagnosis="CRPS right hand",
    trigger="fracture",
    limbs=("right arm",),
    tried=(("nerve blocks", "helped for a while"),),
    medicines=("pregabalin 75 mg",),
    answers=(("consent", "yes"),),
    baseline=((HEART_RATE, 76.0), (NIBP_SYS, 128.0), (NIBP_DIA, 78.0), (SPO2, 97.0)),
    by="Nurse A",
)
CHECKLIST = Checklist(
    title="Suitability",
    items=(
        ChecklistItem(
            id="pregnancy", text="Pregnancy, or it cannot be excluded", kind=Kind.CONTRAINDICATION, source="invented", certainty="read"
        ),
        ChecklistItem(id="liver", text="Moderate liver disease", kind=Kind.CAUTION, source="invented", certainty="recalled"),
        ChecklistItem(id="consent", text="Consent signed", kind=Kind.REQUIREMENT, source="of this program", certainty="proposal"),
    ),
)
RULES = RecoveryRules(
    title="Recovery",
    least_min_since_stop=60,
    vitals_within_percent=20,
    least_aldrete=9,
    least_padss=9,
    source="invented for the gallery",
    level_below_ng_per_ml=70,
    advice="The site's own words on driving and work stand here.",
)


def chart() -> Chart:
    """A few entries, two of them corrected and one struck out."""
    chart = Chart(case.ZERO)
    wrong = RecordEvent(kind=EventKind.MEDICATION, event_at=case.ZERO.plus(900), text="ondansetron 8 mg IV", by="Nurse A")
    toilet = RecordEvent(kind=EventKind.INTERVENTION, event_at=case.ZERO.plus(1200), text="Toilet", by="Nurse A")
    told = (
        wrong,
        replace(wrong, text="ondansetron 4 mg IV", corrects=1, reason="wrong key", by="Nurse B"),
        toilet,
        replace(toilet, kind=EventKind.CORRECTION, text="", corrects=3, reason="another patient"),
        *case.ASSESSMENTS,
        replace(case.ASSESSMENTS[0], scores=(("pain at rest", 6),), corrects=1, reason="misheard", by="Nurse B"),
        INTAKE,
        BEFORE,
    )
    for entry in told:
        assert isinstance(entry, RecordEvent | RecordAssessment | RecordIntake | RecordExamination)  # noqa: S101 (for the type checker)
        chart.take(entry.event_at.plus(20), entry)
    return chart


def _form(page: FormPage) -> FormPage:
    page.set_setup(case.SETUP)
    page.set_chart(chart())
    page.advance(case.NOW)
    return page


def _numbers() -> list[Numeric]:
    values = ((HEART_RATE, 82.0), (NIBP_SYS, 132.0), (NIBP_DIA, 80.0), (SPO2, 97.0))
    return [Numeric(at=case.NOW, metric=metric, value=value) for metric, value in values]


def examination_page() -> QWidget:
    page = _form(ExaminationPage())
    page.restore(AFTER)
    return page


def examination_refused() -> QWidget:
    page = _form(ExaminationPage())
    page.restore(replace(AFTER, amputated=True, opposite_temperature_c=62.0))
    page.save.click()
    return page


def intake_page() -> QWidget:
    page = IntakePage()
    _form(page)
    page.set_checklist(CHECKLIST)
    for numeric in _numbers():
        page.show_numeric(numeric)
    page.restore(replace(INTAKE, note="seen by the physician"))
    page.advance(case.NOW)
    return page


def recovery_page() -> QWidget:
    page = RecoveryPage()
    _form(page)
    page.set_rules(RULES)
    page.set_dose(case.dose_report())
    page.set_dose(replace(case.dose_report(case.NOW.plus(-4200)), rate_mg_per_h=0.0))
    for numeric in _numbers():
        page.show_numeric(numeric)
    page.advance(case.NOW)
    page.vitals.confirm.click()
    for keys in (*page.aldrete.items.values(), *page.padss.items.values()):
        keys.choose(_first(keys.words))
    page.touch()
    return page


def _first(words: tuple[str, ...]) -> str:
    return words[0]


def chart_page() -> QWidget:
    page = ChartPage()
    page.set_setup(case.SETUP)
    page.set_chart(chart())
    return page


def amend_page() -> QWidget:
    page = AmendPage()
    page.set_setup(case.SETUP)
    page.advance(case.NOW)
    (*_, last) = chart().standing(Series.ROUND)
    page.begin(last)
    return page


PAGES: MappingProxyType[str, tuple[int, int, Callable[[], QWidget]]] = MappingProxyType(
    {
        "Chart": (824, 856, chart_page),
        "Correction of an entry": (824, 856, amend_page),
        "Examination": (1900, 756, examination_page),
        "Examination, refused": (1900, 756, examination_refused),
        "Intake": (1900, 756, intake_page),
        "Recovery": (1900, 756, recovery_page),
    }
)
"""Name to width, height and how it is made."""
