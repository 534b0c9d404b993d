"""What was done to a patient on each day, and which days are one course. Counts nothing over several patients.

Days are linked by the patient's label and the case's day number, because nothing else identifies a patient.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from clinical.assessments.nrs import PAIN_AT_REST, change_percent
from clinical.assessments.rounds import NAUSEA, SIDE_EFFECTS
from clinical.commands import RecordAssessment
from clinical.instant import NS_PER_S, Instant, utc_ns_of

BREAK_DAYS = 5.0
"""A case so long after the one before begins another course, whatever its day number. A proposal: a weekend and a holiday lie between."""
FOLLOW_UP_WEEK = "follow-up week"
FOLLOW_UP_WEEKS = (1, 2, 4, 8, 12)
CSS16_ITEM = "CSS-16"
_DAY_S = 86_400.0

_ASKED = frozenset({NAUSEA.name, *(scale.name for scale in SIDE_EFFECTS)})


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Pain at rest so many weeks after the course ended."""

    week: int
    pain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatedDay:
    """One infusion.

    Attributes:
        case_id: in the database.
        label: of the patient.
        day: of the course, as set up.
        drug: "ketamine" or "S-ketamine"; empty where nothing was ordered.
        given_mg: None where no pump told of it.
        pain_before, pain_after: at rest, the first and the last that were entered; None where fewer than two were.
        css16_before, css16_after: the same.
        side_effects: names of those that were there at any time, sorted.
        stops: why it was stopped before its time, in the record's words; empty if it was not.
        follow_ups: entered with this day.
        ended: it has an end.
    """

    case_id: int
    label: str
    day: int
    started: Instant
    weight_kg: float
    drug: str
    simulated: bool
    given_mg: float | None = None
    pain_before: int | None = None
    pain_after: int | None = None
    css16_before: int | None = None
    css16_after: int | None = None
    side_effects: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    ended: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatedCourse:
    """Days of one patient, in order; at least one."""

    days: tuple[TreatedDay, ...]

    @property
    def label(self) -> str:
        return self.days[0].label

    @property
    def started(self) -> Instant:
        return self.days[0].started

    @property
    def drug(self) -> str:
        return self.days[0].drug

    @property
    def given_mg(self) -> float | None:
        known = [day.given_mg for day in self.days if day.given_mg is not None]
        return sum(known) if len(known) == len(self.days) else None

    @property
    def pain_before(self) -> int | None:
        """Before the first infusion for which it was entered."""
        return next((day.pain_before for day in self.days if day.pain_before is not None), None)

    @property
    def pain_after(self) -> int | None:
        """After the last infusion for which it was entered."""
        return next((day.pain_after for day in reversed(self.days) if day.pain_after is not None), None)

    @property
    def relief_percent(self) -> float | None:
        """How much lower pain was at the end, per cent of the beginning; None where one is not known, or there was none to relieve."""
        if self.pain_before is None or self.pain_after is None:
            return None
        return change_percent(self.pain_before, self.pain_after)

    @property
    def follow_ups(self) -> tuple[FollowUp, ...]:
        """The latest entered for each week, by week."""
        by_week = {entry.week: entry for day in self.days for entry in day.follow_ups}
        return tuple(by_week[week] for week in sorted(by_week))

    def relieved_at(self, entry: FollowUp, percent: float) -> bool | None:
        """Whether pain is still so much lower than before the course."""
        before = self.pain_before
        relief = None if before is None else change_percent(before, entry.pain)
        return None if relief is None else relief >= percent


def linked(days: Iterable[TreatedDay]) -> tuple[TreatedCourse, ...]:
    """Courses by their beginning. A day joins the course before it if its number is higher, or the same within a day (begun anew)."""
    by_patient: dict[tuple[str, bool, str], list[TreatedDay]] = {}
    for day in sorted(days, key=lambda day: (day.started.utc_ns, day.case_id)):
        by_patient.setdefault((day.label, day.simulated, day.drug), []).append(day)
    courses = [TreatedCourse(days=tuple(part)) for own in by_patient.values() for part in _parted(own)]
    return tuple(sorted(courses, key=lambda course: (course.started.utc_ns, course.days[0].case_id)))


def of_period(courses: Iterable[TreatedCourse], since: date | None, until: date | None) -> list[TreatedCourse]:
    """Courses whose first day lies in the period, both ends of it included, in UTC; None: no such end."""
    first_ns = None if since is None else _midnight_ns(since)
    after_ns = None if until is None else _midnight_ns(until) + round(_DAY_S) * NS_PER_S
    return [
        course
        for course in courses
        if (first_ns is None or course.started.utc_ns >= first_ns) and (after_ns is None or course.started.utc_ns < after_ns)
    ]


def _midnight_ns(day: date) -> int:
    return utc_ns_of(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _parted(days: Sequence[TreatedDay]) -> list[list[TreatedDay]]:
    parts: list[list[TreatedDay]] = []
    for day in days:
        before = parts[-1][-1] if parts else None
        if before is not None and _follows(before, day):
            parts[-1].append(day)
        else:
            parts.append([day])
    return parts


def _follows(before: TreatedDay, day: TreatedDay) -> bool:
    apart_days = (day.started.utc_ns - before.started.utc_ns) / 1e9 / _DAY_S  # cases may have other monotonic clocks
    return (day.day > before.day and apart_days < BREAK_DAYS) or (day.day == before.day and apart_days < 1)


def first_and_last(assessments: Sequence[RecordAssessment], item: str) -> tuple[int | None, int | None]:
    """An item's first and last score; both None where it was entered less than twice.

    Args:
        assessments: as they stand, in the order of time, without follow-ups.
    """
    found = [score for one in assessments for name, score in one.scores if name == item]
    return (found[0], found[-1]) if len(found) > 1 else (None, None)


def side_effects_of(assessments: Sequence[RecordAssessment], events: Sequence[str]) -> tuple[str, ...]:
    """Names of what was there: ticked in a round, or entered as an event (its first words, where they name a known one)."""
    ticked = {name for one in assessments for name, score in one.scores if score > 0 and name in _ASKED}
    return tuple(sorted(ticked | {_named(text) for text in events}))


def parted(assessments: Iterable[RecordAssessment]) -> tuple[list[RecordAssessment], list[RecordAssessment]]:
    """Those of the day itself, and its follow-ups."""
    of_day: list[RecordAssessment] = []
    later: list[RecordAssessment] = []
    for one in assessments:
        (later if FOLLOW_UP_WEEK in dict(one.scores) else of_day).append(one)
    return of_day, later


def follow_ups_of(later: Sequence[RecordAssessment]) -> tuple[FollowUp, ...]:
    """What follow-ups tell of pain at rest."""
    told = (dict(one.scores) for one in later)
    return tuple(FollowUp(week=scores[FOLLOW_UP_WEEK], pain=scores[PAIN_AT_REST.name]) for scores in told if PAIN_AT_REST.name in scores)


def _named(text: str) -> str:
    words = text.strip().casefold()
    return next((name for name in sorted(_ASKED) if words.startswith(name.casefold())), "other")
