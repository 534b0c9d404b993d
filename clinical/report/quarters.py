"""A case in quarters of an hour: of each vital sign the middle, the lowest and the highest value; the dose; the last scores."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clinical.metrics import Metric
from clinical.report.middle import middle
from clinical.report.summary import standing
from clinical.report.told import BUCKET_S, CaseReport, CuffReading, DosePoint, ScoreEntry, Trend

QUARTER_S = 900.0
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """``median`` between ``low`` and ``high``, in the metric's unit; ``doubtful``: the device doubted all it said."""

    median: float
    low: float
    high: float
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A quarter of an hour; shorter where the case ends in it.

    Attributes:
        spreads: by metric and channel; one without a usable value is not there.
        cuff, cuffs: the last reading, and how many there were.
        rates_mg_per_h: lowest and highest that ran; None where the pump was not heard at all.
        last: the infusion at the end of the quarter; None before the pump was first heard.
        scores: the last of each item in this quarter.
    """

    since_s: float
    until_s: float
    spreads: dict[tuple[Metric, str], Spread]
    cuff: CuffReading | None
    cuffs: int
    rates_mg_per_h: tuple[float, float] | None
    last: DosePoint | None
    scores: dict[str, int]


def hours_of(report: CaseReport) -> int:
    """How many hours the case has, the begun one counted; at least one."""
    return max(1, math.ceil(report.length_s / HOUR_S - 1e-9))


def quarters_of(report: CaseReport, hour: int) -> tuple[Quarter, ...]:
    """The quarters of an hour of the case, counted from 0, that have begun before its end; at least one."""
    begins = [hour * HOUR_S + number * QUARTER_S for number in range(4)]
    return tuple(_quarter(report, begin) for number, begin in enumerate(begins) if number == 0 or begin < report.length_s)


def _quarter(report: CaseReport, since_s: float) -> Quarter:
    until_s = min(since_s + QUARTER_S, max(report.length_s, since_s))
    cuffs = [one for one in report.cuffs if since_s <= one.at_s < since_s + QUARTER_S]
    return Quarter(
        since_s=since_s,
        until_s=until_s,
        spreads={(trend.metric, trend.channel): found for trend in report.trends if (found := spread(trend, since_s, since_s + QUARTER_S))},
        cuff=cuffs[-1] if cuffs else None,
        cuffs=len(cuffs),
        rates_mg_per_h=rates(report.doses, since_s, until_s),
        last=_last(report.doses, until_s),
        scores=_scores(report.scores, since_s, since_s + QUARTER_S),
    )


def spread(trend: Trend, since_s: float, until_s: float) -> Spread | None:
    """Of the values in [since, until); None where none was usable."""
    begin, end = np.searchsorted(trend.places, (math.ceil(since_s / BUCKET_S), math.ceil(until_s / BUCKET_S)))
    if begin == end:
        return None
    part = slice(int(begin), int(end))
    sure = ~trend.doubtful[part]
    chosen = sure if sure.any() else np.ones(int(end - begin), np.bool_)
    return Spread(
        median=middle(trend.means[part][chosen]),
        low=float(trend.lows[part][chosen].min()),
        high=float(trend.highs[part][chosen].max()),
        doubtful=not sure.any(),
    )


def rates(doses: Sequence[DosePoint], since_s: float, until_s: float) -> tuple[float, float] | None:
    """Lowest and highest known rate in force in [since, until), mg/h."""
    before = _last(doses, since_s)
    inside = doses[bisect_right(doses, since_s, key=_at_s) : bisect_left(doses, until_s, key=_at_s)]
    known = [
        point.rate_mg_per_h for point in (before, *inside) if point is not None and not point.stale and point.rate_mg_per_h is not None
    ]
    return (min(known), max(known)) if known else None


def _last(doses: Sequence[DosePoint], at_s: float) -> DosePoint | None:
    place = bisect_right(doses, at_s, key=_at_s)
    return doses[place - 1] if place else None


def _at_s(point: DosePoint) -> float:
    return point.at_s


def _scores(entries: Sequence[ScoreEntry], since_s: float, until_s: float) -> dict[str, int]:
    told: dict[str, int] = {}
    for one in standing([entry for entry in entries if since_s <= entry.at_s < until_s]):
        told |= dict(one.scores)
    return told
