"""The order: its steps over time in mg/h, and over them what the pump reports. Drawn with QPainter, which is quick to load."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.orders import Order
from widgets.durations import hours_and_minutes
from widgets.figures import written
from widgets.theme import Look

_HOUR_STEPS = (0.25, 0.5, 1, 2, 3, 6, 12, 24, 48)


class LadderChart(QWidget):
    """Steps from 0 to the ordered end, filled while they are a plan alone; a dashed line where the syringe will be empty.

    Once the infusion runs the plan is dashed and what the pump took is filled, both on one axis from the start; a mark says from when
    on the next step may be taken.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order: Order | None = None
        self._empty_min: float | None = None
        self._taken: tuple[tuple[float, float], ...] = ()
        self._now_min: float | None = None
        self._may_step_min: float | None = None
        self._next_mg_per_h = 0.0
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_look(self._look)

    def set_order(self, order: Order | None) -> None:
        self._order = order
        self.update()

    def set_empty_at(self, minutes: float | None) -> None:
        """When the syringe will be empty, from the start; None: it lasts."""
        self._empty_min = minutes
        self.update()

    def set_taken(
        self, taken: Sequence[tuple[float, float]], now_min: float | None, may_step_min: float | None, next_mg_per_h: float
    ) -> None:
        """What the pump did: (minute from the start, mg/h) by rising minute, until ``now_min``; None: it has not begun.

        Args:
            may_step_min: from when on the next step, of ``next_mg_per_h``, may be taken by time; None on the last one.
        """
        self._taken, self._now_min = tuple(taken), now_min
        self._may_step_min, self._next_mg_per_h = may_step_min, next_mg_per_h
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setMinimumSize(look.px(240), look.px(110))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        if self._order is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._look.font("unit"))
        words = QFontMetrics(painter.font())
        left, foot = self._look.px(44), words.height() + self._look.px(4)
        plot = QRectF(left, words.height() * 0.7, self.width() - left - self._look.px(18), self.height() - foot - words.height() * 0.7)
        top = max(self._order.ceiling_mg_per_h, *(rate for _, rate in self._taken), 0.0) * 1.15
        self._paint_scales(painter, plot, top, words)
        self._paint_steps(painter, plot, top)
        self._paint_taken(painter, plot, top)
        self._paint_now(painter, plot, top, words)
        self._paint_empty(painter, plot, words)

    def _x(self, plot: QRectF, minutes: float) -> float:
        assert self._order is not None  # noqa: S101 - only painted with an order
        return plot.left() + plot.width() * minutes / (self._order.length_min * 1.06)

    def _paint_scales(self, painter: QPainter, plot: QRectF, top: float, words: QFontMetrics) -> None:
        assert self._order is not None  # noqa: S101 - only painted with an order
        theme = self._look.theme
        step = next((step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if top / step <= 4), 1000)
        for mark in range(step, int(top) + 1, step):
            height = plot.bottom() - plot.height() * mark / top
            painter.setPen(QPen(QColor(theme.grid), 1))
            painter.drawLine(QPointF(plot.left(), height), QPointF(plot.right(), height))
            self._write(
                painter, QRectF(0, height - words.height() / 2, plot.left() - self._look.px(8), words.height()), written(mark), "right"
            )
        hours = self._order.length_min / 60
        spacing = next((step for step in _HOUR_STEPS if hours / step <= 6), 96)
        for number in range(int(hours / spacing) + 1):
            x = self._x(plot, number * spacing * 60)
            box = QRectF(x - 50, plot.bottom() + self._look.px(4), 100, words.height())
            self._write(painter, box, hours_and_minutes(number * spacing * 3600), "centre")

    def _write(self, painter: QPainter, box: QRectF, text: str, align: str) -> None:
        painter.setPen(QColor(self._look.theme.ink_soft))
        flag = Qt.AlignmentFlag.AlignRight if align == "right" else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(box, flag | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_steps(self, painter: QPainter, plot: QRectF, top: float) -> None:
        assert self._order is not None  # noqa: S101 - only painted with an order
        outline = QPainterPath(QPointF(self._x(plot, self._order.steps[0].earliest_min), plot.bottom()))
        for step in self._order.steps:
            height = plot.bottom() - plot.height() * step.rate_mg_per_h / top
            outline.lineTo(self._x(plot, step.earliest_min), outline.currentPosition().y())
            outline.lineTo(self._x(plot, step.earliest_min), height)
        end = self._x(plot, self._order.length_min)
        outline.lineTo(end, outline.currentPosition().y())
        outline.lineTo(end, plot.bottom())
        colour = QColor(self._look.theme.pump)
        pen = QPen(colour, self._look.px(2 if self._now_min is None else 1.5))
        if self._now_min is not None:
            pen.setDashPattern([4, 3])
        painter.strokePath(outline, pen)
        if self._now_min is None:
            colour.setAlpha(70)
            painter.fillPath(outline, colour)

    def _paint_taken(self, painter: QPainter, plot: QRectF, top: float) -> None:
        """What the pump took, filled and full."""
        if self._now_min is None or not self._taken:
            return
        ends = [*(minute for minute, _ in self._taken[1:]), max(self._now_min, self._taken[-1][0])]
        outline = QPainterPath(QPointF(self._x(plot, self._taken[0][0]), plot.bottom()))
        for (begin, rate), end in zip(self._taken, ends, strict=True):
            height = plot.bottom() - plot.height() * rate / top
            outline.lineTo(self._x(plot, begin), height)
            outline.lineTo(self._x(plot, end), height)
        line = QPainterPath(outline)
        outline.lineTo(self._x(plot, ends[-1]), plot.bottom())
        colour = QColor(self._look.theme.pump)
        painter.strokePath(line, QPen(colour, self._look.px(3)))
        colour.setAlpha(70)
        painter.fillPath(outline, colour)

    def _paint_now(self, painter: QPainter, plot: QRectF, top: float, words: QFontMetrics) -> None:
        """The present, and from when on the next step may be taken."""
        if self._now_min is None:
            return
        painter.setPen(QPen(QColor(self._look.theme.ink), self._look.px(1)))
        x = self._x(plot, self._now_min)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.drawText(QPointF(x - words.horizontalAdvance("now") - self._look.px(5), plot.top() + words.ascent() * 0.6), "now")
        if self._may_step_min is None:
            return
        at = QPointF(self._x(plot, self._may_step_min), plot.bottom() - plot.height() * self._next_mg_per_h / top)
        painter.setBrush(QColor(self._look.theme.panel))
        painter.drawEllipse(at, self._look.px(5), self._look.px(5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawText(at + QPointF(self._look.px(10), -self._look.px(6)), f"next {written(self._next_mg_per_h)}")

    def _paint_empty(self, painter: QPainter, plot: QRectF, words: QFontMetrics) -> None:
        if self._empty_min is None:
            return
        x = self._x(plot, self._empty_min)
        pen = QPen(QColor(self._look.theme.ink), self._look.px(1.5))
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        text = "syringe empty"
        painter.drawText(QPointF(x - words.horizontalAdvance(text) - self._look.px(6), plot.top() + words.ascent() * 0.6), text)
