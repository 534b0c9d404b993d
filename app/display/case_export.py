"""The export of a stored case from the window: the choice of format, names and place, its progress, and how it ended."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_documents_path
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.display.case_files import Wish, folder_in, format_rows, write_case
from app.display.errand import Errand
from app.display.noting import Noting
from app.display.places import places_here
from app.kept_key import KeptKeyError
from app.settings import SettingsError
from app.site_data import SiteDataError
from storage.errors import StoreError
from widgets.export_page import ExportPage, FormatRow, PlaceRow

NAMELESS = "Nobody is signed in: the list of what left will name no person."
TOLD = (StoreError, SettingsError, SiteDataError, KeptKeyError)


class CaseExport(QObject):
    """One export page; one case at a time.

    Signals:
        left: back to the case.
    """

    left = Signal()

    def __init__(self, noting: Noting, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._noting = noting
        self._database, self._case_id = "", ""
        self._place = user_documents_path()
        self._errand: Errand | None = None
        self._looking: list[Errand] = []
        self.page = ExportPage()
        self.page.back_requested.connect(self.left)
        self.page.changed.connect(self._show_place)
        self.page.place_chosen.connect(self.take_place)
        self.page.place_requested.connect(self._ask_place)
        self.page.export_requested.connect(self._begin)
        self.page.cancel_requested.connect(self.cancel)

    def open(self, database: str, case_id: str) -> None:
        """Asks how this case is to be written."""
        self._database, self._case_id = database, case_id
        self.page.set_case(f"Export case {case_id}")
        self.page.show_idle(NAMELESS if self._noting.asked() else "")
        formats, places = Errand(lambda _: format_rows(), TOLD, self), Errand(lambda _: places_here(), (OSError,), self)
        formats.done.connect(self._take_formats)
        places.done.connect(self._take_places)
        self._looking = [formats, places]
        for errand in self._looking:
            errand.failed.connect(self.page.show_idle)
            errand.start()

    def take_place(self, folder: str) -> None:
        """Files go into a folder of their own in this one."""
        if folder:
            self._place = Path(folder)
            self._show_place()

    def cancel(self) -> None:
        """What is being written is stopped at its next word of progress, and taken away."""
        if self._errand is not None:
            self._errand.cancel()

    def wait(self, timeout_s: float) -> None:
        """For the end of the program: what is half written is taken away first."""
        if self._errand is not None:
            self._errand.wait(timeout_s)

    def _take_formats(self, rows: tuple[FormatRow, ...]) -> None:
        if not self.page.keys:
            self.page.set_formats(rows)

    def _take_places(self, rows: tuple[PlaceRow, ...]) -> None:
        """What is plugged in may have changed since the page was last open."""
        if str(self._place) not in {row.folder for row in rows} and not self._place.is_dir():
            self._place = user_documents_path()
        self.page.set_places(rows)
        self._show_place()

    def _folder(self) -> Path:
        return folder_in(self._place, self._case_id, self.page.format, deidentify=self.page.hides)

    def _show_place(self) -> None:
        if self.page.format:
            self.page.set_place(f"{self._folder().name}\nin {self._place}", str(self._place))

    def _ask_place(self) -> None:
        dialog = QFileDialog(self.page.window(), "Where the files go", str(self._place))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.take_place)
        dialog.finished.connect(dialog.deleteLater)
        dialog.setModal(False)
        dialog.show()

    def _begin(self, name: str, deidentify: bool) -> None:  # noqa: FBT001 (a Signal's shape)
        wish = Wish(format=name, deidentify=deidentify, folder=self._folder())
        database, case_id, viewer = self._database, self._case_id, self._noting.viewer()
        self.page.show_progress("Writing …", 0.0)
        self._errand = Errand(lambda told: write_case(database, case_id, wish, viewer, told), TOLD, self)
        self._errand.progressed.connect(self._show_progress)
        self._errand.done.connect(self._show_done)
        self._errand.failed.connect(self._show_failed)
        self._errand.cancelled.connect(self._show_cancelled)
        self._errand.start()

    def _show_progress(self, share: float) -> None:
        self.page.show_progress(f"Writing: {share:.0%}", share)

    def _show_done(self, words: str) -> None:
        self.page.show_idle(words, done=True)

    def _show_failed(self, why: str) -> None:
        self.page.show_idle(f"Not written: {why}")

    def _show_cancelled(self) -> None:
        self.page.show_idle("Cancelled: nothing was written.")
