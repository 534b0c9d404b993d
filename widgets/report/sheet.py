"""The paper under the pen: type, lines and fills in points (1/72 inch) from the top left corner. Black on white, and grey where it helps.

Type is measured as it will be printed, without a screen's hinting, so the same words take the same room on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPagedPaintDevice, QPainter, QPainterPath, QPen, QPolygonF

from widgets.theme import FONT_FAMILY, PAPER, PRINT

POINTS_PER_INCH = 72.0
MARGIN = 34.0
REGULAR, MEDIUM, SEMIBOLD, BOLD = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold, QFont.Weight.Bold


class Align(Enum):
    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Style:
    """Type: a named size of ``theme.PRINT``, a weight and a role of the theme's inks."""

    size: str = "row"
    weight: QFont.Weight = REGULAR
    ink: str = "ink"

    @property
    def points(self) -> float:
        return PRINT[self.size]

    @property
    def leading(self) -> float:
        """From one baseline to the next, pt."""
        return self.points * 1.28

    def soft(self) -> Style:
        return replace(self, ink="ink_soft")


ROW, NOTE, MARK = Style(), Style("note", ink="ink_soft"), Style("mark", ink="ink_soft")
STRONG, HEAD, NAME = Style(weight=SEMIBOLD), Style("head", SEMIBOLD), Style("name", BOLD)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line: width in points, role of the theme's inks, and its dashes in points (none: solid)."""

    width: float = 0.5
    ink: str = "ink"
    dashes: tuple[float, ...] = ()


RULE, FAINT = Stroke(0.5, "ink_faint"), Stroke(0.35, "line")


class Sheet:
    """One device. ``width`` and ``height`` are the paper's, in points; drawing needs ``begin`` first, measuring does not."""

    def __init__(self, device: QPagedPaintDevice) -> None:
        self._device = device
        self._unit = device.logicalDpiX() / POINTS_PER_INCH
        self.width = device.width() / self._unit
        self.height = device.height() / self._unit
        self._fonts: dict[Style, QFont] = {}
        self._metrics: dict[Style, QFontMetricsF] = {}
        self._widths: dict[tuple[Style, str], float] = {}
        self._inks: dict[str, QColor] = {}
        self._pens: dict[Stroke, QPen] = {}
        self._painter = QPainter()

    @property
    def inner_width(self) -> float:
        """Between the margins."""
        return self.width - 2 * MARGIN

    def begin(self) -> None:
        self._painter.begin(self._device)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def end(self) -> None:
        self._painter.end()

    def new_page(self) -> None:
        self._device.newPage()

    # type

    def _font(self, style: Style) -> QFont:
        if style not in self._fonts:
            font = QFont(FONT_FAMILY)
            font.setPixelSize(round(style.points * self._unit))
            font.setWeight(style.weight)
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            # Contextual forms have no character of their own in a PDF: who searches it for "10:15" would not find it.
            font.setFeature(QFont.Tag("calt"), 0)
            self._fonts[style] = font
        return self._fonts[style]

    def text_width(self, text: str, style: Style) -> float:
        """In points."""
        key = (style, text)
        if key not in self._widths:
            if style not in self._metrics:
                self._metrics[style] = QFontMetricsF(self._font(style), self._device)
            self._widths[key] = self._metrics[style].horizontalAdvance(text) / self._unit
        return self._widths[key]

    def wrapped(self, text: str, style: Style, width: float) -> list[str]:
        """A text in lines no wider than that, at least one; a word that is wider itself is broken."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if self.text_width(longer, style) <= width:
                lines[-1] = longer
                continue
            *whole, rest = self._broken(word, style, width)
            lines += [*whole, rest]
        return lines[1:] if len(lines) > 1 and not lines[0] else lines

    def _broken(self, word: str, style: Style, width: float) -> list[str]:
        parts = [""]
        if self.text_width(word, style) <= width:
            return [word]
        for letter in word:
            if parts[-1] and self.text_width(parts[-1] + letter, style) > width:
                parts.append("")
            parts[-1] += letter
        return parts

    def elided(self, text: str, style: Style, width: float) -> str:
        """The text, or its beginning with an ellipsis where it is too wide."""
        if self.text_width(text, style) <= width:
            return text
        while text and self.text_width(text.rstrip() + "…", style) > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def text(self, x: float, baseline: float, text: str, style: Style = ROW, align: Align = Align.LEFT) -> None:
        """One line of type; ``x`` is its left end, middle or right end."""
        if not text:
            return
        if align is not Align.LEFT:
            x -= align.value * self.text_width(text, style)
        self._painter.setFont(self._font(style))
        self._painter.setPen(self._ink(style.ink))
        self._painter.drawText(QPointF(x * self._unit, baseline * self._unit), text)

    # lines and fills

    def _ink(self, role: str) -> QColor:
        if role not in self._inks:
            self._inks[role] = QColor(getattr(PAPER, role))
        return self._inks[role]

    def _pen(self, stroke: Stroke) -> QPen:
        if stroke not in self._pens:
            pen = QPen(self._ink(stroke.ink), stroke.width * self._unit)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
            if stroke.dashes:
                pen.setDashPattern([dash / stroke.width for dash in stroke.dashes])  # Qt counts dashes in widths
            self._pens[stroke] = pen
        return self._pens[stroke]

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: Stroke = RULE) -> None:
        self._painter.setPen(self._pen(stroke))
        unit = self._unit
        self._painter.drawLine(QPointF(x1 * unit, y1 * unit), QPointF(x2 * unit, y2 * unit))

    def polyline(self, points: Sequence[tuple[float, float]], stroke: Stroke) -> None:
        self._painter.setPen(self._pen(stroke))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPolyline(self._polygon(points))

    def box(self, box: QRectF, fill: str = "", stroke: Stroke | None = None) -> None:
        """A rectangle: filled with a role of the theme, outlined, or both."""
        self._painter.setPen(Qt.PenStyle.NoPen if stroke is None else self._pen(stroke))
        self._painter.setBrush(self._ink(fill) if fill else Qt.BrushStyle.NoBrush)
        self._painter.drawRect(QRectF(box.x() * self._unit, box.y() * self._unit, box.width() * self._unit, box.height() * self._unit))

    def shape(self, points: Sequence[tuple[float, float]], fill: str = "ink", stroke: Stroke | None = None) -> None:
        """A polygon; with a stroke and no fill it is hollow."""
        self._painter.setPen(Qt.PenStyle.NoPen if stroke is None else self._pen(stroke))
        self._painter.setBrush(self._ink(fill) if fill else Qt.BrushStyle.NoBrush)
        self._painter.drawPolygon(self._polygon(points))

    def disc(self, x: float, y: float, radius: float, fill: str = "ink", stroke: Stroke | None = None) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen if stroke is None else self._pen(stroke))
        self._painter.setBrush(self._ink(fill) if fill else Qt.BrushStyle.NoBrush)
        self._painter.drawEllipse(QPointF(x * self._unit, y * self._unit), radius * self._unit, radius * self._unit)

    def hatch(self, box: QRectF, stroke: Stroke, step: float = 4.0) -> None:
        """Slanting lines within a box."""
        path = QPainterPath()
        unit, height = self._unit, box.height()
        x = box.x() - height
        while x < box.right():
            # each line is cut at the box by hand: clips are dear in a file
            start, end = max(x, box.x()), min(x + height, box.right())
            path.moveTo(start * unit, (box.bottom() - (start - x)) * unit)
            path.lineTo(end * unit, (box.bottom() - (end - x)) * unit)
            x += step
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(self._pen(stroke))
        self._painter.drawPath(path)

    def _polygon(self, points: Sequence[tuple[float, float]]) -> QPolygonF:
        unit = self._unit
        return QPolygonF([QPointF(x * unit, y * unit) for x, y in points])
