"""One lane: its ring, its scale, and the drawing of what is new. Draws into the panel's buffer; decides no layout, reads no clock.

A stretch without samples is hatched for as long as it lasted. It is never joined by a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, isnan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from clinical.metrics import Metric
from widgets.durations import span
from widgets.lane_paper import Mode, Paper
from widgets.lane_scale import LaneScale, Scale
from widgets.sample_ring import SampleRing
from widgets.sweep_buffer import SweepBuffer

PATIENCE_S = 0.25
"""Samples that are late by less than this are waited for; after it the lane shows that nothing came."""
PIECE = 128
"""Long lines are drawn in pieces: the rasteriser's cost grows faster than a line's length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSpec:
    """What a lane shows: ``mm_per_s`` is the paper's speed, ``note`` stands beside the title."""

    metric: Metric
    title: str
    mm_per_s: float
    scale: Scale
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pens:
    """With what a lane is drawn."""

    line: QPen
    edge: QPen
    ink: QColor
    gap: QColor
    font: QFont


class LaneTrace:
    """Attributes:
    dot: where the leading dot stands, in device pixels; None where nothing is being drawn.
    """

    def __init__(self, spec: LaneSpec) -> None:
        self.spec = spec
        self.ring = SampleRing()
        self.scale = LaneScale(spec.scale)
        self.dot: tuple[float, float] | None = None
        self._drawn = 0
        self._beginning = 0
        self._gap_from: int | None = None
        self._gap_edge_u = 0
        self._shown_u = 0.0
        self._labels: list[QRect] = []

    def lay_out(self, paper: Paper, pens: Pens, buffer: SweepBuffer) -> None:
        """A new place, speed or look; call ``redraw`` afterwards."""
        self.paper, self.pens, self._buffer = paper, pens, buffer
        self._fit_height()

    def _fit_height(self) -> None:
        area, pad = self.paper.area, 3 * self.pens.line.widthF()
        self._top, self._bottom = area.top() + pad, area.bottom() + 1 - pad
        self._px_per_unit = (self._bottom - self._top) / (self.scale.high - self.scale.low)
        self._foot = self._bottom + self.scale.low * self._px_per_unit

    def y(self, value: float) -> float:
        """The row of a value, in device pixels."""
        return self._foot - value * self._px_per_unit

    def rescale(self, now_s: float) -> bool:
        """Look whether the scale still fits; True if it changed, and everything must be drawn again."""
        if not self.scale.due(now_s) or not self.scale.fit(self.ring.recent(6.0), now_s):
            return False
        self._fit_height()
        return True

    def silent_s(self, at_ns: float) -> float | None:
        """For how long nothing has come, seen from the moment being drawn; None while it flows or before the first sample."""
        if not self.ring.rate_hz or self._gap_from is None:
            return None
        return (at_ns - self.ring.moment_ns(self._gap_from)) * 1e-9

    def advance(self, painter: QPainter, at_ns: float) -> list[QRect]:
        """Draw what became due at ``at_ns``; the areas touched, in device pixels."""
        stop = self._due(at_ns)
        if stop is None or stop <= self._drawn:
            return []
        shown_u, self._shown_u = self._shown_u, self.paper.u(self.ring.moment_ns(stop - 1))
        self._clear_ahead(self._shown_u)
        self._draw(painter, max(self._drawn, stop - floor(self.paper.window_s * self.ring.rate_hz)), stop)
        self._drawn = stop
        return self._touched(shown_u)

    def _due(self, at_ns: float) -> int | None:
        ring = self.ring
        if not ring.rate_hz:
            return None
        if ring.beginnings != self._beginning:
            self._beginning, self._gap_from = ring.beginnings, None
            self._drawn = max(0, floor(ring.position(at_ns)))
        stop = floor(ring.position(at_ns)) + 1
        waiting = ring.end < stop < ring.end + PATIENCE_S * ring.rate_hz
        return ring.end if waiting else stop

    def _clear_ahead(self, u: float) -> None:
        """Move the erase bar (or the paper) on."""
        paper, area = self.paper, self.paper.area
        front = paper.front_for(u)
        fresh = min(max(0, front - paper.front), paper.width)
        start, paper.front = front - fresh, max(front, paper.front)
        if paper.mode is Mode.SCROLL:
            if fresh:
                self._buffer.shift(area, fresh)
        else:
            for left, right in paper.columns(start, front):
                self._buffer.erase(area.top(), area.bottom() + 1, left, right)

    def redraw(self, painter: QPainter, at_ns: float) -> None:
        """Everything the ring still holds of the window, on clean ground."""
        self._buffer.restore(self.paper.area)
        self._gap_from, self.dot = None, None
        stop = self._due(at_ns)
        if stop is None or stop < 1:
            return
        self._shown_u = self.paper.u(self.ring.moment_ns(stop - 1))
        self.paper.front = self.paper.front_for(self._shown_u)
        self._draw(painter, max(self.ring.oldest, stop - floor(self.paper.window_s * self.ring.rate_hz)), stop)
        self._drawn = stop
        if self.paper.mode is Mode.SWEEP:  # the oldest line's end reaches into the bar, where nothing would erase it for a whole sweep
            for left, right in self.paper.columns(ceil(self._shown_u + self.pens.line.widthF()), self.paper.front):
                self._buffer.erase(self.paper.area.top(), self.paper.area.bottom() + 1, left, right)

    def _draw(self, painter: QPainter, start: int, stop: int) -> None:
        first = max(start - 1, 0) if self._gap_from is None else start
        values = self.ring.read(first, stop)
        if self._gap_from is None and not isnan(values.sum()):
            self._line(painter, first, values)
            return
        missing = np.isnan(values)
        for low, high, lost in _runs(missing):
            if lost:
                self._strike(painter, first + low, first + high)
            else:
                self._end_gap(painter, first + low)
                self._line(painter, first + low, values[low:high])

    def _line(self, painter: QPainter, first: int, values: NDArray[np.float32]) -> None:
        step = self.paper.px_per_s / self.ring.rate_hz
        start_u = self.paper.u(self.ring.moment_ns(first))
        ys = (self._foot - values * self._px_per_unit).clip(self._top, self._bottom).tolist()
        end_u = start_u + step * (len(ys) - 1)
        offsets = self.paper.offsets(start_u, end_u)
        painter.setPen(self.pens.line)
        reach = self.pens.line.widthF()
        within = len(offsets) == 1 and start_u + offsets[0] > self.paper.left + reach and end_u + offsets[0] < self.paper.right - reach
        if not within:  # what is drawn beside the paper is never erased
            painter.setClipRect(self.paper.area)
        for offset in offsets:
            x = start_u + offset
            points = [QPointF(x + step * place, y) for place, y in enumerate(ys)]
            for low in range(0, max(1, len(points) - 1), PIECE):
                painter.drawPolyline(points[low : low + PIECE + 1])
        if not within:
            painter.setClipping(False)
        self.dot = (end_u + offsets[-1], ys[-1])

    def _strike(self, painter: QPainter, first: int, stop: int) -> None:
        """Hatch the paper of samples that are missing."""
        area, paper = self.paper.area, self.paper
        start_u, stop_u = (floor(paper.u(self.ring.moment_ns(place))) for place in (first, stop))
        if self._gap_from is None:
            self._gap_from, self._gap_edge_u = first, start_u
            self._edge(painter, start_u)
        for left, right in paper.columns(max(start_u, self._gap_edge_u + 1), stop_u + 1):
            self._buffer.strike(area.top(), area.bottom() + 1, left, right)
        self.dot = None

    def _end_gap(self, painter: QPainter, stop: int) -> None:
        if self._gap_from is None:
            return
        paper, first = self.paper, self._gap_from
        self._gap_from = None
        start_u, stop_u = (floor(paper.u(self.ring.moment_ns(place))) for place in (first, stop))
        self._edge(painter, stop_u)
        self._tell(painter, max(start_u, stop_u - paper.width + paper.bar), stop_u, (stop - first) / self.ring.rate_hz)

    def _edge(self, painter: QPainter, u: int) -> None:
        painter.setPen(self.pens.edge)
        for left, _ in self.paper.columns(u, u + 1):
            painter.drawLine(left, self.paper.area.top(), left, self.paper.area.bottom())

    def _tell(self, painter: QPainter, start_u: int, stop_u: int, lasted_s: float) -> None:
        """Write the length of a gap into it, in the longest of the words that fit."""
        left, right = max(self.paper.columns(start_u, stop_u), key=lambda piece: piece[1] - piece[0], default=(0, 0))
        size = QFontMetricsF(self.pens.font)
        length = f"{lasted_s:.1f} s" if lasted_s < 60 else span(lasted_s)
        words = next((text for text in (f"no data {length}", length) if size.horizontalAdvance(text) + size.height() < right - left), "")
        if not words:
            return
        box = QRectF(0, 0, size.horizontalAdvance(words) + 0.8 * size.height(), 1.5 * size.height())
        box.moveCenter(QPointF((left + right) / 2, self.paper.area.center().y()))
        painter.fillRect(box, self.pens.gap)
        painter.setFont(self.pens.font)
        painter.setPen(self.pens.ink)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        self._labels.append(box.toAlignedRect())

    def _touched(self, shown_u: float) -> list[QRect]:
        """From the trace's last end to the front of the clean paper, and as far around as a dot reaches."""
        area, paper = self.paper.area, self.paper
        labels, self._labels = self._labels, []
        reach = ceil(3 * self.pens.line.widthF())
        if paper.mode is Mode.SCROLL:
            return [area.adjusted(-reach, 0, reach, 0)]
        pieces = paper.columns(floor(shown_u), paper.front)
        return labels + [QRect(left - reach, area.top(), right - left + 2 * reach, area.height()) for left, right in pieces]


def _runs(missing: NDArray[np.bool_]) -> Iterator[tuple[int, int, bool]]:
    """Stretches of equal flags: from, to, flag."""
    bounds = [0, *(np.flatnonzero(np.diff(missing)) + 1).tolist(), len(missing)]
    for low, high in pairwise(bounds):
        yield low, high, bool(missing[low])
