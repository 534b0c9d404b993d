"""A hand-over note on one page: where the case stands, what runs, what is next and when, what stands out, what was given, what is due.

One page whatever happened: long lists keep what is newest and say how much more the record has.
"""

from __future__ import annotations

from PySide6.QtGui import QPagedPaintDevice

from clinical.assessments.rounds import ITEMS
from clinical.report.handover import Ahead, Handover, LastScore, LastValue, Running
from clinical.report.summary import named
from clinical.report.told import Entry
from widgets.durations import age, hours_and_minutes
from widgets.figures import written
from widgets.report.document import paint_pages, titled
from widgets.report.frame import lasted, moment_of, room_of
from widgets.report.marks import mark_of, signs_of
from widgets.report.pdf import pdf_of
from widgets.report.pieces import Column, Piece, beside, facts, heading, height_of, paragraph, space, table
from widgets.report.sheet import BOLD, FAINT, NOTE, RULE, STRONG, Align, Sheet, Style

TITLE = "Hand-over note"
GUTTER = 16.0
SIGN_HEIGHT = 30.0
LINE_HEIGHT, MOST_LINES = 19.0, 8
_LARGE = Style("name", BOLD)
_SHOWN = ("MDC_ECG_HEART_RATE", "MDC_PULS_OXIM_SAT_O2", "MDC_RESP_RATE", "MDC_CO2_RESP_RATE", "MDC_CONC_AWAY_CO2_ET", "MDC_TEMP")
"""Shown first; whatever else was measured follows as far as there is room."""


def handover_pdf(note: Handover, paper: str) -> bytes:
    """The note on ``a4`` or ``letter``. Needs a QGuiApplication with the program's fonts loaded."""
    moment = note.heading.started.plus(note.at_s)
    return pdf_of(note.heading, TITLE, moment, paper, lambda writer: paint_handover(note, writer))


def paint_handover(note: Handover, device: QPagedPaintDevice) -> int:
    """Paints the note on one page of a device without margins; gives 1."""
    sheet = Sheet(device)
    pages = titled(f"{TITLE}, {_at(note, note.at_s)}", _pieces(sheet, note), room_of(sheet, note.heading))
    paint_pages(sheet, note.heading, pages)
    return len(pages)


def _pieces(sheet: Sheet, note: Handover) -> list[Piece]:
    width = sheet.inner_width
    half = (width - GUTTER) / 2
    top = [
        *_where(sheet, note, width),
        beside((0.0, _running(sheet, note, half)), (half + GUTTER, _next(sheet, note, half))),
        *_alarms(sheet, note, width),
        beside((0.0, _values(sheet, note, half)), (half + GUTTER, [*_scores(sheet, note, half), *_given(sheet, note, half)])),
    ]
    foot = [space(4), _signatures(width)]
    room = room_of(sheet, note.heading) - height_of(top) - height_of(foot)
    lists = _lists(sheet, note, width, room)
    return [*top, *lists, *_by_hand(sheet, width, room - height_of(lists)), *foot]


def _at(note: Handover, second: float) -> str:
    """With its date, where that is another than the case began on."""
    return moment_of(note.heading, second, max(second, note.at_s))


def _where(sheet: Sheet, note: Handover, width: float) -> list[Piece]:
    """Where we are, in one line that is read first."""
    words = (
        f"Case ended at {_at(note, note.at_s)}, after {lasted(note.at_s)}"
        if note.ended
        else f"Running for {lasted(note.at_s)}, since {_at(note, 0.0)}"
    )
    ahead = note.ahead
    if ahead is not None and ahead.step is not None:
        words += f"; step {ahead.step} of {ahead.steps}"
    patient = "de-identified" if note.heading.deidentified else ", ".join(part for part in (note.heading.patient, note.who) if part)
    about = f"{patient}; {written(note.weight_kg, 1)} kg; {note.drug or 'no order'}, {written(note.concentration_mg_per_ml, 3)} mg/mL"
    order = f"; order: {note.order}" if note.order else ""
    return [space(4), *paragraph(sheet, words, width, _LARGE), *paragraph(sheet, about + order, width, STRONG)]


def _running(sheet: Sheet, note: Handover, width: float) -> list[Piece]:
    title, running = heading(sheet, "What runs", width), note.running
    if running is None:
        return [title, *paragraph(sheet, "No pump was heard.", width, STRONG)]
    left = "" if running.remaining_ml is None else f"{written(running.remaining_ml, 1)} mL left"
    empty = (
        ""
        if running.empty_in_s is None
        else f"empty in {hours_and_minutes(running.empty_in_s)} h, at {_at(note, note.at_s + running.empty_in_s)}"
    )
    level = (
        "" if note.level_ng_per_ml is None else "{:.0f} to {:.0f} ng/mL, predicted by models, not measured".format(*note.level_ng_per_ml)
    )
    rows = (
        ("Pump", _pump(note, running)),
        ("Rate", _rate(running)),
        ("In the pump", ", ".join(part for part in (left, empty) if part)),
        ("Level", level),
        ("Without data", "; ".join(f"{gap.device}: {gap.what}, since {_at(note, gap.since_s)}" for gap in note.gaps)),
    )
    return [title, *facts(sheet, rows, width)]


def _pump(note: Handover, running: Running) -> str:
    """A silent pump's last word is past tense."""
    if running.stale:
        return f"SILENT for {age(note.at_s - running.heard_s)}; was {running.state} at {_at(note, running.heard_s)}"
    return running.state


def _rate(running: Running) -> str:
    if running.stale:
        return "not known"
    by_weight = f"{written(running.rate_mg_per_kg_h, 3)} mg/kg/h"
    return f"{written(running.rate_mg_per_h, 2)} mg/h = {by_weight} = {written(running.rate_ml_per_h, 2)} mL/h"


def _next(sheet: Sheet, note: Handover, width: float) -> list[Piece]:
    title, ahead = heading(sheet, "What is next", width), note.ahead
    due = "" if note.round_due_s is None or note.ended else _due(note, note.round_due_s, note.round_why)
    if ahead is None:
        return [title, *facts(sheet, (("Order", "nothing was ordered"), ("Next round", due)), width)]
    broken = [f"{rule.action}: {rule.text}" for rule in ahead.rules if rule.standing in {"broken", "beyond"}]
    ends = "" if ahead.ends_s is None else f"{_at(note, ahead.ends_s)}{'' if ahead.ends_s > note.at_s else ', passed'}"
    rows = (
        ("ORDER ASKS", ahead.asked.upper()),
        ("Next step", "" if note.ended else _step(note, ahead)),
        ("Waits for", "" if note.ended else "; ".join(wait for wait in ahead.waits if not wait.startswith("in "))),  # its time stands above
        ("Off the order", ahead.off_order),
        ("Beyond limits", "; ".join(broken)),
        ("Next round", due),
        ("Ordered end", ends),
    )
    return [title, *facts(sheet, rows, width)]


def _due(note: Handover, due_s: float, why: str) -> str:
    late = f", LATE by {age(note.at_s - due_s)}" if note.at_s - due_s >= 60 else ""
    return f"{_at(note, due_s)}{late}{f', {why}' if why else ''}"


def _step(note: Handover, ahead: Ahead) -> str:
    if ahead.next_mg_per_h is None:
        return "none: the last one was taken"
    rate = f"{written(ahead.next_mg_per_h, 2)} mg/h ({written(ahead.next_mg_per_h / note.concentration_mg_per_ml, 2)} mL/h)"
    when = (
        ""
        if ahead.may_step_s is None
        else f", not before {_at(note, ahead.may_step_s)}"
        if ahead.may_step_s > note.at_s
        else ", may be taken by its time"
    )
    return rate + when


def _alarms(sheet: Sheet, note: Handover, width: float) -> list[Piece]:
    columns = [Column("", 20, style=STRONG), Column("Since", 70), Column("Alarm", width - 230, style=STRONG), Column("Answered", 140)]
    rows = [
        [
            signs_of(one.priority, one.kind),
            _at(note, one.at_s),
            one.text,
            "not yet" if one.answered_s is None else f"after {age(one.answered_s)} {one.by}".rstrip(),
        ]
        for one in note.alarms[:8]
    ]
    more = f"and {len(note.alarms) - 8} more" if len(note.alarms) > 8 else ""
    return [heading(sheet, "Alarms that stand", width, note=more), *table(sheet, columns, rows, empty="None.")]


def _values(sheet: Sheet, note: Handover, width: float) -> list[Piece]:
    first = [one for name in _SHOWN for one in note.values if one.metric.id == name]
    others = [one for one in note.values if one not in first]
    rows = [_value_row(note, one) for one in (*first, *others)[:9]]
    if note.cuff is not None:
        rows.insert(1, ["Cuff mmHg", note.cuff.written(), "", _at(note, note.cuff.at_s)])
    columns = [
        Column("", width - 166, style=STRONG),
        Column("last", 60, Align.RIGHT, STRONG),
        Column("limits", 56, Align.CENTRE),
        Column("at", 50, Align.RIGHT),
    ]
    return [heading(sheet, "Last values", width), *table(sheet, columns, rows, empty="No number was recorded.")]


def _value_row(note: Handover, one: LastValue) -> list[str]:
    decimals = one.metric.decimals
    name = f"{named(one.metric, one.channel, [other.metric for other in note.values])} {one.metric.unit.text}"
    return [name, f"{one.value:.{decimals}f}", _limits(one), _at(note, one.at_s)]


def _limits(one: LastValue) -> str:
    low, high = (None if edge is None else f"{edge:.{one.metric.decimals}f}" for edge in (one.low, one.high))
    if low is not None and high is not None:
        return f"{low} to {high}"
    return "" if low is None and high is None else f"from {low}" if high is None else f"to {high}"


def _scores(sheet: Sheet, note: Handover, width: float) -> list[Piece]:
    columns = [
        Column("", width - 135, style=STRONG),
        Column("last", 40, Align.RIGHT, STRONG),
        Column("before", 45, Align.RIGHT),
        Column("at", 50, Align.RIGHT),
    ]
    rows = [_score_row(note, one) for one in note.scores[:9]]
    return [heading(sheet, "Last scores", width), *table(sheet, columns, rows, empty="Nothing was assessed.")]


def _score_row(note: Handover, one: LastScore) -> list[str]:
    last, before = (
        "" if score is None else ITEMS[one.item].written(score) if one.item in ITEMS else str(score) for score in (one.score, one.before)
    )
    return [one.item, last, before, _at(note, one.at_s)]


def _given(sheet: Sheet, note: Handover, width: float) -> list[Piece]:
    given, ledger = note.given, note.ledger
    rows = []
    if given is not None:
        high = "not known" if given.high_mg is None else written(given.high_mg, 1)
        rows.append(
            ("Drug", f"{written(given.best_mg, 1)} mg, {written(given.best_mg_per_kg, 2)} mg/kg ({written(given.low_mg, 1)} to {high})")
        )
        rows.append(("Disagreement", given.disagreement))
    if ledger is not None:
        left = f"{written(ledger.left_mg, 1)} mg should be left" if ledger.lines else "not open"
        rows.append(("Ledger", "closes to zero" if ledger.closes else left))
    return [heading(sheet, "Given so far", width), *facts(sheet, rows, width)]


def _lists(sheet: Sheet, note: Handover, width: float, room: float) -> list[Piece]:
    """Entries and changed limits, the newest first, as many as there is room for."""
    columns = [Column("", 12, mark=True), Column("At", 58, style=STRONG), Column("What", 70), Column("", width - 220), Column("By", 80)]
    told = sorted((*note.entries, *note.limits), key=lambda entry: -entry.at_s)
    rows = [_entry_row(note, one) for one in told]
    title = heading(sheet, "Medication, side effects, stops, notes, changed limits", width, note="the newest first")
    if not rows:
        return [title, *paragraph(sheet, "Nothing was entered.", width, NOTE)]
    pieces = table(sheet, columns, rows)
    taken = title.height
    kept: list[Piece] = []
    for piece in pieces:
        if taken + piece.height > room - NOTE.leading:
            break
        kept.append(piece)
        taken += piece.height
    left_out = len(pieces) - len(kept)
    more = paragraph(sheet, f"and {left_out} earlier ones, which the record has", width, NOTE) if left_out else []
    return [title, *kept, *more]


def _entry_row(note: Handover, one: Entry) -> list[str]:
    return [mark_of(one.kind), _at(note, one.at_s), one.kind, one.text, one.by]


def _by_hand(sheet: Sheet, width: float, room: float) -> list[Piece]:
    """Lines to write on, as far as there is room."""
    title = heading(sheet, "Notes by hand", width)
    count = min(MOST_LINES, int((room - title.height) / LINE_HEIGHT))
    line = Piece(LINE_HEIGHT, lambda on, x, y: on.line(x, y + LINE_HEIGHT - 2, x + width, y + LINE_HEIGHT - 2, FAINT))
    return [title, *[line] * count] if count > 0 else []


def _signatures(width: float) -> Piece:
    def paint(sheet: Sheet, x: float, y: float) -> None:
        foot = y + SIGN_HEIGHT - 9
        for offset, name in ((0.0, "handed over by, time"), (0.52, "taken over by, time")):
            sheet.line(x + offset * width, foot, x + (offset + 0.48) * width, foot, RULE)
            sheet.text(x + offset * width, foot + NOTE.points + 1.5, name, NOTE)

    return Piece(SIGN_HEIGHT, paint)
