"""What the treatment did, over all courses: counted, with intervals, and said to be few where they are. Concludes nothing.

No group without treatment is there to compare with: a change is not an effect. Each patient counts once, by the first course of the
period, so that courses of one patient are not taken for several patients; side effects and stops are counted over all infusions.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from clinical.assessments.intervals import CONFIDENCE, RESAMPLES, SEED, SMALL_NUMBER, Mean, Share, bootstrap_mean, wilson
from clinical.assessments.treated import FOLLOW_UP_WEEKS, TreatedCourse, TreatedDay

RESPONDER_PERCENTS = (30.0, 50.0)
METHOD = (
    f"{CONFIDENCE:.0%} intervals: of means by the bias-corrected and accelerated bootstrap ({RESAMPLES} resamples, seed {SEED}), "
    "of shares by Wilson's score; before and after are the first and the last pain at rest that were entered"
)
NO_GROUP = "There is no group without treatment here: a change is not an effect. Nothing of this is a medical device's claim."


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseOf:
    """Doses of one drug: of each infusion and of each course, mean and range; ``infusions`` with a known dose."""

    drug: str
    infusions: int
    mg: tuple[float, float, float]
    mg_per_kg: tuple[float, float, float]
    course_mg: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """Of those relieved at the end of the course and asked in this week, how many still were."""

    week: int
    still: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Effectiveness:
    """The figures.

    Attributes:
        days: of each course: median, least, most.
        judged: patients whose pain is known before and after, and was above 0 before.
        responders: at each of ``RESPONDER_PERCENTS``.
        change: fall of pain at rest over the course, in points; above 0: lower. ``change_percent``: the same of the beginning.
        by_day: (day, infusions, mean fall from before to after it): over infusions, so without an interval.
        css16_change: fall over the course, in points.
        lasting: by follow-up week, of those with 30 % relief at the end.
        weeks_relieved: median of the weeks for which those with a follow-up were relieved without a break; None without any.
        still_at_last: how many of these were still relieved when last asked: theirs lasts as long or longer.
        side_effects: (name, share of infusions), the most frequent first.
        stopped: infusions stopped before their time; ``stops``: why, and how often.
    """

    simulated: bool
    patients: int
    courses: int
    infusions: int
    days: tuple[float, int, int]
    doses: tuple[DoseOf, ...]
    judged: int
    responders: tuple[tuple[float, Share], ...]
    change: Mean
    change_percent: Mean
    by_day: tuple[tuple[int, int, float], ...]
    css16_change: Mean
    lasting: tuple[Lasting, ...]
    weeks_relieved: float | None
    followed: int
    still_at_last: int
    side_effects: tuple[tuple[str, Share], ...]
    stopped: Share
    stops: tuple[tuple[str, int], ...]
    method: str = METHOD


def effectiveness(courses: Sequence[TreatedCourse]) -> Effectiveness:
    """Raises ValueError without a course, or where simulated and real ones are mixed."""
    if not courses:
        raise ValueError("no course to count")
    infusions = [day for course in courses for day in course.days]
    if len({day.simulated for day in infusions}) > 1:
        raise ValueError("simulated and real courses are never counted together")
    firsts = _first_of_each_patient(courses)
    judged = [(course, relief) for course in firsts if (relief := course.relief_percent) is not None]
    relieved = [course for course, relief in judged if relief >= RESPONDER_PERCENTS[0]]
    weeks = [_weeks(course) for course in relieved if course.follow_ups]
    lengths = [len({day.day for day in course.days}) for course in courses]
    return Effectiveness(
        simulated=infusions[0].simulated,
        patients=len(firsts),
        courses=len(courses),
        infusions=len(infusions),
        days=(statistics.median(lengths), min(lengths), max(lengths)),
        doses=_doses(courses),
        judged=len(judged),
        responders=tuple((at, wilson(sum(relief >= at for _, relief in judged), len(judged))) for at in RESPONDER_PERCENTS),
        change=bootstrap_mean([_fall(course.pain_before, course.pain_after) for course, _ in judged]),
        change_percent=bootstrap_mean([relief for _, relief in judged]),
        by_day=_by_day(infusions),
        css16_change=bootstrap_mean(_css16_falls(firsts)),
        lasting=tuple(_lasting(relieved, week) for week in FOLLOW_UP_WEEKS),
        weeks_relieved=statistics.median(count for count, _ in weeks) if weeks else None,
        followed=len(weeks),
        still_at_last=sum(still for _, still in weeks),
        side_effects=_side_effects(infusions),
        stopped=wilson(sum(bool(day.stops) for day in infusions), len(infusions)),
        stops=tuple(Counter(why for day in infusions for why in day.stops).most_common()),
    )


def few(count: int, what: str) -> str:
    """What is to be said of a figure that rests on so few; empty where they are enough."""
    told = what.replace("patients", "patient") if count == 1 else what
    return f"FEW: {count} {told}; below {SMALL_NUMBER} an interval says little and one more may turn it." if count < SMALL_NUMBER else ""


def _first_of_each_patient(courses: Sequence[TreatedCourse]) -> list[TreatedCourse]:
    firsts: dict[str, TreatedCourse] = {}
    for course in sorted(courses, key=lambda course: course.started.utc_ns):
        firsts.setdefault(course.label, course)
    return list(firsts.values())


def _fall(before: int | None, after: int | None) -> float:
    return float((before or 0) - (after or 0))


def _css16_falls(courses: Sequence[TreatedCourse]) -> list[float]:
    falls = []
    for course in courses:
        before = next((day.css16_before for day in course.days if day.css16_before is not None), None)
        after = next((day.css16_after for day in reversed(course.days) if day.css16_after is not None), None)
        if before is not None and after is not None:
            falls.append(float(before - after))
    return falls


def _doses(courses: Sequence[TreatedCourse]) -> tuple[DoseOf, ...]:
    """By drug, which are never added together."""
    found = []
    for drug in sorted({course.drug for course in courses}):
        own = [course for course in courses if course.drug == drug]
        known = [(day.given_mg, day.weight_kg) for course in own for day in course.days if day.given_mg is not None]
        whole = [course.given_mg for course in own if course.given_mg is not None]
        if known:
            mg, per_kg = _spread([dose for dose, _ in known]), _spread([dose / weight for dose, weight in known])
            course_mg = _spread(whole) if whole else None
            found.append(DoseOf(drug=drug, infusions=len(known), mg=mg, mg_per_kg=per_kg, course_mg=course_mg))
    return tuple(found)


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    return statistics.fmean(values), min(values), max(values)


def _by_day(infusions: Sequence[TreatedDay]) -> tuple[tuple[int, int, float], ...]:
    falls: dict[int, list[float]] = {}
    for day in infusions:
        if day.pain_before is not None and day.pain_after is not None:
            falls.setdefault(day.day, []).append(_fall(day.pain_before, day.pain_after))
    return tuple((day, len(of), statistics.fmean(of)) for day, of in sorted(falls.items()))


def _lasting(relieved: Sequence[TreatedCourse], week: int) -> Lasting:
    asked = [course.relieved_at(entry, RESPONDER_PERCENTS[0]) for course in relieved for entry in course.follow_ups if entry.week == week]
    return Lasting(week=week, still=wilson(sum(answer is True for answer in asked), len(asked)))


def _weeks(course: TreatedCourse) -> tuple[int, bool]:
    """The last week up to which every follow-up found relief, and whether that was the last follow-up."""
    weeks = 0
    for entry in course.follow_ups:
        if not course.relieved_at(entry, RESPONDER_PERCENTS[0]):
            return weeks, False
        weeks = entry.week
    return weeks, True


def _side_effects(infusions: Sequence[TreatedDay]) -> tuple[tuple[str, Share], ...]:
    counts = Counter(name for day in infusions for name in day.side_effects)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((name, wilson(count, len(infusions))) for name, count in ordered)
