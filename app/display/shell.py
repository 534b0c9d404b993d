"""The window of the program, which stays while the watches in it come and go. Draws nothing itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.display.main_window import MainWindow


class Shell(QWidget):
    """Holds one MainWindow, which fills it. Its title never names a patient.

    Signals:
        closing: the window is about to close.
    """

    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Bedside")
        self._held: MainWindow | None = None

    def hold(self, window: MainWindow) -> None:
        """Takes a window in the place of the one before, which is hidden and no longer ours."""
        before, self._held = self._held, window
        window.setParent(self)
        window.setGeometry(self.rect())
        self.setMinimumSize(window.minimumSize())
        window.show()
        if before is not None:
            before.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        if self._held is not None:
            self._held.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        self.closing.emit()
        super().closeEvent(event)
