"""Layouts with gaps in the picture's pixels, and the panel they stand on. No text and no values here."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from widgets.look_tree import dress
from widgets.theme import Look

Margins = tuple[float, float, float, float]
"""Left, top, right, bottom, in the picture's pixels."""

NO_MARGINS: Margins = (0, 0, 0, 0)


def _set_margins(layout: QLayout, look: Look, margins: Margins) -> None:
    layout.setContentsMargins(*(look.px(side) if side else 0 for side in margins))


class Column(QVBoxLayout):
    """Widgets under one another."""

    def __init__(self, *, gap: float = 8, margins: Margins = NO_MARGINS) -> None:
        super().__init__()
        self._gap, self._margins = gap, margins
        self.set_look(Look())

    def set_look(self, look: Look) -> None:
        self.setSpacing(look.px(self._gap) if self._gap else 0)
        _set_margins(self, look, self._margins)


class Row(QHBoxLayout):
    """Widgets beside one another."""

    def __init__(self, *, gap: float = 8, margins: Margins = NO_MARGINS) -> None:
        super().__init__()
        self._gap, self._margins = gap, margins
        self.set_look(Look())

    def set_look(self, look: Look) -> None:
        self.setSpacing(look.px(self._gap) if self._gap else 0)
        _set_margins(self, look, self._margins)


class Table(QGridLayout):
    """Widgets in rows and columns."""

    def __init__(self, *, gap: float = 8, row_gap: float | None = None, margins: Margins = NO_MARGINS) -> None:
        super().__init__()
        self._gap, self._row_gap, self._margins = gap, gap if row_gap is None else row_gap, margins
        self.set_look(Look())

    def set_look(self, look: Look) -> None:
        self.setHorizontalSpacing(look.px(self._gap) if self._gap else 0)
        self.setVerticalSpacing(look.px(self._row_gap) if self._row_gap else 0)
        _set_margins(self, look, self._margins)


class Panel(QWidget):
    """A surface with round corners, in colours of the theme named by role; hands its Look to what stands on it."""

    def __init__(self, *, fill: str = "panel", edge: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = Look()
        self._fill, self._edge = fill, edge

    def set_surface(self, fill: str, edge: str = "") -> None:
        """Other roles of the theme for the surface and its outline ("": none); the same ones cost nothing."""
        if (fill, edge) != (self._fill, self._edge):
            self._fill, self._edge = fill, edge
            self.update()

    def set_look(self, look: Look) -> None:
        self.look = look
        dress(self, look)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        if not self._fill:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, radius = self.look.theme, self.look.length("radius")
        painter.setPen(QPen(QColor(getattr(theme, self._edge)), self.look.px(1.5)) if self._edge else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(theme, self._fill)))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1) if self._edge else self.rect(), radius, radius)
