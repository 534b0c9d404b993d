"""The first page of a report: whose case it was, what was ordered, what was given, what happened to the patient."""

from __future__ import annotations

from clinical.assessments.rounds import ITEMS
from clinical.orders import Order
from clinical.report.medication import Given, medication
from clinical.report.summary import BeforeAfter, before_after, extremes, highest_rate, named, side_effects
from clinical.report.told import CaseReport
from widgets.durations import age
from widgets.figures import written
from widgets.report.chart import Chart
from widgets.report.frame import date_of, lasted, moment_of, moment_width, time_of
from widgets.report.lanes import Scales
from widgets.report.marks import NAMES, draw_mark
from widgets.report.pieces import Column, Piece, beside, facts, heading, height_of, paragraph, space, table
from widgets.report.sheet import NOTE, STRONG, Align, Sheet

GUTTER = 16.0
CHART_HEIGHT = 176.0
SHORTEST_S = 600.0
"""A shorter case is drawn as if it had this length."""
_SOURCES = {"rate": "rates the pump reported", "counter": "the pump's counter", "rest": "what was left in it"}


def summary_pieces(sheet: Sheet, report: CaseReport, room: float, scales: Scales) -> list[Piece]:
    """Side by side where all of it fits on the page, else under one another."""
    width = sheet.inner_width
    half = (width - GUTTER) / 2
    chart = Chart(report, 0.0, max(report.length_s, SHORTEST_S), scales)
    top = [
        beside((0.0, _case(sheet, report, half)), (half + GUTTER, _watch(sheet, report, half))),
        heading(sheet, "The whole case", width, note="alarms above, then what was entered, vital signs and dose"),
        space(2),
        chart.piece(width, CHART_HEIGHT),
        _legend(sheet),
    ]
    sides = beside((0.0, _left(sheet, report, half)), (half + GUTTER, _right(sheet, report, half)))
    if height_of(top) + sides.height <= room:
        return [*top, sides]
    return [*top, *_in_turn(sheet, report, half)]


def _in_turn(sheet: Sheet, report: CaseReport, half: float) -> list[Piece]:
    """For a case with more to tell: short parts in pairs, lists over the whole width and on to the next page."""
    pairs = ((_given, _order), (_vitals, lambda *of: [*_scores(*of), *_burden(*of)]))
    told = [beside((0.0, one(sheet, report, half)), (half + GUTTER, other(sheet, report, half))) for one, other in pairs]
    lists = (_steps, _effects, _medication, _stops)
    return [*told, *(piece for part in lists for piece in part(sheet, report, sheet.inner_width))]


def _left(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    return [*_given(sheet, report, width), *_vitals(sheet, report, width), *_steps(sheet, report, width)]


def _right(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    parts = (_order, _scores, _effects, _medication, _stops, _burden)
    return [piece for part in parts for piece in part(sheet, report, width)]


def _at(report: CaseReport, second: float) -> str:
    return moment_of(report.heading, second, report.length_s)


def _case(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    head = report.heading
    patient = "de-identified" if head.deidentified else ", ".join(part for part in (head.patient, report.who) if part)
    ended = f"{_at(report, report.length_s)}, after {lasted(report.length_s)}"
    end = (
        f"{ended}{f': {report.end_reason}' if report.end_reason else ''}"
        if report.ended
        else f"not ended; recorded for {lasted(report.length_s)}"
    )
    rows = (
        ("Patient", patient),
        ("Weight", _corrected(report.basis_at_first.weight_kg, report.basis.weight_kg, 1, "kg")),
        ("Began", f"{date_of(head)}, {time_of(head, 0.0)}{' (date moved)' if head.deidentified else ''}"),
        ("Ended", end),
    )
    return facts(sheet, rows, width)


def _corrected(first: float, now: float, decimals: int, unit: str) -> str:
    told = f"{written(first, decimals)} {unit}"
    return told if first == now else f"{told}, corrected to {written(now, decimals)} {unit}"


def _watch(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    baseline = "" if report.baseline_sbp_mmhg is None else f"{written(report.baseline_sbp_mmhg, 0)} mmHg systolic"
    first, now = report.basis_at_first.concentration_mg_per_ml, report.basis.concentration_mg_per_ml
    strength = _corrected(first, now, 3, "mg/mL")
    course = f"{written(report.course_before_mg, 1)} mg before this day" if report.course_before_mg else ""
    rows = (
        ("Syringe or bag", f"{written(report.syringe_ml, 1)} mL of {strength}"),
        ("Baseline", baseline),
        ("Course", f"day {report.heading.day}{f'; {course}' if course else ''}"),
        ("Alarm limits", report.preset),
        ("Recorded by", f"Bedside {report.recorded_by_version}; {report.seal_rows} rows in its chain"),
    )
    return facts(sheet, rows, width)


def _legend(sheet: Sheet) -> Piece:
    def paint(on: Sheet, x: float, y: float) -> None:
        place = x
        for mark, name in NAMES.items():
            draw_mark(on, mark, place + 4, y + 5)
            on.text(place + 10, y + 7.3, name, NOTE)
            place += on.text_width(name, NOTE) + 20
        on.text(x + sheet.inner_width, y + 7.3, "dashed: limit or plan; dotted: cuff's limit; grey: no data", NOTE, Align.RIGHT)

    return Piece(11.0, paint)


def _given(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    given = report.given
    if given is None:
        return [heading(sheet, "Dose given", width), *paragraph(sheet, "No pump was heard in this case.", width)]
    columns = [Column("By", width - 130), Column("at least, mg", 65, Align.RIGHT), Column("at most, mg", 65, Align.RIGHT)]
    rows = [
        [_SOURCES[one.source], written(one.low_mg, 2), "not known" if one.high_mg is None else written(one.high_mg, 2)]
        for one in given.sources
    ]
    bounds = f"{written(given.low_mg, 1)} to {'not known' if given.high_mg is None else written(given.high_mg, 1)} mg"
    highest = highest_rate(report.doses)
    peak = (
        ""
        if highest is None
        else f"{written(highest.rate_mg_per_h, 2)} mg/h ({written(highest.rate_mg_per_kg_h, 3)} mg/kg/h) from {_at(report, highest.at_s)}"
    )
    rest = (
        ("Most likely", f"{written(given.best_mg, 1)} mg, {written(given.best_mg_per_kg, 2)} mg/kg"),
        ("All together", f"{bounds} ({given.certainty})"),
        ("Pump silent", age(given.silent_s) if given.silent_s >= 1 else ""),
        ("Disagreement", given.disagreement),
        ("Highest rate", peak),
    )
    return [heading(sheet, "Dose given", width), *table(sheet, columns, rows), space(3), *facts(sheet, rest, width)]


def _order(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    order = report.order
    if order is None:
        return [heading(sheet, "Order", width), *paragraph(sheet, "Nothing was ordered in this case.", width)]
    rows = (
        ("Order", order.name or ("not told" if report.heading.deidentified else "")),
        ("Drug", order.drug),
        ("Steps", "; ".join(f"{written(step.rate_mg_per_h, 2)} mg/h from {written(step.earliest_min, 0)} min" for step in order.steps)),
        ("Length", f"{written(order.length_min, 0)} min"),
        ("Ceiling", _ceilings(order)),
        ("Adjuncts", "; ".join(f"{one.text} ({one.when})" for one in order.adjuncts)),
        ("Source", order.source),
    )
    return [heading(sheet, "Order", width), *facts(sheet, rows, width)]


def _ceilings(order: Order) -> str:
    case = "" if order.ceiling_mg_per_case is None else f", {written(order.ceiling_mg_per_case, 1)} mg in a case"
    return f"{written(order.ceiling_mg_per_h, 2)} mg/h{case}"


def _vitals(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    """Lowest and highest of all, whatever was measured."""
    at = moment_width(report.heading, report.length_s)
    columns = [
        Column("", width - 90 - 2 * at, style=STRONG),
        Column("lowest", 30, Align.RIGHT),
        Column("at", at),
        Column("middle", 30, Align.RIGHT),
        Column("highest", 30, Align.RIGHT),
        Column("at", at),
    ]
    rows = []
    found = extremes(report)
    for one in found:
        decimals = one.metric.decimals
        low, middle, high = (f"{value:.{decimals}f}" for value in (one.low, one.median, one.high))
        name = f"{named(one.metric, one.channel, [other.metric for other in found])} {one.metric.unit.text}"
        rows.append([name, low, _at(report, one.low_at_s), middle, high, _at(report, one.high_at_s)])
    return [heading(sheet, "Vital signs, lowest and highest", width), *table(sheet, columns, rows, empty="No number was recorded.")]


def _scores(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    at = moment_width(report.heading, report.length_s)
    columns = [
        Column("", width - 90 - 2 * at, style=STRONG),
        Column("before", 29, Align.RIGHT),
        Column("at", at),
        Column("after", 27, Align.RIGHT),
        Column("at", at),
        Column("range", 34, Align.RIGHT),
    ]
    rows = [_score_row(report, one) for one in before_after(report)]
    return [heading(sheet, "Assessments, before and after", width), *table(sheet, columns, rows, empty="Nothing was assessed.")]


def _score_row(report: CaseReport, one: BeforeAfter) -> list[str]:
    first, last, low, high = (
        ITEMS[one.item].written(score) if one.item in ITEMS else str(score) for score in (one.first, one.last, one.low, one.high)
    )
    if one.count == 1:
        return [one.item, first, _at(report, one.first_at_s), "–", "", first]
    ends = low if low == high else f"{low} to {high}"
    return [one.item, first, _at(report, one.first_at_s), last, _at(report, one.last_at_s), ends]


def _burden(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    burden = report.burden
    counts = [f"{sum(one.priority.value == name for one in report.alarms)} {name}" for name in ("high", "medium", "low")]
    share = 100 * burden.in_alarm_s / report.length_s if report.length_s else 0.0
    rows = (
        ("Alarms", f"{', '.join(counts)}; {written(burden.new_per_hour, 1)} new an hour"),
        ("Of them", f"{burden.physiological} patient, {burden.technical} equipment; {burden.self_cleared} over in 15 s"),
        ("Any stood", f"{age(burden.in_alarm_s)}, {written(share, 0)} % of the case"),
        ("Answered", "none" if burden.response_s is None else f"after {age(burden.response_s)} in the middle"),
        ("Without data", _without_data(report)),
    )
    return [heading(sheet, "Alarms and data", width), *facts(sheet, rows, width)]


def _without_data(report: CaseReport) -> str:
    lines: dict[str, float] = {}
    for gap in report.gaps:
        if gap.of_line:
            lines[gap.device] = lines.get(gap.device, 0.0) + (report.length_s if gap.until_s is None else gap.until_s) - gap.since_s
    told = "; ".join(f"{device} {age(seconds)}" for device, seconds in lines.items())
    others = sum(not gap.of_line for gap in report.gaps)
    return "; ".join(part for part in (told, f"{others} of single values" if others else "") if part) or "never"


def _steps(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    columns = [
        Column("At", 50, style=STRONG),
        Column("mg/h", 34),
        Column("mg/kg/h", 42),
        Column("Step", 28),
        Column("Off the order", width - 154),
    ]
    rows = [
        [
            _at(report, one.at_s),
            written(one.rate_mg_per_h, 2),
            written(one.rate_mg_per_kg_h, 3),
            "rest" if one.rate_mg_per_h == 0 else "none" if one.number is None else str(one.number),
            one.off_order,
        ]
        for one in report.steps
    ]
    return [heading(sheet, "Rates the pump took", width), *table(sheet, columns, rows)] if rows else []


def _effects(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    columns = [Column("First at", 50, style=STRONG), Column("What", width - 156), Column("Worst", 46), Column("There", 60)]
    rows = [
        [_at(report, one.first_at_s), one.name, one.worst, "entered" if one.asked == 0 else f"{one.there} of {one.asked} asked"]
        for one in side_effects(report)
    ]
    return [heading(sheet, "Side effects", width), *table(sheet, columns, rows, empty="None was entered.")]


def _medication(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    columns = [Column("At", 50, style=STRONG), Column("Given, and what came of it", width - 120), Column("By", 70)]
    rows = [[_at(report, one.entry.at_s), _came_of(one), one.entry.by] for one in medication(report)]
    return [heading(sheet, "Medication", width), *table(sheet, columns, rows, empty="None was entered.")]


def _came_of(one: Given) -> str:
    return ("bolus: " if one.entry.kind == "bolus" else "") + one.entry.text + (one.afterwards and f"; {one.afterwards}")


def _stops(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    columns = [Column("At", 50, style=STRONG), Column("Pump", 50), Column("For", 50), Column("Why", width - 150)]
    rows = []
    for one in report.stops:
        alone = one.until_s == one.at_s
        lasted = "" if alone else "to the end" if one.until_s is None else age(one.until_s - one.at_s)
        rows.append([_at(report, one.at_s), one.state, lasted, one.why or "no reason was entered"])
    return [
        heading(sheet, "Stops and holds", width),
        *table(sheet, columns, rows, empty="The pump did not rest, and no hold or stop was entered."),
    ]
