"""A report as the bytes of a PDF: the same values give the same bytes, in any process and on any day.

Qt writes the moment of printing into a PDF. What stands there instead is the case's own last moment, at the same length, so every
place that the file's table of contents names stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import NAMESPACE_URL, uuid5

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QUuid
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter

from clinical.instant import Instant
from clinical.report.told import CaseReport, Heading
from widgets.report.document import TITLE, paint_report
from widgets.report.frame import banner_of

RESOLUTION = 720
"""Dots an inch: ten a point, so that type is measured finely."""
PAPERS = {"a4": QPageSize.PageSizeId.A4, "letter": QPageSize.PageSizeId.Letter}
_DATE = re.compile(rb"(?<=D:)\d{14}")
_XMP_DATE = re.compile(rb"(?<=Date=\")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_ZONE = re.compile(rb"(?<=\d{14})[-+]\d\d'\d\d'(?=\))|(?<=:\d\d)[-+]\d\d:\d\d(?=\")")


def report_pdf(report: CaseReport, paper: str) -> bytes:
    """The report on ``a4`` or ``letter``. Needs a QGuiApplication with the program's fonts loaded."""
    last = report.heading.started.plus(report.length_s)
    return pdf_of(report.heading, TITLE, last, paper, lambda writer: paint_report(report, writer))


def pdf_of(heading: Heading, title: str, moment: Instant, paper: str, paint: Callable[[QPdfWriter], object]) -> bytes:
    """What ``paint`` paints, as a PDF that is dated ``moment`` and named after the case."""
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION)
    writer.setPageLayout(QPageLayout(QPageSize(PAPERS[paper]), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    writer.setTitle(" ".join(part for part in (title, banner_of(heading)) if part))
    writer.setCreator(f"Bedside {heading.program_version}")
    writer.setDocumentId(QUuid(str(uuid5(NAMESPACE_URL, f"{title} {heading.case}"))))
    paint(writer)
    buffer.close()
    return dated(bytes(kept.data()), moment)


def dated(pdf: bytes, moment: Instant) -> bytes:
    """The same file with another date of making, in UTC; its length and every place in it stay."""
    pages = pdf.find(b"endstream")  # Qt tells of the file first; what comes after is none of our business
    iso = moment.iso()[:19].encode()
    plain = re.sub(rb"[-T:]", b"", iso)
    return _ZONE.sub(_utc, _XMP_DATE.sub(iso, _DATE.sub(plain, pdf[:pages]))) + pdf[pages:]


def _utc(zone: re.Match[bytes]) -> bytes:
    return re.sub(rb"\d", b"0", zone.group()).replace(b"-", b"+")
