"""A course so far, in the lines of the page that offers it. Words only: no widgets, no record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from clinical.commands import CarriedValue, CaseSetup, SetLimit
from clinical.dosing.course import BORNE_RULE
from clinical.dosing.quantities import displayed
from clinical.instant import NS_PER_S
from widgets.new_case.carry_page import CarryLine, CourseOffer

if TYPE_CHECKING:
    from storage.carrying import CourseSoFar

DAY, PATIENT, PRESSURE, ORDER, CONCENTRATION, SYRINGE, LIMITS, SOURCES = (
    "day", "patient", "pressure", "order", "concentration", "syringe", "limits", "sources",
)  # fmt: skip
_TITLES = {DAY: "course", PATIENT: "patient", PRESSURE: "usual systolic"}


def offer_of(course: CourseSoFar, order_names: tuple[str, ...]) -> CourseOffer:
    """As the page shows it. ``order_names``: of the orders that the site has now."""
    last = course.last
    date = datetime.fromtimestamp(course.last_started.utc_ns // NS_PER_S, tz=UTC) + timedelta(minutes=last.utc_offset_min)
    return CourseOffer(
        patient=last.patient.label,
        origin=f"day {last.day}, {date:%d %b %Y}",
        day=course.next_day,
        lines=(*_taken_lines(course, order_names), *_told_lines(course)),
        warnings=_warnings(course),
    )


def carried(offer: CourseOffer, names: tuple[str, ...]) -> tuple[CarriedValue, ...]:
    """For the record: what was taken, as it was shown."""
    lines = {line.name: line for line in offer.lines if line.name}
    return tuple(CarriedValue(what=_TITLES.get(name, name), value=lines[name].value, day=offer.day - 1) for name in names)


def carried_words(values: tuple[CarriedValue, ...]) -> str:
    """For the log of the case."""
    return "; ".join(f"{one.what} from day {one.day}: {one.value}" for one in values)


def _taken_lines(course: CourseSoFar, order_names: tuple[str, ...]) -> list[CarryLine]:
    last = course.last
    age = f"{last.patient.age_years} years" if last.patient.age_years else ""
    who = ", ".join(filter(None, (age, last.patient.sex, last.patient.diagnosis)))
    given = f"day {course.next_day}; {displayed(course.given_mg)} mg given on the days before"
    lines = [
        CarryLine(
            title="Course", value=given, name=DAY, origin=_days(course), note="the prediction begins with what the pump gave on those days"
        )
    ]
    if who:
        lines.append(CarryLine(title="Patient", value=who, name=PATIENT))
    if last.baseline_sbp_mmhg is not None:
        lines.append(CarryLine(title="Usual systolic", value=f"{displayed(last.baseline_sbp_mmhg)} mmHg", name=PRESSURE))
    lines.append(_order_line(last, order_names))
    mg_per_ml = f"{displayed(last.concentration_mg_per_ml)} mg/mL"
    second = "stands as the first entry; the second person types it"
    lines.append(CarryLine(title="Concentration", value=mg_per_ml, name=CONCENTRATION, note=second))
    if last.syringe_ml:
        lines.append(CarryLine(title="Syringe", value=f"{displayed(last.syringe_ml)} mL", name=SYRINGE, note=second))
    if course.limits:
        limits = ", ".join(" ".join((one.metric.label, *_sides(one))) for one in course.limits)
        lines.append(CarryLine(title="Limits", value=limits, name=LIMITS, note="as they were changed on that day, with their reasons"))
    if course.sources:
        sources = ", ".join(f"{one.metric.label}: {one.device or 'as the case has it'}" for one in course.sources)
        lines.append(CarryLine(title="Sources", value=sources, name=SOURCES))
    return lines


def _order_line(last: CaseSetup, order_names: tuple[str, ...]) -> CarryLine:
    name = "" if last.order is None else last.order.name
    if name not in order_names:
        return CarryLine(title="Order", value=name, note="the site has no order of this name now: choose one")
    return CarryLine(title="Order", value=name, name=ORDER, note="reckoned anew for today's weight, once that is typed")


def _told_lines(course: CourseSoFar) -> list[CarryLine]:
    best = course.best_borne()
    rate = "no rate meets the rule" if best is None else f"{displayed(best.rate_mg_per_h)} mg/h"
    return [
        CarryLine(title="Weight", value=f"{displayed(course.last.weight_kg)} kg", note="never carried over: typed anew by two people"),
        CarryLine(
            title="Best tolerated",
            value=rate,
            origin=_days(course),
            note=f"{BORNE_RULE}; for the prescriber, to be confirmed by your clinicians",
        ),
    ]


def _days(course: CourseSoFar) -> str:
    return f"day {', '.join(str(before.day.number) for before in course.days)}"


def _warnings(course: CourseSoFar) -> tuple[str, ...]:
    words = []
    if course.missing:
        words.append(
            f"Day {', '.join(map(str, course.missing))} is not in this record: amounts and prediction are of the other days alone."
        )
    if not course.ended:
        words.append(f"Day {course.last.day} was never ended.")
    return tuple(words)


def _sides(limit: SetLimit) -> tuple[str, ...]:
    told = (("low", limit.low), ("high", limit.high))
    return tuple(f"{side} {displayed(value)}" for side, value in told if value is not None) or ("without limits",)
