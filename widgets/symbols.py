"""Symbols as shapes: priority marks, bells, the pump's states. No font holds all of them, and a missing glyph must never hide a priority.

Each path lies in a box of height 1; ``width`` of its bounding box tells how much room it takes. Knows no colours.
Marks: stars for the patient, exclamation marks for equipment, three, two, one for high, medium, low (IEC 60601-1-8 practice).
"""

from __future__ import annotations

from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPolygonF, QTransform

from clinical.alarm_model import Kind
from clinical.observations import Priority

MARK_COUNT = {Priority.HIGH: 3, Priority.MEDIUM: 2, Priority.LOW: 1}


def star() -> QPainterPath:
    """A star of six arms, one high."""
    lines = QPainterPath()
    for arm in range(3):
        angle = pi / 2 + arm * pi / 3
        lines.moveTo(0.5 + 0.42 * cos(angle), 0.5 + 0.42 * sin(angle))
        lines.lineTo(0.5 - 0.42 * cos(angle), 0.5 - 0.42 * sin(angle))
    return stroked(lines, 0.17)


def exclamation() -> QPainterPath:
    """An exclamation mark, one high."""
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(0.14, 0.02), QPointF(0.42, 0.02), QPointF(0.36, 0.66), QPointF(0.20, 0.66)]))
    path.closeSubpath()
    path.addEllipse(QPointF(0.28, 0.86), 0.12, 0.12)
    return path


def priority_marks(kind: Kind, priority: Priority) -> QPainterPath:
    """Three, two or one stars (patient) or exclamation marks (equipment) in a row, one high."""
    shape, pitch = {Kind.PHYSIOLOGICAL: (star(), 0.92), Kind.TECHNICAL: (exclamation(), 0.52)}[kind]
    row = QPainterPath()
    row.setFillRule(Qt.FillRule.WindingFill)
    for place in range(MARK_COUNT[priority]):
        row.addPath(shape.translated(place * pitch, 0))
    return row


def bell() -> QPainterPath:
    """The outline of a bell: alarm sound is on (after IEC 60417-5576)."""
    path = stroked(_body(), 0.075)
    path.addPath(_clapper())
    return path


def _body() -> QPainterPath:
    outline = QPainterPath(QPointF(0.12, 0.74))
    outline.cubicTo(0.26, 0.60, 0.20, 0.46, 0.24, 0.34)
    outline.cubicTo(0.28, 0.17, 0.40, 0.12, 0.50, 0.12)
    outline.cubicTo(0.60, 0.12, 0.72, 0.17, 0.76, 0.34)
    outline.cubicTo(0.80, 0.46, 0.74, 0.60, 0.88, 0.74)
    outline.closeSubpath()
    return outline


def _clapper() -> QPainterPath:
    clapper = QPainterPath(QPointF(0.40, 0.85))
    clapper.quadTo(0.50, 0.97, 0.60, 0.85)
    return stroked(clapper, 0.075)


def bell_paused() -> QPainterPath:
    """The bell under a dashed cross: sound is off for a while (IEC 60417-5576-2)."""
    return _crossed(stroked(_diagonals(), 0.07, dashes=(1.9, 1.8)))


def bell_off() -> QPainterPath:
    """The bell under a whole cross: no sound, and no end to that is set (IEC 60417-5576-1)."""
    return _crossed(stroked(_diagonals(), 0.07))


def _crossed(cross_lines: QPainterPath) -> QPainterPath:
    path = bell()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addPath(cross_lines)
    return path


def _diagonals() -> QPainterPath:
    """Four arms from the middle outwards, so that dashes lie alike on each."""
    arms = QPainterPath()
    for x, y in ((0.04, 0.04), (0.96, 0.04), (0.04, 0.96), (0.96, 0.96)):
        arms.moveTo(0.5, 0.5)
        arms.lineTo(x, y)
    return arms


def play() -> QPainterPath:
    """A triangle: infusing."""
    return _polygon((0.12, 0.04), (0.96, 0.5), (0.12, 0.96))


def stop() -> QPainterPath:
    """A square: stopped."""
    return _box(0.1, 0.1, 0.8, 0.8)


def pause() -> QPainterPath:
    """Two bars: paused."""
    path = _box(0.12, 0.08, 0.28, 0.84)
    path.addPath(_box(0.60, 0.08, 0.28, 0.84))
    return path


def tick() -> QPainterPath:
    """A check mark: done, seen, fulfilled."""
    line = QPainterPath(QPointF(0.10, 0.55))
    line.lineTo(0.38, 0.82)
    line.lineTo(0.90, 0.20)
    return stroked(line, 0.13)


def cross() -> QPainterPath:
    """A cross: not fulfilled."""
    line = QPainterPath(QPointF(0.16, 0.16))
    line.lineTo(0.84, 0.84)
    line.moveTo(0.84, 0.16)
    line.lineTo(0.16, 0.84)
    return stroked(line, 0.13)


def draw_symbol(painter: QPainter, path: QPainterPath, box: QRectF, colour: QColor) -> None:
    """Fill a symbol into a box: as high as the box, from its left edge."""
    painter.fillPath(QTransform.fromTranslate(box.left(), box.top()).scale(box.height(), box.height()).map(path), colour)


def symbol_width(path: QPainterPath, height: float) -> float:
    """The room a symbol takes from the left edge of its box when it is drawn ``height`` high."""
    return path.boundingRect().right() * height


def stroked(line: QPainterPath, width: float, dashes: tuple[float, ...] = ()) -> QPainterPath:
    """A line as a shape; dashes in widths of the line."""
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.FlatCap if dashes else Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashes:
        stroker.setDashPattern(list(dashes))
    shape = stroker.createStroke(line)
    shape.setFillRule(Qt.FillRule.WindingFill)  # where strokes cross there is ink, not a hole
    return shape


def _polygon(*corners: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    path.closeSubpath()
    return path


def _box(x: float, y: float, width: float, height: float) -> QPainterPath:
    path = QPainterPath()
    path.addRect(x, y, width, height)
    return path
