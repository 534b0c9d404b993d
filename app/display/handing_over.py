"""The hand-over note of the running case: read from the record, drawn by a process of its own, written among the user's documents."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_documents_path
from PySide6.QtCore import QObject

from app.display.errand import Errand
from app.display.free_name import free_name
from app.display.noting import Noting
from app.display.stored import write_handover
from app.display.watch_state import WatchState
from app.settings import SettingsError
from app.site_data import SiteDataError
from storage.errors import StoreError
from widgets.case_page import CasePage


class HandingOver(QObject):
    """One page, one note at a time; the watch waits for none of it."""

    def __init__(self, page: CasePage, state: WatchState, database: str, noting: Noting, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._noting = noting
        self._page, self._state, self._database = page, state, database
        self._errand: Errand | None = None
        page.handover_requested.connect(self._begin)

    def _begin(self) -> None:
        if self._state.setup is None:
            self._page.show_handover("No case runs.", done=True)
            return
        uuid = self._state.setup.uuid
        file = free_name(user_documents_path(), f"bedside-handover-{uuid[:8]}")
        self._page.show_handover("Writing the note …", done=False)
        told = (StoreError, SettingsError, SiteDataError, OSError)
        viewer, tell = self._noting.viewer(), self._noting.told.emit
        self._errand = Errand(lambda _progress: write_handover(self._database, uuid, file, viewer, tell), told, self)
        self._errand.done.connect(self._show_done)
        self._errand.failed.connect(self._show_failed)
        self._errand.start()

    def _show_done(self, file: Path) -> None:
        self._page.show_handover(f"Written to {file}", done=True)

    def _show_failed(self, why: str) -> None:
        self._page.show_handover(f"Not written: {why}", done=True)
