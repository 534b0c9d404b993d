"""What stands on every page: whose it is, which page of how many, the case, the program, and that nobody was measured where nobody was."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from clinical.report.told import Heading
from widgets.durations import age, clock
from widgets.report.sheet import BOLD, HEAD, MARGIN, NOTE, ROW, RULE, SEMIBOLD, Align, Sheet, Stroke, Style

HEAD_HEIGHT, BANNER_HEIGHT, FOOT_HEIGHT = 34.0, 17.0, 24.0
NO_DEVICE = "Bedside is no certified medical device. This page tells what devices reported and people entered; it is no diagnosis."
_HATCH = Stroke(0.9)
_BANNER = Style("row", BOLD)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def banner_of(heading: Heading) -> str:
    """Empty where a patient lies here and nothing is simulated."""
    if heading.simulated:
        return "SIMULATED: no patient was measured"
    return f"RECORDING PLAYED: {heading.recording}" if heading.recording else ""


def top_of(heading: Heading) -> float:
    """Where a page's own contents begin, from the top edge of the paper."""
    return MARGIN + HEAD_HEIGHT + (BANNER_HEIGHT if banner_of(heading) else 0.0)


def room_of(sheet: Sheet, heading: Heading) -> float:
    """Height that a page has for its own contents."""
    return sheet.height - MARGIN - FOOT_HEIGHT - top_of(heading)


def date_of(heading: Heading, second: float = 0.0) -> str:
    """``1 Mar 2026``, so many seconds after the case began. English whatever the locale."""
    day, month, year = _day(heading, second)
    return f"{day} {_MONTHS[month - 1]} {year}"


def _day(heading: Heading, second: float) -> tuple[int, int, int]:
    moment = heading.started.plus(second + 60 * heading.utc_offset_min)
    year, month, day = (int(part) for part in moment.iso()[:10].split("-"))
    return day, month, year


def time_of(heading: Heading, second: float, *, seconds: bool = False) -> str:
    """By the bed's clock: ``09:15``."""
    return clock(heading.started.plus(second), heading.utc_offset_min, seconds=seconds)


def moment_of(heading: Heading, second: float, length_s: float) -> str:
    """The time, with the date where the case lasts into another day."""
    if not into_another_day(heading, length_s):
        return time_of(heading, second)
    day, month, _ = _day(heading, second)
    return f"{day} {_MONTHS[month - 1]} {time_of(heading, second)}"


def into_another_day(heading: Heading, length_s: float) -> bool:
    """Whether a case needs dates beside its times."""
    return _day(heading, 0.0) != _day(heading, length_s)


def moment_width(heading: Heading, length_s: float) -> float:
    """Room for a moment in a column, pt."""
    return 47.0 if into_another_day(heading, length_s) else 40.0


def lasted(seconds: float) -> str:
    """``4 h 5 min``; under an hour as people say it."""
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours} h {rest // 60} min" if hours else age(seconds)


def paint_frame(sheet: Sheet, heading: Heading, title: str, page: int, pages: int) -> None:
    """Head and foot of a page, counted from 1."""
    left, right, y = MARGIN, sheet.width - MARGIN, MARGIN + HEAD.points
    number = f"page {page} of {pages}"
    sheet.text(right, y, number, Style("row", SEMIBOLD), Align.RIGHT)
    who = "de-identified" if heading.deidentified else heading.patient
    room = right - left - sheet.text_width(number, Style("row", SEMIBOLD)) - 16
    name = sheet.elided(who, HEAD, room - sheet.text_width(title, HEAD) - HEAD.points)
    sheet.text(left, y, name, HEAD)
    sheet.text(left + sheet.text_width(name, HEAD) + (HEAD.points if name else 0.0), y, title, HEAD)
    bed = f"bed {heading.bed}" if heading.bed else ""
    day = f"day {heading.day} of the course" if heading.day > 1 else ""
    moved = ", moved" if heading.deidentified else ""
    words = " · ".join(part for part in (bed, day, f"{date_of(heading)}{moved}", f"case {heading.case}") if part)
    sheet.text(left, y + ROW.leading + 2, sheet.elided(words, NOTE, right - left), NOTE)
    sheet.line(left, MARGIN + HEAD_HEIGHT - 7, right, MARGIN + HEAD_HEIGHT - 7, RULE)
    _paint_banner(sheet, banner_of(heading))
    _paint_foot(sheet, heading)


def _paint_banner(sheet: Sheet, words: str) -> None:
    """Black hatching round black words: as plain on a grey copy as on the first print."""
    if not words:
        return
    box = QRectF(MARGIN, MARGIN + HEAD_HEIGHT - 4, sheet.inner_width, BANNER_HEIGHT - 5)
    told = sheet.elided(words, _BANNER, box.width() - 60)
    half = sheet.text_width(told, _BANNER) / 2 + 7
    middle = box.center().x()
    sheet.hatch(QRectF(box.x(), box.y(), middle - half - box.x(), box.height()), _HATCH)
    sheet.hatch(QRectF(middle + half, box.y(), box.right() - middle - half, box.height()), _HATCH)
    sheet.box(box, stroke=Stroke(0.8))
    sheet.text(middle, box.y() + ROW.points + 1.8, told, _BANNER, Align.CENTRE)


def _paint_foot(sheet: Sheet, heading: Heading) -> None:
    foot = sheet.height - MARGIN
    sheet.line(MARGIN, foot - FOOT_HEIGHT + 10, sheet.width - MARGIN, foot - FOOT_HEIGHT + 10, RULE)
    program = f"Bedside {heading.program_version}"
    lines = sheet.wrapped(NO_DEVICE, NOTE, sheet.inner_width - sheet.text_width(program, NOTE) - 24)
    for number, line in enumerate(lines):
        sheet.text(MARGIN, foot - FOOT_HEIGHT + 18 + number * NOTE.leading, line, NOTE)
    sheet.text(sheet.width - MARGIN, foot - FOOT_HEIGHT + 18, program, NOTE, Align.RIGHT)
