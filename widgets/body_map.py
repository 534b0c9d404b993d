"""The body map: the figure from the front and from the back, on which pain is drawn as regions. Judges nothing of what is drawn.

Regions are kept in the figure's own coordinates (``clinical.assessments.body_map``), so a drawing is the same on every screen.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.assessments.body_map import PARTS, Point, Polygon, View
from clinical.assessments.pain_drawing import DrawingError, PainDrawing, Region
from widgets.theme import Look

LEAST_STEP = 0.004
"""A finger that moved less than this part of the body's height has not moved: keeps outlines small."""
LEAST_HEIGHT = 420.0
LEAST_AREA = 1e-4
"""Of the square of the body's height: an outline that encloses less is a slip of the finger."""
_CAPTION = 26.0
_FIGURE_WIDTH = 0.5
"""Of the figure's height: from hand to hand, with room beside it."""


class BodyMap(QWidget):
    """Two figures side by side; a finger draws round what hurts, and lifting it closes the region.

    Backspace takes the last region back. ``set_earlier`` shows another day's regions behind, to compare with.

    Signals:
        changed: the PainDrawing as it stands.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, least: float = LEAST_HEIGHT) -> None:
        """``least``: its smallest height, in the picture's pixels."""
        super().__init__(parent)
        self._least = least
        self._look = Look()
        self._drawing = PainDrawing()
        self._earlier = PainDrawing()
        self._stroke: list[Point] = []
        self._stroke_view = View.FRONT
        self.setAccessibleName("Body map")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def drawing(self) -> PainDrawing:
        return self._drawing

    def set_drawing(self, drawing: PainDrawing) -> None:
        self._drawing = drawing
        self.update()

    def set_earlier(self, drawing: PainDrawing) -> None:
        """Another day's, drawn as outlines; an empty one for none."""
        self._earlier = drawing
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def take_back(self) -> None:
        """Takes the last region back; nothing where there is none."""
        if self._drawing.regions:
            self._change(PainDrawing(regions=self._drawing.regions[:-1]))

    def clear(self) -> None:
        """No pain anywhere."""
        self._change(PainDrawing())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        height = self._look.px(self._least)
        return QSize(round(2 * _FIGURE_WIDTH * height), height)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.minimumSizeHint()

    def place(self, view: View, point: Point) -> QPointF:
        """Where a point of the figure lies on the widget. The front shows the patient's left at the right, the back at the left."""
        frame = self._frame(view)
        x = point[0] if view is View.FRONT else -point[0]
        return QPointF(frame.center().x() + x * frame.height(), frame.top() + point[1] * frame.height())

    def point(self, position: QPointF) -> tuple[View, Point]:
        """The figure's view and point at a position on the widget."""
        view = View.FRONT if position.x() < self.width() / 2 else View.BACK
        return view, self._point_in(view, position)

    def _point_in(self, view: View, position: QPointF) -> Point:
        """Beyond the figure's frame: its edge."""
        frame = self._frame(view)
        x = (position.x() - frame.center().x()) / frame.height()
        x, y = max(-0.5, min(0.5, x)), max(0.0, min(1.0, (position.y() - frame.top()) / frame.height()))
        return (x if view is View.FRONT else -x), y

    def _frame(self, view: View) -> QRectF:
        """The figure's frame: as high as there is room, with a caption above."""
        caption, half = self._look.px(_CAPTION), self.width() / 2
        height = max(1.0, min(self.height() - caption - self._look.px(6), half / _FIGURE_WIDTH))
        left = (0 if view is View.FRONT else half) + (half - _FIGURE_WIDTH * height) / 2
        return QRectF(left, caption, _FIGURE_WIDTH * height, height)

    def _change(self, drawing: PainDrawing) -> None:
        self._drawing = drawing
        self.update()
        self.changed.emit(drawing)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._stroke_view, point = self.point(event.position())
        self._stroke = [point]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if not self._stroke:
            return
        x, y = self._point_in(self._stroke_view, event.position())
        before_x, before_y = self._stroke[-1]
        if abs(x - before_x) + abs(y - before_y) >= LEAST_STEP:
            self._stroke.append((x, y))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        outline, self._stroke = tuple(self._stroke), []
        try:
            region = Region(view=self._stroke_view, points=outline)
        except DrawingError:
            region = None
        if region is None or _enclosed(outline) < LEAST_AREA:
            self.update()  # a touch, or a line, encloses nothing
            return
        self._change(PainDrawing(regions=(*self._drawing.regions, region)))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Backspace:
            self.take_back()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for view in View:
            self._paint_figure(painter, view)
        self._paint_regions(painter)
        if len(self._stroke) > 1:
            painter.setPen(QPen(QColor(self._look.theme.chosen), self._look.px(2)))
            painter.drawPolyline(self._polygon(self._stroke_view, tuple(self._stroke)))

    def _paint_figure(self, painter: QPainter, view: View) -> None:
        theme, frame = self._look.theme, self._frame(view)
        painter.setPen(QPen(QColor(theme.ink_faint), self._look.px(1.5)))
        painter.setBrush(QColor(theme.key))
        for polygon in PARTS[view].values():
            painter.drawPolygon(self._polygon(view, polygon))
        painter.setPen(QColor(theme.ink_soft))
        painter.setFont(self._look.font("note"))
        left, right = ("right", "left") if view is View.FRONT else ("left", "right")
        caption = QRectF(frame.left(), 0, frame.width(), self._look.px(_CAPTION))
        for align, text in (
            (Qt.AlignmentFlag.AlignLeft, left),
            (Qt.AlignmentFlag.AlignHCenter, view.value),
            (Qt.AlignmentFlag.AlignRight, right),
        ):
            painter.drawText(caption, align | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_regions(self, painter: QPainter) -> None:
        """Today's filled in the colour of what is estimated, another day's as a dashed outline."""
        theme = self._look.theme
        ink = QColor(theme.predicted)
        painter.setPen(QPen(ink, self._look.px(2)))
        filled = QColor(ink)
        filled.setAlphaF(0.55)
        painter.setBrush(filled)
        for region in self._drawing.regions:
            painter.drawPolygon(self._polygon(region.view, region.points))
        painter.setPen(QPen(QColor(theme.ink_soft), self._look.px(2), Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for region in self._earlier.regions:
            painter.drawPolygon(self._polygon(region.view, region.points))

    def _polygon(self, view: View, points: Polygon) -> QPolygonF:
        return QPolygonF([self.place(view, point) for point in points])


def _enclosed(outline: Polygon) -> float:
    """The area inside of an outline, by the shoelace formula."""
    pairs = zip(outline, (*outline[1:], *outline[:1]), strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2
