"""Arrangement of the screen for several beds, nothing else. Who is told what is wired in station.py."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.display.main_window import HEIGHT, WIDTH
from widgets.fault_curtain import FaultCurtain
from widgets.soft_keys import SoftKeyRow
from widgets.station.bed_grid import BedGrid
from widgets.station.station_bar import StationBar
from widgets.theme import DAY, Look, Theme

PLACES = {"bar": (0, 0, 1920, 92), "grid": (10, 100, 1900, 856), "keys": (10, 968, 640, 100)}
"""Left, top, width, height in the 1920×1080 picture."""


class StationWindow(QWidget):
    """The widgets by name.

    Signals:
        closing: the window is about to close.
    """

    closing = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setWindowTitle("Bedside: station")
        self.setMinimumSize(1024, 576)
        self.bar, self.grid, self.keys = StationBar(title, self), BedGrid(self), SoftKeyRow(self)
        self.curtain = FaultCurtain(self)
        self._theme = DAY
        self._arrange()

    @property
    def theme(self) -> Theme:
        return self._theme

    def set_theme(self, theme: Theme) -> None:
        """Day or night."""
        self._theme = theme
        self._arrange()

    def _arrange(self) -> None:
        across, down = self.width() / WIDTH, self.height() / HEIGHT
        look = Look(self._theme, min(across, down))
        for name, (left, top, width, height) in PLACES.items():
            part = getattr(self, name)
            edges = (round(left * across), round(top * down), round((left + width) * across), round((top + height) * down))
            part.setGeometry(QRect(edges[0], edges[1], edges[2] - edges[0], edges[3] - edges[1]))
            part.set_look(look)
        self.curtain.set_look(look)
        self.curtain.raise_()
        palette = QApplication.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(self._theme.background))
        self.setPalette(palette)
        self.setAutoFillBackground(True)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._arrange()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        self.closing.emit()
        super().closeEvent(event)
