"""What a new case of a known patient may carry over from the last day of the course. Offers; takes nothing, and asks nobody.

Simulated days and recordings that were played are no patient's: they are never offered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from clinical.commands import CaseSetup, ChooseSource, EarlierRate, SetLimit
from clinical.dosing.course import Course, CourseError, RateBorne
from clinical.instant import NS_PER_S, Instant
from storage.cases import CaseSummary, list_cases, open_case
from storage.course import LONGEST_DAYS, DayBefore, days_before, in_force, is_of_patient


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSoFar:
    """A course up to now.

    Attributes:
        days: with something infused, the first one first.
        last: set-up of the last case, with weight and concentration as corrected.
        last_started: when that began.
        ended: it was ended; an open case's amounts may still grow.
        limits: changes of limits in that case, the last of each metric.
        sources: choices of sources in it, the last of each metric.
    """

    days: tuple[DayBefore, ...]
    last: CaseSetup
    last_started: Instant
    ended: bool
    limits: tuple[SetLimit, ...] = ()
    sources: tuple[ChooseSource, ...] = ()

    @property
    def next_day(self) -> int:
        return self.last.day + 1

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of days, up to the last one, of which nothing that was infused is in the record."""
        present = {before.day.number for before in self.days}
        return tuple(number for number in range(1, self.next_day) if number not in present)

    @property
    def given_mg(self) -> float:
        """On the days that are in the record."""
        return sum(before.day.given_mg for before in self.days)

    @property
    def rates(self) -> tuple[EarlierRate, ...]:
        return tuple(rate for before in self.days for rate in before.rates)

    def best_borne(self) -> RateBorne | None:
        """The best tolerated rate by the course's rule; None where none meets it, or the days make no course."""
        try:
            return Course([before.day for before in self.days]).best_borne()
        except CourseError:
            return None


def course_so_far(address: str, label: str, now_utc_ns: int) -> CourseSoFar | None:
    """Of the patient of this name; None where none is in the record. Raises StoreError."""
    earliest_ns = now_utc_ns - LONGEST_DAYS * 86_400 * NS_PER_S
    cases = [case for case in list_cases(address) if _may_go_on(case, label) and earliest_ns <= case.started.utc_ns < now_utc_ns]
    if not cases:
        return None
    last = max(cases, key=lambda case: (case.started.utc_ns, case.id))
    with open_case(address, last.id) as history:
        setup = in_force(history)
        taken = [kept.command for kept in history.commands() if not kept.refused]
    limits = {command.metric: command for command in taken if isinstance(command, SetLimit)}
    sources = {command.metric: command for command in taken if isinstance(command, ChooseSource)}
    tomorrow = replace(setup, uuid="", day=setup.day + 1)
    return CourseSoFar(
        days=days_before(address, tomorrow, Instant(0, now_utc_ns)),
        last=setup,
        last_started=last.started,
        ended=last.ended is not None,
        limits=tuple(limits.values()),
        sources=tuple(sources.values()),
    )


def _may_go_on(case: CaseSummary, label: str) -> bool:
    setup = case.setup
    return is_of_patient(setup, label) and not setup.simulated and not setup.recording and setup.order is not None
