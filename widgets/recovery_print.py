"""The recovery checklist on paper: a page of A4 with every line, both scores, who signed it and the site's own advice."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPageLayout, QPainter, QPen

from clinical.assessments.told import answers_of
from clinical.commands import CaseSetup
from clinical.forms import RecordRecovery
from widgets.durations import day_and_clock
from widgets.history.printed import pdf_page
from widgets.text_label import BOLD, MEDIUM
from widgets.theme import PAPER, Look

WIDTH = 1000
"""Pixels of the picture across the page."""
DISCLAIMER = "A checklist. It discharges nobody: that is for the physician."


class _Paper:
    """Writes lines of text downwards."""

    def __init__(self, painter: QPainter, area: QRectF) -> None:
        self._painter, self._area = painter, area
        self._look = Look(PAPER, area.width() / WIDTH)
        self._top = area.top()

    def line(self, left: str, right: str = "", *, size: float = 20, bold: bool = False, soft: bool = False) -> None:
        """Wraps the left words; the right ones stand at the edge."""
        font = self._look.font_px(size, BOLD if bold else MEDIUM)
        self._painter.setFont(font)
        self._painter.setPen(QColor(self._look.theme.ink_soft if soft else self._look.theme.ink))
        edge = self._painter.fontMetrics().horizontalAdvance(right) + self._look.px(20) if right else 0
        room = QRectF(self._area.left(), self._top, self._area.width() - edge, self._area.height())
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        used = self._painter.boundingRect(room, flags, left)
        self._painter.drawText(room, flags, left)
        if right:
            beside = QRectF(self._area.left(), self._top, self._area.width(), used.height())
            self._painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, right)
        self._top += used.height() + self._look.px(6)

    def rule(self) -> None:
        self._top += self._look.px(6)
        self._painter.setPen(QPen(QColor(self._look.theme.line), self._look.px(1)))
        self._painter.drawLine(round(self._area.left()), round(self._top), round(self._area.right()), round(self._top))
        self._top += self._look.px(10)


def print_recovery(path: Path, setup: CaseSetup, form: RecordRecovery, advice: str) -> Path:
    """Writes the page; raises OSError."""

    def paint(painter: QPainter, area: QRectF) -> None:
        _paint(_Paper(painter, area), setup, form, advice)

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pdf_page(paint, "Bedside recovery", QPageLayout.Orientation.Portrait))
    return path


def _paint(paper: _Paper, setup: CaseSetup, form: RecordRecovery, advice: str) -> None:
    paper.line("Recovery and discharge", "SIMULATED" if setup.simulated else "", size=34, bold=True)
    paper.line(", ".join(part for part in (setup.patient.label, f"bed {setup.bed}", f"day {setup.day}", setup.patient.diagnosis) if part))
    paper.line(day_and_clock(form.event_at, setup.utc_offset_min), f"signed {form.by}" if form.by else "not signed", soft=True)
    paper.rule()
    for text, met, why in form.lines:
        paper.line(text, met, bold=True)
        paper.line(why, size=17, soft=True)
    paper.rule()
    for told in answers_of(form):
        if not told.item.startswith("line: "):
            paper.line(told.title, told.words, size=17, bold=told.reckoned)
    if advice:
        paper.rule()
        paper.line(advice)
    paper.rule()
    paper.line(DISCLAIMER, size=16, soft=True)
