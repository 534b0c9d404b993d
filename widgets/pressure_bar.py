"""The line pressure as a bar with a tick at the occlusion limit. Hatched when the pump has not said."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.figures import UNKNOWN, written
from widgets.theme import Look

FULL_SCALE_PERCENT = 125.0
"""The bar's end, so that the tick at 100 % of the limit stands inside it."""


class PressureBar(QWidget):
    """Filled to the present pressure."""

    def __init__(self) -> None:
        super().__init__()
        self._percent: float | None = None
        self._look = Look()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_look(self._look)

    def set_percent(self, percent: float | None) -> None:
        """Pressure in per cent of the occlusion limit; None where it is not known."""
        if percent == self._percent:
            return
        self._percent = percent
        said = UNKNOWN if percent is None else f"{written(percent, 0)} % of the occlusion limit"
        self.setToolTip(said)
        self.setAccessibleName(f"Line pressure {said}")
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setFixedHeight(look.px(24))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        theme, height = self._look.theme, self._look.px(12)
        bar = QRectF(0, (self.height() - height) / 2, self.width(), height)
        radius = self._look.px(4)
        painter.setBrush(QColor(theme.well))
        painter.drawRoundedRect(bar, radius, radius)
        if self._percent is None:
            painter.setBrush(QBrush(QColor(theme.ink_faint), Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(bar, radius, radius)
            return
        filled = bar.width() * min(max(self._percent, 0.0), FULL_SCALE_PERCENT) / FULL_SCALE_PERCENT
        painter.setBrush(QColor(theme.ink_soft))
        painter.drawRoundedRect(QRectF(bar.x(), bar.y(), filled, height), radius, radius)
        tick_x = bar.width() * 100 / FULL_SCALE_PERCENT
        painter.setPen(QPen(QColor(theme.ink), self._look.px(2)))
        painter.drawLine(int(tick_x), 0, int(tick_x), self.height())
