"""What a report's first page says, reckoned from its values: extremes, before and after, side effects, stops. Draws nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from clinical.assessments.rounds import NAUSEA, SIDE_EFFECTS
from clinical.metrics import NIBP_DIA, NIBP_MEAN, NIBP_SYS, Metric
from clinical.report.middle import middle
from clinical.report.told import BUCKET_S, CaseReport, CuffReading, DosePoint, Entry, ScoreEntry, StopEntry, Trend

RESTING = frozenset({"paused", "stopped", "standby", "off", "purging", "alarm"})
"""States of a pump in which the patient gets nothing of what is set."""
WHY_WITHIN_S = 300.0
"""A stop or hold entered so near to a rest of the pump is taken to say why it rested. A proposal."""

_EFFECTS = {scale.name: scale for scale in (NAUSEA, *SIDE_EFFECTS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme:
    """Lowest, highest and middle value of a metric, values that a device doubted left out; in the metric's unit."""

    metric: Metric
    channel: str
    low: float
    low_at_s: float
    high: float
    high_at_s: float
    median: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter:
    """An item's first and last score and the ends of its range, each with its moment."""

    item: str
    first: int
    first_at_s: float
    last: int
    last_at_s: float
    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SideEffect:
    """How often it was there of the times it was asked, the worst grade in words, and when it was first there.

    ``asked`` 0: nobody asked; it was entered as an event.
    """

    name: str
    worst: str
    there: int
    asked: int
    first_at_s: float


def extremes(report: CaseReport) -> tuple[Extreme, ...]:
    """Of each metric that has a usable value, in the order of its trends; the cuff's after them."""
    trends = [found for trend in report.trends if (found := _of_trend(trend)) is not None]
    parts = ((NIBP_SYS, "sys"), (NIBP_DIA, "dia"), (NIBP_MEAN, "mean"))
    return (*trends, *(found for metric, part in parts if (found := _of_cuff(metric, part, report.cuffs)) is not None))


def _of_trend(trend: Trend) -> Extreme | None:
    sure = ~trend.doubtful
    if not sure.any():
        return None
    places, lows, highs = trend.places[sure], trend.lows[sure], trend.highs[sure]
    low, high = int(lows.argmin()), int(highs.argmax())
    return Extreme(
        metric=trend.metric,
        channel=trend.channel,
        low=float(lows[low]),
        low_at_s=float(places[low] * BUCKET_S),
        high=float(highs[high]),
        high_at_s=float(places[high] * BUCKET_S),
        median=middle(trend.means[sure]),
    )


def _of_cuff(metric: Metric, part: str, cuffs: Sequence[CuffReading]) -> Extreme | None:
    told = [(value, one.at_s) for one in cuffs if (value := getattr(one, part)) is not None]
    if not told:
        return None
    low, high = min(told, key=lambda pair: pair[0]), max(told, key=lambda pair: pair[0])
    median = middle(np.array([value for value, _ in told]))
    return Extreme(metric=metric, channel="", low=low[0], low_at_s=low[1], high=high[0], high_at_s=high[1], median=median)


def named(metric: Metric, channel: str, among: Iterable[Metric]) -> str:
    """A metric's label; with its source where another among them has the same label, and with its channel."""
    alike = any(other.label == metric.label and other is not metric for other in among)
    source = f" {metric.title[metric.title.index('(') :]}" if alike and "(" in metric.title else ""
    return f"{metric.label}{source}{f' {channel}' if channel else ''}"


def standing(scores: Sequence[ScoreEntry]) -> tuple[ScoreEntry, ...]:
    """Assessments that no correction replaced."""
    return tuple(one for one in scores if one.replaced_by is None)


def before_after(report: CaseReport) -> tuple[BeforeAfter, ...]:
    """Of each item that was scored, side effects left out, in the order in which they were first scored."""
    told: dict[str, list[tuple[float, int]]] = {}
    for one in standing(report.scores):
        for item, score in one.scores:
            if item not in _EFFECTS:
                told.setdefault(item, []).append((one.at_s, score))
    return tuple(_before_after(item, pairs) for item, pairs in told.items())


def _before_after(item: str, told: Sequence[tuple[float, int]]) -> BeforeAfter:
    scores = [score for _, score in told]
    return BeforeAfter(
        item=item,
        first=told[0][1],
        first_at_s=told[0][0],
        last=told[-1][1],
        last_at_s=told[-1][0],
        low=min(scores),
        high=max(scores),
        count=len(scores),
    )


def side_effects(report: CaseReport) -> tuple[SideEffect, ...]:
    """Those that were there in a round, then those entered as events, each by its first time."""
    asked: dict[str, list[tuple[float, int]]] = {}
    for one in standing(report.scores):
        for item, score in one.scores:
            if item in _EFFECTS:
                asked.setdefault(item, []).append((one.at_s, score))
    found = [_effect(name, told) for name, told in asked.items() if any(score > 0 for _, score in told)]
    events = [
        SideEffect(name=entry.text or "not named", worst="", there=1, asked=0, first_at_s=entry.at_s)
        for entry in report.entries
        if entry.kind == "side effect" and entry.replaced_by is None
    ]
    return (*sorted(found, key=lambda one: one.first_at_s), *events)


def _effect(name: str, told: Sequence[tuple[float, int]]) -> SideEffect:
    there = [(at_s, score) for at_s, score in told if score > 0]
    worst = _EFFECTS[name].grade(max(score for _, score in there)).word
    return SideEffect(name=name, worst=worst, there=len(there), asked=len(told), first_at_s=there[0][0])


def stops(doses: Sequence[DosePoint], entries: Sequence[Entry]) -> tuple[StopEntry, ...]:
    """Each rest of the pump after it first infused, and stops and holds that were entered while it did not rest."""
    said = [entry for entry in entries if entry.kind in {"stop", "hold"} and entry.replaced_by is None]
    rests = _rests(doses)
    used: set[int] = set()
    found: list[StopEntry] = []
    for at_s, until_s, state in rests:
        near = [number for number, entry in enumerate(said) if number not in used and _near(entry.at_s, at_s, until_s)]
        used.update(near)
        why = "; ".join(f"{said[number].kind}: {said[number].text}" if said[number].text else said[number].kind for number in near)
        found.append(StopEntry(at_s=at_s, until_s=until_s, state=state, why=why))
    alone = [entry for number, entry in enumerate(said) if number not in used]
    found += [StopEntry(at_s=one.at_s, until_s=one.at_s, state=f"{one.kind} entered", why=one.text) for one in alone]
    return tuple(sorted(found, key=lambda stop: stop.at_s))


def _near(entered_s: float, at_s: float, until_s: float | None) -> bool:
    return at_s - WHY_WITHIN_S <= entered_s <= (math.inf if until_s is None else max(until_s, at_s + WHY_WITHIN_S))


def _rests(doses: Sequence[DosePoint]) -> list[tuple[float, float | None, str]]:
    """From, until (None: to the end) and the first state of each rest; a silence of the pump is no rest."""
    rests: list[tuple[float, float | None, str]] = []
    began, since, state = False, None, ""
    for point in doses:
        if point.stale or not point.state:
            continue
        resting = point.state in RESTING
        if resting and began and since is None:
            since, state = point.at_s, point.state
        elif not resting:
            if since is not None:
                rests.append((since, point.at_s, state))
            began, since = began or point.state in {"infusing", "bolus"}, None
    return rests if since is None else [*rests, (since, None, state)]


def highest_rate(doses: Sequence[DosePoint]) -> DosePoint | None:
    """When the highest rate was first given; None where no rate was known."""
    known = [point for point in doses if point.rate_mg_per_h]
    return max(known, key=lambda point: (point.rate_mg_per_h or 0.0, -point.at_s), default=None)
