"""The examinations of this course's earlier days, read from the record while the watch goes on: what today's are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.display.errand import Errand
from clinical.commands import CaseSetup
from clinical.instant import Instant
from widgets.examination_page import EarlierExamination

if TYPE_CHECKING:
    from storage.course import ExaminedDay


class ExaminedBefore(QObject):
    """Signals:
    read: tuple of EarlierExamination, the first one first; not told where there are none.
    failed: why the record could not be read.
    """

    read = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errand: Errand | None = None

    def begin(self, database: str, setup: CaseSetup, began: Instant) -> None:
        """A case began: its earlier days are looked for. The first day has none."""
        if setup.day < 2:
            return
        from storage.course import examined_before  # noqa: PLC0415 (the database is slow to load: after the first picture)
        from storage.errors import StoreError  # noqa: PLC0415 (as above)

        self._errand = Errand(lambda _progress: examined_before(database, setup, began), (StoreError,), self)
        self._errand.done.connect(self._take)
        self._errand.failed.connect(self.failed)
        self._errand.start()

    def _take(self, days: tuple[ExaminedDay, ...]) -> None:
        told = tuple(
            EarlierExamination(form=form, when=f"day {day.number}, {form.phase.value} the infusion")
            for day in days
            for form in day.examinations
        )
        if told:
            self.read.emit(told)
