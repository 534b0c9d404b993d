"""A database of another machine, chosen by its file: its cases are listed and reviewed, never resumed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget


class OpenedFile(QObject):
    """Signals:
    chosen: the address of the database.
    """

    chosen = Signal(str)

    def ask(self, parent: QWidget) -> None:
        """Asks for a file beside the window, which goes on; only before a case runs."""
        dialog = QFileDialog(parent, "Open a file of cases", "", "Bedside databases (*.sqlite *.db);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.setModal(False)
        dialog.show()

    def take(self, path: str) -> None:
        """This file."""
        if path:
            self.chosen.emit(f"sqlite:///{Path(path).absolute()}")
