"""A known patient's course, offered to the case that is being set up: looked for by the label, taken line by line, put into the set-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.display.carry_lines import CONCENTRATION, DAY, LIMITS, ORDER, PATIENT, PRESSURE, SOURCES, SYRINGE, carried, offer_of
from app.display.draft_limits import DraftLimits
from app.display.errand import Errand
from app.display.operator import OPERATOR
from app.display.stored import not_begun
from clinical.commands import CaseSetup, ChooseSource
from widgets.figures import written
from widgets.new_case.carry_page import CarryPage, CourseOffer
from widgets.new_case_page import NewCasePage

if TYPE_CHECKING:
    from storage.carrying import CourseSoFar


class Carrying(QObject):
    """Signals:
    failed: why the record could not be read.
    """

    failed = Signal(str)

    def __init__(
        self, page: NewCasePage, limits: DraftLimits, order_names: Callable[[], tuple[str, ...]], parent: QObject | None = None
    ) -> None:
        """``order_names``: of the orders that the site has."""
        super().__init__(parent)
        self._page, self._limits, self._order_names = page, limits, order_names
        self.page = CarryPage()
        self._course: CourseSoFar | None = None
        self._offer: CourseOffer | None = None
        self._taken: list[str] = []
        self._asked = ""
        self._errand: Errand | None = None
        self.page.taken.connect(self._take)
        page.patient.label.textChanged.connect(self._forget)

    def look_for(self, database: str, now_utc_ns: int) -> None:
        """A label was typed: its course is read on a thread of its own."""
        label = self._page.patient.label.text().strip()
        if not label or label == self._asked:
            return
        self._asked = label
        from storage.carrying import course_so_far  # noqa: PLC0415 (the database is slow to load: after the first picture)
        from storage.errors import StoreError  # noqa: PLC0415 (as above)

        def read() -> tuple[str, CourseSoFar | None]:
            return label, None if not_begun(database) else course_so_far(database, label, now_utc_ns)

        self._errand = Errand(lambda _progress: read(), (StoreError,), self)
        self._errand.done.connect(self._offer_course)
        self._errand.failed.connect(self.failed)
        self._errand.start()

    @property
    def doubt(self) -> str:
        """What asks for a second look before the start; empty where nothing does."""
        if self._course is None or DAY in self._taken:
            return ""
        return (
            f"{self._course.last.patient.label} has day {self._course.last.day} of a course in this record, and this case would be a day 1"
        )

    def amended(self, setup: CaseSetup) -> CaseSetup:
        """The set-up with what was taken."""
        course, offer = self._course, self._offer
        if course is None or offer is None or not self._taken:
            return setup
        setup = replace(setup, carried=carried(offer, tuple(self._taken)))
        if DAY not in self._taken:
            return setup
        return replace(setup, day=course.next_day, course_before_mg=course.given_mg, earlier_rates=course.rates)

    def commands(self) -> tuple[ChooseSource, ...]:
        """Choices of sources, once the case has begun."""
        if self._course is None or SOURCES not in self._taken:
            return ()
        return tuple(replace(one, by=OPERATOR) for one in self._course.sources)

    def choose_order(self) -> None:
        """The orders are others: the one that was taken is chosen among them."""
        order = None if self._course is None else self._course.last.order
        if order is not None and ORDER in self._taken:
            self._page.order.choose(order.name)

    def _forget(self) -> None:
        """Another label is another patient: what was taken of the one before stays typed, and is carried from nobody."""
        if self._page.patient.label.text().strip() == self._asked:
            return
        self._course = self._offer = None
        self._taken, self._asked = [], ""
        self._page.patient.offer_course("")

    def _offer_course(self, told: tuple[str, CourseSoFar | None]) -> None:
        label, course = told
        if course is None or label != self._asked:
            return
        self._course, self._offer = course, offer_of(course, self._order_names())
        self.page.set_offer(self._offer)
        self._page.patient.offer_course(f"Day {course.next_day} of a course: see what day {course.last.day} leaves")

    def _take(self, name: str) -> None:
        if self._course is None or name in self._taken:
            return
        self._taken.append(name)
        self.page.mark(self._taken)
        self._fill(name, self._course)
        course = self._course
        self._page.patient.offer_course(f"Day {course.next_day} of a course: {len(self._taken)} taken from day {course.last.day}")

    def _fill(self, name: str, course: CourseSoFar) -> None:
        page, last, day = self._page, course.last, course.last.day
        if name == PATIENT:
            page.patient.fill(last.patient)
        elif name == PRESSURE and last.baseline_sbp_mmhg is not None:
            page.patient.baseline_sbp.fill(written(last.baseline_sbp_mmhg, 0))
        elif name == ORDER:
            self.choose_order()
        elif name == CONCENTRATION:
            page.doses.concentration.offer_first(written(last.concentration_mg_per_ml, 3), f"day {day}")
        elif name == SYRINGE:
            page.doses.syringe.offer_first(written(last.syringe_ml, 1), f"day {day}")
        elif name == LIMITS:
            for one in course.limits:
                self._limits.take(one.metric, one.low, one.high, f"as on day {day}: {one.reason or 'no reason was given'}")
