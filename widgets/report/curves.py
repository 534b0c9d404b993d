"""Curves in a lane of a report's chart: trends with every extreme, readings of the cuff, limits, doses. No curve crosses a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QRectF

from clinical.report.told import BUCKET_S, CuffReading, DosePoint, LimitStretch, Trend
from widgets.report.lanes import Lane
from widgets.report.sheet import MARK, Align, Sheet, Stroke

CURVE, DOUBTED = Stroke(0.9), Stroke(0.9, "ink_soft", (0.9, 1.8))
CUFF = Stroke(0.8)
GIVEN, PLANNED = Stroke(1.3), Stroke(0.7, "ink", (3.0, 2.0))
LIMIT = Stroke(0.55, "ink_soft", (4.0, 2.4))
CUFF_LIMIT = Stroke(0.55, "ink_soft", (1.2, 1.8))
CUFF_WING = 2.0
COLUMN_PT = 0.9
"""A column of the curve is at least so wide: what is finer cannot be told apart on paper."""
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


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring columns without a gap: seconds of their middles, lowest and highest value."""

    doubtful: bool
    seconds: Sequence[float]
    lows: Sequence[float]
    highs: Sequence[float]


def runs_of(trend: Trend, since_s: float, until_s: float, column_s: float) -> list[Run]:
    """A trend between two moments, in columns of at least that many seconds."""
    begin, end = np.searchsorted(trend.places, (since_s / BUCKET_S - 1, until_s / BUCKET_S + 1))
    places, doubtful = trend.places[begin:end], trend.doubtful[begin:end]
    if not len(places):
        return []
    wide = max(1, round(column_s / BUCKET_S))
    columns = places // wide
    firsts = np.flatnonzero(np.diff(columns, prepend=columns[0] - 1))
    lows, highs = np.minimum.reduceat(trend.lows[begin:end], firsts), np.maximum.reduceat(trend.highs[begin:end], firsts)
    doubted = np.logical_and.reduceat(doubtful, firsts)
    seconds = (columns[firsts] * wide + wide / 2) * BUCKET_S
    apart = np.diff(seconds) > gap_s(trend, wide)
    edges = np.flatnonzero(apart | (doubted[1:] != doubted[:-1])) + 1
    parts = [slice(int(a), int(b)) for a, b in pairwise((0, *edges, len(seconds)))]
    return [
        Run(doubtful=bool(doubted[part.start]), seconds=seconds[part].tolist(), lows=lows[part].tolist(), highs=highs[part].tolist())
        for part in parts
    ]


def gap_s(trend: Trend, wide: int = 1) -> float:
    """Values further apart than this are not joined: three times what is usual for this trend, and never for a short silence."""
    usual = float(np.median(np.diff(trend.places))) * BUCKET_S if len(trend.places) > 1 else BUCKET_S
    return max(_SHORT_GAP_S, 3 * usual, 1.5 * wide * BUCKET_S)


def missing(trend: Trend | None, since_s: float, until_s: float) -> Iterator[tuple[float, float]]:
    """Stretches of [since, until) without a value."""
    if trend is None or not len(trend.places):
        yield since_s, until_s
        return
    seconds, longest = trend.places * float(BUCKET_S), gap_s(trend)
    inside = seconds[(seconds >= since_s - longest) & (seconds < until_s)]
    last = since_s - longest if not len(inside) or inside[0] >= since_s else float(inside[0])
    for second in (*inside.tolist(), until_s + BUCKET_S):
        if second - last > longest + BUCKET_S:
            begin, end = max(since_s, last + BUCKET_S), min(until_s, second)
            if begin < end:
                yield begin, end
        last = second


def draw_trend(sheet: Sheet, frame: Frame, trend: Trend) -> None:
    column_s = COLUMN_PT / frame.box.width() * (frame.until_s - frame.since_s)
    for run in runs_of(trend, frame.since_s, frame.until_s, column_s):
        points: list[tuple[float, float]] = []
        for second, low, high in zip(run.seconds, run.lows, run.highs, strict=True):
            x = min(max(frame.x(second), frame.box.x()), frame.box.right())
            ends = [frame.y(low)] if low == high else [frame.y(low), frame.y(high)]
            if points and abs(ends[-1] - points[-1][1]) < abs(ends[0] - points[-1][1]):
                ends.reverse()  # the nearer end first, so that a fall looks like a fall
            points += [(x, y) for y in ends]
        if len(points) == 1:
            points.append((points[0][0] + 1.2, points[0][1]))
        sheet.polyline(points, DOUBTED if run.doubtful else CURVE)


def draw_cuffs(sheet: Sheet, frame: Frame, cuffs: Sequence[CuffReading]) -> None:
    """Each reading as an upright bar from diastolic to systolic with wings, its mean as a dot."""
    for one in cuffs:
        if not frame.since_s <= one.at_s <= frame.until_s:
            continue
        x = frame.x(one.at_s)
        ends = [frame.y(value) for value in (one.sys, one.dia) if value is not None]
        for y in ends:
            sheet.line(x - CUFF_WING, y, x + CUFF_WING, y, CUFF)
        if len(ends) == 2:
            sheet.line(x, ends[0], x, ends[1], CUFF)
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
    _stepped(frame, doses, until_s, lambda point: None if point.stale else point.rate_mg_per_h, _given_drawer(sheet, frame))
    _stepped(frame, doses, until_s, lambda point: point.planned_mg_per_h, lambda points: sheet.polyline(points, PLANNED))


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
        points += [(frame.x(begin), y), (frame.x(end), y)]
    if points:
        draw(points)


def scale_label(sheet: Sheet, x: float, y: float, value: float) -> None:
    sheet.text(x, y + MARK.points * 0.36, f"{value:g}", MARK, Align.RIGHT)
