"""Draws a stretch of a case: trends with their limits, alarms and events, dose, waveforms, cursors, on one time axis.

Draws on any painter, the screen's or a printer's, in any Look. Holds nothing between two pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from clinical.instant import NS_PER_S
from clinical.metrics import NIBP_DIA, NIBP_MEAN, NIBP_SYS, Metric
from widgets import durations
from widgets.durations import clock, hours_and_minutes
from widgets.figures import written
from widgets.history.case_view import CaseView, Mark, MarkKind, TrendLine, WaveColumns
from widgets.history.lane_raster import SHADES, rasterised
from widgets.history.time_span import TimeSpan
from widgets.history.trend_columns import Columns, columns_of
from widgets.theme import Look

TICK_SLACK_S = 0.001
"""A round moment may be a hair below itself as a number, and is not written as the second before."""
VITALS = (0.0, 200.0)
DENSE_S, DARKER = 45.0, 175
"""From this length on a waveform is a filled band, and is drawn darker by so many per cent: it would outshine all else."""
LOW_S = 600.0
"""From this length on it shows nothing but where there are samples, and its lane is low: trends have the room."""
LANE, LOW_LANE = 0.12, 0.05
"""Of the height: a waveform's lane."""
MOST_COLOURS = 255 // SHADES
CUFF = frozenset({NIBP_SYS, NIBP_DIA, NIBP_MEAN})
LEFT, RIGHT, AXIS, MARKS, TITLE = 76, 12, 26, 74, 26
WORTH_A_WORD, ONE_LINE, TWO_LINES = 60, 18, 34
"""Widths and heights in the picture's pixels: labels at the left, margin, time axis, rows of marks, title; least room of a mark's words, of
one line and of two beside a lane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is to be drawn: a case, a stretch of it, its waveforms, cursors (seconds, by name), and on whose time the axis runs."""

    case: CaseView
    span: TimeSpan
    waves: tuple[WaveColumns, ...] = ()
    cursors: tuple[tuple[str, float], ...] = ()
    elapsed: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Where each part lies."""

    plot: QRectF
    vitals: QRectF
    marks: QRectF
    dose: QRectF
    waves: QRectF

    @staticmethod
    def of(area: QRectF, look: Look, *, waves: int, lane: float = LANE) -> Places:
        """In an area: without waveforms the trends have its room too. ``lane``: of the height, for each waveform with room for its name."""
        plot = area.adjusted(look.px(LEFT), look.px(TITLE), -look.px(RIGHT), -look.px(AXIS))
        marks = float(look.px(MARKS))
        free = max(10.0, plot.height() - marks)
        share = min(0.5, max(lane, look.px(ONE_LINE) / free) * waves)
        heights = free * (1 - share) * 0.7, marks, free * (1 - share) * 0.3, free * share
        tops = np.cumsum((plot.top(), *heights))
        boxes = [QRectF(plot.left(), top, plot.width(), height - 4) for top, height in zip(tops[:-1], heights, strict=True)]
        return Places(plot, *boxes)


class HistoryPainter:
    """One picture."""

    def __init__(self, painter: QPainter, look: Look, area: QRectF, sight: Sight, ratio: float = 1.0) -> None:
        """``ratio``: device pixels for each logical one."""
        self._painter, self._look, self._sight, self._ratio = painter, look, sight, ratio
        self._area = area
        self._places = Places.of(area, look, waves=len(sight.waves), lane=LOW_LANE if sight.span.length_s > LOW_S else LANE)

    def paint(self) -> None:
        painter = self._painter
        painter.save()
        painter.setClipRect(self._area)
        painter.fillRect(self._area, QColor(self._look.theme.panel))
        self._gaps()
        self._axis()
        self._vitals()
        self._marks()
        self._dose()
        self._waves()
        self._cursors()
        self._title()
        painter.restore()

    def x(self, second: float) -> float:
        plot, span = self._places.plot, self._sight.span
        return plot.left() + (second - span.since_s) / span.length_s * plot.width()

    def _columns(self) -> int:
        return max(1, round(self._places.plot.width() * self._ratio))

    def _write(self, x: float, middle: float, text: str, colour: QColor, *, size: str = "unit", right: bool = False) -> float:
        """Its width."""
        font = self._look.font(size)
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(text)
        self._painter.setFont(font)
        self._painter.setPen(colour)
        self._painter.drawText(QPointF(x - width if right else x, middle + metrics.capHeight() / 2), text)
        return width

    def _title(self) -> None:
        case, theme = self._sight.case, self._look.theme
        middle, x = self._area.top() + self._look.px(TITLE) / 2, self._area.left() + self._look.px(10)
        x += self._write(x, middle, f"SIMULATED  {case.title}" if case.simulated else case.title, QColor(theme.ink)) + self._look.px(18)
        for label, colour in self._legend().items():
            x += self._write(x, middle, label, colour) + self._look.px(12)
        self._write(x, middle, "dose", QColor(theme.pump))

    def _legend(self) -> dict[str, QColor]:
        shown = [trend.metric for trend in reversed(self._sight.case.trends) if len(trend.seconds)]
        labels = {"BP" if metric in CUFF else metric.label: self._look.theme.parameter(metric) for metric in shown}
        return dict(reversed(labels.items()))

    def _gaps(self) -> None:
        span, plot = self._sight.span, self._places.plot
        for since_s, until_s in self._sight.case.gaps:
            if until_s > span.since_s and since_s < span.until_s:
                left, right = max(plot.left(), self.x(since_s)), min(plot.right(), self.x(until_s))
                box = QRectF(left, plot.top(), max(2.0, right - left), plot.height())
                self._painter.fillRect(box, QColor(self._look.theme.gap))
                self._painter.fillRect(box, Qt.BrushStyle.BDiagPattern)

    def _axis(self) -> None:
        case, span, plot, theme = self._sight.case, self._sight.span, self._places.plot, self._look.theme
        offset_s = 0.0 if self._sight.elapsed else case.started.utc_ns / NS_PER_S + case.utc_offset_min * 60
        seconds = span.length_s < 900
        for moment in span.ticks(max(2, int(plot.width() / self._look.px(110))), offset_s):
            x = self.x(moment)
            self._painter.fillRect(QRectF(x, plot.top(), 1, plot.height()), QColor(theme.grid))
            text = _elapsed(moment, seconds=seconds)
            if not self._sight.elapsed:
                text = clock(case.started.plus(moment + TICK_SLACK_S), case.utc_offset_min, seconds=seconds)
            half = QFontMetricsF(self._look.font("unit")).horizontalAdvance(text) / 2
            if self._area.left() <= x - half and x + half <= self._area.right():
                self._write(x - half, plot.bottom() + self._look.px(AXIS) / 2, text, QColor(theme.ink_soft))

    def _raster(self, box: QRectF, traces: list[tuple[QColor, Columns]], edges: tuple[float, float]) -> None:
        """Traces in one picture, later ones on top; at most as many colours as a palette has room for shades of."""
        height = min(1000, max(2, round(box.height() * self._ratio)))
        colours = list(dict.fromkeys(colour.rgb() for colour, _ in traces))[:MOST_COLOURS]
        wide = -(-self._columns() // 4) * 4
        indices = np.zeros((height, wide), np.uint8)
        for number, (colour, columns) in enumerate(traces):
            shades = rasterised(*columns, height, edges)
            place = min(colours.index(colour.rgb()) if colour.rgb() in colours else 0, MOST_COLOURS - 1) * SHADES
            here = indices[:, : shades.shape[1]]
            if number == 0:
                here[:] = shades  # nothing lies under the first one
            else:
                np.copyto(here, shades + np.uint8(place), where=(shades > SHADES // 3) | ((here == 0) & (shades > 0)))
        image = QImage(indices.data, self._columns(), height, wide, QImage.Format.Format_Indexed8)
        image.setColorTable([0, *(_shade(colour, shade) for colour in colours for shade in range(1, SHADES + 1))])
        drawn = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        drawn.setDevicePixelRatio(self._ratio)
        self._painter.drawImage(QPointF(round(box.left()), round(box.top())), drawn)  # on whole pixels: nothing to be scaled

    def _vitals(self) -> None:
        box, theme = self._places.vitals, self._look.theme
        for value in (0, 50, 100, 150):
            y = self._y(box, value, VITALS)
            self._painter.fillRect(QRectF(box.left(), y, box.width(), 1), QColor(theme.grid))
            self._write(box.left() - self._look.px(8), y, f"{value}", QColor(theme.ink_soft), right=True)
        for limit in self._sight.case.limits:
            self._limit(box, limit.metric, limit.since_s, limit.until_s, limit.value)
        shown = [trend for trend in reversed(self._sight.case.trends) if trend.metric not in CUFF]  # what matters most on top
        span, columns = self._sight.span, self._columns()
        self._raster(box, [(theme.parameter(one.metric), columns_of(one.seconds, one.values, span, columns)) for one in shown], VITALS)
        self._cuff(box)

    def _limit(self, box: QRectF, metric: Metric, since_s: float, until_s: float, value: float) -> None:
        left, right = max(box.left(), self.x(since_s)), min(box.right(), self.x(until_s))
        if left < right and VITALS[0] <= value <= VITALS[1]:
            colour = self._look.theme.parameter(metric)
            colour.setAlpha(130)
            self._painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
            y = self._y(box, value, VITALS)
            self._painter.drawLine(QPointF(left, y), QPointF(right, y))

    def _cuff(self, box: QRectF) -> None:
        by_metric = {trend.metric: trend for trend in self._sight.case.trends if trend.metric in CUFF}
        upper, lower = by_metric.get(NIBP_SYS), by_metric.get(NIBP_DIA)
        if upper is None or lower is None:
            return
        self._painter.setPen(QPen(self._look.theme.parameter(NIBP_SYS), self._look.px(1.5)))
        half = self._look.px(4)
        for second, high in _seen(upper, self._sight.span):
            low = lower.at(second + 1, 60)
            if low is not None:
                x, top, foot = self.x(second), self._y(box, high, VITALS), self._y(box, low, VITALS)
                for ends in ((x, top, x, foot), (x - half, top, x + half, top), (x - half, foot, x + half, foot)):
                    self._painter.drawLine(QPointF(*ends[:2]), QPointF(*ends[2:]))

    def _y(self, box: QRectF, value: float, edges: tuple[float, float]) -> float:
        return box.bottom() - (min(max(value, edges[0]), edges[1]) - edges[0]) / (edges[1] - edges[0]) * box.height()

    def _marks(self) -> None:
        box, theme = self._places.marks, self._look.theme
        row = box.height() / 3
        for place, name in enumerate(("alarms", "events", "steps")):
            self._write(box.left() - self._look.px(8), box.top() + (place + 0.5) * row, name, QColor(theme.ink_soft), right=True)
        rows: list[list[Mark]] = [[], [], []]
        for mark in self._sight.case.marks:
            until_s = mark.at_s if mark.until_s is None else mark.until_s
            if self.x(until_s) >= box.left() and self.x(mark.at_s) <= box.right():
                rows[{MarkKind.ALARM: 0, MarkKind.STEP: 2}.get(mark.kind, 1)].append(mark)
        for place, marks in enumerate(rows):
            ends = [*(self.x(mark.at_s) - self._look.px(6) for mark in marks[1:]), box.right()]
            drawn = sorted(zip(marks, ends[: len(marks)], strict=True), key=lambda one: one[0].priority.rank if one[0].priority else 0)
            for mark, end in drawn:  # of alarms that overlap the higher is on top
                self._mark(mark, box.top() + (place + 0.5) * row, row, end)

    def _mark(self, mark: Mark, middle: float, row: float, end: float) -> None:
        """Its sign, and as many of its words as there is room for before ``end``."""
        box, theme = self._places.marks, self._look.theme
        left = max(box.left(), self.x(mark.at_s))
        if mark.priority is not None:
            right = min(box.right(), self.x(mark.at_s if mark.until_s is None else mark.until_s))
            sign, colour = QRectF(left, middle - row * 0.36, max(3.0, right - left), row * 0.72), theme.alarm(mark.priority)[0]
        else:
            side = self._look.px(9)
            sign = QRectF(left - side / 2, middle - side / 2, side, side)
            colour = QColor(theme.pump if mark.kind is MarkKind.STEP else theme.ink)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        (self._painter.drawEllipse if mark.kind is MarkKind.ROUND else self._painter.drawRect)(sign)
        begin = sign.right() + self._look.px(5)
        if end - begin >= self._look.px(WORTH_A_WORD):
            words = QFontMetricsF(self._look.font("unit")).elidedText(mark.title, Qt.TextElideMode.ElideRight, end - begin)
            self._write(begin, middle, words, QColor(theme.ink))

    def _dose(self) -> None:
        box, theme, doses = self._places.dose, self._look.theme, self._sight.case.doses
        known = doses[:, 1][~np.isnan(doses[:, 1])] if len(doses) else np.zeros(0)
        top = max(10.0, float(known.max()) * 1.15 if len(known) else 10.0)
        for value in (0.0, round(top / 2.3, -1) or 5.0, 2 * (round(top / 2.3, -1) or 5.0)):
            if value <= top and self._y(box, value, (0, top)) - box.top() > self._look.px(20):
                y = min(self._y(box, value, (0, top)), box.bottom() - self._look.px(6))  # clear of the first lane's name
                self._write(box.left() - self._look.px(8), y, written(value, 0), QColor(theme.ink_soft), right=True)
        self._write(box.left() - self._look.px(8), box.top() + self._look.px(6), "mg/h", QColor(theme.ink_soft), right=True)
        fill = QColor(theme.pump)
        fill.setAlpha(70)
        for since_s, until_s, rate in _level_stretches(doses, self._sight.case.length_s):
            left, right = max(box.left(), self.x(since_s)), min(box.right(), self.x(until_s))
            if left < right:
                y = self._y(box, rate, (0, top))
                self._painter.fillRect(QRectF(left, y, right - left, box.bottom() - y), fill)
                self._painter.fillRect(QRectF(left, y - 1, right - left, 2), QColor(theme.pump))

    def _waves(self) -> None:
        waves, box, theme = self._sight.waves, self._places.waves, self._look.theme
        for place, wave in enumerate(waves):
            tall = box.height() / len(waves)
            lane = QRectF(box.left(), box.top() + place * tall, box.width(), tall - 3)
            colour = theme.parameter(wave.metric)
            dense = self._sight.span.length_s > DENSE_S
            self._name_lane(lane, wave, colour)
            self._painter.fillRect(QRectF(lane.left(), lane.bottom() + 1, lane.width(), 1), QColor(theme.grid))
            if not np.isnan(wave.lows).all():
                low, high = float(np.nanmin(wave.lows)), float(np.nanmax(wave.highs))
                self._raster(lane, [(colour.darker(DARKER) if dense else colour, (wave.lows, wave.highs))], (low, max(high, low + 1e-6)))

    def _name_lane(self, lane: QRectF, wave: WaveColumns, colour: QColor) -> None:
        right, middle = lane.left() - self._look.px(8), lane.center().y()
        both = bool(wave.source) and lane.height() >= self._look.px(TWO_LINES)
        self._write(right, middle - self._look.px(8 if both else 0), wave.title, colour, size="note", right=True)
        if both:
            self._write(right, middle + self._look.px(8), wave.source, QColor(self._look.theme.ink_soft), right=True)

    def _cursors(self) -> None:
        plot, theme, side = self._places.plot, self._look.theme, self._look.px(22)
        for name, second in self._sight.cursors:
            x = self.x(second)
            if plot.left() <= x <= plot.right():
                self._painter.setPen(QPen(QColor(theme.ink), self._look.px(2)))
                self._painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
                box = QRectF(x - side / 2, plot.top(), side, side)
                self._painter.setBrush(QColor(theme.chosen))
                self._painter.setPen(Qt.PenStyle.NoPen)
                self._painter.drawPolygon(QPolygonF([box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()]))
                self._write(
                    x - QFontMetricsF(self._look.font("unit")).horizontalAdvance(name) / 2, box.center().y(), name, QColor(theme.chosen_ink)
                )


def _elapsed(moment: float, *, seconds: bool) -> str:
    """Since the case began, with its unit: 30:00 could be hours."""
    return durations.span(moment + TICK_SLACK_S) if seconds else f"{hours_and_minutes(moment + TICK_SLACK_S)} h"


def _shade(rgb: int, shade: int) -> int:
    """A colour that covers so much of a pixel."""
    colour = QColor(rgb)
    colour.setAlpha(255 * shade // SHADES)
    return colour.rgba()


def _level_stretches(doses: NDArray[np.float64], until_s: float) -> list[tuple[float, float, float]]:
    """Since, until and rate of each stretch with one known rate."""
    changed = [row for place, row in enumerate(doses) if place == 0 or row[1] != doses[place - 1, 1]]
    ends = [*(float(row[0]) for row in changed[1:]), until_s]
    return [
        (float(since_s), end, float(rate)) for (since_s, rate), end in zip(changed, ends[: len(changed)], strict=True) if not np.isnan(rate)
    ]


def _seen(trend: TrendLine, span: TimeSpan) -> list[tuple[float, float]]:
    inside = (trend.seconds >= span.since_s) & (trend.seconds <= span.until_s) & ~np.isnan(trend.values)
    return [(float(second), float(value)) for second, value in zip(trend.seconds[inside], trend.values[inside], strict=True)]
