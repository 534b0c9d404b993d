"""Earlier days of a course, read when a case begins and given to what shows them: the course's page, the trend's ghosts, the forms."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.display.course_read import CourseRead
from app.display.examined_before import ExaminedBefore
from app.display.watch_pages import WatchPages
from clinical.commands import CaseSetup
from clinical.instant import Instant
from widgets.trend_chart import TrendChart


class CourseShown(QObject):
    """Signals:
    failed: why earlier days could not be read.
    """

    failed = Signal(str)

    def __init__(self, pages: WatchPages, trend: TrendChart, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._course = CourseRead(self)
        self._course.course_read.connect(pages.infusion.course.set_course)
        self._course.ghosts_read.connect(trend.set_yesterday)
        self._examined = ExaminedBefore(self)
        self._examined.read.connect(pages.charting.set_earlier_days)
        for reader in (self._course, self._examined):
            reader.failed.connect(self.failed)

    def begin(self, database: str, setup: CaseSetup, started_at: Instant) -> None:
        """Reads, away from the painting thread, what there is before this case."""
        self._course.begin(database, setup, started_at)
        self._examined.begin(database, setup, started_at)
