"""Samples of the panels and pages for the gallery, on invented values. Each entry makes its widget when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from clinical import metrics
from clinical.assessments.body_map import PARTS, View
from clinical.assessments.pain_drawing import PainDrawing, Region
from clinical.messages import Gap, PumpShare
from clinical.observations import Numeric, Priority, Validity
from clinical.sources import Source, SourceStanding
from widgets import gallery_case as case
from widgets import gallery_dose as dose
from widgets.alarms_page import AlarmsPage
from widgets.body_map import BodyMap
from widgets.boxes import Column, Panel
from widgets.case_page import CasePage
from widgets.event_page import EventPage
from widgets.gallery_chart import PAGES as CHART_PAGES
from widgets.gallery_clinic import clinic_page, clinic_page_bare
from widgets.gallery_entry import Entry
from widgets.gallery_export import export_page, export_page_writing
from widgets.gallery_history import history_page
from widgets.gallery_people import sign_in_page, sign_in_page_glass
from widgets.infusion_panel import InfusionPanel
from widgets.ladder_chart import LadderChart
from widgets.limits_page import LimitsPage
from widgets.look_tree import TakesLook
from widgets.new_case.device_page import DevicePage
from widgets.new_case.device_row import DeviceRow, DriverChoice, PortChoice
from widgets.new_case_page import NewCasePage
from widgets.round_page import RoundPage
from widgets.round_panel import RoundPanel
from widgets.sources_page import SourcesPage
from widgets.start_page import CaseRow, ScenarioRow, StartPage
from widgets.text_label import TextLabel
from widgets.theme import Look

if TYPE_CHECKING:
    from widgets.trend_chart import TrendChart


def trend_chart() -> TrendChart:
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


def trend_chart_silent() -> QWidget:
    chart = trend_chart()
    until = case.NOW.plus(900)
    chart.add_dose(case.dose_report(until, word_at=case.NOW, stale=True))
    chart.add_gap(Gap(device="Perfusor Space", what="line", reason="unplugged", since=case.NOW))
    chart.add_gap(Gap(device="monitor", what=metrics.SPO2.id, reason="probe off", since=case.ZERO.plus(1200), until=case.ZERO.plus(1500)))
    chart.set_forecast([(until.plus(60 * minute), max(0.0, 118 - 2 * minute), 164 + minute * 1.6) for minute in range(120)])
    chart.advance(until)
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
    page.set_due(case.NOW.plus(-120), "after the dose step")
    for numeric in case.vitals():
        page.show_numeric(numeric)
    for metric, value in ((metrics.NIBP_SYS, 168), (metrics.NIBP_DIA, 92), (metrics.ETCO2, 38), (metrics.RESP_RATE, 14)):
        page.show_numeric(Numeric(at=case.NOW, metric=metric, value=value))
    page.advance(case.NOW)
    page.vitals.confirm.click()
    for row, score in zip(page.rows, (3, 5, -1), strict=False):
        row.answer(score)
    page.effects.key("dizzy").click()
    return page


def body_map() -> QWidget:
    panel, column, body = Panel(), Column(margins=(10, 10, 10, 10)), BodyMap()
    front = PARTS[View.FRONT]
    body.set_drawing(PainDrawing(regions=(Region(view=View.FRONT, points=front["right hand"]),)))
    body.set_earlier(PainDrawing(regions=tuple(Region(view=View.FRONT, points=front[part]) for part in ("right hand", "right forearm"))))
    column.addWidget(TextLabel("Pain drawn by the patient; dashed: day 1"))
    column.addWidget(body, 1)
    panel.setLayout(column)
    return panel


def event_page() -> QWidget:
    page = EventPage(("ondansetron 4 mg IV", "midazolam 1 mg IV", "clonidine 75 µg PO", "paracetamol 1 g IV"))
    page.set_setup(case.SETUP)
    page.set_dose(case.dose_report())
    page.advance(case.NOW)
    return page


def limits_page() -> QWidget:
    page = LimitsPage()
    page.set_preset(case.PRESET)
    page.set_limits(case.PRESET)
    for numeric in case.vitals(10):
        page.show_numeric(numeric)
    page.show_numeric(Numeric(at=case.NOW, metric=metrics.NIBP_SYS, value=168))
    page.set_alarms((case.SBP_ALARM,))
    for _ in range(2):
        page.row(metrics.NIBP_SYS).high.more.click()
    return page


def alarms_page() -> QWidget:
    page = AlarmsPage()
    page.set_setup(case.SETUP)
    page.set_alarms((case.SPO2_ALARM, case.SBP_ALARM, case.LINE_ALARM))
    for transition in case.TRANSITIONS:
        page.add_transition(transition)
    page.advance(case.NOW)
    return page


def ladder_chart() -> QWidget:
    panel, column, chart = Panel(), Column(), LadderChart()
    chart.set_order(case.ORDER)
    chart.set_empty_at(231)
    column.addWidget(chart)
    panel.setLayout(column)
    return panel


def start_page() -> QWidget:
    page = StartPage()
    rows = [
        CaseRow(
            id=str(day),
            label="M. K.",
            started_at=case.ZERO.plus(-86400 * day),
            last_at=case.ZERO.plus(-86400 * day + 15000),
            utc_offset_min=60,
            simulated=day == 3,
            detail=f"day {3 - day}, CRPS right hand" if day < 3 else "",
        )
        for day in range(4)
    ]
    page.offer_resume(rows[0], case.ZERO.plus(15000 + 190))
    page.set_cases(rows[1:])
    page.set_scenarios(
        [
            ScenarioRow(id="quiet", title="Quiet day", description="Six steps, nothing happens"),
            ScenarioRow(id="hold", title="Pressure rise to hold", description="SBP above the limit after a step; the pump is held"),
            ScenarioRow(id="occlusion", title="Occlusion", description="The line kinks; pressure rises until the pump alarms"),
        ]
    )
    return page


DEVICES = (
    DeviceRow(
        "monitor",
        "Monitor",
        (
            DriverChoice(
                name="dri",
                title="GE / Datex-Ohmeda S/5",
                models="DRI",
                proof="exact",
                standing="Written to the maker's two specifications.",
                variants=("trend-10s", "trend-60s"),
            ),
            DriverChoice(name="sdc", title="IEEE 11073 SDC", models="network", proof="not verified on hardware", standing="By a library."),
        ),
    ),
    DeviceRow("oximeter", "Oximeter", (DriverChoice(name="nonin", title="Nonin oximeter", proof="exact", variants=("df1", "df13")),)),
    DeviceRow("capnograph", "Capnograph", (DriverChoice(name="medibus", title="Dräger MEDIBUS", proof="exact"),)),
    DeviceRow("pump", "Pump", (DriverChoice(name="bcc", title="B. Braun Perfusor / Infusomat Space", variants=("stuffed",)),)),
)


def device_page() -> QWidget:
    page = DevicePage()
    page.set_ports((PortChoice(address="/dev/ttyUSB0", about="FTDI, FT232R, USB 0403:6001"), PortChoice(address="/dev/ttyS0")))
    page.show_device(DEVICES[0], "dri:trend-10s", "/dev/ttyUSB0")
    page.show_preview("84 /min")
    page.advance(case.NOW)
    return page


def new_case_page() -> QWidget:
    page = NewCasePage()
    page.set_orders((case.ORDER, case.FLAT_ORDER))
    page.set_devices(DEVICES)
    page.set_limits(case.PRESET)
    page.patient.label.setText("M. K.")
    page.order.choice(0).click()
    for entry, text in ((page.doses.weight, "70"), (page.doses.concentration, "2"), (page.doses.syringe, "50")):
        for field in (entry.first, entry.second):
            field.field.insert(text)
            field.field.editingFinished.emit()
    page.devices.line("monitor").choose("dri", "/dev/ttyUSB0", "S/5 AM, level 03")
    page.devices.line("pump").choose("bcc:stuffed", "/dev/ttyUSB1")
    page.show_preview("monitor", "84 /min", ok=True)
    page.show_preview("pump", "nothing answers", ok=False)
    page.devices.show_found(
        "No other found, 1 left as it was. Contec CMS50 oximeter on /dev/ttyUSB2: there is one oximeter already. "
        "/dev/ttyUSB3: is in use by process 4120. And 2 more."
    )
    page.sounds.play_key(Priority.HIGH).click()
    page.sounds.heard_key(Priority.HIGH).click()
    return page


def sources_page() -> QWidget:
    oximeter, monitor = Source(device="oximeter"), Source(device="monitor")
    page = SourcesPage()
    page.set_standing(SourceStanding(metric=metrics.SPO2, sources=(oximeter, monitor), shown=monitor))
    page.take("oximeter", Numeric(at=case.NOW, metric=metrics.SPO2, value=None, validity=Validity.INVALID, reason="sensor off"))
    for metric, value in ((metrics.HEART_RATE, 78), (metrics.SPO2, 96), (metrics.PULSE_RATE, 78)):
        page.take("monitor", Numeric(at=case.NOW.plus(-2), metric=metric, value=value, interval_s=5))
    page.show_sources_of("HR", (metrics.HEART_RATE, metrics.PULSE_RATE))
    page.advance(case.NOW)
    return page


def infusion_panel_two_pumps() -> QWidget:
    panel = InfusionPanel()
    panel.set_setup(case.SETUP)
    shares = tuple(PumpShare(device="pump", channel=channel, rate_mg_per_h=rate) for channel, rate in (("1", 20.0), ("2", 5.0)))
    panel.set_dose(replace(case.dose_report(), shares=shares))
    return panel


def case_page() -> QWidget:
    page = CasePage()
    page.set_setup(case.SETUP, case.ZERO)
    return page


def _entry(name: str, width: int, height: int, make: Callable[[], QWidget]) -> Entry:
    def dressed(look: Look) -> QWidget:
        widget = make()
        if isinstance(widget, TakesLook):
            widget.set_look(look)
        return widget

    return Entry(name=name, width=width, height=height, make=dressed)


ENTRIES: tuple[Entry, ...] = (
    _entry("export of a case", 1900, 968, export_page),
    _entry("export of a case, writing", 1900, 968, export_page_writing),
    _entry("Who is at the bed", 824, 856, sign_in_page),
    _entry("Who is at the bed, the glass", 824, 856, sign_in_page_glass),
    _entry("Trend of the infusion", 1140, 410, trend_chart),
    _entry("Trend, pump line lost", 1140, 410, trend_chart_silent),
    _entry("Infusion", 380, 568, infusion_panel),
    _entry("Infusion, pump silent", 380, 568, infusion_panel_silent),
    _entry("Last round", 362, 408, round_panel),
    _entry("Round", 824, 856, round_page),
    _entry("Body map", 824, 700, body_map),
    _entry("Event", 824, 856, event_page),
    _entry("Limits", 824, 856, limits_page),
    _entry("Alarms", 824, 856, alarms_page),
    _entry("Sources", 824, 856, sources_page),
    _entry("Infusion, two pumps", 380, 568, infusion_panel_two_pumps),
    _entry("Case", 824, 856, case_page),
    _entry("Infusion, held", 380, 568, dose.infusion_panel_held),
    _entry("Step and hold", 824, 856, dose.dose_page),
    _entry("Ledger", 824, 856, dose.ledger_page),
    _entry("Correction", 824, 856, dose.correct_page),
    _entry("Course", 824, 856, dose.course_page),
    _entry("Order as a ladder", 640, 200, ladder_chart),
    _entry("Start", 1900, 968, start_page),
    _entry("New case", 1900, 968, new_case_page),
    _entry("Device of a new case", 1900, 968, device_page),
    _entry("History", 1900, 756, history_page),
    _entry("History of two days", 1900, 968, lambda: history_page(compared=True)),
    _entry("Does the treatment help?", 1900, 968, clinic_page),
    _entry("Does the treatment help? Simulated, bare", 1900, 968, clinic_page_bare),
    *(_entry(name, width, height, make) for name, (width, height, make) in CHART_PAGES.items()),
)
"""Panels and pages, each in its size beside the watch."""
