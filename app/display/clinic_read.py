"""The clinic's figures for their page: read from the record away from the painting thread, once; counted anew for each period asked for.

Touches no core, and is reached only while no case runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.display.errand import Errand, Progress
from app.display.main_window import MainWindow
from storage.errors import StoreError
from widgets.clinic_page import ClinicFigures, ClinicPage

if TYPE_CHECKING:
    from clinical.assessments.treated import TreatedCourse

LEAVE_WITHIN_S = 2.0


class ClinicRead(QObject):
    """Signals:
    left: back to the start page.
    """

    left = Signal()

    def __init__(self, database: str, window: MainWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._database, self._window = database, window
        self._errand: Errand | None = None
        self._courses: tuple[TreatedCourse, ...] = ()
        self.page = ClinicPage()
        window.keep(self.page)
        self.page.back_requested.connect(self._back)
        self.page.count_requested.connect(self._count)

    def open(self) -> None:
        """Reads every case, shows how far it is, then the figures of all patients; of simulated ones where no others are."""
        self._show_progress(0.0)
        self._window.cover(self.page)
        database = self._database
        errand = self._begin(Errand(lambda progress: courses_of(database, progress), (StoreError,), self))
        errand.progressed.connect(self._show_progress)
        errand.done.connect(self._take)
        errand.start()

    def leave(self) -> None:
        """The program ends, or the page is left: what is under way is not wanted any more."""
        if self._errand is not None:
            self._errand.cancel()
            self._errand.wait(LEAVE_WITHIN_S)

    def _begin(self, errand: Errand) -> Errand:
        """The only errand from now on: the answer of one before it comes too late."""
        if self._errand is not None:
            self._errand.cancel()
            self._errand.disconnect(self)
            self._errand.disconnect(self.page)
        self._errand = errand
        errand.failed.connect(self.page.show_state)
        return errand

    def _back(self) -> None:
        if self._errand is not None:
            self._errand.cancel()
        self.left.emit()

    def _show_progress(self, share: float) -> None:
        self.page.show_state(f"Reading the courses of the clinic: {share:.0%}")

    def _take(self, courses: tuple[TreatedCourse, ...]) -> None:
        self._courses = courses
        if not courses:
            self.page.show_state("No course is stored yet. Figures come with the first case that ends.")
            return
        self._count(None, None, simulated=all(course.days[0].simulated for course in courses))

    def _count(self, since: date | None, until: date | None, simulated: bool) -> None:  # noqa: FBT001 - as the Signal gives it
        courses = self._courses
        errand = self._begin(Errand(lambda _: counted(courses, since, until, simulated=simulated), (), self))
        errand.done.connect(self.page.show_figures)
        errand.start()


def courses_of(database: str, progress: Progress) -> tuple[TreatedCourse, ...]:
    """Every course that is stored. Raises StoreError; what ``progress`` raises ends the reading."""
    from clinical.assessments.treated import linked  # noqa: PLC0415 (what reads a database is slow to load)
    from storage.courses import treated_days  # noqa: PLC0415 (as above)
    from storage.engine import parse_url, sqlite_file  # noqa: PLC0415 (as above)

    file = sqlite_file(parse_url(database))
    if file is not None and file.parent.is_dir() and not file.exists():
        return ()
    return linked(treated_days(database, progress))


def counted(courses: Sequence[TreatedCourse], since: date | None, until: date | None, *, simulated: bool) -> ClinicFigures:
    """The figures of those courses of a period that are simulated, or that are not."""
    from clinical.assessments.effectiveness import effectiveness  # noqa: PLC0415 (statistics are slow to load)
    from clinical.assessments.treated import of_period  # noqa: PLC0415 (with it)

    within = of_period(courses, since, until)
    chosen = [course for course in within if course.days[0].simulated is simulated]
    others = len(within) - len(chosen)
    if not chosen:
        return ClinicFigures(simulated=simulated, figures=None, others=others)
    days = sorted(datetime.fromtimestamp(course.started.utc_ns // 1_000_000_000, tz=UTC).date() for course in chosen)
    return ClinicFigures(simulated=simulated, figures=effectiveness(chosen), first=days[0], last=days[-1], others=others)
