"""Samples of the panels and pages for the gallery, on invented values. Each entry makes its widget when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from clinical.messages import Gap
from widgets import gallery_case as case
from widgets.infusion_panel import InfusionPanel
from widgets.round_page import RoundPage
from widgets.round_panel import RoundPanel


def trend_chart() -> QWidget:
    from widgets.trend_chart import TrendChart  # noqa: PLC0415 - pyqtgraph is slow to load

    chart = TrendChart()
    chart.set_setup(case.SETUP, case.ZERO)
    for numeric in case.vitals():
        chart.add_numeric(numeric)
    for number, rate in enumerate((10, 15, 20, 25)):
        for second in range(0, 1800, 30):
            at = case.ZERO.plus(1800 * number + second)
            if at < case.NOW:
                chart.add_dose(case.dose_report(at, rate_mg_per_h=rate))
    chart.add_gap(Gap(device="monitor", what="line", reason="unplugged", since=case.ZERO.plus(3400), until=case.ZERO.plus(3490)))
    chart.add_event(case.ZERO.plus(60), "start", is_score=False)
    for at_s, text in ((900, "pain 7"), (2900, "pain 6"), (5340, "pain 4")):
        chart.add_event(case.ZERO.plus(at_s), text, is_score=True)
    chart.add_event(case.ZERO.plus(4000), "ondansetron 4 mg", is_score=False)
    for transition in case.TRANSITIONS:
        chart.add_alarm(transition)
    chart.set_forecast([(case.NOW.plus(60 * minute), 118 + minute * 0.9, 164 + minute * 1.6) for minute in range(136)])
    chart.advance(case.NOW)
    return chart


def infusion_panel() -> QWidget:
    panel = InfusionPanel()
    panel.set_setup(case.SETUP)
    panel.set_dose(case.dose_report())
    panel.set_alarm(case.SBP_ALARM)
    return panel


def infusion_panel_silent() -> QWidget:
    panel = InfusionPanel()
    panel.set_setup(case.SETUP)
    panel.set_dose(case.dose_report(word_at=case.NOW.plus(-41), stale=True))
    return panel


def round_panel() -> QWidget:
    panel = RoundPanel()
    panel.set_setup(case.SETUP)
    for assessment in case.ASSESSMENTS:
        panel.set_assessment(assessment)
    panel.set_due(case.NOW.plus(-120), "after step to 25")
    panel.advance(case.NOW)
    return panel


def round_page() -> QWidget:
    page = RoundPage()
    page.set_setup(case.SETUP)
    page.set_assessment(case.ASSESSMENTS[-1])
    page.set_reason("after step to 25 mg/h, due 2 min ago")
    for row, score in zip(page.rows, (3, 5, -1), strict=False):
        row.answer(score)
    return page


ENTRIES: tuple[tuple[str, Callable[[], QWidget]], ...] = (
    ("Trend of the infusion", trend_chart),
    ("Infusion", infusion_panel),
    ("Infusion, pump silent", infusion_panel_silent),
    ("Last round", round_panel),
    ("Round", round_page),
)
