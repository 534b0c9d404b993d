"""`bedside effectiveness`: what the treatment did over all courses, beside what has been published. Reads only."""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from app.access_log import note_figures, user_of_computer
from app.cli.errors import CommandError
from app.settings import database_url
from clinical.instant import iso_utc

if TYPE_CHECKING:
    from clinical.assessments.effectiveness import Effectiveness
    from clinical.assessments.intervals import Mean, Share
    from clinical.assessments.treated import TreatedCourse

SIMULATED = "SIMULATED: no patient stands behind these figures."
STOPS_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "A course is one patient's cases on consecutive days; it belongs to the period in which its first day lies."
    parser.add_argument("--from", dest="since", type=_day, metavar="DATE", help="first day of the period, YYYY-MM-DD, UTC (default: all)")
    parser.add_argument("--to", dest="until", type=_day, metavar="DATE", help="its last day")
    parser.add_argument("--simulated", action="store_true", help="count simulated courses instead of patients'")
    parser.add_argument("--deidentify", action="store_true", help="patients as P001, P002 …, without dates and free text")
    parser.add_argument("--courses", action="store_true", help="list every course too")
    parser.add_argument("--json", action="store_true", help="one object with every figure and every course")


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if the database cannot be read, or there is nothing to count in it."""
    from app.cli.stored import tell_beside, told_in_one_line  # noqa: PLC0415 (SQLAlchemy, numpy: only when something is run)
    from clinical.assessments.effectiveness import effectiveness  # noqa: PLC0415 (as above)
    from clinical.assessments.treated import linked, of_period  # noqa: PLC0415 (as above)
    from storage.courses import treated_days  # noqa: PLC0415 (as above)

    if args.since and args.until and args.until < args.since:
        raise CommandError(f"--to {args.until} comes before --from {args.since}")
    address = database_url(args.database)
    with _without_collecting(), told_in_one_line():
        courses = of_period(linked(treated_days(address)), args.since, args.until)
        chosen, left_out = _chosen(courses, simulated=args.simulated)
        if not chosen:
            hint = f"; {left_out} simulated are there (--simulated counts them)" if left_out else ""
            raise CommandError(f"no course to count in {address}{hint}", 1)
        figures = effectiveness(chosen)
        if why := note_figures(user_of_computer(), address, deidentified=args.deidentify):
            tell_beside(why)
    if args.json:
        print(json.dumps(_as_json(figures, chosen, deidentify=args.deidentify), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_page(figures, chosen, args)))
    return 0


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Every entry of a clinic is kept until it is counted: looking for garbage among them takes a third of the time and finds none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a date as 2026-03-01, not {text!r}") from None


def _chosen(courses: Sequence[TreatedCourse], *, simulated: bool) -> tuple[list[TreatedCourse], int]:
    """The courses of the kind asked for, and how many simulated ones that leaves out."""
    kinds = {kind: [course for course in courses if course.days[0].simulated is kind] for kind in (True, False)}
    return kinds[simulated], 0 if simulated else len(kinds[True])


def _page(of: Effectiveness, courses: Sequence[TreatedCourse], args: argparse.Namespace) -> Iterator[str]:
    from clinical.assessments.effectiveness import NO_GROUP  # noqa: PLC0415 (numpy)

    if of.simulated:
        yield from (SIMULATED, "")
    yield from _head(of)
    yield from _doses(of)
    yield from _relief(of)
    yield from _lasting(of)
    yield from _harm(of, deidentify=args.deidentify)
    if args.courses:
        yield from ("", "Courses", *(_course_line(row) for row in _rows(courses, deidentify=args.deidentify)))
    yield from ("", f"Method: {of.method}.", NO_GROUP)
    if of.simulated:
        yield SIMULATED


def _head(of: Effectiveness) -> Iterator[str]:
    median, least, most = of.days
    yield f"Patients {of.patients}   courses {of.courses}   infusions {of.infusions}   days a course {median:g} ({least} to {most})"
    if few := _few(of.patients, "patients"):
        yield few


def _few(count: int, what: str) -> str:
    from clinical.assessments.effectiveness import few  # noqa: PLC0415 (numpy)

    return few(count, what)


def _doses(of: Effectiveness) -> Iterator[str]:
    yield from ("", "Dose")
    for dose in of.doses:
        name = dose.drug or "drug not named"
        yield f"  {name}: an infusion {_range(dose.mg, 0)} mg, {_range(dose.mg_per_kg, 2)} mg/kg; n = {dose.infusions}"
        if dose.course_mg is not None:
            yield f"    a course {_range(dose.course_mg, 0)} mg"
    yield from _published("dose")


def _range(values: tuple[float, float, float], decimals: int) -> str:
    mean, low, high = (f"{value:.{decimals}f}" for value in values)
    return f"{mean} ({low} to {high})"


def _relief(of: Effectiveness) -> Iterator[str]:
    yield from ("", f"Pain at rest, before the first infusion and after the last; {of.judged} of {of.patients} patients can be judged")
    if of.judged < of.patients and (few := _few(of.judged, "patients judged")):
        yield f"  {few}"
    for percent, share in of.responders:
        yield f"  at least {percent:g} % lower: {_share(share)}"
    yield f"  lower by {_mean(of.change, 'points')}, {_mean(of.change_percent, '%')}"
    yield f"  CSS-16 lower by {_mean(of.css16_change, 'points')}"
    yield from (f"  day {day}: lower by {fall:.1f} points from before to after; {count} infusions" for day, count, fall in of.by_day)
    yield from _published("change")


def _lasting(of: Effectiveness) -> Iterator[str]:
    yield from ("", "How long 30 % relief lasted, of those who had it and were asked")
    yield from (f"  week {row.week:2}: {_share(row.still)}" for row in of.lasting if row.still.of)
    if of.weeks_relieved is None:
        yield "  no follow-up was entered"
    else:
        yield f"  median {of.weeks_relieved:g} weeks, {of.followed} patients"
        yield f"  {of.still_at_last} of them were still relieved when last asked: theirs lasts as long or longer"
        if few := _few(of.followed, "patients followed"):
            yield f"  {few}"
    yield from _published("duration")


def _harm(of: Effectiveness, *, deidentify: bool) -> Iterator[str]:
    yield from ("", "Side effects, of all infusions (those of one patient are not independent)")
    yield from (f"  {name}: {_share(share)}" for name, share in of.side_effects)
    if not of.side_effects:
        yield "  none was entered, which is not that there was none"
    yield from _published("side effects")
    yield from ("", f"Stopped before the time: {_share(of.stopped)}")
    if deidentify and of.stops:
        yield "  why: left out, being free text"
    elif of.stops:
        yield from (f"  {count} × {why}" for why, count in of.stops[:STOPS_SHOWN])


def _published(about: str) -> Iterator[str]:
    from clinical.assessments.published import PUBLISHED  # noqa: PLC0415 (with its siblings)

    yield from (f"  published: {row.figure} | {row.regimen} | {row.source}" for row in PUBLISHED if row.about == about)


def _share(share: Share) -> str:
    if share.value is None or share.low is None or share.high is None:
        return "nobody to count"
    return f"{share.count} of {share.of}, {share.value:.0%} ({share.low:.0%} to {share.high:.0%})"


def _mean(mean: Mean, unit: str) -> str:
    if mean.value is None:
        return f"--- {unit}"
    interval = "no interval from one" if mean.low is None or mean.high is None else f"{mean.low:.1f} to {mean.high:.1f}"
    return f"{mean.value:.1f} {unit} ({interval}; n = {mean.of})"


Row = dict[str, object]


def _rows(courses: Sequence[TreatedCourse], *, deidentify: bool) -> list[Row]:
    labels = sorted({course.label for course in courses}, key=lambda label: hashlib.sha256(label.encode()).digest())
    names = {label: f"P{number:03d}" for number, label in enumerate(labels, start=1)}
    rows = [_row(course, names[course.label] if deidentify else course.label, dated=not deidentify) for course in courses]
    return sorted(rows, key=lambda row: str(row["patient"])) if deidentify else rows


def _row(course: TreatedCourse, patient: str, *, dated: bool) -> Row:
    when: Row = {"started": iso_utc(course.started.utc_ns)[:10]} if dated else {}
    relief = course.relief_percent
    return {
        "patient": patient,
        **when,
        "days": [day.day for day in course.days],
        "drug": course.drug,
        "given_mg": None if course.given_mg is None else round(course.given_mg, 1),
        "pain_before": course.pain_before,
        "pain_after": course.pain_after,
        "relief_percent": None if relief is None else round(relief, 1),
        "follow_ups": [asdict(entry) for entry in course.follow_ups],
        "simulated": course.days[0].simulated,
    }


def _course_line(row: Row) -> str:
    def told(name: str) -> str:
        value = row.get(name)
        return "---" if value is None else str(value)

    days = row["days"]
    count = len(days) if isinstance(days, list) else 0
    when = f"{told('started')}  " if "started" in row else ""
    pain = f"pain {told('pain_before')} to {told('pain_after')}"
    return f"  {told('patient'):12} {when}{count} days  {told('given_mg')} mg  {pain}  {told('relief_percent')} %"


def _as_json(of: Effectiveness, courses: Sequence[TreatedCourse], *, deidentify: bool) -> Row:
    from clinical.assessments.effectiveness import NO_GROUP  # noqa: PLC0415 (with its siblings)
    from clinical.assessments.published import PUBLISHED  # noqa: PLC0415 (with its siblings)

    figures = asdict(of)
    if deidentify:
        figures["stops"] = []
    rows = _rows(courses, deidentify=deidentify)
    return {**figures, "note": NO_GROUP, "published": [asdict(row) for row in PUBLISHED], "courses_in_detail": rows}
