"""A stored case as the history page is told it: reads the record, and puts it in seconds since the case began. No widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from clinical.alarm_model import Alarm, Presence
from clinical.assessments.afterwards import afterwards
from clinical.assessments.chart import Chart, Charted, Entry, kind_words
from clinical.assessments.told import brief_of
from clinical.commands import EventKind, RecordAssessment, RecordEvent, SetLimit
from clinical.instant import Instant
from clinical.metrics import Metric
from widgets.durations import age, clock
from widgets.figures import written
from widgets.history.case_view import CaseView, LimitStretch, Mark, MarkKind, TrendLine
from widgets.round_items import ROUND_ITEMS, score_of

if TYPE_CHECKING:
    from storage.history import CaseHistory
    from storage.rows import KeptDose


def case_view(history: CaseHistory) -> CaseView:
    """Raises StoreError."""
    from storage.trends import trends_of  # noqa: PLC0415 (loads SQLAlchemy, which a first picture does not wait for)

    setup, started = history.setup, history.started
    length_s = max(1.0, history.last().since(started))
    doses = history.dose_reports()
    trends = tuple(TrendLine(metric=one.metric, channel=one.channel, seconds=one.seconds, values=one.values) for one in trends_of(history))
    marks = [*_alarms(history), *_entries(history, trends, length_s), *_steps(doses, started)]
    who = ", ".join(part for part in (setup.patient.label, f"day {setup.day}", setup.patient.diagnosis) if part)
    return CaseView(
        title=f"{who}, {clock(started, setup.utc_offset_min)}",
        started=started,
        utc_offset_min=setup.utc_offset_min,
        length_s=length_s,
        simulated=setup.simulated,
        trends=trends,
        doses=_rates(doses, started),
        marks=tuple(sorted(marks, key=lambda mark: (mark.at_s, mark.kind.value, mark.title))),
        gaps=tuple((gap.since.since(started), length_s if gap.until is None else gap.until.since(started)) for gap in history.gaps()),
        limits=_limits(history, length_s),
    )


def _alarms(history: CaseHistory) -> list[Mark]:
    """Each alarm from its appearance to its end, with its length."""
    begun: dict[str, tuple[float, Alarm]] = {}
    marks = []
    for kept in history.transitions():
        at_s, alarm = kept.at.since(history.started), kept.alarm
        if kept.before is Presence.OFF:
            begun[alarm.condition] = at_s, alarm
        if alarm.presence is Presence.OFF and alarm.condition in begun:
            since_s, first = begun.pop(alarm.condition)
            marks.append(_alarm(since_s, at_s, first))
    return marks + [_alarm(since_s, history.last().since(history.started), first) for since_s, first in begun.values()]


def _alarm(since_s: float, until_s: float, alarm: Alarm) -> Mark:
    title = f"{alarm.title}, {age(until_s - since_s)}"
    return Mark(at_s=since_s, kind=MarkKind.ALARM, title=title, until_s=until_s, priority=alarm.priority)


def _entries(history: CaseHistory, trends: tuple[TrendLine, ...], length_s: float) -> list[Mark]:
    """Events, rounds and forms as they stand; of a corrected one what it replaced beside it, of what was given what came of it."""
    from storage.charts import chart_of  # noqa: PLC0415 (loads SQLAlchemy, as above)

    chart = chart_of(history)
    standing = chart.standing()
    given_s = [one.entry.event_at.since(history.started) for one in standing if _is_given(chart, one)]
    marks = []
    for charted in standing:
        old, at_s = chart.before(charted), charted.entry.event_at.since(history.started)
        was = "" if old is None else f" (was {entry_title(old.entry)})"
        kind = MarkKind.EVENT if isinstance(charted.entry, RecordEvent) else MarkKind.ROUND
        until_s = min((other for other in given_s if other > at_s), default=length_s)
        then = afterwards(at_s, trends, until_s) if _is_given(chart, charted) else ""
        marks.append(Mark(at_s=at_s, kind=kind, title=entry_title(charted.entry) + was + (then and f": {then}")))
    return marks


def _is_given(chart: Chart, charted: Charted) -> bool:
    """Whether it is something that was given, as entered first or corrected since."""
    entry = (charted, *chart.trail(charted))[-1].entry
    return isinstance(entry, RecordEvent) and entry.kind in {EventKind.MEDICATION, EventKind.BOLUS}


def entry_title(entry: Entry) -> str:
    """An entry in a few words."""
    if isinstance(entry, RecordEvent):
        return entry.text
    return _scores(entry) if isinstance(entry, RecordAssessment) else f"{kind_words(entry)}: {brief_of(entry)}"


def _scores(assessment: RecordAssessment) -> str:
    told = ((item, score_of(assessment, item.name)) for item in ROUND_ITEMS)
    words = [f"{item.name} {item.written(value)}" for item, value in told if value is not None]
    return ", ".join(words[:2]) or assessment.note or "round"


def _steps(doses: list[KeptDose], started: Instant) -> list[Mark]:
    """Each change of the rate that the pump reported."""
    marks, before = [], None
    for dose in doses:
        if dose.rate_mg_per_h is not None and dose.rate_mg_per_h != before and not dose.stale:
            marks.append(Mark(at_s=dose.at.since(started), kind=MarkKind.STEP, title=f"{written(dose.rate_mg_per_h, 1)} mg/h"))
            before = dose.rate_mg_per_h
    return marks


def _rates(doses: list[KeptDose], started: Instant) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """(n, 2): second and mg/h."""
    rows = [(dose.at.since(started), np.nan if dose.stale or dose.rate_mg_per_h is None else dose.rate_mg_per_h) for dose in doses]
    return np.array(rows, np.float64).reshape(-1, 2)


def _limits(history: CaseHistory, length_s: float) -> tuple[LimitStretch, ...]:
    """The preset's, and each as the operator set it, from when on."""
    known: dict[tuple[Metric, str], list[tuple[float, float | None]]] = {}
    for limit in history.setup.preset.limits:
        for side, value in (("low", limit.low), ("high", limit.high)):
            known[limit.metric, side] = [(0.0, value)]
    for kept in history.commands():
        if isinstance(kept.command, SetLimit) and not kept.refused:
            at_s = kept.at.since(history.started)
            for side, value in (("low", kept.command.low), ("high", kept.command.high)):
                known.setdefault((kept.command.metric, side), []).append((at_s, value))
    return tuple(
        LimitStretch(metric=metric, since_s=since_s, until_s=until_s, value=value)
        for (metric, _side), changes in known.items()
        for (since_s, value), until_s in zip(changes, [at for at, _ in changes[1:]] + [length_s], strict=True)
        if value is not None
    )
