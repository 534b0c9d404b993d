"""A PDF as others read it: pages and their text by PDFium, places by the file's own table, streams unpacked."""

from __future__ import annotations

import re
import zlib

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def opened(pdf: bytes) -> tuple[QPdfDocument, QBuffer]:
    """The buffer must live as long as the document."""
    buffer = QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    assert document.error() is QPdfDocument.Error.None_
    return document, buffer


def texts(pdf: bytes) -> list[str]:
    """What stands on each page."""
    document, _buffer = opened(pdf)
    return [document.getAllText(page).text() for page in range(document.pageCount())]


def sizes(pdf: bytes) -> set[tuple[int, int]]:
    """Of the pages, in whole points."""
    document, _buffer = opened(pdf)
    return {(round(size.width()), round(size.height())) for size in (document.pagePointSize(page) for page in range(document.pageCount()))}


def pictures(pdf: bytes, scale: float = 1.0) -> list[QImage]:
    """Each page on white."""
    document, _buffer = opened(pdf)
    made = []
    for page in range(document.pageCount()):
        size = document.pagePointSize(page)
        drawn = document.render(page, QSize(round(size.width() * scale), round(size.height() * scale)))
        paper = QImage(drawn.size(), QImage.Format.Format_RGB32)
        paper.fill(0xFFFFFFFF)
        painter = QPainter(paper)
        painter.drawImage(0, 0, drawn)
        painter.end()
        made.append(paper)
    return made


def objects_in_their_places(pdf: bytes) -> int:
    """Follows ``startxref`` to the table and each entry of it to its object; how many there are."""
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    table = re.match(rb"xref\s+0 (\d+)\s+", pdf[start:])
    assert table is not None
    count = int(table.group(1))
    rows = pdf[start + table.end() : start + table.end() + 20 * count]
    places = {
        number: int(rows[20 * number : 20 * number + 10]) for number in range(1, count) if rows[20 * number + 17 : 20 * number + 18] == b"n"
    }
    for number, place in places.items():
        assert pdf[place:].startswith(b"%d 0 obj" % number), number
    return len(places)


def everything(pdf: bytes) -> bytes:
    """All that can be read in any way: the bytes, the streams unpacked, the text of each page, and the words of its description."""
    unpacked = []
    for stream in STREAM.findall(pdf):
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            unpacked.append(stream)
    described = pdf.replace(b"\x00", b"")  # titles are UTF-16
    return b"\n".join([pdf, described, *unpacked, *(text.encode() for text in texts(pdf))])
