"""How many are still relieved, week by week after the course, on a scale of time, each with its interval. Counts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.text_label import CENTRE, LEFT, RIGHT
from widgets.theme import Look

HEIGHT = 230.0
_NEAR_WEEKS = 2
_TICKS = ((0.0, "0"), (0.5, "50"), (1.0, "100 %"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPoint:
    """The share that is still relieved in a week, with its interval; ``words``: of how many that is."""

    week: int
    share: float
    low: float
    high: float
    words: str


class WeeksChart(QWidget):
    """Points joined by a line, a whisker through each."""

    def __init__(self) -> None:
        super().__init__()
        self._points: tuple[WeekPoint, ...] = ()
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def points(self) -> tuple[WeekPoint, ...]:
        return self._points

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def show_points(self, points: Sequence[WeekPoint]) -> None:
        self._points = tuple(points)
        self.setAccessibleName("; ".join(f"week {point.week}: {point.words}" for point in self._points))
        self.setVisible(bool(self._points))
        self.update()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._look.px(320), self._look.px(HEIGHT * 0.7))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._look.px(420), self._look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        if not self._points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px = self._look.px
        area = QRectF(px(64), px(14), self.width() - px(64 + 40), self.height() - px(14 + 48))
        self._paint_scale(painter, area)
        places = [self._place(area, point.week, point.share) for point in self._points]
        colour = QColor(self._look.theme.predicted)
        painter.setPen(QPen(colour, px(3)))
        painter.drawPolyline(places)
        for point, place in zip(self._points, places, strict=True):
            self._paint_point(painter, area, point, place)

    def _place(self, area: QRectF, week: int, share: float) -> QPointF:
        last = self._points[-1].week
        return QPointF(area.left() + area.width() * week / last, area.bottom() - area.height() * share)

    def _paint_scale(self, painter: QPainter, area: QRectF) -> None:
        theme, px = self._look.theme, self._look.px
        painter.setFont(self._look.font("unit"))
        for share, words in _TICKS:
            y = area.bottom() - area.height() * share
            painter.setPen(QPen(QColor(theme.line), px(1)))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(theme.ink_soft))
            painter.drawText(QRectF(0, y - px(10), area.left() - px(8), px(20)), RIGHT, words)

    def _paint_point(self, painter: QPainter, area: QRectF, point: WeekPoint, place: QPointF) -> None:
        theme, px = self._look.theme, self._look.px
        low, high = (self._place(area, point.week, share) for share in (point.low, point.high))
        painter.setPen(QPen(QColor(theme.ink), px(2)))
        painter.drawLine(low, high)
        for end in (low, high):
            painter.drawLine(end - QPointF(px(6), 0), end + QPointF(px(6), 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.predicted))
        painter.drawEllipse(place, px(7), px(7))
        self._paint_words(painter, area, point, place.x())

    def _paint_words(self, painter: QPainter, area: QRectF, point: WeekPoint, x: float) -> None:
        """Under the point; of the first two weeks, which lie close together, at its outer side."""
        px, near = self._look.px, point.week <= _NEAR_WEEKS
        side = {1: RIGHT, _NEAR_WEEKS: LEFT}.get(point.week, CENTRE)
        wide = px(90)
        left = {1: x - wide + px(10), _NEAR_WEEKS: x - px(10)}.get(point.week, x - wide / 2)
        for row, words, role in ((0, str(point.week) if near else f"week {point.week}", "ink"), (1, point.words, "ink_soft")):
            painter.setPen(QColor(getattr(self._look.theme, role)))
            painter.drawText(QRectF(left, area.bottom() + px(6 + 20 * row), wide, px(20)), side, words)
