"""Invented figures of a clinic for the gallery: patients' and few, and simulated ones without a follow-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from clinical.assessments.effectiveness import DoseOf, Effectiveness, Lasting
from clinical.assessments.intervals import Mean, wilson
from widgets.clinic_page import ClinicFigures, ClinicPage

FIGURES = Effectiveness(
    simulated=False,
    patients=17,
    courses=19,
    infusions=171,
    days=(10, 3, 10),
    doses=(DoseOf(drug="ketamine", infusions=171, mg=(84.0, 22.0, 100.0), mg_per_kg=(1.19, 0.31, 1.4), course_mg=(756.0, 180.0, 960.0)),),
    judged=16,
    responders=((30.0, wilson(10, 16)), (50.0, wilson(6, 16))),
    change=Mean(value=2.4, of=16, low=1.3, high=3.6),
    change_percent=Mean(value=33.0, of=16, low=18.0, high=48.0),
    by_day=((1, 17, 1.1), (2, 17, 0.9), (3, 17, 0.4)),
    css16_change=Mean(value=3.1, of=14, low=-0.4, high=5.2),
    lasting=tuple(
        Lasting(week=week, still=wilson(still, of)) for week, still, of in ((1, 9, 10), (2, 8, 10), (4, 6, 9), (8, 3, 8), (12, 0, 7))
    ),
    weeks_relieved=4.0,
    followed=10,
    still_at_last=2,
    side_effects=(
        ("dizzy", wilson(62, 171)),
        ("nausea", wilson(40, 171)),
        ("double vision", wilson(21, 171)),
        ("dysphoria", wilson(9, 171)),
        ("headache", wilson(4, 171)),
        ("hallucination", wilson(2, 171)),
    ),
    stopped=wilson(3, 171),
    stops=(("systolic pressure above 180 mmHg", 2), ("at the patient's request", 1)),
)
BARE = replace(
    FIGURES,
    simulated=True,
    lasting=tuple(Lasting(week=row.week, still=wilson(0, 0)) for row in FIGURES.lasting),
    weeks_relieved=None,
    followed=0,
    still_at_last=0,
    side_effects=(),
    stops=(),
    stopped=wilson(0, 171),
    css16_change=Mean(value=None, of=0, low=None, high=None),
)


def clinic_page() -> ClinicPage:
    page = ClinicPage()
    page.show_figures(ClinicFigures(simulated=False, figures=FIGURES, first=date(2026, 1, 5), last=date(2026, 6, 22), others=60))
    return page


def clinic_page_bare() -> ClinicPage:
    """Simulated, without side effects or follow-ups, and de-identified."""
    page = ClinicPage()
    page.show_figures(ClinicFigures(simulated=True, figures=BARE, first=date(2026, 1, 5), last=date(2026, 6, 22)))
    page.hide_words.click()
    return page
