"""The ground a lane is drawn on: its title row, scale marks, lines. Painted once for each layout or scale, in device pixels."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from widgets.lane_trace import LaneSpec, LaneTrace
from widgets.theme import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Where a lane lies in the buffer.

    Attributes:
        lane: all of it.
        header: the row of its title.
        plot: where the trace runs.
        scale: device pixels for each pixel of the 1920×1080 picture.
    """

    lane: QRect
    header: QRect
    plot: QRect
    scale: float

    @staticmethod
    def of(place: int, count: int, size: tuple[int, int], scale: float) -> Geometry:
        """The lane at ``place`` of ``count`` in a buffer of ``size`` (width, height)."""
        width, height = size
        top, bottom = place * height // count, (place + 1) * height // count
        tall = round(32 * scale)
        left = round(46 * scale)
        plot = QRect(left, top + tall, max(1, width - left - 1), max(1, bottom - top - tall - round(8 * scale)))
        return Geometry(lane=QRect(0, top, width, bottom - top), header=QRect(0, top, width, tall), plot=plot, scale=scale)

    def px(self, pixels: float) -> int:
        return max(1, round(pixels * self.scale))


def paint_ground(painter: QPainter, trace: LaneTrace, geometry: Geometry, look: Look) -> None:
    """Background, the line to the next lane, ticks with their numbers, the calibration bar."""
    theme, lane = look.theme, geometry.lane
    painter.fillRect(lane, QColor(theme.background))
    painter.fillRect(QRect(lane.left(), lane.bottom(), lane.width(), geometry.px(1)), QColor(theme.line))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for value in trace.spec.scale.ticks(trace.scale.high):
        _tick(painter, trace.y(value), f"{value:g}", geometry, look)
    if trace.spec.scale.bar:
        _bar(painter, trace.y(0), trace.y(trace.spec.scale.bar), geometry, look)


def _tick(painter: QPainter, y: float, text: str, geometry: Geometry, look: Look) -> None:
    plot = geometry.plot
    painter.fillRect(QRect(plot.left(), round(y), plot.width(), 1), QColor(look.theme.grid))
    font = device_font(look, 14, geometry)
    size = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(QColor(look.theme.ink_soft))
    painter.drawText(QPointF(plot.left() - geometry.px(8) - size.horizontalAdvance(text), y + size.capHeight() / 2), text)


def _bar(painter: QPainter, foot: float, head: float, geometry: Geometry, look: Look) -> None:
    x, half = geometry.plot.left() - geometry.px(16), geometry.px(5)
    painter.setPen(QPen(QColor(look.theme.ink_soft), geometry.px(1.5)))
    painter.drawLine(QPointF(x, foot), QPointF(x, head))
    for y in (foot, head):
        painter.drawLine(QPointF(x - half, y), QPointF(x + half, y))


def paint_header(painter: QPainter, spec: LaneSpec, geometry: Geometry, look: Look, *, note: str, status: str) -> None:
    """Title, speed and notes from the left; at the right for how long nothing has come."""
    theme = look.theme
    title_font = device_font(look, 20, geometry, QFont.Weight.Bold)
    font = device_font(look, 15, geometry)
    base = geometry.header.top() + geometry.px(8) + QFontMetricsF(title_font).capHeight()
    _write(painter, QPointF(geometry.px(16), base), spec.title, title_font, theme.parameter(spec.metric))
    words = "   ".join(text for text in (f"{spec.mm_per_s:g} mm/s", spec.note, note) if text)
    _write(painter, QPointF(geometry.px(90), base), words, font, QColor(theme.ink_soft))
    strong = device_font(look, 16, geometry, QFont.Weight.DemiBold)
    right = geometry.header.right() - geometry.px(14) - QFontMetricsF(strong).horizontalAdvance(status)
    _write(painter, QPointF(right, base), status, strong, QColor(theme.ink))


def _write(painter: QPainter, at: QPointF, text: str, font: QFont, colour: QColor) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(at, text)


def device_font(look: Look, pixels: float, geometry: Geometry, weight: QFont.Weight = QFont.Weight.Medium) -> QFont:
    """A font of the look in device pixels."""
    font = look.font_px(pixels, weight)
    font.setPixelSize(max(8, round(pixels * geometry.scale)))
    return font
