"""The whole infusion on one time axis: vitals above, dose below. Draws what ``TrendHistory`` keeps; alarms and limits are only shown.

Imports pyqtgraph, which is slow to load: the display imports this file after its first paint, and no other widget imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from clinical import metrics
from clinical.alarm_model import AlarmPreset, AlarmTransition
from clinical.commands import CaseSetup
from clinical.instant import NS_PER_S, Instant
from clinical.messages import DoseReport, Gap
from clinical.observations import Numeric
from clinical.orders import Order
from widgets.boxes import Column, Panel, Row
from widgets.figures import written
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.theme import Look
from widgets.trend_history import LINES, TrendHistory
from widgets.trend_items import (
    CuffItem,
    Flag,
    FlagItem,
    GapItem,
    LimitItem,
    LimitLine,
    LocalTimeAxis,
    NowWord,
    PathItem,
    Stretch,
    band_paths,
    dashed,
    dotted,
    step_paths,
    thin,
)
from widgets.trend_outlook import LEAST_AHEAD, OutlookItems, predicted_words
from widgets.trend_store import Floats

VITALS_TOP, VITALS_FOOT = 200.0, -66.0
FLAG_ROWS = {"disc": -26.0, "square": -52.0, "wedge": 193.0}
UNITS_AT = -56.0  # the units of the lower scales stand at the foot of the upper plot, where there is room
ROOMY_WIDTH = 900
EXTEND_S = 1800.0
LINE_WIDTH = 1.5
NG_PER_MG_PER_H = 15.0
"""Top of the ng/mL scale for each mg/h of the dose scale: about what a steady infusion of the racemate would reach in an adult."""
HIGHEST_MARK = 0.85  # of the dose's axis: above it stands the unit

_LIMITS_BY_WEIGHT = (
    (metrics.SPO2, "low"),
    (metrics.NIBP_SYS, "high"),
    (metrics.RESP_RATE, "low"),
    (metrics.HEART_RATE, "high"),
    (metrics.HEART_RATE, "low"),
    (metrics.NIBP_SYS, "low"),
    (metrics.ETCO2, "high"),
    (metrics.RESP_RATE, "high"),
    (metrics.ETCO2, "low"),
)
"""The limits drawn, those whose label matters most first."""


class _Swatch(QWidget):
    """A bit of line in a colour of the theme, for the legend."""

    def __init__(self, role: str, *, dashed: bool = False) -> None:
        super().__init__()
        self._role, self._dashed = role, dashed
        self._look = Look()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setFixedSize(look.px(24), look.px(12))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        pen = QPen(QColor(getattr(self._look.theme, self._role)), self._look.px(2.5))
        pen.setStyle(Qt.PenStyle.DashLine if self._dashed else Qt.PenStyle.SolidLine)
        painter = QPainter(self)
        painter.setPen(pen)
        painter.drawLine(0, self.height() // 2, self.width(), self.height() // 2)


class Ghost(Protocol):
    """A curve of another day: seconds from the start of its case, and values."""

    seconds: Floats
    values: Floats


class TrendChart(Panel):
    """From ``started_at`` to the ordered end and a little on. Scales are fixed; nothing is drawn before ``set_setup``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(fill="panel", parent=parent)
        self._setup: CaseSetup | None = None
        self._history: TrendHistory | None = None
        self._limits: AlarmPreset | None = None
        self._forecast: Sequence[tuple[Instant, float, float]] = ()
        self._now_s, self._drawn_s, self._drawn_changes = 0.0, -1.0, 0
        self._span_s, self._top_mg_per_h = 4 * 3600.0, 30.0
        self._view = pg.GraphicsLayoutWidget()
        self._axis = LocalTimeAxis()
        self._vitals = self._plot(row=0, bottom=pg.AxisItem("bottom"))
        self._dose = self._plot(row=1, bottom=self._axis)
        self._make_items()
        self._outlook = OutlookItems(self._dose, 1 / NG_PER_MG_PER_H)
        self._outlook_at: Instant | None = None
        self._arrange()
        self.set_look(Look())

    def _plot(self, *, row: int, bottom: pg.AxisItem) -> pg.PlotItem:
        plot = self._view.addPlot(row=row, col=0, axisItems={"bottom": bottom})
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.disableAutoRange()
        plot.vb.setDefaultPadding(0)
        return plot

    def _make_items(self) -> None:
        self._yesterday = PathItem()
        self._vitals.addItem(self._yesterday, ignoreBounds=True)
        self._curves = {metric: pg.PlotCurveItem(connect="all", skipFiniteCheck=True, segmentedLineMode="on") for metric in LINES}
        self._cuff, self._flags, self._limit_lines = CuffItem(), FlagItem(FLAG_ROWS), LimitItem()
        self._gaps, self._dose_gaps = GapItem(), GapItem()
        self._given, self._planned, self._band, self._ahead = PathItem(), PathItem(), PathItem(), PathItem()
        self._now = NowWord("now")
        self._now_lines = [pg.InfiniteLine(angle=90, movable=False) for _ in range(2)]
        for item in (self._gaps, self._limit_lines, *self._curves.values(), self._cuff, self._flags, self._now_lines[0], self._now):
            self._vitals.addItem(item, ignoreBounds=True)
        for item in (self._dose_gaps, self._ahead, self._band, self._given, self._planned, self._now_lines[1]):
            self._dose.addItem(item, ignoreBounds=True)

    def _arrange(self) -> None:
        self._view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setAntialiasing(False)
        self._view.ci.layout.setContentsMargins(0, 0, 0, 0)
        self._view.ci.layout.setSpacing(0)
        self._view.ci.layout.setRowStretchFactor(0, 13)
        self._view.ci.layout.setRowStretchFactor(1, 8)
        self._dose.setXLink(self._vitals)
        self._vitals.showAxis("right")
        self._dose.showAxis("right")
        legend = Row(gap=8)
        self._title = TextLabel("Whole infusion", size="note", weight=SEMIBOLD, ink="ink_soft")
        legend.addWidget(self._title)
        for role, name in (("ecg", "HR"), ("nibp", "NIBP"), ("spo2", "SpO₂"), ("resp", "RR"), ("co2", "EtCO₂"), ("pump", "dose")):
            legend.addSpacing(6)
            legend.addWidget(_Swatch(role))
            legend.addWidget(TextLabel(name, size="unit"))
        legend.addSpacing(6)
        legend.addWidget(_Swatch("pump", dashed=True))
        legend.addWidget(TextLabel("planned", size="unit"))
        self._predicted = (_Swatch("predicted", dashed=True), TextLabel("predicted, not measured", size="unit", ink="ink_soft"))
        for part in self._predicted:
            legend.addWidget(part)
        self._ghost_name = TextLabel(size="unit", ink="ink_soft")
        legend.addWidget(self._ghost_name)
        legend.addStretch(1)
        self._clock = TextLabel(size="unit", ink="ink_soft")
        legend.addWidget(self._clock)
        column = Column(gap=4, margins=(14, 8, 8, 4))
        column.addLayout(legend)
        column.addWidget(self._view, 1)
        self.setLayout(column)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Beside a page there is room for the legend alone."""
        super().resizeEvent(event)
        roomy = event.size().width() > self.look.px(ROOMY_WIDTH)
        for part in (self._title, self._clock, self._ghost_name, *self._predicted):
            part.setVisible(roomy)

    # what it is told

    def set_setup(self, setup: CaseSetup, started_at: Instant) -> None:
        """Begins anew for a case; ``started_at`` is the chart's zero."""
        self._setup, self._history = setup, TrendHistory(started_at)
        self._now_s, self._drawn_s = 0.0, -1.0
        self.set_yesterday(())
        self._span_s = EXTEND_S if setup.order is None else setup.order.length_min * 60 * 1.08
        self._top_mg_per_h = 30.0 if setup.order is None else setup.order.ceiling_mg_per_h * 1.15
        self._axis.set_zero(started_at.utc_ns / NS_PER_S, setup.utc_offset_min)
        self._clock.set_text(f"UTC{setup.utc_offset_min / 60:+g} h")
        self._predicted[1].set_text(predicted_words(setup))
        self._outlook.set_setup(setup)
        self.set_limits(setup.preset)
        self._set_ranges()

    def add_numeric(self, numeric: Numeric) -> None:
        if self._history is not None:
            self._history.add_numeric(numeric)

    def add_dose(self, report: DoseReport) -> None:
        if self._history is not None:
            self._history.add_dose(report)
            self._outlook_at = None if report.ahead is None else report.ahead.at
            self._outlook.show_outlook(report.ahead)

    def add_event(self, at: Instant, text: str, *, is_score: bool) -> None:
        if self._history is not None:
            self._history.add_event(at, text, is_score=is_score)

    def set_flags(self, flags: Sequence[tuple[Instant, str, bool]]) -> None:
        """Every entry of the chart as (when, words, whether it is a score), in the place of those shown before."""
        if self._history is not None:
            self._history.set_flags(flags)

    def add_alarm(self, transition: AlarmTransition) -> None:
        if self._history is not None:
            self._history.add_alarm(transition)

    def add_gap(self, gap: Gap) -> None:
        if self._history is not None:
            self._history.add_gap(gap)

    def set_limits(self, preset: AlarmPreset) -> None:
        self._limits = preset
        self._show_limits()

    def set_forecast(self, band: Sequence[tuple[Instant, float, float]]) -> None:
        """Predicted low and high edge in ng/mL for moments to come; empty: none."""
        self._forecast = tuple(band)

    def set_yesterday(self, ghosts: Sequence[Ghost]) -> None:
        """Curves of the day before, dotted and faint under today's; empty: none."""
        path = QPainterPath()
        for ghost in ghosts:
            for number, (at_s, value) in enumerate(zip(ghost.seconds, ghost.values, strict=True)):
                (path.lineTo if number else path.moveTo)(float(at_s), float(value))
        self._yesterday.show_paths([], path)
        self._ghost_name.setText("yesterday dotted" if ghosts else "")

    def advance(self, now: Instant) -> None:
        """Draws anew what changed; at most once a second, and less often while a column of pixels lasts longer than that."""
        if self._history is None:
            return
        self._now_s = self._history.seconds(now)
        passed_s = self._now_s - self._drawn_s
        due_s = 1.0 if self._history.changes != self._drawn_changes else max(1.0, self._column_s() / 2)
        if self.isVisible() and not 0 <= passed_s < due_s:
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        if self._history is not None:
            self._draw()

    # how it looks

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        theme = look.theme
        self._view.setBackground(QColor(theme.panel))
        for metric, curve in self._curves.items():
            curve.setPen(pg.mkPen(theme.parameter(metric), width=self._line_px()))
        small = look.font("unit")
        self._cuff.set_style(QPen(theme.parameter(metrics.NIBP_SYS), look.px(1.5)), look.px(4))
        self._flags.set_style(small, QColor(theme.ink))
        self._limit_lines.set_style(small)
        for gaps in (self._gaps, self._dose_gaps):
            gaps.set_style(thin(theme.gap, 150), QColor(theme.ink_faint))
        self._given.set_style(fill=thin(theme.pump, 70), pen=QPen(QColor(theme.pump), look.px(2)))
        self._planned.set_style(fill=None, pen=dashed(QColor(theme.pump), look.px(1)))
        self._band.set_style(fill=thin(theme.predicted, 90), pen=None)
        self._ahead.set_style(fill=thin(theme.predicted, 40), pen=None)
        self._outlook.set_look(look)
        self._yesterday.set_style(fill=None, pen=dotted(thin(theme.ink_soft, 170), look.px(1)))
        for line in self._now_lines:
            line.setPen(pg.mkPen(QColor(theme.ink_soft), width=look.px(1) * self.devicePixelRatioF()))
        self._now.setFont(small)
        self._now.setColor(QColor(theme.ink))
        self._style_axes(look, small)
        self._show_limits()

    def _line_px(self) -> float:
        """Width of a curve: pyqtgraph's pens count the screen's own pixels, not logical ones."""
        return self.look.px(LINE_WIDTH) * self.devicePixelRatioF()

    def _style_axes(self, look: Look, font: QFont) -> None:
        theme = look.theme
        for plot in (self._vitals, self._dose):
            for side in ("left", "right", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(QPen(QColor(theme.line), 1))
                axis.setTextPen(QColor(theme.ink_soft))
                axis.setTickFont(font)
                axis.setStyle(tickLength=0, autoExpandTextSpace=False, autoReduceTextSpace=False)
            for side in ("left", "right"):
                plot.getAxis(side).setWidth(look.px(54))
        self._vitals.getAxis("bottom").setStyle(showValues=False)
        self._vitals.getAxis("bottom").setHeight(1)
        self._axis.setHeight(look.px(24))
        self._axis.set_label_width(look.px(110))
        self._vitals.getAxis("left").setTicks([[(value, f"{value}") for value in (0, 50, 100, 150)] + [(UNITS_AT, "mg/h")]])
        self._vitals.getAxis("right").setTicks([[(UNITS_AT, "ng/mL")]])

    def _set_ranges(self) -> None:
        top = self._top_mg_per_h
        self._vitals.setXRange(0, self._span_s, padding=0)
        self._vitals.setYRange(VITALS_FOOT, VITALS_TOP, padding=0)
        self._dose.setYRange(0, top, padding=0)
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1e9) if top / step <= 4)
        marks = [step * n for n in range(1, int(top * HIGHEST_MARK / step) + 1)]
        self._dose.getAxis("left").setTicks([[(mark, written(mark)) for mark in marks]])
        self._dose.getAxis("right").setTicks([[(mark, written(mark * NG_PER_MG_PER_H, 0)) for mark in marks]])

    def _show_limits(self) -> None:
        lines = []
        for metric, side in _LIMITS_BY_WEIGHT:
            limit = self._limits.limit_of(metric) if self._limits else None
            value = getattr(limit, side) if limit else None
            if value is not None:
                colour = self.look.theme.parameter(metric)
                colour.setAlpha(150)
                lines.append(LimitLine(value, f"{metric.label} {written(value, metric.decimals)}", colour))
        self._limit_lines.show_limits(lines)

    def _draw(self) -> None:
        self._drawn_s, self._drawn_changes = self._now_s, self._history.changes if self._history else 0
        self._follow_now()
        self._draw_vitals()
        self._draw_dose()
        self._draw_flags()
        for line in self._now_lines:
            line.setValue(self._now_s)
        self._now.place(self._now_s, VITALS_TOP, room=self._vitals.vb.width() * self._now_s / self._span_s)

    def _column_s(self) -> float:
        """Time in one column as wide as the pen: finer would not be seen."""
        return self._span_s / max(100.0, float(self._vitals.vb.width())) * self.look.px(LINE_WIDTH)

    def _follow_now(self) -> None:
        history = self._history
        assert history is not None  # noqa: S101 - only drawn with a case
        while self._now_s > (1 - LEAST_AHEAD) * self._span_s:
            self._span_s += EXTEND_S
            self._set_ranges()
        changes = history.dose.changes()
        highest = float(np.nanmax(changes[:, 1])) if len(changes) and not np.isnan(changes[:, 1]).all() else 0.0
        if highest > self._top_mg_per_h:
            self._top_mg_per_h = highest * 1.15
            self._set_ranges()

    def _draw_vitals(self) -> None:
        history = self._history
        assert history is not None  # noqa: S101 - only drawn with a case
        for metric, curve in self._curves.items():
            line = history.lines[metric].polyline(self._column_s())
            curve.setData(line.x, line.y, connect=line.connected)
        self._cuff.show_readings(history.cuff.readings())
        stretches = [Stretch(since, until, VITALS_FOOT, VITALS_TOP) for since, until in history.line_gaps(self._now_s, of_pump=False)]
        for row, metric in enumerate(LINES):
            foot = -6.0 - 4 * row
            stretches += [Stretch(since, until, foot, foot + 4) for since, until in history.metric_gaps(self._now_s, metric)]
        self._gaps.show_stretches(stretches)

    def _draw_dose(self) -> None:
        history, setup = self._history, self._setup
        assert history is not None  # noqa: S101 - only drawn with a case
        assert setup is not None  # noqa: S101 - only drawn with a case
        self._given.show_paths(*step_paths(history.dose.changes(), self._now_s))
        if setup.order is not None:
            self._draw_plan(setup.order, history.infusing_since_s or 0.0)
        scale = 1 / NG_PER_MG_PER_H
        self._band.show_paths(band_paths(*history.band.band(self._column_s()), scale), QPainterPath())
        ahead = np.array([(history.seconds(at), low, high) for at, low, high in self._forecast]).reshape(-1, 3)
        self._ahead.show_paths(band_paths(ahead[:, 0], ahead[:, 1], ahead[:, 2], scale), QPainterPath())
        self._outlook.draw_effect(history.effect.polyline(self._column_s()))
        if self._outlook_at is not None:
            self._outlook.draw(history.seconds(self._outlook_at), self._span_s)
        gaps = history.line_gaps(self._now_s, of_pump=True)
        self._dose_gaps.show_stretches([Stretch(since, until, 0, self._top_mg_per_h) for since, until in gaps])

    def _draw_plan(self, order: Order, begun_s: float) -> None:
        steps = [(begun_s + step.earliest_min * 60, step.rate_mg_per_h) for step in order.steps]
        end_s = begun_s + order.length_min * 60
        self._planned.show_paths([], step_paths(np.array([*steps, (end_s, 0.0)]), end_s)[1])

    def _draw_flags(self) -> None:
        history, theme = self._history, self.look.theme
        assert history is not None  # noqa: S101 - only drawn with a case
        score, other = QColor(theme.ink), QColor(theme.ink_soft)
        flags = [
            Flag(event.at_s, event.text, "disc", score) if event.is_score else Flag(event.at_s, event.text, "square", other)
            for event in history.events
        ]
        flags += [Flag(at_s, "", "wedge", theme.alarm(priority)[0]) for at_s, priority in history.alarms_apart(self._column_s())]
        self._flags.show_flags(flags)
