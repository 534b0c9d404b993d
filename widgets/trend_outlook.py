"""What is predicted, on the dose plot: the band ahead, the what-if curves by name, and levels from publications as quiet bands.

Always dashed or faint and always named, so that none of it can be taken for a measurement. Imports pyqtgraph (see trend_chart.py).
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QPainterPath, QPen

from clinical.commands import CaseSetup
from clinical.dose_told import Ahead
from clinical.dosing.earlier import days_told
from widgets.theme import Look
from widgets.trend_items import PathItem, band_paths
from widgets.trend_store import Floats, Polyline

LEAST_AHEAD = 0.15
"""Of the time axis: so much of it is kept for what is predicted."""
OVER_LINES = 10
"""Names lie on everything that is drawn."""


def predicted_words(setup: CaseSetup) -> str:
    """What the legend says of the prediction, and from which days it starts."""
    return ", ".join(filter(None, ("predicted, not measured", days_told(setup.earlier_rates))))


_DASHES = {"if stepped now": [2.0, 2.0], "if held": [5.0, 3.0], "if stopped": [1.0, 3.0]}
_NAMED_AT = {"if stepped now": (0.5, 1.0), "if held": (0.6, 0.0), "if stopped": (0.28, 1.0)}
"""Where along its curve a name stands, and whether over (1) or under it, so that no two meet."""
_ASIDE = 0.005
"""Of the axis: how far from its ends the levels' names stand."""
_MOST_ON_LEFT = 0.25
"""Of the axis: what was given lies there, and names cover it."""
_BAND_AROUND = ("if held", "if stopped")
"""The first that there is: what comes if nothing is changed."""


class OutlookItems:
    """On one plot whose y axis counts mg/h; levels are drawn times ``scale``."""

    def __init__(self, plot: pg.PlotItem, scale: float) -> None:
        self._scale = scale
        self._ahead: Ahead | None = None
        self._drawn: tuple[Ahead | None, float, float] | None = None
        self._marks = [PathItem() for _ in range(2)]
        self._mark_names = [pg.TextItem("", anchor=(1.0, 0.5)) for _ in range(2)]
        self._band = PathItem()
        self._curves = {name: PathItem() for name in _DASHES}
        self._names = {name: pg.TextItem(name, anchor=(0.5, side)) for name, (_, side) in _NAMED_AT.items()}
        self._effect = PathItem()
        self._effect_name = pg.TextItem("", anchor=(0.0, 0.0))
        self._plot = plot
        for item in (
            self._effect,
            self._effect_name,
            *self._marks,
            *self._mark_names,
            self._band,
            *self._curves.values(),
            *self._names.values(),
        ):
            plot.addItem(item, ignoreBounds=True)
        for text in (*self._names.values(), *self._mark_names):
            text.setVisible(False)

    def set_setup(self, setup: CaseSetup) -> None:
        """A case begins; its effect site is named as assumed, with what is assumed."""
        half_life_min = setup.half_life_ke0_min
        self._effect_name.setText("" if half_life_min is None else f"thin: effect site, assumed t½ke0 {half_life_min:g} min")

    def show_outlook(self, ahead: Ahead | None) -> None:
        """From the next drawing on."""
        self._ahead = ahead

    def set_look(self, look: Look) -> None:
        theme, small = look.theme, look.font("unit")
        colour = QColor(theme.predicted)
        fill = QColor(colour)
        fill.setAlpha(40)
        self._band.set_style(fill=fill, pen=None)
        thinner = QPen(colour, look.px(0.8))
        thinner.setDashPattern([3.0, 3.0])
        self._effect.set_style(fill=None, pen=thinner)
        faint = QColor(theme.ink_soft)
        faint.setAlpha(22)
        for mark in self._marks:
            mark.set_style(fill=faint, pen=None)
        for name, curve in self._curves.items():
            pen = QPen(colour, look.px(1.5))
            pen.setDashPattern(_DASHES[name])
            curve.set_style(fill=None, pen=pen)
        for text in (*self._names.values(), *self._mark_names):
            text.setFont(small)
        self._effect_name.setFont(small)
        ground = QColor(theme.panel)
        ground.setAlpha(200)
        for text in (*self._names.values(), self._effect_name, *self._mark_names):
            text.setColor(QColor(theme.ink_soft) if text in self._mark_names else colour)
            text.fill = pg.mkBrush(ground)  # a name on dashes, its own or the plan's, is hard to read
            text.setZValue(OVER_LINES)
        self._drawn = None

    def draw(self, ahead_s: float, span_s: float) -> None:
        """``ahead_s``: seconds from the chart's zero of ``Ahead.at``. ``span_s``: where the axis ends."""
        drawn = self._ahead, span_s, self._plot.vb.width()
        if self._ahead is None or drawn == self._drawn:
            return
        self._drawn = drawn
        x = ahead_s + 60 * np.array(self._ahead.minutes)
        inside = x <= span_s
        for name in self._curves:
            curve = next((one for one in self._ahead.curves if one.name == name), None)
            self._draw_curve(name, x[inside], np.empty(0) if curve is None else np.array(curve.estimate)[inside])
        around = next((one for name in _BAND_AROUND for one in self._ahead.curves if one.name == name), None)
        if around is not None:
            low, high = np.array(around.low)[inside], np.array(around.high)[inside]
            self._band.show_paths(band_paths(x[inside], low, high, self._scale), QPainterPath())
        self._draw_marks(span_s)

    def draw_effect(self, line: Polyline) -> None:
        """The assumed effect site so far; empty: none is."""
        path = QPainterPath()
        joined = False
        for at_s, level, connected in zip(line.x.tolist(), (line.y * self._scale).tolist(), line.connected.tolist(), strict=True):
            (path.lineTo if joined else path.moveTo)(at_s, level)
            joined = bool(connected)
        self._effect.show_paths([], path)
        self._effect_name.setPos(0.0, self._plot.vb.viewRange()[1][1])

    def _draw_curve(self, name: str, x: Floats, y: Floats) -> None:
        path, text = QPainterPath(), self._names[name]
        for number, (at_s, level) in enumerate(zip(x, y * self._scale, strict=False)):
            (path.lineTo if number else path.moveTo)(float(at_s), float(level))
        self._curves[name].show_paths([], path)
        text.setVisible(len(y) > 2)
        if len(y) > 2:
            place = int(len(y) * _NAMED_AT[name][0])
            text.setPos(float(x[place]), float(y[place] * self._scale))

    def _draw_marks(self, span_s: float) -> None:
        """Names stand outside their bands, clear of the curves."""
        marks = () if self._ahead is None else self._ahead.landmarks[: len(self._marks)]
        for text, (name, low, high) in zip(self._mark_names, marks, strict=False):
            text.setText(f"{name} {low:g}–{high:g} ng/mL")
        side = self._free_side(span_s)
        for number, (item, text) in enumerate(zip(self._marks, self._mark_names, strict=True)):
            text.setVisible(number < len(marks) and side is not None)
            if number >= len(marks):
                item.show_paths([], QPainterPath())
                continue
            _, low, high = marks[number]
            edges = np.array([0.0, span_s])
            item.show_paths(band_paths(edges, np.full(2, low), np.full(2, high), self._scale), QPainterPath())
            if side is not None:
                text.setAnchor((side, 0.5))
                text.setPos((_ASIDE + side * (1 - 2 * _ASIDE)) * span_s, (low - 22 if number == 0 else high + 26) * self._scale)

    def _free_side(self, span_s: float) -> float | None:
        """On which edge the levels' names lie on no curve's name: 1 right, 0 left, None where on neither."""
        wide = max(1.0, self._plot.vb.width())
        needed = _ASIDE + max(text.boundingRect().width() for text in self._mark_names) / wide
        taken = [
            (text.pos().x() / span_s - half, text.pos().x() / span_s + half)
            for text in self._names.values()
            if text.isVisible() and (half := text.boundingRect().width() / 2 / wide)
        ]
        if all(right < 1 - needed for _, right in taken):
            return 1.0
        return 0.0 if needed < _MOST_ON_LEFT and all(left > needed for left, _ in taken) else None
