"""What is seen, on paper: one page of PDF, the same bytes for the same sight. Black on white whatever the screen's theme."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from widgets.history.history_paint import HistoryPainter, Sight
from widgets.theme import PAPER, Look

RESOLUTION = 150
"""Dots an inch."""
_MOMENTS = re.compile(rb"D:\d{14}[-+Z\d']*|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+Z\d:]*|(?<=uuid:)[0-9a-fA-F-]{36}|/ID \[[^\]]*\]")
"""Where a PDF says when it was made and which one it is; every length stays, so every place in the file does."""


def pdf_of(sight: Sight, more: Sight | None = None) -> bytes:
    """A page of A4 across; with ``more`` two sights under one another."""
    sights = [sight] if more is None else [sight, more]

    def paint(painter: QPainter, area: QRectF) -> None:
        look, height = Look(PAPER, area.width() / 1920), area.height() / len(sights)
        for place, one in enumerate(sights):
            HistoryPainter(painter, look, QRectF(0, place * height, area.width(), height), one).paint()

    return pdf_page(paint, "Bedside history", QPageLayout.Orientation.Landscape)


def pdf_page(paint: Callable[[QPainter, QRectF], None], title: str, orientation: QPageLayout.Orientation) -> bytes:
    """A page of A4 that ``paint`` fills, given its whole area; the same bytes for the same picture."""
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION)
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), orientation, QMarginsF(10, 10, 10, 10)))
    writer.setTitle(title)
    painter = QPainter(writer)
    paint(painter, QRectF(0, 0, writer.width(), writer.height()))
    painter.end()
    buffer.close()
    return _MOMENTS.sub(lambda found: re.sub(rb"[0-9a-fA-F]", b"0", found.group()), bytes(kept.data()))


def print_to(path: Path, sight: Sight, more: Sight | None = None) -> Path:
    """Writes the page; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pdf_of(sight, more))
    return path
