"""The review of a stored case: reads it, shows it, looks into it, writes it as files on request. Touches no core."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.display.errand import Errand
from app.display.history_wires import HistoryWires
from app.display.main_window import MainWindow
from app.display.stored import export, export_folder, facts_of, others_like
from app.settings import SettingsError
from app.site_data import SiteDataError
from storage.errors import StoreError
from widgets.history.history_page import HistoryPage
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
        self._case_id, self._shown = "", database
        self._export: Errand | None = None
        self.page = ReviewPage()
        self.history = HistoryPage(stored=True)
        self._wires = HistoryWires(self.history, self)
        self._others: list[str] = []
        window.keep(self.page, self.history)
        self.page.back_requested.connect(self._back)
        self.page.export_requested.connect(self._begin_export)
        self.page.cancel_requested.connect(self._cancel)
        self.page.history_requested.connect(self._look_back)
        self.history.back_requested.connect(self._leave_history)
        self.history.compare_requested.connect(self._compare)

    def open(self, case_id: str, database: str = "") -> None:
        """Shows a case as soon as it is read; ``database``: another than the program's own."""
        self._case_id, self._shown = case_id, database or self._database
        self.page.show_reading(f"Case {case_id}")
        self._window.cover(self.page)
        errand = Errand(lambda _: facts_of(self._shown, case_id), (StoreError,), self)
        errand.done.connect(self.page.show_facts)
        errand.failed.connect(self.page.show_idle)
        errand.start()

    def leave(self) -> None:
        """The program ends: what is half written is taken away."""
        self._cancel()
        self._wires.leave()
        if self._export is not None:
            self._export.wait(LEAVE_WITHIN_S)

    def _back(self) -> None:
        self._cancel()
        self.left.emit()

    def _look_back(self) -> None:
        self._window.cover(self.history)
        self._wires.show(self._shown, self._case_id)
        errand = Errand(lambda _: others_like(self._shown, self._case_id), (StoreError,), self)
        errand.done.connect(self._know_others)
        errand.start()

    def _leave_history(self) -> None:
        self._wires.leave()
        self._window.cover(self.page)

    def _know_others(self, others: list[str]) -> None:
        self._others = others
        self.history.keys["compare"].setEnabled(bool(others))

    def _compare(self) -> None:
        """The next of the other cases under this one; after the last, this one alone."""
        if self._others:
            other, *rest = self._others
            self._others = [*rest, other]
            if other:
                self._wires.show(self._shown, other, place=1)
            else:
                self._wires.drop(1)

    def _begin_export(self) -> None:
        case_id, folder = self._case_id, export_folder(self._case_id)
        self.page.show_progress(f"Writing {folder} …")
        self._export = Errand(lambda told: export(self._shown, case_id, folder, told), (StoreError, SettingsError, SiteDataError), self)
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

    def _show_done(self, where: str) -> None:
        self.page.show_idle(f"Written to {where}")

    def _show_cancelled(self) -> None:
        self.page.show_idle("Cancelled: nothing was written.")
