"""A report as pages: lays out first, so that every page knows how many there are, and then paints. Knows no file."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QPagedPaintDevice

from clinical.report.quarters import hours_of
from clinical.report.told import CaseReport, Heading
from widgets.report.closing_pages import closing_pieces
from widgets.report.frame import paint_frame, room_of, top_of
from widgets.report.hour_page import hour_pieces
from widgets.report.lanes import scales_of
from widgets.report.pieces import Page, Piece, paged
from widgets.report.sheet import MARGIN, Sheet
from widgets.report.summary_page import summary_pieces

TITLE = "Infusion report"


@dataclass(frozen=True, slots=True)
class TitledPage:
    """A page's pieces and what stands in its head."""

    title: str
    page: Page


def paint_report(report: CaseReport, device: QPagedPaintDevice) -> int:
    """Paints the whole report; how many pages it has. The device's margins must be 0."""
    sheet = Sheet(device)
    pages = pages_of(sheet, report)
    paint_pages(sheet, report.heading, pages)
    return len(pages)


def pages_of(sheet: Sheet, report: CaseReport) -> list[TitledPage]:
    """Summary, an hour each, and the end; what does not fit on its page has further ones."""
    scales, room = scales_of(report), room_of(sheet, report.heading)
    hours = hours_of(report)
    parts: list[tuple[str, list[Piece]]] = [(f"{TITLE}: summary", summary_pieces(sheet, report, room, scales))]
    parts += [(f"{TITLE}: hour {hour + 1} of {hours}", hour_pieces(sheet, report, hour, room, scales)) for hour in range(hours)]
    parts.append((f"{TITLE}: drug, recovery, signatures", closing_pieces(sheet, report)))
    return [page for title, pieces in parts for page in titled(title, pieces, room)]


def titled(title: str, pieces: list[Piece], room: float) -> list[TitledPage]:
    """The pages of one part."""
    return [TitledPage(title if number == 0 else f"{title}, continued", page) for number, page in enumerate(paged(pieces, room))]


def paint_pages(sheet: Sheet, heading: Heading, pages: list[TitledPage]) -> None:
    sheet.begin()
    for number, one in enumerate(pages, start=1):
        if number > 1:
            sheet.new_page()
        paint_frame(sheet, heading, one.title, number, len(pages))
        for top, piece in one.page:
            piece.paint(sheet, MARGIN, top_of(heading) + top)
    sheet.end()
