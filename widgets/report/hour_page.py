"""An hour of a case on paper: the table by quarters of an hour, the chart, and all that was entered and alarmed in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

from clinical import metrics
from clinical.assessments.nrs import DISSOCIATION, PAIN_AT_REST, PAIN_ON_MOVEMENT
from clinical.assessments.rounds import ITEMS, NAUSEA, SEDATION
from clinical.metrics import Metric
from clinical.report.quarters import HOUR_S, Quarter, Spread, hours_of, quarters_of
from clinical.report.told import AlarmEntry, CaseReport, Entry, GapEntry, ScoreEntry
from widgets.durations import age, minutes_and_seconds
from widgets.figures import written
from widgets.report.chart import Chart
from widgets.report.frame import moment_of, time_of
from widgets.report.lanes import Scales
from widgets.report.marks import SCORE, mark_of, signs_of
from widgets.report.pieces import Column, Piece, heading, space, table
from widgets.report.sheet import SEMIBOLD, STRONG, Align, Sheet, Style

CHART_SHARE = 0.40
"""Of the page's room; the table above and the lists below take the rest."""
_NUMBER = Style(weight=SEMIBOLD)
_HEART = (metrics.HEART_RATE, metrics.PULSE_RATE, metrics.ART_PULSE_RATE)
_BREATH = (metrics.RESP_RATE, metrics.CO2_RESP_RATE, metrics.IMPEDANCE_RESP_RATE)
_CO2 = (metrics.ETCO2, metrics.TCCO2)
_TEMPERATURE = (metrics.TEMPERATURE, metrics.SKIN_TEMPERATURE)
Told = TypeVar("Told", AlarmEntry, Entry, GapEntry, ScoreEntry)
_SCORED_ASIDE = {PAIN_AT_REST.name, PAIN_ON_MOVEMENT.name, DISSOCIATION.name, NAUSEA.name, *SEDATION}


def hour_title(report: CaseReport, hour: int) -> str:
    begin = moment_of(report.heading, hour * HOUR_S, report.length_s)
    end = time_of(report.heading, min((hour + 1) * HOUR_S, max(report.length_s, hour * HOUR_S)))
    return f"Hour {hour + 1} of {hours_of(report)}, {begin} to {end}"


def hour_pieces(sheet: Sheet, report: CaseReport, hour: int, room: float, scales: Scales) -> list[Piece]:
    """The hour counted from 0. What does not fit flows on to further pages."""
    width = sheet.inner_width
    chart = Chart(report, hour * HOUR_S, (hour + 1) * HOUR_S, scales)
    return [
        *_quarter_table(sheet, report, hour, width),
        space(5),
        chart.piece(width, room * CHART_SHARE),
        *_assessments(sheet, report, hour, width),
        *_entries(sheet, report, hour, width),
        *_alarms(sheet, report, hour, width),
        *_gaps(sheet, report, hour, width),
    ]


# the table


def _quarter_table(sheet: Sheet, report: CaseReport, hour: int, width: float) -> list[Piece]:
    sedation = _sedation_of(report)
    titles = (
        ("Quarter\nfrom", 34.0), ("Given at\nmg/h", 50.0), ("mL/h\nmg/kg/h", 38.0), ("Given\nmg", 34.0), ("HR\n/min", 38.0),
        ("Cuff\nmmHg, at", 62.0), ("SpO₂\n%", 36.0), ("RR\n/min", 36.0), ("CO₂\nmmHg", 36.0), ("Temp\n°C", 36.0),
        ("Pain\nrest/move", 40.0), (f"Sedation\n{sedation}", 36.0), ("Dissoc.\n0–10", 30.0), ("Nausea\n", 32.0),
    )  # fmt: skip
    scale = width / sum(share for _, share in titles)
    columns = [
        Column(title, share * scale, Align.LEFT if number == 0 else Align.CENTRE, STRONG if number == 0 else _NUMBER)
        for number, (title, share) in enumerate(titles)
    ]
    rows = [_quarter_row(report, quarter, sedation) for quarter in quarters_of(report, hour)]
    title = heading(sheet, hour_title(report, hour), width, note="middle of each quarter of an hour; under it the lowest and highest value")
    return [title, *table(sheet, columns, rows)]


def _quarter_row(report: CaseReport, quarter: Quarter, sedation: str) -> list[str]:
    scores = quarter.scores
    pain = "/".join(_score(scores, name) or "–" for name in (PAIN_AT_REST.name, PAIN_ON_MOVEMENT.name))
    return [
        time_of(report.heading, quarter.since_s),
        *_dose_cells(quarter),
        _spread_cell(quarter, _HEART),
        _cuff_cell(report, quarter),
        _spread_cell(quarter, (metrics.SPO2,)),
        _spread_cell(quarter, _BREATH),
        _spread_cell(quarter, _CO2),
        _spread_cell(quarter, _TEMPERATURE),
        "" if pain == "–/–" else pain,
        _score(scores, sedation),
        _score(scores, DISSOCIATION.name),
        _score(scores, NAUSEA.name),
    ]


def _dose_cells(quarter: Quarter) -> list[str]:
    last = quarter.last
    if last is None:
        return ["–", "–", "–"]
    ran = quarter.rates_mg_per_h
    rate = "not heard" if ran is None else written(ran[0], 1) if ran[0] == ran[1] else f"{written(ran[0], 1)}–{written(ran[1], 1)}"
    plan = "" if last.planned_mg_per_h is None else f"\nplan {written(last.planned_mg_per_h, 1)}"
    flow = "–" if last.stale else f"{written(last.rate_ml_per_h, 2)}\n{written(last.rate_mg_per_kg_h, 3)}"
    return [rate + plan, flow, written(last.given_mg, 1)]


def _spread_cell(quarter: Quarter, wanted: tuple[Metric, ...]) -> str:
    """The first of these that was measured in the quarter."""
    found = [(metric, one) for metric in wanted for (of, _), one in quarter.spreads.items() if of is metric]
    return _spread(*found[0]) if found else "–"


def _spread(metric: Metric, one: Spread) -> str:
    median, low, high = (f"{value:.{metric.decimals}f}" for value in (one.median, one.low, one.high))
    ends = "" if low == high == median else f"\n{low}–{high}"
    return f"{median}{'?' if one.doubtful else ''}{ends}"


def _cuff_cell(report: CaseReport, quarter: Quarter) -> str:
    if quarter.cuff is None:
        return "–"
    more = "" if quarter.cuffs == 1 else f", of {quarter.cuffs}"
    return f"{quarter.cuff.written()}\n{time_of(report.heading, quarter.cuff.at_s)}{more}"


def _sedation_of(report: CaseReport) -> str:
    """The scale that this case was scored with; the usual one where it never was."""
    used = [item for one in report.scores for item, _ in one.scores if item in SEDATION]
    return used[-1] if used else next(iter(SEDATION))


def _score(scores: dict[str, int], name: str) -> str:
    return ITEMS[name].written(scores[name]) if name in scores and name in ITEMS else ""


# the lists


def _within(entries: Sequence[Told], hour: int, report: CaseReport) -> list[Told]:
    """What happened at the very end, or was dated before the beginning, stands in the last or first hour."""
    begin_s = -math.inf if hour == 0 else hour * HOUR_S
    end_s = math.inf if hour == hours_of(report) - 1 else (hour + 1) * HOUR_S
    return [one for one in entries if begin_s <= (one.since_s if isinstance(one, GapEntry) else one.at_s) < end_s]


def _assessments(sheet: Sheet, report: CaseReport, hour: int, width: float) -> list[Piece]:
    rows = [_score_row(report, one) for one in _within(report.scores, hour, report)]
    columns = [
        Column("", 12, mark=True),
        Column("Time", 34, style=STRONG),
        Column("Scores", width - 236),
        Column("Note", 120),
        Column("By", 70),
    ]
    return _section(sheet, "Assessments", columns, rows, width)


def _score_row(report: CaseReport, one: ScoreEntry) -> list[str]:
    parts = [f"{item} {ITEMS[item].written(score) if item in ITEMS else score}" for item, score in one.scores]
    grades = [f"{part} ({word})" if (word := _word(item, score)) else part for part, (item, score) in zip(parts, one.scores, strict=True)]
    vitals = ", ".join(f"{metric.label} {value:.{metric.decimals}f}" for metric, value in one.vitals)
    told = ", ".join(grades) + (f"\nconfirmed: {vitals}" if vitals else "")
    state = f"\nreplaced by assessment {one.replaced_by}" if one.replaced_by else f"\n{one.reason}" if one.reason else ""
    return [SCORE, _time(report, one.at_s, one.entered_s), told + state, one.note, one.by]


def _word(item: str, score: int) -> str:
    """What a grade is called, where the number does not say it."""
    return (
        ITEMS[item].grade(score).word if item in ITEMS and item not in {PAIN_AT_REST.name, PAIN_ON_MOVEMENT.name, DISSOCIATION.name} else ""
    )


def _entries(sheet: Sheet, report: CaseReport, hour: int, width: float) -> list[Piece]:
    rows = [_entry_row(report, one) for one in _within(report.entries, hour, report)]
    columns = [Column("", 12, mark=True), Column("Time", 34, style=STRONG), Column("What", 78), Column("", width - 194), Column("By", 70)]
    return _section(sheet, "Medication, dose and other entries", columns, rows, width)


def _entry_row(report: CaseReport, one: Entry) -> list[str]:
    number = "" if one.number is None else f"\nno. {one.number}"
    kind = one.kind + (number if one.corrects or one.replaced_by else "")
    text = one.text + (
        f"\nreplaced by no. {one.replaced_by}" if one.replaced_by else f"\nin place of no. {one.corrects}" if one.corrects else ""
    )
    return [mark_of(one.kind), _time(report, one.at_s, one.entered_s), kind, text, one.by]


def _time(report: CaseReport, at_s: float, entered_s: float) -> str:
    """With the moment of entry where it came later."""
    late = f"\nent. {time_of(report.heading, entered_s)}" if entered_s - at_s >= 60 else ""
    return time_of(report.heading, at_s) + late


def _alarms(sheet: Sheet, report: CaseReport, hour: int, width: float) -> list[Piece]:
    """Those that appeared in the hour; longer lists stand in two columns."""
    rows = [_alarm_row(report, one) for one in _within(report.alarms, hour, report)]
    half = (width - 14) / 2
    columns = [Column("", 17, style=STRONG), Column("At", 40), Column("Alarm", half - 145), Column("Stood", 34), Column("Answered", 54)]
    if len(rows) < 7:
        wide = [Column("", 17, style=STRONG), Column("At", 44), Column("Alarm", width - 221), Column("Stood", 60), Column("Answered", 100)]
        return _section(sheet, "Alarms", wide, rows, width)
    note = "* patient, ! equipment: three high, two medium, one low"
    title = heading(sheet, f"Alarms ({len(rows)})", width, note=note)
    return [title, *_two_columns(table(sheet, columns, rows), half + 14)]


def _two_columns(pieces: list[Piece], offset: float) -> list[Piece]:
    """A table's rows in pairs, the second half of each page's share beside the first: read across, as times go."""
    top, *rows = pieces
    pairs = [rows[place : place + 2] for place in range(0, len(rows), 2)]

    def beside_of(left: Piece, right: Piece | None, heading_: Piece | None) -> Piece:
        def paint(sheet: Sheet, x: float, y: float) -> None:
            left.paint(sheet, x, y)
            if right is not None:
                right.paint(sheet, x + offset, y)

        return Piece(max(left.height, right.height if right else 0.0), paint, heading=heading_)

    head = beside_of(top, top, None)
    body = [beside_of(pair[0], pair[1] if len(pair) > 1 else None, head) for pair in pairs]
    return [Piece(head.height, head.paint, keep=True), *body]


def _alarm_row(report: CaseReport, one: AlarmEntry) -> list[str]:
    stood = "to the end" if one.until_s is None else minutes_and_seconds(one.until_s - one.at_s)
    answered = "–" if one.answered_s is None else f"{minutes_and_seconds(one.answered_s)} {one.by}".rstrip()
    return [signs_of(one.priority, one.kind), time_of(report.heading, one.at_s, seconds=True), one.text, stood, answered]


def _gaps(sheet: Sheet, report: CaseReport, hour: int, width: float) -> list[Piece]:
    rows = [
        [
            time_of(report.heading, gap.since_s, seconds=True),
            "to the end" if gap.until_s is None else age(gap.until_s - gap.since_s),
            gap.device,
            gap.what,
            gap.reason,
        ]
        for gap in _within(report.gaps, hour, report)
    ]
    columns = [Column("From", 44), Column("Length", 60), Column("Device", 80), Column("Without", 150), Column("Why", width - 334)]
    return _section(sheet, "Without data", columns, rows, width)


def _section(sheet: Sheet, title: str, columns: list[Column], rows: list[list[str]], width: float) -> list[Piece]:
    """Nothing where there are no rows."""
    return [heading(sheet, title, width), *table(sheet, columns, rows)] if rows else []
