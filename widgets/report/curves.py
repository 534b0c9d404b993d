"""Curves in a lane of a report's chart: trends with every extreme, readings of the cuff, limits, doses. No curve crosses a gap."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from clinical.report.told import BUCKET_S, CuffReading, DosePoint, LimitStretch, Trend
from widgets.report.lanes import Lane
from widgets.report.sheet import MARK, Align, Sheet, Stroke

Floats = NDArray[np.float64]

CURVE, DOUBTED = Stroke(0.9), Stroke(0.9, "ink_soft", (0.9, 1.8))
CUFF, CUFF_FINE = Stroke(0.8), Stroke(0.3, "ink_soft")
GIVEN, PLANNED = Stroke(1.3), Stroke(0.7, "ink", (3.0, 2.0))
LIMIT = Stroke(0.55, "ink_soft", (4.0, 2.4))
CUFF_LIMIT = Stroke(0.55, "ink_soft", (1.2, 1.8))
CUFF_WING = 2.0
DENSE_PT = 6.0
"""Readings of the cuff nearer to one another than this are drawn without wings."""
COLUMN_PT = 0.9
"""A column of the curve is at least so wide: what is finer cannot be told apart on paper."""
SHORT_DASH_PT = 1.2
_SHORT_GAP_S = 45.0
_LABEL_PT = 6.2


@dataclass(frozen=True, slots=True)
class Frame:
    """A box and what it spans: seconds across, values upwards."""

    box: QRectF
    since_s: float
    until_s: float
    low: float
    high: float

    def x(self, second: float) -> float:
        return self.box.x() + (second - self.since_s) / (self.until_s - self.since_s) * self.box.width()

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return self.box.bottom() - min(1.0, max(0.0, part)) * self.box.height()

    def xs(self, seconds: Floats) -> Floats:
        """Of many at once, and none outside of the box."""
        inside = np.clip(seconds, self.since_s, self.until_s)
        return self.box.x() + (inside - self.since_s) / (self.until_s - self.since_s) * self.box.width()

    def ys(self, values: Floats) -> Floats:
        part = np.clip((values - self.low) / (self.high - self.low), 0.0, 1.0)
        return self.box.bottom() - part * self.box.height()


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Neighbouring columns without a gap: seconds of their middles, lowest and highest value."""

    doubtful: bool
    seconds: Floats
    lows: Floats
    highs: Floats


def runs_of(trend: Trend, usual_s: float, since_s: float, until_s: float, column_s: float) -> list[Run]:
    """A trend whose values are mostly ``usual_s`` apart, between two moments, in columns of at least that many seconds."""
    begin, end = np.searchsorted(trend.places, (since_s / BUCKET_S - 1, until_s / BUCKET_S + 1))
    places, doubtful = trend.places[begin:end], trend.doubtful[begin:end]
    if not len(places):
        return []
    wide = max(1, round(column_s / BUCKET_S))
    columns = places // wide
    firsts = np.flatnonzero(np.diff(columns, prepend=columns[0] - 1))
    lows, highs = np.minimum.reduceat(trend.lows[begin:end], firsts), np.maximum.reduceat(trend.highs[begin:end], firsts)
    doubted = np.logical_and.reduceat(doubtful, firsts)
    seconds = np.asarray((columns[firsts] * wide + wide / 2) * BUCKET_S, np.float64)
    apart = np.diff(seconds) > gap_s(usual_s, wide)
    edges = np.flatnonzero(apart | (doubted[1:] != doubted[:-1])) + 1
    parts = [slice(int(a), int(b)) for a, b in pairwise((0, *edges, len(seconds)))]
    return [Run(doubtful=bool(doubted[part.start]), seconds=seconds[part], lows=lows[part], highs=highs[part]) for part in parts]


def gap_s(usual_s: float, wide: int = 1) -> float:
    """Values further apart than this are not joined: three times what is usual for their trend, and never for a short silence."""
    return max(_SHORT_GAP_S, 3 * usual_s, 1.5 * wide * BUCKET_S)


def missing(trend: Trend, usual_s: float, since_s: float, until_s: float) -> list[tuple[float, float]]:
    """Stretches of [since, until) without a value."""
    if not len(trend.places):
        return [(since_s, until_s)]
    longest = gap_s(usual_s)
    begin, end = np.searchsorted(trend.places, ((since_s - longest) / BUCKET_S, until_s / BUCKET_S))
    inside = trend.places[begin:end] * float(BUCKET_S)
    before = since_s - longest if not len(inside) or inside[0] >= since_s else float(inside[0])
    moments = np.array((before, *inside, until_s + BUCKET_S))
    apart = np.flatnonzero(np.diff(moments) > longest + BUCKET_S)
    told = [(max(since_s, float(moments[one]) + BUCKET_S), min(until_s, float(moments[one + 1]))) for one in apart]
    return [(from_s, to_s) for from_s, to_s in told if from_s < to_s]


def draw_trend(sheet: Sheet, frame: Frame, trend: Trend, usual_s: float) -> None:
    column_s = COLUMN_PT / frame.box.width() * (frame.until_s - frame.since_s)
    for run in runs_of(trend, usual_s, frame.since_s, frame.until_s, column_s):
        sheet.polyline(_points(frame, run), DOUBTED if run.doubtful else CURVE)


def _points(frame: Frame, run: Run) -> list[tuple[float, float]]:
    """Both ends of each column, the nearer first, so that a fall looks like a fall; a single value is a short dash."""
    points: list[tuple[float, float]] = []
    last = 0.0
    for x, low, high in zip(frame.xs(run.seconds).tolist(), frame.ys(run.lows).tolist(), frame.ys(run.highs).tolist(), strict=True):
        if low == high:
            points.append((x, low))
        elif points and abs(high - last) < abs(low - last):
            points += ((x, high), (x, low))
        else:
            points += ((x, low), (x, high))
        last = points[-1][1]
    return points if len(points) > 1 else [*points, (points[0][0] + SHORT_DASH_PT, points[0][1])]


def draw_cuffs(sheet: Sheet, frame: Frame, cuffs: Sequence[CuffReading]) -> None:
    """Each reading as an upright bar from diastolic to systolic with wings, its mean as a dot; of many, bars alone."""
    shown = [one for one in cuffs if frame.since_s <= one.at_s <= frame.until_s]
    dense = len(shown) * DENSE_PT > frame.box.width()
    for one in shown:
        x = frame.x(one.at_s)
        ends = [frame.y(value) for value in (one.sys, one.dia) if value is not None]
        if len(ends) == 2:
            sheet.line(x, ends[0], x, ends[1], CUFF_FINE if dense else CUFF)
        if dense:
            continue
        for y in ends:
            sheet.line(x - CUFF_WING, y, x + CUFF_WING, y, CUFF)
        if one.mean is not None:
            sheet.disc(x, frame.y(one.mean), 1.1)


def draw_limits(sheet: Sheet, frame: Frame, lane: Lane, limits: Sequence[LimitStretch]) -> None:
    """Dashed where they were in force (those of the cuff dotted), with what stood at the end of the page at the right."""
    labels: list[tuple[float, str]] = []
    several = len(lane.limits) > 1
    for limit in limits:
        begin, end = max(limit.since_s, frame.since_s), min(limit.until_s, frame.until_s)
        if limit.value is None or limit.metric not in lane.limits or begin >= end or not frame.low <= limit.value <= frame.high:
            continue
        y = frame.y(limit.value)
        sheet.line(frame.x(begin), y, frame.x(end), y, LIMIT if limit.metric is lane.limits[0] else CUFF_LIMIT)
        if end >= frame.until_s or limit.until_s >= end == max(one.until_s for one in limits):
            words = f"{limit.value:.{limit.metric.decimals}f}"
            labels.append((y, f"{limit.metric.label} {words}" if several else words))
    _draw_labels(sheet, frame, labels)


def _draw_labels(sheet: Sheet, frame: Frame, labels: list[tuple[float, str]]) -> None:
    """At the right of the lane, moved apart where they would stand on one another."""
    last = -_LABEL_PT
    for y, text in sorted(labels):
        last = max(y, last + _LABEL_PT)
        sheet.text(frame.box.right() + 3, last + MARK.points * 0.36, text, MARK)


def draw_doses(sheet: Sheet, frame: Frame, doses: Sequence[DosePoint], length_s: float) -> None:
    """What was given as a strong stepped line over its area, what was planned dashed; nothing where the pump was not heard."""
    until_s = min(frame.until_s, length_s)
    shown = doses_within(doses, frame.since_s, until_s)
    if not shown:
        return
    _stepped(frame, shown, until_s, lambda point: None if point.stale else point.rate_mg_per_h, _given_drawer(sheet, frame))
    _stepped(frame, shown, until_s, lambda point: point.planned_mg_per_h, lambda points: sheet.polyline(points, PLANNED))


def doses_within(doses: Sequence[DosePoint], since_s: float, until_s: float) -> Sequence[DosePoint]:
    """Those in force between two moments: the last one before, and all inside."""
    begin = bisect_right(doses, since_s, key=lambda point: point.at_s)
    return doses[max(0, begin - 1) : bisect_right(doses, until_s, key=lambda point: point.at_s)]


def _given_drawer(sheet: Sheet, frame: Frame) -> Callable[[list[tuple[float, float]]], None]:
    def draw(points: list[tuple[float, float]]) -> None:
        foot = frame.box.bottom()
        sheet.shape([(points[0][0], foot), *points, (points[-1][0], foot)], fill="well")
        sheet.polyline(points, GIVEN)

    return draw


def _stepped(
    frame: Frame,
    doses: Sequence[DosePoint],
    until_s: float,
    value_of: Callable[[DosePoint], float | None],
    draw: Callable[[list[tuple[float, float]]], None],
) -> None:
    points: list[tuple[float, float]] = []
    for point, end_s in zip(doses, [*(later.at_s for later in doses[1:]), until_s], strict=True):
        begin, end, value = max(point.at_s, frame.since_s), min(end_s, until_s), value_of(point)
        if begin >= end:
            continue
        if value is None:
            if points:
                draw(points)
            points = []
            continue
        y = frame.y(value)
        if points and points[-1][1] == y:
            points[-1] = (frame.x(end), y)
        else:
            points += [(frame.x(begin), y), (frame.x(end), y)]
    if points:
        draw(points)


def scale_label(sheet: Sheet, x: float, y: float, value: float) -> None:
    sheet.text(x, y + MARK.points * 0.36, f"{value:g}", MARK, Align.RIGHT)
