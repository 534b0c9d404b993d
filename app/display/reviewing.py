"""The review of a stored case: reads it, shows it, looks into it, and leads to its export. Touches no core."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.display.case_export import CaseExport
from app.display.errand import Errand
from app.display.history_wires import HistoryWires
from app.display.main_window import MainWindow
from app.display.noting import Noting
from app.display.stored import facts_of, others_like
from storage.errors import StoreError
from widgets.history.history_page import HistoryPage
from widgets.review_page import ReviewPage

LEAVE_WITHIN_S = 5.0


class Reviewing(QObject):
    """Signals:
    left: back to the start page.
    """

    left = Signal()

    def __init__(self, database: str, window: MainWindow, noting: Noting, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._noting = noting
        self._database = database
        self._window = window
        self._case_id, self._shown = "", database
        self.page = ReviewPage()
        self.exporting = CaseExport(noting, self)
        self.history = HistoryPage(stored=True)
        self._wires = HistoryWires(self.history, self)
        self._others: list[str] = []
        window.keep(self.page, self.history, self.exporting.page)
        self.page.back_requested.connect(self.left)
        self.page.export_requested.connect(self._open_export)
        self.exporting.left.connect(lambda: window.cover(self.page))
        noting.told.connect(self.page.tell)
        self._wires.printed.connect(noting.take_print)
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
        errand.failed.connect(self.page.tell)
        errand.start()
        self._noting.view(self._shown, case_id)

    def leave(self) -> None:
        """The program ends: what is half written is taken away."""
        self.exporting.cancel()
        self._wires.leave()
        self.exporting.wait(LEAVE_WITHIN_S)

    def _open_export(self) -> None:
        self.exporting.open(self._shown, self._case_id)
        self._window.cover(self.exporting.page)

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
                self._noting.view(self._shown, other)
            else:
                self._wires.drop(1)
