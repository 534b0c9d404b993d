"""The pump as it reports itself, and where the ladder stands. Shows an old word only as old; can tell the pump nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent

from clinical.alarm_model import Alarm
from clinical.commands import CaseSetup
from clinical.dose_told import GivenTold
from clinical.dosing.earlier import days_told
from clinical.instant import Instant
from clinical.messages import DoseReport, PumpShare
from clinical.observations import LinkState, PumpStatus
from clinical.units import mg_per_h_from_ml_per_h
from widgets.boxes import Column, Panel, Row
from widgets.durations import clock, hours_and_minutes
from widgets.figures import UNKNOWN, written, written_range
from widgets.ladder_block import LadderBlock
from widgets.pressure_bar import PressureBar
from widgets.rate_block import STATE_WORDS, RateBlock
from widgets.text_label import BOLD, RIGHT, SEMIBOLD, TextLabel, UnitLabel

STALE_INTERVALS = 3.0
"""So many of the pump's own intervals without a word, and its last one no longer stands as live."""

_ROWS = (
    ("planned", "Planned now", "mg/h"),
    ("given", "Given today", "mg"),
    ("course", "This course", "mg"),
    ("left", "Left", "mL"),
    ("empty", "Empty in", "h:min"),
    ("predicted", "Predicted", "ng/mL"),
)

_INDENT = (8, 0, 8, 0)
"""So that words stand under the words of the rate block, which may be filled."""


class InfusionPanel(Panel):
    """Drug, state, the dose in three readings, what was given and what is left, the ladder.

    A silent pump, a lost line and a report marked stale all look alike: no rate, how long there was no word, what the last word was.

    Signals:
        page_requested: it was touched.
    """

    page_requested = Signal()

    def __init__(self) -> None:
        super().__init__(fill="panel")
        self._setup: CaseSetup | None = None
        self._report: DoseReport | None = None
        self._link = LinkState.LIVE
        self._alarm: Alarm | None = None
        self._drug = TextLabel("Infusion", size="title", weight=SEMIBOLD, ink="pump")
        self._source = TextLabel(size="note", ink="ink_soft", align=RIGHT, elide=True)
        self.rate = RateBlock()
        self._shares = TextLabel(size="note", weight=SEMIBOLD, wrap=True)
        self._values = {name: TextLabel(UNKNOWN, size=18, weight=BOLD, align=RIGHT) for name, _, _ in _ROWS}
        self._titles = {name: TextLabel(title, ink="ink_soft") for name, title, _ in _ROWS}
        self._pressure = PressureBar()
        self._agreement = TextLabel(size="note", weight=SEMIBOLD, ink="fine", wrap=True)
        self.ladder = LadderBlock()
        self._arrange()

    def _arrange(self) -> None:
        column = Column(gap=8, margins=(6, 9, 6, 6))
        head = Row(margins=_INDENT)
        head.addWidget(self._drug)
        head.addWidget(self._source, 1)
        column.addLayout(head)
        column.addWidget(self.rate)
        shares = Row(margins=_INDENT)
        shares.addWidget(self._shares)
        column.addLayout(shares)
        self._shares.hide()
        for name, _, unit in _ROWS:
            column.addLayout(self._row(name, unit))
        pressure = Row(gap=14, margins=_INDENT)
        pressure.addWidget(TextLabel("Line pressure", ink="ink_soft"))
        pressure.addWidget(self._pressure, 1)
        column.addLayout(pressure)
        agreement = Row(margins=_INDENT)
        agreement.addWidget(self._agreement)
        column.addLayout(agreement)
        column.addStretch(1)
        column.addWidget(self.ladder)
        self.setLayout(column)

    def _row(self, name: str, unit: str) -> Row:
        row = Row(gap=8, margins=_INDENT)
        row.addWidget(self._titles[name])
        row.addWidget(self._values[name], 1)
        row.addWidget(UnitLabel(unit))
        return row

    def set_setup(self, setup: CaseSetup) -> None:
        self._setup = setup
        self._drug.set_text("Infusion" if setup.order is None else setup.order.drug[:1].upper() + setup.order.drug[1:])
        self.ladder.set_setup(setup)
        days = days_told(setup.earlier_rates)
        self._titles["predicted"].set_text(f"Predicted, {days}" if days else "Predicted")
        self._show_source()

    def set_dose(self, report: DoseReport) -> None:
        """What is known of the infusion now."""
        self._report = report
        self.ladder.set_dose(report)
        self._show_source()
        self._shares.set_text(shares_told(report.shares))
        self._shares.setVisible(bool(report.shares))
        self._show(report.at)

    def set_link(self, state: LinkState) -> None:
        """The state of the pump's line."""
        self._link = state

    def set_alarm(self, alarm: Alarm | None) -> None:
        """The highest alarm about the pump or the order, or None."""
        self._alarm = alarm
        self.ladder.set_alarm(alarm)

    def advance(self, now: Instant) -> None:
        self._show(now)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        super().mouseReleaseEvent(event)
        if self.rect().contains(event.position().toPoint()):
            self.page_requested.emit()

    def _show_source(self) -> None:
        if self._setup is None:
            return
        in_force = self._report.concentration_mg_per_ml if self._report is not None else None
        concentration = f"{written(in_force or self._setup.concentration_mg_per_ml, 3)} mg/mL"
        device = self._report.pump_device if self._report else ""
        self._source.set_text("   ".join(part for part in (concentration, device) if part))

    def _show(self, now: Instant) -> None:
        report = self._report
        if report is None:
            return
        pump = report.pump
        if pump is None:
            self.rate.show_nothing()
            self.ladder.set_blind(blind=False)
        elif self._is_stale(report, pump, now):
            self._show_silence(report, pump, now)
        else:
            self._show_live(report, pump, now)
        self._show_values(report)

    def _is_stale(self, report: DoseReport, pump: PumpStatus, now: Instant) -> bool:
        silent = now.since(pump.at) > STALE_INTERVALS * pump.interval_s
        return report.stale or silent or self._link is not LinkState.LIVE

    def _show_live(self, report: DoseReport, pump: PumpStatus, now: Instant) -> None:
        self.rate.show_live(report, pump, now, self._rate_ml_per_h(report, pump))
        self._pressure.set_percent(pump.pressure_percent)
        self.ladder.set_blind(blind=False)
        self._values["left"].set_text(written(pump.remaining_ml, 1))
        self._values["empty"].set_text(hours_and_minutes(report.empty_in_s))

    def _rate_ml_per_h(self, report: DoseReport, pump: PumpStatus) -> float | None:
        """The pump's own; of several pumps what they give together, as all other rates here."""
        if not report.shares or self._setup is None or report.rate_mg_per_h is None:
            return pump.rate_ml_per_h
        return report.rate_mg_per_h / (in_force_mg_per_ml(report, self._setup))

    def _show_silence(self, report: DoseReport, pump: PumpStatus, now: Instant) -> None:
        lost = self._link in {LinkState.LOST, LinkState.CLOSED}
        self.rate.show_silence("Line lost" if lost else "Pump silent", now.since(pump.at), self._last_word(report, pump))
        self._pressure.set_percent(None)
        self.ladder.set_blind(blind=True)
        self._values["left"].set_text(self._left_by_now(report, pump))
        soonest_s = self._soonest_empty_s(report, now)
        self._values["empty"].set_text(UNKNOWN if soonest_s is None else f"{hours_and_minutes(soonest_s)} or more")

    @staticmethod
    def _soonest_empty_s(report: DoseReport, now: Instant) -> float | None:
        """If the pump ran on: the report's own reckoning, less the time passed since."""
        return None if report.empty_in_s is None else report.empty_in_s - now.since(report.at)

    def _last_word(self, report: DoseReport, pump: PumpStatus) -> str:
        offset_min = self._setup.utc_offset_min if self._setup else 0
        words = f"last word {clock(pump.at, offset_min, seconds=True)}: {STATE_WORDS[pump.state]}"
        if pump.rate_ml_per_h is None or self._setup is None:
            return words
        rate = mg_per_h_from_ml_per_h(pump.rate_ml_per_h, in_force_mg_per_ml(report, self._setup))
        return f"{words} {written(rate)} mg/h"

    def _left_by_now(self, report: DoseReport, pump: PumpStatus) -> str:
        if pump.remaining_ml is None or self._setup is None:
            return UNKNOWN
        perhaps_ml = max(0.0, report.given_at_most_mg - report.given_mg) / (in_force_mg_per_ml(report, self._setup))
        return written_range(max(0.0, pump.remaining_ml - perhaps_ml), pump.remaining_ml)

    def _show_values(self, report: DoseReport) -> None:
        if report.pump is None:
            for name in ("left", "empty"):
                self._values[name].set_text(UNKNOWN)
        self._values["planned"].set_text(written(report.planned_mg_per_h))
        self._values["given"].set_text(_given_words(report))
        self._titles["given"].set_text(_given_title(report))
        self._values["course"].set_text(written(report.course_mg, 1))
        words, ink = ("", "fine") if report.given is None else agreement_told(report.given)
        words = f"{report.correction}. {words}" if report.correction and ink != "fine" else report.correction or words
        self._agreement.set_text(words)
        self._agreement.setVisible(bool(words) and not report.stale and self._alarm is None)
        self._agreement.set_ink("ink" if report.correction and ink == "fine" else ink)
        predicted = report.predicted_ng_per_ml
        self._values["predicted"].set_text(UNKNOWN if predicted is None else written_range(*predicted, decimals=0).replace(" to ", "–"))


def in_force_mg_per_ml(report: DoseReport, setup: CaseSetup) -> float:
    """The concentration as it may have been corrected since the case began."""
    return report.concentration_mg_per_ml or setup.concentration_mg_per_ml


_NAMES = {1: "One way tells", 2: "Two ways agree", 3: "Three ways agree"}
_LONG_S = 60.0


def agreement_told(given: GivenTold) -> tuple[str, str]:
    """How far the sources of what was given agree, and in which ink: "Three ways agree within 0.4 %"."""
    if given.disagreement:
        return f"Sources disagree: {given.disagreement}", "caution"
    silent = f"; not heard for {given.silent_s / 60:.0f} min" if given.silent_s >= _LONG_S else ""
    if given.high_mg is None:
        return f"{written(given.low_mg, 1)} mg or more{silent}", "ink_soft"
    if not is_settled(given):
        return f"If it was changed unseen: {written_range(given.low_mg, given.high_mg)} mg{silent}", "ink_soft"
    off_mg = max(given.best_mg - given.low_mg, given.high_mg - given.best_mg)
    within = f" within {written(off_mg, 2)} mg" if off_mg >= 0.005 else ""
    return f"{_NAMES.get(len(given.sources), 'Sources agree')}{within}{silent}", "fine"


def is_settled(given: GivenTold) -> bool:
    """Whether one number may stand for what was given: it is known, or no silence of note widens it."""
    return given.certainty == "known" or (given.certainty == "bounded" and given.silent_s < _LONG_S)


def _given_words(report: DoseReport) -> str:
    """The most likely where it is known; else the range that holds it."""
    given = report.given
    if given is None or not is_settled(given) or report.stale:
        return written_range(report.given_mg, max(report.given_mg, report.given_at_most_mg))
    return written(given.best_mg, 1)


def _given_title(report: DoseReport) -> str:
    """With the same for each kilogram, where one number may stand for it and is more than nothing."""
    given = report.given
    known = given is not None and is_settled(given) and not report.stale
    per_kg = written(given.best_mg_per_kg) if given is not None and known else ""
    return f"Given today, {per_kg} mg/kg" if per_kg not in {"", "0", UNKNOWN} else "Given today"


def shares_told(shares: tuple[PumpShare, ...]) -> str:
    """As in "2 ketamine pumps, rates and dose added. pump: 10 mg/h, rack 2: 5 mg/h"; empty where there is one."""
    if not shares:
        return ""
    each = ", ".join(
        f"{share.name}: {'not heard' if share.rate_mg_per_h is None else f'{written(share.rate_mg_per_h)} mg/h'}" for share in shares
    )
    return f"{len(shares)} ketamine pumps, rates and dose added. {each}"
