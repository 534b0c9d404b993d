"""The picture behind the lanes: one image in device pixels, with a clean and a hatched copy of its ground to erase from.

Erasing and hatching are copies of columns between arrays that share the images' memory. Knows no samples and no time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPen

Pixels = NDArray[np.uint32]


class SweepBuffer:
    """Attributes:
    image: what is shown.
    ground: the same without traces: titles, scales, lines. Painted by the lanes once for each layout.
    hatched: the ground under hatching: what a stretch without data looks like.
    """

    def __init__(self, width: int, height: int, ground: QColor) -> None:
        self.image, self._shown = _canvas(width, height, ground)
        self.ground, self._clean = _canvas(width, height, ground)
        self.hatched, self._striped = _canvas(width, height, ground)

    @property
    def pixels(self) -> Pixels:
        """What is shown, shape (height, width), 0xffRRGGBB; shares the image's memory."""
        return self._shown

    def hatch(self, area: QRect, fill: QColor, line: QColor, pitch: int) -> None:
        """Make the hatched copy of an area: diagonal lines on a fill."""
        painter = QPainter(self.hatched)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(area)
        painter.fillRect(area, fill)
        painter.setPen(QPen(line, max(1.0, pitch / 8)))
        for x in range(area.left() - area.height(), area.right() + pitch, pitch):
            painter.drawLine(QPointF(x, area.bottom() + 1), QPointF(x + area.height(), area.top()))
        painter.end()

    def restore(self, area: QRect) -> None:
        """The whole area as the clean ground has it."""
        rows, columns = _slices(area)
        self._shown[rows, columns] = self._clean[rows, columns]

    def erase(self, top: int, bottom: int, left: int, right: int) -> None:
        """Columns left ≤ x < right of the rows top ≤ y < bottom become clean ground."""
        self._shown[top:bottom, left:right] = self._clean[top:bottom, left:right]

    def strike(self, top: int, bottom: int, left: int, right: int) -> None:
        """The same columns become hatched."""
        self._shown[top:bottom, left:right] = self._striped[top:bottom, left:right]

    def shift(self, area: QRect, columns: int) -> None:
        """Move an area's content left by so many columns; what comes in at the right is clean ground."""
        rows, across = _slices(area)
        view = self._shown[rows, across]
        if columns < view.shape[1]:
            view[:, :-columns] = view[:, columns:].copy()
        left = max(across.start, across.stop - columns)
        self.erase(rows.start, rows.stop, left, across.stop)


def _canvas(width: int, height: int, ground: QColor) -> tuple[QImage, Pixels]:
    """An image and its pixels as an array on the same memory; the image is never shared, so it never moves."""
    image = QImage(max(1, width), max(1, height), QImage.Format.Format_RGB32)
    image.fill(ground)
    return image, np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.width())


def _slices(area: QRect) -> tuple[slice, slice]:
    return slice(area.top(), area.top() + area.height()), slice(area.left(), area.left() + area.width())
