"""A sheet: what a widget shows, as data (fills, texts, marks in order), and the widget that paints one and only when it changed.

Composing is apart from painting, so that a layout can be checked without reading pixels: every Text knows the room it was given.
Knows nothing of what the items mean. All lengths are logical pixels.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from clinical.instant import Instant
from widgets.symbols import draw_symbol
from widgets.theme import Look

LONGEST_WAIT_NS = 50_000_000
"""Faces are looked at again this often at most, unless something was set: blinking at 2 Hz stays even."""

NORMAL = QFont.Weight.Normal
MEDIUM = QFont.Weight.Medium
SEMI = QFont.Weight.DemiBold
BOLD = QFont.Weight.Bold
EXTRA = QFont.Weight.ExtraBold


class Anchor(Enum):
    """Which point of a text its ``x`` is."""

    LEFT = 0.0
    MIDDLE = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled box; edge and stripes are colours too."""

    box: QRectF
    colour: QColor | None
    radius: float = 0.0
    edge: QColor | None = None
    edge_width: float = 1.0
    stripes: QColor | None = None

    def paint(self, painter: QPainter) -> None:
        inset = self.edge_width / 2 if self.edge else 0.0
        path = QPainterPath()
        path.addRoundedRect(self.box.adjusted(inset, inset, -inset, -inset), self.radius, self.radius)
        if self.colour is not None:
            painter.fillPath(path, self.colour)
        if self.stripes is not None:
            self._paint_stripes(painter, path, self.stripes)
        if self.edge is not None:
            painter.strokePath(path, QPen(self.edge, self.edge_width))

    def _paint_stripes(self, painter: QPainter, inside: QPainterPath, colour: QColor) -> None:
        painter.save()
        painter.setClipPath(inside)
        width = self.box.height() / 7
        painter.setPen(QPen(colour, width))
        left, top, bottom = self.box.left(), self.box.top(), self.box.bottom()
        for step in range(int((self.box.width() + self.box.height()) / (2.4 * width)) + 2):
            x = left + 2.4 * width * step
            painter.drawLine(QPointF(x - self.box.height() - width, bottom + width), QPointF(x + width, top - width))
        painter.restore()


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text on a baseline; ``room`` is the width it was promised."""

    x: float
    baseline: float
    text: str
    font: QFont
    colour: QColor
    room: float
    anchor: Anchor = Anchor.LEFT

    def box(self) -> QRectF:
        """Where its ink lies."""
        ink = QFontMetricsF(self.font).tightBoundingRect(self.text)
        return ink.translated(self._left(), self.baseline)

    def _left(self) -> float:
        return self.x - self.anchor.value * QFontMetricsF(self.font).horizontalAdvance(self.text)

    def paint(self, painter: QPainter) -> None:
        painter.setFont(self.font)
        painter.setPen(self.colour)
        painter.drawText(QPointF(self._left(), self.baseline), self.text)


@dataclass(frozen=True, slots=True)
class Mark:
    """A symbol in a box."""

    path: QPainterPath
    box: QRectF
    colour: QColor

    def paint(self, painter: QPainter) -> None:
        draw_symbol(painter, self.path, self.box, self.colour)


Item = Fill | Text | Mark


def width_of(text: str, font: QFont) -> float:
    """How far a text advances."""
    return QFontMetricsF(font).horizontalAdvance(text)


def cap_height(font: QFont) -> float:
    """Height of the capitals and figures."""
    return QFontMetricsF(font).capHeight()


def fitted(text: str, font: QFont, room: float) -> QFont:
    """The font, made smaller where the text would not fit its room."""
    wide = width_of(text, font)
    if wide <= room:
        return font
    smaller = QFont(font)
    smaller.setPixelSize(max(6, int(font.pixelSize() * room / wide)))
    return smaller


def elided(text: str, font: QFont, room: float) -> str:
    """The text, cut with an ellipsis where it would not fit its room."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room))


def wrapped(text: str, font: QFont, room: float) -> list[str]:
    """The text in lines that fit the room, broken at spaces."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", font) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


class SheetWidget(QWidget):
    """A widget that shows a sheet. A kind of widget says what its face depends on (``face``) and how it looks (``compose``).

    Time comes by ``advance`` alone, called often by one shared timer; nothing is composed or painted unless the face changed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.look = Look()
        self.now = Instant(0, 0)
        self.repaints = 0
        self._face: Hashable = None
        self._items: tuple[Item, ...] | None = None
        self._waiting = True

    def face(self) -> Hashable:
        """All that the picture depends on besides size and look, at ``self.now``; cheap to make and to compare."""
        raise NotImplementedError

    def compose(self) -> list[Item]:
        """The items of the picture, in painting order, for the present face, size and look."""
        raise NotImplementedError

    def background(self) -> QColor:
        """What lies under the items."""
        return QColor(self.look.theme.background)

    def set_look(self, look: Look) -> None:
        self.look = look
        self._items = None
        self.update()

    def touch(self) -> None:
        """Something was set: look at the face again at the next ``advance`` without waiting."""
        self._waiting = True

    def advance(self, now: Instant) -> None:
        """Case time is now ``now``: repaint if that changes the picture."""
        if not self._waiting and 0 <= now.monotonic_ns - self.now.monotonic_ns < LONGEST_WAIT_NS:
            return
        self.now = now
        self._waiting = False
        face = self.face()
        if face != self._face:
            self._face = face
            self._items = None
            self.update()

    def items(self) -> tuple[Item, ...]:
        """The sheet as it is now shown."""
        if self._items is None:
            self._items = tuple(self.compose())
        return self._items

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - the name is Qt's
        super().resizeEvent(event)
        self._items = None

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - the name is Qt's
        self.repaints += 1
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.background())
        for item in self.items():
            item.paint(painter)
        painter.end()
