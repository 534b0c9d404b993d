"""The clinic's figures as rows of charts and as words. Counts nothing and draws nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from clinical.assessments.effectiveness import DoseOf, Effectiveness
from clinical.assessments.intervals import Mean, Share
from clinical.assessments.published import PUBLISHED
from widgets.figures import written
from widgets.interval_chart import IntervalRow, Scale
from widgets.weeks_chart import WeekPoint

MOST_EFFECTS = 8
MOST_STOPS = 4


def scale_of_points(rows: Sequence[IntervalRow]) -> Scale:
    """From two below to ten above, or as far as the figures go."""
    ends = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    bottom, top = 2 * math.floor(min(-2.0, *ends) / 2), 2 * math.ceil(max(10.0, *ends) / 2)
    ticks = [(float(value), written(value)) for value in range(bottom, top + 1, 2)]
    return Scale(bottom=bottom, top=top, ticks=(*ticks[:-1], (float(top), f"{top} points")))


def responder_rows(of: Effectiveness) -> list[IntervalRow]:
    return [share_row(f"{percent:g} % less pain", share) for percent, share in of.responders]


def change_rows(of: Effectiveness) -> list[IntervalRow]:
    """Falls in points, each on its own scale of points; the published ones in a row of their own."""
    days = [
        IntervalRow(label=f"on day {day}", value=fall, words=f"{written(fall, 1)}   n = {count}", from_zero=False)
        for day, count, fall in of.by_day
    ]
    return [
        _mean_row("pain at rest", of.change),
        *days[:5],
        _mean_row("CSS-16", of.css16_change),
        IntervalRow(label="published", words="VAS", published=marks("points")),
    ]


def effect_rows(of: Effectiveness) -> list[IntervalRow]:
    rows = [share_row(name, share) for name, share in of.side_effects[:MOST_EFFECTS]]
    return [*rows, IntervalRow(label="psychomimetic", words="published", published=marks("psychomimetic"))]


def dose_rows(of: Effectiveness) -> tuple[list[IntervalRow], Scale]:
    """The dose of an infusion of each drug: its mean and, as a whisker, its range."""
    published = marks("mg")
    top = max((*published, *(dose.mg[2] for dose in of.doses)))
    step = next((step for step in (25, 50, 100, 250, 500) if top / step <= 5), 1000)
    ticks = tuple((float(mg), str(mg)) for mg in range(0, int(top) + step, step))
    last = ticks[-1][0]
    rows = [_dose_row(dose) for dose in of.doses]
    return [*rows, IntervalRow(label="published", words="racemate", published=published)], Scale(
        top=last, ticks=(*ticks[:-1], (last, f"{last:g} mg"))
    )


def _dose_row(dose: DoseOf) -> IntervalRow:
    mean, low, high = dose.mg
    return IntervalRow(
        label=dose.drug or "not named", value=mean, low=low, high=high, words=f"{mean:.0f}, {low:.0f}–{high:.0f} mg", from_zero=False
    )


def dose_words(of: Effectiveness) -> str:
    """By weight and by course."""
    return "\n".join(f"{dose.drug or 'Drug not named'}: {_dose_words(dose)}" for dose in of.doses)


def _dose_words(dose: DoseOf) -> str:
    words = f"{dose.infusions} infusions, {_range(dose.mg_per_kg, 2)} mg/kg"
    return words if dose.course_mg is None else f"{words}; a course {_range(dose.course_mg, 0)} mg"


def _range(values: tuple[float, float, float], decimals: int) -> str:
    mean, low, high = (f"{value:.{decimals}f}" for value in values)
    return f"{mean} ({low} to {high})"


def week_points(of: Effectiveness) -> list[WeekPoint]:
    """Of each week for which somebody was asked."""
    points = []
    for row in of.lasting:
        still = row.still
        if still.value is not None and still.low is not None and still.high is not None:
            words = f"{still.count}/{still.of}"
            points.append(WeekPoint(week=row.week, share=still.value, low=still.low, high=still.high, words=words))
    return points


def lasting_words(of: Effectiveness) -> str:
    if of.weeks_relieved is None:
        return "No follow-up was entered: bedside follow-up CASE --week 4 --pain 3"
    return (
        f"Median {of.weeks_relieved:g} weeks, of {of.followed} patients; {of.still_at_last} of them were still relieved when last asked: "
        "theirs lasts as long or longer."
    )


def stop_words(of: Effectiveness, *, deidentified: bool) -> str:
    """Why infusions were stopped, which is free text."""
    if not of.stops:
        return "None was entered."
    if deidentified:
        return "Why: left out, being free text."
    more = len(of.stops) - MOST_STOPS
    told = [f"{count} × {why}" for why, count in of.stops[:MOST_STOPS]]
    return "\n".join([*told, f"and {more} other reasons"] if more > 0 else told)


def published_lines(about: str) -> Iterator[tuple[str, str]]:
    """(the figure, of what and where it was read)."""
    return ((f"{'◇ ' if row.marks else ''}{row.figure}", f"{row.regimen}. {row.source}") for row in PUBLISHED if row.about == about)


def marks(of: str) -> tuple[float, ...]:
    """Where published figures of this lie."""
    return tuple(value for row in PUBLISHED for what, value in row.marks if what == of)


def share_row(label: str, share: Share) -> IntervalRow:
    words = "nobody to count" if share.value is None else f"{share.value:.0%}   {share.count} of {share.of}"
    return IntervalRow(label=label, value=share.value, low=share.low, high=share.high, words=words)


def _mean_row(label: str, mean: Mean) -> IntervalRow:
    if mean.value is None:
        return IntervalRow(label=label, words="---")
    words = written(mean.value, 1) if mean.low is None or mean.high is None else f"{mean.value:.1f}, {mean.low:.1f} to {mean.high:.1f}"
    return IntervalRow(label=label, value=mean.value, low=mean.low, high=mean.high, words=words)
