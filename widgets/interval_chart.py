"""Figures with their intervals as bars and whiskers, one under another on one scale, beside what was published of the same.

Shows what it is told: it counts nothing and knows no unit but the words that it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.text_label import LEFT, RIGHT
from widgets.theme import Look

LABEL_SHARE, WORDS_SHARE = 0.245, 0.27
ROW = 40.0
AXIS = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalRow:
    """One figure on the chart's scale.

    Attributes:
        value: None: only what was published stands in this row.
        low, high: ends of the whisker; None: there is no interval.
        words: the figure as it is told beside the bar.
        published: where published figures lie.
        from_zero: a bar from 0; otherwise a point.
    """

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    words: str = ""
    published: tuple[float, ...] = ()
    from_zero: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From ``bottom`` to ``top``, with (value, words) at each tick."""

    bottom: float = 0.0
    top: float = 1.0
    ticks: tuple[tuple[float, str], ...] = ((0.0, "0"), (0.25, "25"), (0.5, "50"), (0.75, "75"), (1.0, "100 %"))


SHARES = Scale()


class IntervalChart(QWidget):
    """Rows of figures. A whisker is the interval of confidence, a hollow diamond a published figure."""

    def __init__(self, *, fill: str = "predicted") -> None:
        """``fill``: role of the theme's colour for the bars."""
        super().__init__()
        self._fill = fill
        self._rows: tuple[IntervalRow, ...] = ()
        self._scale = SHARES
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def rows(self) -> tuple[IntervalRow, ...]:
        return self._rows

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def show_rows(self, rows: Sequence[IntervalRow], scale: Scale = SHARES) -> None:
        """Takes these in the place of those shown before."""
        self._rows, self._scale = tuple(rows), scale
        self.setAccessibleName("; ".join(f"{row.label}: {row.words}" for row in self._rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._look.px(420), self._look.px(ROW) * len(self._rows) + self._look.px(AXIS))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._look.px(320), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        if not self._rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = self.width() * LABEL_SHARE
        area = QRectF(left, 0, self.width() * (1 - LABEL_SHARE - WORDS_SHARE), self.height() - self._look.px(AXIS))
        self._paint_scale(painter, area)
        height = area.height() / len(self._rows)
        for place, row in enumerate(self._rows):
            self._paint_row(painter, row, QRectF(area.left(), place * height, area.width(), height))

    def _x(self, area: QRectF, value: float) -> float:
        share = (value - self._scale.bottom) / (self._scale.top - self._scale.bottom)
        return area.left() + area.width() * min(1.0, max(0.0, share))

    def _paint_scale(self, painter: QPainter, area: QRectF) -> None:
        theme = self._look.theme
        painter.setFont(self._look.font("unit"))
        wide = self._look.px(80)
        for value, words in self._scale.ticks:
            x = self._x(area, value)
            painter.setPen(QPen(QColor(theme.line), self._look.px(1)))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(QColor(theme.ink_soft))
            painter.drawText(QRectF(x - wide / 2, area.bottom() + 2, wide, self._look.px(AXIS) - 2), Qt.AlignmentFlag.AlignCenter, words)

    def _paint_row(self, painter: QPainter, row: IntervalRow, area: QRectF) -> None:
        gap = self._look.px(12)
        painter.setPen(QColor(self._look.theme.ink))
        painter.setFont(self._look.font("row"))
        label = QRectF(0, area.top(), area.left() - gap, area.height())
        painter.drawText(label, LEFT, _shortened(painter, row.label, label.width()))
        words = QRectF(area.right() + gap, area.top(), self.width() - area.right() - gap, area.height())
        painter.drawText(words, RIGHT, _shortened(painter, row.words, words.width()))
        if row.value is not None:
            self._paint_value(painter, row, row.value, area)
        for published in row.published:
            self._paint_diamond(painter, QPointF(self._x(area, published), area.center().y()))

    def _paint_value(self, painter: QPainter, row: IntervalRow, value: float, area: QRectF) -> None:
        theme, middle, x = self._look.theme, area.center().y(), self._x(area, value)
        colour = QColor(getattr(theme, self._fill))
        if row.from_zero:
            zero, thick = self._x(area, 0.0), area.height() * 0.56
            faded = QColor(colour)
            faded.setAlpha(130)
            painter.fillRect(QRectF(min(zero, x), middle - thick / 2, abs(x - zero), thick), faded)
            painter.fillRect(QRectF(x - self._look.px(1), middle - thick / 2, self._look.px(2), thick), colour)
        if row.low is not None and row.high is not None:
            self._paint_whisker(painter, self._x(area, row.low), self._x(area, row.high), middle)
        if not row.from_zero:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(x, middle), self._look.px(7), self._look.px(7))

    def _paint_whisker(self, painter: QPainter, low: float, high: float, middle: float) -> None:
        painter.setPen(QPen(QColor(self._look.theme.ink), self._look.px(2)))
        end = self._look.px(7)
        painter.drawLine(QPointF(low, middle), QPointF(high, middle))
        for x in (low, high):
            painter.drawLine(QPointF(x, middle - end), QPointF(x, middle + end))

    def _paint_diamond(self, painter: QPainter, at: QPointF) -> None:
        size = self._look.px(8)
        around = [
            QPointF(at.x(), at.y() - size),
            QPointF(at.x() + size, at.y()),
            QPointF(at.x(), at.y() + size),
            QPointF(at.x() - size, at.y()),
        ]
        painter.setPen(QPen(QColor(self._look.theme.ink), self._look.px(1.8)))
        painter.setBrush(QColor(self._look.theme.panel))
        painter.drawPolygon(QPolygonF(around))


def _shortened(painter: QPainter, text: str, width: float) -> str:
    return QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, int(width))
