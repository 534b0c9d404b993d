"""The course of the case that is watched, read from the record while the watch goes on: for the course page and for yesterday's curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.display.errand import Errand
from clinical.commands import CaseSetup
from clinical.dosing.course import BORNE_RULE, Course, CourseError
from clinical.dosing.quantities import displayed
from clinical.instant import Instant
from widgets.course_page import CourseRow, CourseSummary

if TYPE_CHECKING:
    from storage.course import DayBefore


class CourseRead(QObject):
    """Signals:
    course_read: a CourseSummary of the earlier days, which also tells those that are missing; not told on the first day.
    ghosts_read: the Ghosts of the day before.
    failed: why the record could not be read.
    """

    course_read = Signal(object)
    ghosts_read = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errand: Errand | None = None
        self._day = 1

    def begin(self, database: str, setup: CaseSetup, began: Instant) -> None:
        """A case began: its earlier days are looked for. The first day has none."""
        if setup.day < 2:
            return
        self._day = setup.day
        from storage.course import days_before  # noqa: PLC0415 (the database is slow to load: after the first picture)
        from storage.errors import StoreError  # noqa: PLC0415 (as above)

        self._errand = Errand(lambda _progress: days_before(database, setup, began), (StoreError,), self)
        self._errand.done.connect(self._take)
        self._errand.failed.connect(self.failed)
        self._errand.start()

    def _take(self, days: tuple[DayBefore, ...]) -> None:
        self.course_read.emit(summary_of(days, self._day))
        if days:
            self.ghosts_read.emit(days[-1].ghosts)


def summary_of(days: tuple[DayBefore, ...], today: int) -> CourseSummary:
    """As the page shows it. ``today``: number of the day that runs; every one before it should be there."""
    present = {before.day.number for before in days}
    missing = tuple(number for number in range(1, today) if number not in present)
    if not days:
        return CourseSummary(rows=(), best="not known: no earlier day is in this record", rule=BORNE_RULE, missing=missing)
    rows = tuple(_row(before) for before in days)
    try:
        course = Course([before.day for before in days])
    except CourseError as error:
        return CourseSummary(rows=rows, best=f"not known: {error}", rule=BORNE_RULE, missing=missing)
    best = course.best_borne()
    words = "no rate meets the rule" if best is None else f"{displayed(best.rate_mg_per_h)} mg/h, on {best.days_run} of {len(rows)} days"
    told = [(displayed(borne.rate_mg_per_h), borne.days_untoward, borne.days_run) for borne in course.rates_borne()]
    by_rate = tuple(f"{rate} mg/h: untoward on {untoward} of {run} days" for rate, untoward, run in told)
    return CourseSummary(rows=rows, best=words, rule=BORNE_RULE, missing=missing, by_rate=by_rate)


def _row(before: DayBefore) -> CourseRow:
    day = before.day
    rates: list[tuple[float, float]] = []
    minute = 0.0
    for step in day.steps:
        rates.append((minute, step.rate_mg_per_h))
        minute += step.minutes
    if rates:
        rates.append((minute, rates[-1][1]))
    return CourseRow(
        number=day.number,
        given_mg=day.given_mg,
        given_mg_per_kg=day.given_mg / before.weight_kg,
        highest_mg_per_h=max((step.rate_mg_per_h for step in day.steps), default=0.0),
        untoward=tuple(text for step in day.steps for text in step.untoward),
        rates=tuple(rates),
        simulated=before.simulated,
    )
