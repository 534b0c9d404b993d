"""The days of a course together: what was given, the highest rate and what happened at it, and which rate was borne best, with its rule.

Shows the record; advises nothing. Yesterday's rate lies as a ghost under today's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.commands import CaseSetup
from clinical.messages import DoseReport
from widgets.boxes import Row, Table
from widgets.docked_page import DockedPage
from widgets.figures import written
from widgets.scroll_column import ScrollColumn
from widgets.text_label import BOLD, LEFT, RIGHT, SEMIBOLD, TextLabel
from widgets.theme import Look

_COLUMNS = ("Day", "Given", "for each kg", "Highest rate", "Untoward")


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow:
    """One day. ``rates``: (minute, mg/h) of each change; ``untoward``: in the record's words."""

    number: int
    given_mg: float
    given_mg_per_kg: float
    highest_mg_per_h: float
    untoward: tuple[str, ...]
    rates: tuple[tuple[float, float], ...]
    simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSummary:
    """``best``: the best tolerated rate in words, or why there is none; ``rule``: how it was found; ``missing``: numbers of days."""

    rows: tuple[CourseRow, ...]
    best: str
    rule: str
    missing: tuple[int, ...] = ()
    by_rate: tuple[str, ...] = ()


FEWEST_PLACES = 5
"""A single day is a bar among places for more, and no block."""


class _DayBars(QWidget):
    """A bar of mg for each day; today framed; the rate of yesterday as a ghost under today's."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[CourseRow, ...] = ()
        self._today: tuple[int, float, tuple[tuple[float, float], ...], float] = (1, 0.0, (), 1.0)
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setMinimumHeight(look.px(120))
        self.update()

    def show_days(
        self, rows: Sequence[CourseRow], day: int, given_mg: float, rates: tuple[tuple[float, float], ...], length_min: float
    ) -> None:
        self._rows, self._today = tuple(rows), (day, given_mg, rates, length_min)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._look.font("unit"))
        words = QFontMetrics(painter.font())
        half = self.width() * 0.5
        self._paint_bars(
            painter, QRectF(self._look.px(14), words.height() * 1.4, half - self._look.px(40), self.height() - words.height() * 3)
        )
        area = QRectF(half + self._look.px(30), words.height() * 1.4, half - self._look.px(44), self.height() - words.height() * 3)
        self._paint_rates(painter, area, words)

    def _paint_bars(self, painter: QPainter, area: QRectF) -> None:
        day, given_mg, _, _ = self._today
        bars = [(row.number, row.given_mg) for row in self._rows] + [(day, given_mg)]
        top = max(mg for _, mg in bars) or 1.0
        width = min(area.width() / len(bars), area.width() / FEWEST_PLACES)
        for place, (number, mg) in enumerate(bars):
            height = area.height() * mg / top
            bar = QRectF(area.left() + place * width + width * 0.2, area.bottom() - height, width * 0.6, height)
            colour = QColor(self._look.theme.pump)
            colour.setAlpha(120)
            painter.fillRect(bar, colour)
            painter.setPen(QColor(self._look.theme.ink))
            painter.drawText(
                QRectF(bar.left() - width, bar.top() - 22, bar.width() + 2 * width, 20),
                Qt.AlignmentFlag.AlignCenter,
                f"{written(mg, 1)} mg",
            )
            below = QRectF(bar.left() - width, area.bottom() + 2, bar.width() + 2 * width, 22)
            painter.setPen(QColor(self._look.theme.ink if number == day else self._look.theme.ink_soft))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, "today" if number == day else f"day {number}")

    def _paint_rates(self, painter: QPainter, area: QRectF, words: QFontMetrics) -> None:
        _, _, today, length_min = self._today
        yesterday = self._rows[-1].rates if self._rows else ()
        top = max((rate for _, rate in (*today, *yesterday)), default=1.0) * 1.1 or 1.0
        theme = self._look.theme
        ghost = QPen(QColor(theme.ink_soft), self._look.px(1.5))
        ghost.setDashPattern([2, 2])
        for rates, pen in ((yesterday, ghost), (today, QPen(QColor(theme.pump), self._look.px(2.5)))):
            painter.setPen(pen)
            points: list[QPointF] = []
            for minute, rate in rates:
                x, y = area.left() + area.width() * min(1.0, minute / length_min), area.bottom() - area.height() * rate / top
                points += [QPointF(x, points[-1].y() if points else area.bottom()), QPointF(x, y)]
            painter.drawPolyline(points)
        painter.setPen(QColor(theme.ink_soft))
        painter.drawText(
            QPointF(area.left(), area.top() - words.descent()),
            f"mg/h, up to {written(top / 1.1, 1)}: today" + (", and yesterday dashed" if yesterday else ""),
        )


class CoursePage(DockedPage):
    """The course of the case that is watched."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Course", parent=parent)
        self._setup: CaseSetup | None = None
        self._report: DoseReport | None = None
        self._summary: CourseSummary | None = None
        self._bars = _DayBars()
        self._total = TextLabel("", size="title", weight=BOLD, wrap=True)
        self._best = TextLabel("", weight=SEMIBOLD, wrap=True)
        self._rule = TextLabel("", size="note", ink="ink_soft", wrap=True)
        self._by_rate = TextLabel("", size="note", ink="ink_soft", wrap=True)
        self._days = ScrollColumn(TextLabel("No earlier day of this course is in this record.", ink="ink_soft"))
        self.body.addWidget(self._bars, 4)
        for label in (self._total, self._best, self._rule, self._by_rate):
            row = Row(margins=(14, 2, 14, 2))
            row.addWidget(label, 1)
            self.body.addLayout(row)
        days = Row(margins=(14, 2, 0, 2))
        days.addWidget(self._days)
        self.body.addLayout(days, 5)

    @property
    def total(self) -> str:
        return self._total.text()

    @property
    def best(self) -> str:
        return self._best.text()

    def set_setup(self, setup: CaseSetup) -> None:
        self._setup, self._summary, self._report = setup, None, None
        days = "" if setup.order is None or setup.order.days < 2 else f" of {setup.order.days}"
        self.subtitle.set_text(f"{setup.patient.label}   day {setup.day}{days}{'   SIMULATED' if setup.simulated else ''}")
        self._days.show_widgets([])
        self._show()

    def set_course(self, summary: CourseSummary) -> None:
        """The earlier days, as the record has them."""
        self._summary = summary
        self._days.show_widgets([_table(summary.rows)] if summary.rows else [])
        self._days.set_look(self.look)
        self._best.set_text(f"Best tolerated so far: {summary.best}")
        self._rule.set_text(f"Rule: {summary.rule}. For the prescriber; to be confirmed by your clinicians.")
        self._by_rate.set_text("   ".join(summary.by_rate))
        self._show()

    def set_dose(self, report: DoseReport) -> None:
        self._report = report
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        setup, report = self._setup, self._report
        if setup is None:
            return
        given = 0.0 if report is None or report.given is None else report.given.best_mg
        rows = () if self._summary is None else self._summary.rows
        rates: tuple[tuple[float, float], ...] = ()
        if report is not None and report.ladder is not None and report.ladder.taken:
            begun = report.ladder.taken[0].at
            rates = (*((one.at.since(begun) / 60, one.rate_mg_per_h) for one in report.ladder.taken),)
            rates = (*rates, (report.at.since(begun) / 60, rates[-1][1]))
        self._bars.show_days(rows, setup.day, given, rates, 240.0 if setup.order is None else setup.order.length_min)
        self._total.set_text(self._total_words(setup, given, rows))

    def _total_words(self, setup: CaseSetup, given_mg: float, rows: Sequence[CourseRow]) -> str:
        before_mg = setup.course_before_mg or sum(row.given_mg for row in rows)  # the case's own, as every other place says it
        total_mg = given_mg + before_mg
        weight_kg = (self._report and self._report.weight_kg) or setup.weight_kg
        words = f"This course {written(total_mg, 1)} mg, {written(total_mg / weight_kg)} mg/kg"
        ceiling = None if setup.order is None else setup.order.ceiling_mg_per_course
        if ceiling is not None:
            words += (
                f"; {written(ceiling - total_mg, 1)} mg below its ceiling"
                if total_mg <= ceiling
                else f"; ABOVE its ceiling of {written(ceiling)} mg"
            )
        missing = () if self._summary is None else self._summary.missing
        return words + (f"; no record of day {', '.join(map(str, missing))}" if missing else "")


def _table(rows: Sequence[CourseRow]) -> QWidget:
    table = Table(gap=16, row_gap=10, margins=(0, 6, 12, 6))
    for column, title in enumerate(_COLUMNS):
        table.addWidget(TextLabel(title, size="note", ink="ink_soft", align=LEFT if column in {0, 4} else RIGHT), 0, column)
    for number, row in enumerate(rows, start=1):
        cells = (
            f"day {row.number}{' (simulated)' if row.simulated else ''}",
            f"{written(row.given_mg, 1)} mg",
            f"{written(row.given_mg_per_kg)} mg/kg",
            f"{written(row.highest_mg_per_h, 1)} mg/h",
            ", ".join(row.untoward) or "nothing",
        )
        for column, text in enumerate(cells):
            align = LEFT if column in {0, 4} else RIGHT
            table.addWidget(
                TextLabel(text, align=align, wrap=column == 4, weight=SEMIBOLD if column == 1 else TextLabel().font().weight()),
                number,
                column,
            )
    table.setColumnStretch(4, 1)
    widget = QWidget()
    widget.setLayout(table)
    return widget
