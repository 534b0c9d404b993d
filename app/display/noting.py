"""Notes from the window who looked and what left, away from the painting thread; what could not be noted comes back as words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.access_log import Leaving, Viewer, note_export, note_figures, note_view
from app.display.errand import Errand
from storage.errors import StoreError


class Noting(QObject):
    """Signals:
    told: why something could not be noted.
    """

    told = Signal(str)

    def __init__(self, by: Callable[[], str], parent: QObject | None = None, *, asked: Callable[[], bool] = lambda: False) -> None:
        """``by``: under whose name things are done now; ``asked``: whether a name is asked for here and nobody has given one."""
        super().__init__(parent)
        self._by, self.asked = by, asked
        self._errands: list[Errand] = []

    def viewer(self) -> Viewer:
        """Who looks now."""
        return Viewer(by=self._by())

    def view(self, database: str, case: str) -> None:
        """Somebody opened a case, by its number or uuid."""
        viewer = self.viewer()
        self._run(lambda: note_view(viewer, database, uuid_of(database, case)))

    def figures(self, database: str) -> None:
        """Somebody opened the figures over all courses."""
        viewer = self.viewer()
        self._run(lambda: note_figures(viewer, database))

    def left(self, database: str, case: str, leaving: Leaving) -> None:
        """Something of a case was written, all at once."""
        viewer = self.viewer()
        self._run(lambda: note_export(viewer, database, uuid_of(database, case), leaving))

    def take_print(self, database: str, case: str, file: str) -> None:
        """A history was printed."""
        self.left(database, case, Leaving(format="history (PDF)", target=file))

    def wait(self, timeout_s: float) -> None:
        """Until what was to be noted is noted."""
        for errand in self._errands:
            errand.wait(timeout_s)

    def _run(self, note: Callable[[], str]) -> None:
        errand = Errand(lambda _progress: note(), (StoreError,), self)
        errand.done.connect(self._tell)
        errand.failed.connect(self._tell)
        self._errands = [*self._errands[-7:], errand]
        errand.start()

    def _tell(self, why: str) -> None:
        if why:
            self.told.emit(why)


def uuid_of(database: str, case: str) -> str:
    """Of a case that is named by its number; a uuid is given back. Raises StoreError."""
    if not case.isdecimal():
        return case
    from storage.cases import open_case  # noqa: PLC0415 (SQLAlchemy: only when something is looked at)

    with open_case(database, case) as history:
        return history.setup.uuid
