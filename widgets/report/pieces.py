"""What a page is made of: pieces of a known height, put under one another and shared out among pages. A table repeats its heading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from widgets.report.marks import draw_mark
from widgets.report.sheet import FAINT, HEAD, NOTE, ROW, RULE, STRONG, Align, Sheet, Style

ROW_PAD = 2.2
CELL_PAD = 3.0
GAP_HEAD = 7.0
MOST_LINES = 30
"""Of one row in one piece."""
MOST_FACT_LINES = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """Something ``height`` points high that is not parted.

    Attributes:
        paint: draws it with its top left corner at (x, y).
        heading: drawn again above it where it begins a page.
        keep: stays on the page of the piece after it.
    """

    height: float
    paint: Callable[[Sheet, float, float], None]
    heading: Piece | None = None
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """Of a table: its title, its width in points, and how cells stand in it."""

    title: str
    width: float
    align: Align = Align.LEFT
    style: Style = ROW
    mark: bool = False


Line = tuple[str, Style]
Page = list[tuple[float, Piece]]
"""Pieces with their tops, from the top of the room that pages have for them."""


def height_of(pieces: Sequence[Piece]) -> float:
    return sum(piece.height for piece in pieces)


def paged(pieces: Sequence[Piece], room: float) -> list[Page]:
    """Pieces on as few pages of that height as keep their order; at least one page. What is higher than a page gets one of its own."""
    pages: list[Page] = [[]]
    top = 0.0
    for number, piece in enumerate(pieces):
        needed = piece.height
        follower = number
        while pieces[follower].keep and follower + 1 < len(pieces):
            follower += 1
            needed += pieces[follower].height
        if pages[-1] and top + needed > room:
            pages.append([])
            top = 0.0
            if piece.heading is not None:
                pages[-1].append((top, piece.heading))
                top += piece.heading.height
        pages[-1].append((top, piece))
        top += piece.height
    return pages


def stack(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one that is not parted."""

    def paint(sheet: Sheet, x: float, y: float) -> None:
        for piece in pieces:
            piece.paint(sheet, x, y)
            y += piece.height

    return Piece(height_of(pieces), paint)


def beside(*columns: tuple[float, Sequence[Piece]]) -> Piece:
    """Stacks side by side, each at its distance from the left."""
    stacks = [(offset, stack(pieces)) for offset, pieces in columns]

    def paint(sheet: Sheet, x: float, y: float) -> None:
        for offset, piece in stacks:
            piece.paint(sheet, x + offset, y)

    return Piece(max(piece.height for _, piece in stacks), paint)


def space(height: float) -> Piece:
    return Piece(height, lambda _sheet, _x, _y: None)


def heading(sheet: Sheet, text: str, width: float, *, note: str = "") -> Piece:
    """A section's title with a rule under it, and a note at its right."""
    told = sheet.elided(note, NOTE, max(0.0, width - sheet.text_width(text, HEAD) - 10))

    def paint(on: Sheet, x: float, y: float) -> None:
        baseline = y + GAP_HEAD + HEAD.points
        on.text(x, baseline, text, HEAD)
        on.text(x + width, baseline, told, NOTE, Align.RIGHT)
        on.line(x, baseline + 3.4, x + width, baseline + 3.4)

    return Piece(GAP_HEAD + HEAD.points + 5.5, paint, keep=True)


def paragraph(sheet: Sheet, text: str, width: float, style: Style = ROW) -> list[Piece]:
    """A line each."""
    return [_line(line, style) for line in sheet.wrapped(text, style, width)]


def _line(text: str, style: Style) -> Piece:
    return Piece(style.leading, lambda sheet, x, y: sheet.text(x, y + style.points, text, style))


def facts(sheet: Sheet, rows: Sequence[tuple[str, str]], width: float, label: float = 74.0) -> list[Piece]:
    """Names at the left, what they are at the right; rows without anything to say are left out."""
    return [_fact(sheet, name, text, width, label) for name, text in rows if text]


def _fact(sheet: Sheet, name: str, text: str, width: float, label: float) -> Piece:
    lines = sheet.wrapped(text, STRONG, width - label)
    if len(lines) > MOST_FACT_LINES:
        lines = [*lines[: MOST_FACT_LINES - 1], "… (the record has the rest)"]

    def paint(on: Sheet, x: float, y: float) -> None:
        on.text(x, y + ROW.points, name, ROW.soft())
        for number, line in enumerate(lines):
            on.text(x + label, y + ROW.points + number * ROW.leading, line, STRONG)

    return Piece(len(lines) * ROW.leading + 1.6, paint)


def table(sheet: Sheet, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, empty: str = "") -> list[Piece]:
    """A heading and a piece for each row. What stands behind a line break in a cell is a note to it; cells are wrapped, never cut.

    Args:
        empty: said where there is no row.
    """
    width = sum(column.width for column in columns)
    if not rows:
        return paragraph(sheet, empty, width, NOTE) if empty else []
    top = _table_heading(columns, width)
    body = [piece for row in rows for piece in _row(sheet, columns, row, width, top)]
    return [Piece(top.height, top.paint, keep=True), *body]


def _table_heading(columns: Sequence[Column], width: float) -> Piece:
    titles = [column.title.split("\n") for column in columns]
    count = max(len(lines) for lines in titles)

    def paint(on: Sheet, x: float, y: float) -> None:
        place = x
        for column, lines in zip(columns, titles, strict=True):
            for number, line in enumerate(lines):
                on.text(_place(column, place), y + NOTE.points + number * NOTE.leading + 1, line, NOTE, column.align)
            place += column.width
        on.line(x, y + count * NOTE.leading + 2.5, x + width, y + count * NOTE.leading + 2.5)

    return Piece(count * NOTE.leading + 3.5, paint)


def _place(column: Column, x: float) -> float:
    """Where the text of a column stands that begins at ``x``."""
    if column.align is Align.LEFT:
        return x
    return x + (column.width - CELL_PAD if column.align is Align.RIGHT else column.width / 2)


def _row(sheet: Sheet, columns: Sequence[Column], row: Sequence[str], width: float, top: Piece) -> list[Piece]:
    """One piece; a text that would fill a page goes on in further ones, so that nothing of it is cut."""
    cells = [_cell(sheet, column, text) for column, text in zip(columns, row, strict=True)]
    count = max(len(cell) for cell in cells)
    parts = [[cell[first : first + MOST_LINES] for cell in cells] for first in range(0, count, MOST_LINES)]
    return [_row_part(columns, part, width, top) for part in parts]


def _row_part(columns: Sequence[Column], cells: Sequence[Sequence[Line]], width: float, top: Piece) -> Piece:
    height = max(sum(style.leading for _, style in cell) for cell in cells) + ROW_PAD

    def paint(on: Sheet, x: float, y: float) -> None:
        place = x
        for column, cell in zip(columns, cells, strict=True):
            _paint_cell(on, column, cell, place, y + ROW_PAD / 2)
            place += column.width
        on.line(x, y + height, x + width, y + height, FAINT)

    return Piece(height, paint, heading=top)


def _cell(sheet: Sheet, column: Column, text: str) -> list[Line]:
    first, *notes = text.split("\n")
    told = [(line, column.style) for line in ([first] if column.mark else sheet.wrapped(first, column.style, column.width - CELL_PAD))]
    return told + [(line, NOTE) for note in notes for line in sheet.wrapped(note, NOTE, column.width - CELL_PAD)]


def _paint_cell(sheet: Sheet, column: Column, cell: Sequence[Line], x: float, y: float) -> None:
    if column.mark and cell:
        draw_mark(sheet, cell[0][0], x + 3.4, y + ROW.leading / 2)
        return
    for line, style in cell:
        sheet.text(_place(column, x), y + style.points, line, style, column.align)
        y += style.leading


def rule() -> Piece:
    return Piece(1.0, lambda sheet, x, y: sheet.line(x, y, x + sheet.inner_width, y, RULE))
