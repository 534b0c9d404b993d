"""The picture of a stretch under the hand: drag and wheel pan and zoom it, keys too, and two cursors stand in it. Reads nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.history.case_view import CaseView, WaveColumns
from widgets.history.history_paint import HistoryPainter, Places, Sight
from widgets.history.time_span import TimeSpan
from widgets.theme import Look

ZOOM = 1.6
PAN = 0.1
GRIP = 14
"""How near to a cursor a press takes hold of it, in the picture's pixels."""


class Grip(Enum):
    NOTHING = ""
    PAPER = "paper"
    A = "A"
    B = "B"


class HistoryView(QWidget):
    """Signals:
    looked: the stretch changed, or the width: TimeSpan and columns.
    measured: a cursor was moved.
    """

    looked = Signal(object, int)
    measured = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._waves: tuple[WaveColumns, ...] = ()
        self._waves_of: TimeSpan | None = None
        self._grip, self._held_at = Grip.NOTHING, QPointF()
        self.case: CaseView | None = None
        self.span = TimeSpan(0.0, 1.0)
        self.cursors: dict[str, float] = {}
        self.elapsed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("History of the case")

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def set_case(self, case: CaseView, span: TimeSpan | None = None) -> None:
        """Another case, or the same read anew; ``span`` None: all of it."""
        self.case, self._waves, self._waves_of = case, (), None
        self.look_at(span or TimeSpan(0.0, case.length_s))

    def set_waves(self, span: TimeSpan, waves: tuple[WaveColumns, ...]) -> None:
        """Waveforms of a stretch; those of one that is no longer shown are not drawn."""
        if span == self.span:
            self._waves, self._waves_of = waves, span
            self.update()

    def look_at(self, span: TimeSpan) -> None:
        """Shows another stretch."""
        if self.case is not None:
            self.span = span.inside(self.case.length_s)
            self.looked.emit(self.span, self.columns)
            self.update()

    def set_cursor(self, name: str, second: float | None) -> None:
        """Puts a cursor, or takes it away."""
        if second is None:
            self.cursors.pop(name, None)
        else:
            self.cursors[name] = second
        self.measured.emit()
        self.update()

    @property
    def columns(self) -> int:
        return max(1, round(self._plot().width() * self.devicePixelRatioF()))

    def sight(self) -> Sight | None:
        """What is seen, to be drawn elsewhere too."""
        if self.case is None:
            return None
        waves = self._waves if self._waves_of == self.span else self._waiting_waves()
        return Sight(case=self.case, span=self.span, waves=waves, cursors=tuple(sorted(self.cursors.items())), elapsed=self.elapsed)

    def _waiting_waves(self) -> tuple[WaveColumns, ...]:
        """Lanes keep their places while their samples are being read."""
        return tuple(replace(one, lows=one.lows * float("nan")) for one in self._waves)

    def _plot(self) -> QRectF:
        return Places.of(QRectF(self.rect()), self._look, waves=0).plot

    def second_at(self, x: float) -> float:
        plot = self._plot()
        return self.span.since_s + (x - plot.left()) / max(1.0, plot.width()) * self.span.length_s

    def x_of(self, second: float) -> float:
        plot = self._plot()
        return plot.left() + (second - self.span.since_s) / self.span.length_s * plot.width()

    # hands

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        x = event.position().x()
        near = [name for name, second in self.cursors.items() if abs(self.x_of(second) - x) <= self._look.px(GRIP)]
        self._grip = Grip(near[-1]) if near else Grip.PAPER
        self._held_at = event.position()
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self._grip is Grip.PAPER:
            self._pan(self.second_at(self._held_at.x()) - self.second_at(event.position().x()))
            self._held_at = event.position()
        elif self._grip is not Grip.NOTHING:
            self.set_cursor(self._grip.value, self.second_at(event.position().x()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._grip = Grip.NOTHING

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Up and down zoom about the pointer; sideways, or with Shift, pans."""
        across, up = event.angleDelta().x(), event.angleDelta().y()
        if across or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pan(-(across or up) / 120 * PAN * self.span.length_s)
        elif up:
            self.zoom(ZOOM ** (-up / 120), self.second_at(event.position().x()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        action = self._keys().get(event.key())
        if action is None or self.case is None:
            super().keyPressEvent(event)
            return
        action()

    def _keys(self) -> dict[int, Callable[[], object]]:
        key = Qt.Key
        whole = self.case.length_s if self.case is not None else 1.0
        return {
            key.Key_Left: lambda: self._pan(-PAN * self.span.length_s),
            key.Key_Right: lambda: self._pan(PAN * self.span.length_s),
            key.Key_PageUp: lambda: self._pan(-self.span.length_s),
            key.Key_PageDown: lambda: self._pan(self.span.length_s),
            key.Key_Plus: lambda: self.zoom(1 / ZOOM),
            key.Key_Equal: lambda: self.zoom(1 / ZOOM),
            key.Key_Minus: lambda: self.zoom(ZOOM),
            key.Key_Home: lambda: self._pan(-whole),
            key.Key_End: lambda: self._pan(whole),
            key.Key_0: lambda: self.look_at(TimeSpan(0.0, whole)),
        }

    def zoom(self, factor: float, about_s: float | None = None) -> None:
        """``factor`` times as long a stretch, about a moment or its middle."""
        if self.case is not None:
            middle = (self.span.since_s + self.span.until_s) / 2 if about_s is None else about_s
            self.look_at(self.span.zoomed(factor, middle, self.case.length_s))

    def _pan(self, by_s: float) -> None:
        if self.case is not None:
            self.look_at(self.span.panned(by_s, self.case.length_s))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.look_at(self.span)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sight = self.sight()
        if sight is None:
            painter.fillRect(self.rect(), self._look.theme.panel)
        else:
            HistoryPainter(painter, self._look, QRectF(self.rect()), sight, self.devicePixelRatioF()).paint()
        painter.end()
