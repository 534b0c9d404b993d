"""Joins a history page with what reads for it: the running case's, and a stored one's with another beside it."""

from __future__ import annotations

from platformdirs import user_documents_path
from PySide6.QtCore import QObject, Signal

from app.display.free_name import free_name
from app.display.looking_back import LookingBack
from app.display.noting import Noting
from app.display.watch_state import WatchState
from widgets.history.case_view import CaseView, WaveColumns
from widgets.history.history_page import HistoryPage
from widgets.history.printed import print_to
from widgets.history.time_span import TimeSpan


class HistoryWires(QObject):
    """One page: which case it shows, and which one under it.

    Signals:
        printed: the database, the case and the file's name.
    """

    printed = Signal(str, str, str)

    def __init__(self, page: HistoryPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._readers: list[LookingBack | None] = [None, None]
        self._shown: list[tuple[str, str] | None] = [None, None]
        page.looked.connect(self._read_waves)
        page.print_requested.connect(self._print)
        page.renewal_requested.connect(self.renew)

    def show(self, database: str, case: str, *, place: int = 0) -> None:
        """Reads a case for the page; ``place`` 1: to stand under the first."""
        if self._shown[place] != (database, case):
            self.drop(place)
            self._shown[place] = database, case
            reader = self._readers[place] = LookingBack(database, case, place, self)
            reader.case_read.connect(self._show)  # bound methods: so they run in this thread, not in the reader's
            reader.waves_read.connect(self._show_waves)
            reader.failed.connect(self._page.show_reading)
            self._page.show_reading("Reading …")
        reading = self._readers[place]
        if reading is not None:
            reading.read_case()

    def renew(self) -> None:
        """Reads the case anew: it has gone on meanwhile."""
        if self._readers[0] is not None:
            self._readers[0].read_case()

    def drop(self, place: int) -> None:
        """A case is no longer shown."""
        reader, self._readers[place], self._shown[place] = self._readers[place], None, None
        if reader is not None:
            reader.leave()
        if place == 1:
            self._page.set_compared(None)

    def leave(self) -> None:
        """The program ends, or the page is left."""
        self.drop(1)
        self.drop(0)

    def _show(self, place: int, view: CaseView) -> None:
        if self._readers[place] is None:
            return
        before = self._page.views[0].case
        if place == 0:
            self._page.set_case(view, keep_span=before is not None and before.started == view.started)
        else:
            self._page.set_compared(view)

    def _show_waves(self, place: int, span: TimeSpan, waves: tuple[WaveColumns, ...]) -> None:
        self._page.set_waves(place, span, waves)

    def _read_waves(self, place: int, span: TimeSpan, columns: int) -> None:
        reader = self._readers[place]
        if reader is not None:
            reader.read_waves(span, columns)

    def _print(self) -> None:
        sights = [sight for place, view in enumerate(self._page.views) if self._readers[place] and (sight := view.sight()) is not None]
        if not sights:
            return
        file = free_name(user_documents_path(), f"bedside-history-{self._shown[0][1] if self._shown[0] else ''}")
        try:
            self._page.show_reading(f"Printed to {print_to(file, *sights[:2])}")
        except OSError as error:
            self._page.show_reading(f"Not printed: {file} cannot be written ({error.strerror}).")
            return
        for reader, shown in zip(self._readers, self._shown, strict=True):
            if reader is not None and shown is not None:
                self.printed.emit(*shown, file.name)


class RunningHistory(QObject):
    """The page beside the watch: reads the running case when it is opened."""

    def __init__(self, page: HistoryPage, state: WatchState, database: str, noting: Noting, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page, self._state, self._database, self._noting = page, state, database, noting
        self.wires = HistoryWires(page, self)
        self.wires.printed.connect(noting.take_print)

    def follow(self, open_page: str) -> None:
        """A page was opened or closed."""
        if open_page == "history":
            if self._state.setup is None:
                self._page.show_reading("No case runs.")
            else:
                self.wires.show(self._database, self._state.setup.uuid)
                self._noting.view(self._database, self._state.setup.uuid)
