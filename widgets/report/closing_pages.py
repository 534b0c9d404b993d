"""The end of a report: the controlled drug, what was changed or corrected, readiness to go home, and room for signatures."""

from __future__ import annotations

from collections.abc import Sequence

from clinical.report.told import CaseReport
from widgets.figures import written
from widgets.report.frame import moment_of
from widgets.report.pieces import Column, Piece, facts, heading, paragraph, space, table
from widgets.report.sheet import NOTE, RULE, STRONG, Align, Sheet

_SIGN = {"opened": "+", "added": "+", "given": "−", "returned": "−", "wasted": "−"}
_CHANGES = {"limit", "dose corrected", "source"}
SIGNATURES = ("Nurse", "Second nurse or witness", "Prescriber", "Patient or escort: instructions received")
SIGN_HEIGHT = 34.0


def closing_pieces(sheet: Sheet, report: CaseReport) -> list[Piece]:
    width = sheet.inner_width
    return [
        *_ledger(sheet, report, width),
        *_changes(sheet, report, width),
        *_corrections(sheet, report, width),
        *_recovery(sheet, report, width),
        *_record(sheet, report, width),
        heading(sheet, "Signatures", width),
        *[_signature(width, role, last=role == SIGNATURES[-1]) for role in SIGNATURES],
    ]


def _at(report: CaseReport, second: float) -> str:
    return moment_of(report.heading, second, report.length_s)


def _ledger(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    ledger = report.ledger
    title = heading(sheet, "Controlled drug", width, note="" if report.order is None else report.order.drug)
    if ledger is None or not ledger.lines:
        return [title, *paragraph(sheet, "No ledger was opened in this case.", width, NOTE)]
    columns = [
        Column("", 20, style=STRONG),
        Column("At", 70),
        Column("What", 130),
        Column("mg", 60, Align.RIGHT),
        Column("mL", 60, Align.RIGHT),
        Column("", 12),
        Column("Signed", (width - 352) / 2),
        Column("Witness", (width - 352) / 2),
    ]
    rows = []
    for number, line in enumerate(ledger.lines, start=1):
        what = line.what + (f"\nin place of line {line.corrects}" if line.corrects else "") + ("\nreplaced" if line.replaced else "")
        amounts = (f"{_SIGN[line.what]}{written(line.mg, 2)}", written(line.mg / report.basis.concentration_mg_per_ml, 2))
        rows.append([str(number), _at(report, line.at_s), what, *amounts, "", line.by, line.witness or "–"])
    left = f"{written(ledger.left_mg, 2)} mg should be left. " if not ledger.closes else ""
    return [
        title,
        *table(sheet, columns, rows),
        space(3),
        *paragraph(sheet, f"{left}The ledger {_verdict(ledger.verdict)}.", width, STRONG),
    ]


def _verdict(verdict: str) -> str:
    return verdict if verdict.startswith("closes") else f"does not close: {verdict}"


def _changes(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    rows = [[_at(report, one.at_s), one.kind, one.text, one.by] for one in report.entries if one.kind in _CHANGES]
    columns = [Column("At", 70, style=STRONG), Column("What", 80), Column("", width - 240), Column("By", 90)]
    return [heading(sheet, "Changes of limits, sources and dose", width), *table(sheet, columns, rows)] if rows else []


def _corrections(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    """Both values stay: what was entered first, and what took its place."""
    later = {one.number: one for one in report.entries if one.number is not None}
    scores = {one.number: one for one in report.scores}
    entries = [(one, put) for one in report.entries if one.replaced_by is not None and (put := later.get(one.replaced_by)) is not None]
    scored = [(one, new) for one in report.scores if one.replaced_by is not None and (new := scores.get(one.replaced_by)) is not None]
    rows = [[_at(report, put.entered_s), old.kind, old.text or "–", put.text or "–", put.by] for old, put in entries]
    rows += [
        [_at(report, new.entered_s), "assessment", _told(old.scores), f"{_told(new.scores)}\n{new.reason}".rstrip(), new.by]
        for old, new in scored
    ]
    half = (width - 210) / 2
    columns = [Column("At", 60, style=STRONG), Column("Of", 70), Column("Was", half), Column("Is", half), Column("By", 80)]
    return [heading(sheet, "Corrections", width), *table(sheet, columns, rows)] if rows else []


def _told(scores: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{item} {score}" for item, score in scores)


def _recovery(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    if not report.recovery:
        return []
    columns = [Column("Asked for", 200, style=STRONG), Column("At the end of the case", 80), Column("As recorded", width - 280)]
    rows = [[line.text, line.met.value, line.detail] for line in report.recovery]
    return [
        heading(sheet, "Recovery and going home", width, note="a checklist: nobody is discharged by it"),
        *table(sheet, columns, rows),
        space(2),
        *paragraph(sheet, report.recovery_source, width, NOTE),
    ]


def _record(sheet: Sheet, report: CaseReport, width: float) -> list[Piece]:
    seal = f"{report.seal_rows} rows, the last with SHA-256 {report.seal_head}" if report.seal_head else f"{report.seal_rows} rows"
    rows = (
        ("Case", report.heading.case),
        ("Chain", seal),
        ("Times", "of the bed's clock; where they are reckoned, from the start of the case by a clock that never steps"),
    )
    return [heading(sheet, "The record", width), *facts(sheet, rows, width)]


def _signature(width: float, role: str, *, last: bool) -> Piece:
    def paint(sheet: Sheet, x: float, y: float) -> None:
        foot = y + SIGN_HEIGHT - 9
        for offset, length, name in ((0.0, 0.46, role), (0.5, 0.3, "signature"), (0.84, 0.16, "date, time")):
            sheet.line(x + offset * width, foot, x + (offset + length) * width, foot, RULE)
            sheet.text(x + offset * width, foot + NOTE.points + 1.5, name, NOTE)

    return Piece(SIGN_HEIGHT, paint, keep=not last)
