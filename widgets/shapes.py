"""Small signs drawn as shapes, so that no font need have them: tick, triangle, bars, stars, exclamation marks. No colours."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from clinical.alarm_model import Kind
from clinical.observations import Priority, PumpState
from widgets.theme import Look

Shape = Callable[[QPainter, QRectF, QColor], None]


def _stroke(painter: QPainter, box: QRectF, colour: QColor, share: float = 0.13) -> None:
    pen = QPen(colour, max(1.5, box.height() * share))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _fill(painter: QPainter, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)


def _at(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.x() + box.width() * x, box.y() + box.height() * y)


def tick(painter: QPainter, box: QRectF, colour: QColor) -> None:
    _stroke(painter, box, colour)
    painter.drawPolyline(QPolygonF([_at(box, 0.08, 0.55), _at(box, 0.38, 0.85), _at(box, 0.95, 0.18)]))


def dash(painter: QPainter, box: QRectF, colour: QColor) -> None:
    _stroke(painter, box, colour)
    painter.drawLine(_at(box, 0.1, 0.5), _at(box, 0.9, 0.5))


def play(painter: QPainter, box: QRectF, colour: QColor) -> None:
    _fill(painter, colour)
    painter.drawPolygon(QPolygonF([_at(box, 0.12, 0.0), _at(box, 1.0, 0.5), _at(box, 0.12, 1.0)]))


def hollow_play(painter: QPainter, box: QRectF, colour: QColor) -> None:
    _stroke(painter, box, colour)
    painter.drawPolygon(QPolygonF([_at(box, 0.15, 0.08), _at(box, 0.92, 0.5), _at(box, 0.15, 0.92)]))


def double_play(painter: QPainter, box: QRectF, colour: QColor) -> None:
    half = box.width() / 2
    play(painter, QRectF(box.x(), box.y(), half, box.height()), colour)
    play(painter, QRectF(box.x() + half, box.y(), half, box.height()), colour)


def stop(painter: QPainter, box: QRectF, colour: QColor) -> None:
    _fill(painter, colour)
    painter.drawRect(box.adjusted(box.width() * 0.08, box.height() * 0.08, -box.width() * 0.08, -box.height() * 0.08))


def pause(painter: QPainter, box: QRectF, colour: QColor) -> None:
    _fill(painter, colour)
    width = box.width() * 0.3
    painter.drawRect(QRectF(box.x() + box.width() * 0.08, box.y(), width, box.height()))
    painter.drawRect(QRectF(box.right() - box.width() * 0.08 - width, box.y(), width, box.height()))


def ring(painter: QPainter, box: QRectF, colour: QColor) -> None:
    _stroke(painter, box, colour)
    inset = box.height() * 0.12
    painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))


def marks(painter: QPainter, box: QRectF, colour: QColor, *, count: int) -> None:
    """Exclamation marks: equipment."""
    _fill(painter, colour)
    width, step = box.height() * 0.18, box.width() / count
    for index in range(count):
        left = box.x() + step * (index + 0.5) - width / 2
        painter.drawRoundedRect(QRectF(left, box.y() + box.height() * 0.1, width, box.height() * 0.52), width / 2, width / 2)
        painter.drawEllipse(QRectF(left, box.y() + box.height() * 0.74, width, width))


def stars(painter: QPainter, box: QRectF, colour: QColor, *, count: int) -> None:
    """Asterisks: the patient."""
    _stroke(painter, box, colour, 0.12)
    step = box.width() / count
    radius = min(step, box.height()) * 0.4
    for index in range(count):
        centre = QPointF(box.x() + step * (index + 0.5), box.center().y())
        for spoke in range(6):
            angle = math.radians(90 + 60 * spoke)
            painter.drawLine(centre, centre + QPointF(math.cos(angle), -math.sin(angle)) * radius)


def two_marks(painter: QPainter, box: QRectF, colour: QColor) -> None:
    marks(painter, box, colour, count=2)


PUMP_SHAPES: dict[PumpState, Shape] = {
    PumpState.INFUSING: play,
    PumpState.BOLUS: double_play,
    PumpState.KVO: hollow_play,
    PumpState.PURGING: hollow_play,
    PumpState.PAUSED: pause,
    PumpState.STOPPED: stop,
    PumpState.STANDBY: ring,
    PumpState.OFF: ring,
    PumpState.ALARM: two_marks,
    PumpState.UNKNOWN: dash,
}


class PrioritySign(QWidget):
    """Stars for the patient, exclamation marks for equipment, as many as the priority has; on its fill, or bare."""

    def __init__(self, priority: Priority, kind: Kind = Kind.PHYSIOLOGICAL, *, filled: bool = True, ink: str = "ink") -> None:
        super().__init__()
        self._priority, self._kind, self._filled, self._ink = priority, kind, filled, ink
        self._look = Look()
        self.set_look(self._look)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setFixedSize(look.px(72 if self._filled else 58), look.px(40 if self._filled else 24))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, on_fill = self._look.theme.alarm(self._priority)
        if self._filled:
            _fill(painter, fill)
            painter.drawRoundedRect(self.rect(), self._look.px(4), self._look.px(4))
        count = self._priority.rank + 1
        unit = self._look.px(18 if self._kind is Kind.PHYSIOLOGICAL else 28)
        box = QRectF(0, 0, (unit if self._kind is Kind.PHYSIOLOGICAL else unit / 2) * count, unit)
        box.moveCenter(QPointF(self.rect().center()))
        draw = stars if self._kind is Kind.PHYSIOLOGICAL else marks
        draw(painter, box, on_fill if self._filled else QColor(getattr(self._look.theme, self._ink)), count=count)


class TickSign(QWidget):
    """Done, or not yet: a tick in the colour of what is fine, or a faint dash."""

    def __init__(self) -> None:
        super().__init__()
        self._done = False
        self._look = Look()
        self.set_look(self._look)

    @property
    def done(self) -> bool:
        return self._done

    def set_done(self, *, done: bool) -> None:
        self._done = done
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setFixedSize(look.px(22), look.px(22))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 3, -2, -3)
        theme = self._look.theme
        (tick if self._done else dash)(painter, box, QColor(theme.fine if self._done else theme.ink_faint))
