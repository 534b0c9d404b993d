"""What the trend draws besides lines: time axis, dose, band, cuff bars, gaps, marks. Given seconds and values; keeps no history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

Floats = NDArray[np.float64]


class LocalTimeAxis(pg.AxisItem):  # type: ignore[misc] # pyqtgraph is untyped
    """The bed's clock under seconds from the chart's zero; whole hours and halves."""

    SPACINGS_S = (300, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)

    def __init__(self) -> None:
        super().__init__(orientation="bottom")
        self._zero_local_s = 0.0
        self._label_px = 110.0
        self.setStyle(tickLength=0, autoExpandTextSpace=False)

    def set_zero(self, utc_s: float, utc_offset_min: int) -> None:
        """The moment of second 0, and the bed's offset."""
        self._zero_local_s = utc_s + utc_offset_min * 60
        self.picture = None
        self.update()

    def set_label_width(self, pixels: float) -> None:
        """Room that a time of day takes with the space about it."""
        self._label_px = pixels
        self.picture = None

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N802, N803 - pyqtgraph's
        most = max(2.0, size / self._label_px)
        spacing = next((step for step in self.SPACINGS_S if (maxVal - minVal) / step <= most), self.SPACINGS_S[-1])
        first = np.ceil((minVal + self._zero_local_s) / spacing) * spacing - self._zero_local_s
        return [(float(spacing), list(np.arange(first, maxVal, spacing)))]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002, N802 - pyqtgraph's
        moments = (datetime.fromtimestamp(round(value + self._zero_local_s), tz=UTC) for value in values)
        return [f"{moment:%H:%M}" for moment in moments]


class _Item(pg.GraphicsObject):  # type: ignore[misc] # pyqtgraph is untyped
    """Draws over the whole view, in the view's pixels, so that caps and words keep their size."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        return QRectF(self.viewRect()) if self.getViewBox() is not None else QRectF()

    def viewRangeChanged(self) -> None:  # noqa: N802 - pyqtgraph's name
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        to_pixels: QTransform = painter.worldTransform()
        painter.save()
        painter.setWorldTransform(QTransform())
        self.draw(painter, to_pixels)
        painter.restore()

    def draw(self, painter: QPainter, to_pixels: QTransform) -> None:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark at a moment: a disc (scores), a square (other events) or a wedge (alarms), with words where there is room."""

    at_s: float
    text: str
    shape: str
    colour: QColor


@dataclass(frozen=True, slots=True)
class _Placed:
    """A flag where it stands in pixels; ``words`` is empty where there was no room for them."""

    at: QPointF
    flag: Flag
    words: str


class FlagItem(_Item):
    """Discs on one row, squares on the next, wedges at the top. Words give way to the flag after them: the newest stands."""

    def __init__(self, rows: dict[str, float]) -> None:
        """``rows``: height of each shape's row in the view's y."""
        super().__init__()
        self._rows = rows
        self._flags: list[Flag] = []
        self._font = QFont()
        self._ink = QColor()
        self._placed: list[_Placed] = []
        self._placed_for: QTransform | None = None

    def show_flags(self, flags: list[Flag]) -> None:
        """By rising time within each shape."""
        if flags != self._flags:
            self._flags, self._placed_for = flags, None
            self.update()

    def set_style(self, font: QFont, ink: QColor) -> None:
        self._font, self._ink, self._placed_for = font, ink, None
        self.update()

    def _place(self, to_pixels: QTransform, size: float) -> list[_Placed]:
        words = QFontMetricsF(self._font)
        free_until = dict.fromkeys(self._rows, to_pixels.map(QPointF(self.viewRect().right(), 0)).x())
        placed = []
        for flag in reversed(self._flags):
            at = to_pixels.map(QPointF(flag.at_s, self._rows[flag.shape]))
            fits = at.x() + size + words.horizontalAdvance(flag.text) < free_until[flag.shape]
            free_until[flag.shape] = at.x() - size
            placed.append(_Placed(at, flag, flag.text if fits else ""))
        return placed[::-1]

    def draw(self, painter: QPainter, to_pixels: QTransform) -> None:
        words = QFontMetricsF(self._font)
        size = words.height() * 0.55
        if self._placed_for != to_pixels:
            self._placed, self._placed_for = self._place(to_pixels, size), to_pixels
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        for placed in self._placed:
            self._mark(painter, placed.flag, placed.at, size)
            if placed.words:
                painter.setPen(self._ink)
                painter.drawText(placed.at + QPointF(size, words.capHeight() / 2), placed.words)

    @staticmethod
    def _mark(painter: QPainter, flag: Flag, at: QPointF, size: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(flag.colour)
        half = size / 2
        if flag.shape == "disc":
            painter.drawEllipse(at, half, half)
        elif flag.shape == "square":
            painter.drawRect(QRectF(at.x() - half, at.y() - half, size, size))
        else:
            painter.drawPolygon(QPolygonF([at + QPointF(-half, -half), at + QPointF(half, -half), at + QPointF(0, half)]))


class CuffItem(_Item):
    """A bar from diastolic to systolic with a cap at each end."""

    def __init__(self) -> None:
        super().__init__()
        self._readings: Floats = np.empty((0, 3))
        self._pen = QPen()
        self._cap = 4.0
        self._bars: list[QLineF] = []
        self._bars_for: QTransform | None = None

    def show_readings(self, readings: Floats) -> None:
        """Shape (n, 3): time, systolic, diastolic."""
        if not np.array_equal(readings, self._readings):
            self._readings, self._bars_for = readings.copy(), None
            self.update()

    def set_style(self, pen: QPen, cap: float) -> None:
        self._pen, self._cap, self._bars_for = pen, cap, None
        self.update()

    def _place(self, to_pixels: QTransform) -> list[QLineF]:
        bars, cap = [], QPointF(self._cap, 0)
        for at_s, sys, dia in self._readings:
            top, bottom = to_pixels.map(QPointF(at_s, sys)), to_pixels.map(QPointF(at_s, dia))
            bars += [QLineF(top, bottom), QLineF(top - cap, top + cap), QLineF(bottom - cap, bottom + cap)]
        return bars

    def draw(self, painter: QPainter, to_pixels: QTransform) -> None:
        if self._bars_for != to_pixels:
            self._bars, self._bars_for = self._place(to_pixels), to_pixels
        painter.setPen(self._pen)
        painter.drawLines(self._bars)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Without data: from, to, and the heights in the view's y between which it is shaded."""

    since_s: float
    until_s: float
    low: float
    high: float


NOW_ROOM = 1.5
"""Of the word's width: it must not touch the edge, nor jump to and fro as the axis grows."""


class NowWord(pg.TextItem):  # type: ignore[misc] # pyqtgraph has no types
    """Left of its line, or right of it while there is no room; half its height below the top edge, where the wedges of alarms stand."""

    def place(self, at_s: float, top: float, *, room: float) -> None:
        """``room``: pixels between the left edge and the line."""
        self.setAnchor((1.0 if room > NOW_ROOM * self.boundingRect().width() else 0.0, -0.5))
        self.setPos(at_s, top)


class GapItem(_Item):
    """Shaded, hatched stretches without data."""

    def __init__(self) -> None:
        super().__init__()
        self._stretches: list[Stretch] = []
        self._fill, self._hatch = QColor(), QColor()

    def show_stretches(self, stretches: list[Stretch]) -> None:
        if stretches != self._stretches:
            self._stretches = stretches
            self.update()

    def set_style(self, fill: QColor, hatch: QColor) -> None:
        self._fill, self._hatch = fill, hatch
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform) -> None:
        for stretch in self._stretches:
            box = to_pixels.mapRect(QRectF(QPointF(stretch.since_s, stretch.low), QPointF(stretch.until_s, stretch.high)).normalized())
            box.setWidth(max(2.0, box.width()))
            painter.fillRect(box, self._fill)
            painter.fillRect(box, QBrush(self._hatch, Qt.BrushStyle.BDiagPattern))


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A dashed line at a limit, and what is written at its right end."""

    value: float
    text: str
    colour: QColor


class LimitItem(_Item):
    """Limits, most important first: where two labels would touch, the later one is left out; its line stays."""

    def __init__(self) -> None:
        super().__init__()
        self._limits: list[LimitLine] = []
        self._font = QFont()

    def show_limits(self, limits: list[LimitLine]) -> None:
        self._limits = limits
        self.update()

    def set_style(self, font: QFont) -> None:
        self._font = font
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform) -> None:
        painter.setFont(self._font)
        words = QFontMetricsF(self._font)
        view = to_pixels.mapRect(QRectF(self.viewRect()))
        written: list[float] = []
        for limit in self._limits:
            height = to_pixels.map(QPointF(0, limit.value)).y()
            faint = QColor(limit.colour)
            faint.setAlpha(limit.colour.alpha() // 2)
            pen = QPen(faint, max(1.0, words.height() / 18))
            pen.setDashPattern([5, 4])
            painter.setPen(pen)
            painter.drawLine(QPointF(view.left(), height), QPointF(view.right(), height))
            painter.setPen(limit.colour)
            if all(abs(height - other) >= words.height() for other in written):
                painter.drawText(QPointF(view.right() - words.horizontalAdvance(limit.text) - 2, height - words.descent() - 1), limit.text)
                written.append(height)


class PathItem(_Item):
    """A filled and outlined path: the dose, the plan, the band."""

    def __init__(self) -> None:
        super().__init__()
        self._fills: list[QPainterPath] = []
        self._lines = QPainterPath()
        self._fill: QColor | None = None
        self._pen: QPen | None = None

    def set_style(self, *, fill: QColor | None, pen: QPen | None) -> None:
        self._fill, self._pen = fill, pen
        self.update()

    def show_paths(self, fills: list[QPainterPath], lines: QPainterPath) -> None:
        """In the view's own units."""
        self._fills, self._lines = fills, lines
        self.update()

    def draw(self, painter: QPainter, to_pixels: QTransform) -> None:
        if self._fill is not None:
            for path in self._fills:
                painter.fillPath(to_pixels.map(path), self._fill)
        if self._pen is not None:
            painter.strokePath(to_pixels.map(self._lines), self._pen)


def step_paths(changes: Floats, until_s: float) -> tuple[list[QPainterPath], QPainterPath]:
    """A rate's steps as filled areas over zero, and its outline. Where the rate is NaN there is neither."""
    fills, outline, before = [], QPainterPath(), 0.0
    for index, (at_s, rate) in enumerate(changes):
        end_s = changes[index + 1][0] if index + 1 < len(changes) else until_s
        if np.isnan(rate):
            before = np.nan
            continue
        area = QPainterPath()
        area.addRect(QRectF(at_s, 0, max(0.0, end_s - at_s), rate))
        fills.append(area)
        outline.moveTo(at_s, rate if np.isnan(before) else before)
        outline.lineTo(at_s, rate)
        outline.lineTo(end_s, rate)
        before = rate
    return fills, outline


def band_paths(x: Floats, low: Floats, high: Floats, scale: float) -> list[QPainterPath]:
    """Areas between two edges, times ``scale``; NaN interrupts."""
    paths = []
    cuts = np.flatnonzero(np.isnan(x))
    for part in np.split(np.arange(len(x)), cuts):
        index = part[~np.isnan(x[part])]
        if len(index) < 2:
            continue
        around = np.concatenate((index, index[::-1]))
        heights = np.concatenate((high[index], low[index[::-1]])) * scale
        path = QPainterPath()
        path.addPolygon(pg.functions.arrayToQPolygonF(x[around], heights))
        path.closeSubpath()
        paths.append(path)
    return paths


def thin(colour: str, alpha: int) -> QColor:
    """A colour seen through, 255 being not at all."""
    thinned = QColor(colour)
    thinned.setAlpha(alpha)
    return thinned


def dotted(colour: QColor, width: float) -> QPen:
    """For what is of another day."""
    pen = QPen(colour, width)
    pen.setDashPattern([1, 3])
    return pen


def dashed(colour: QColor, width: float) -> QPen:
    """For what is planned."""
    pen = QPen(colour, width)
    pen.setDashPattern([4, 3])
    return pen
