"""The review of a stored case: reads it, shows it, writes it as files on request. Touches no core."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.display.errand import Errand
from app.display.main_window import MainWindow
from app.display.stored import export, export_folder, facts_of
from storage.errors import StoreError
from widgets.review_page import ReviewPage

LEAVE_WITHIN_S = 5.0


class Reviewing(QObject):
    """Signals:
    left: back to the start page.
    """

    left = Signal()

    def __init__(self, database: str, window: MainWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._database = database
        self._window = window
        self._case_id = ""
        self._export: Errand | None = None
        self.page = ReviewPage()
        window.keep(self.page)
        self.page.back_requested.connect(self._back)
        self.page.export_requested.connect(self._begin_export)
        self.page.cancel_requested.connect(self._cancel)

    def open(self, case_id: str) -> None:
        """Shows a case as soon as it is read."""
        self._case_id = case_id
        self.page.show_reading(f"Case {case_id}")
        self._window.cover(self.page)
        errand = Errand(lambda _: facts_of(self._database, case_id), (StoreError,), self)
        errand.done.connect(self.page.show_facts)
        errand.failed.connect(self.page.show_idle)
        errand.start()

    def leave(self) -> None:
        """The program ends: what is half written is taken away."""
        self._cancel()
        if self._export is not None:
            self._export.wait(LEAVE_WITHIN_S)

    def _back(self) -> None:
        self._cancel()
        self.left.emit()

    def _begin_export(self) -> None:
        case_id, folder = self._case_id, export_folder(self._case_id)
        self.page.show_progress(f"Writing {folder} …")
        self._export = Errand(lambda told: export(self._database, case_id, folder, told), (StoreError,), self)
        self._export.progressed.connect(self._show_progress)
        self._export.done.connect(self._show_done)
        self._export.failed.connect(self.page.show_idle)
        self._export.cancelled.connect(self._show_cancelled)
        self._export.start()

    def _cancel(self) -> None:
        if self._export is not None:
            self._export.cancel()

    def _show_progress(self, share: float) -> None:
        self.page.show_progress(f"Writing {export_folder(self._case_id)}: {share:.0%}")

    def _show_done(self, folder: Path) -> None:
        self.page.show_idle(f"Written to {folder}")

    def _show_cancelled(self) -> None:
        self.page.show_idle("Cancelled: nothing was written.")
