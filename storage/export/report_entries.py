"""What was entered and what alarmed in a case, in the words of a report: for people, on paper. Free text only where it may be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinical.assessments.corrections import numbered
from clinical.commands import (
    ChooseSource,
    Command,
    CorrectDose,
    EndCase,
    PauseAudio,
    RecordAssessment,
    RecordEvent,
    SetLimit,
    SilenceAlarm,
    StartCase,
)
from clinical.gaps import LINE
from clinical.metrics import CATALOGUE, Metric
from clinical.report.told import AlarmEntry, Entry, GapEntry, LimitStretch, ScoreEntry
from storage.export.clinical_sheets import Occurrence, occurrences
from storage.export.sheet import Source
from storage.export.veil import Veil
from storage.history import KeptCommand

_KINDS: dict[type, str] = {
    StartCase: "case begun",
    EndCase: "case ended",
    SetLimit: "limit",
    ChooseSource: "source",
    CorrectDose: "dose corrected",
    PauseAudio: "sound paused",
    SilenceAlarm: "alarm silenced",
}
"""Commands that a report tells; acknowledgements stand with their alarms, signed amounts in the ledger."""


def _value(value: float | None, metric: Metric) -> str:
    return "off" if value is None else f"{value:.{metric.decimals}f}"


def _basis(command: CorrectDose) -> str:
    weight = "" if command.weight_kg is None else f"weight {command.weight_kg:g} kg"
    strength = "" if command.concentration_mg_per_ml is None else f"concentration {command.concentration_mg_per_ml:g} mg/mL"
    return ", ".join(part for part in (weight, strength) if part)


def _from(command: ChooseSource, veil: Veil) -> str:
    named = f"{veil.device(command.device)} {veil.channel(command.channel)}".strip() if command.device else "the case's own order"
    return f"{command.metric.title} from {named}"


_SAID: dict[type, Callable[[Any, Veil], str]] = {
    ChooseSource: _from,
    CorrectDose: lambda c, _: _basis(c),
    PauseAudio: lambda c, _: f"{c.seconds:g} s",
    SilenceAlarm: lambda c, veil: f"{veil.condition(c.condition)}, {c.seconds:g} s",
}
_TYPED: dict[type, Callable[[Any], str]] = {
    EndCase: lambda c: c.reason,
    RecordEvent: lambda c: c.text,
    SetLimit: lambda c: c.reason,
    CorrectDose: lambda c: c.reason,
}


class _Limits:
    """The thresholds as each change finds them."""

    def __init__(self, source: Source) -> None:
        limits = source.history.setup.preset.limits
        self._now: dict[Metric, tuple[float | None, float | None]] = {limit.metric: (limit.low, limit.high) for limit in limits}

    def changed(self, command: SetLimit) -> str:
        """``SpO₂ low 90 → 88 %``: the sides that changed, or ``as before``."""
        before, after = self._now.get(command.metric, (None, None)), (command.low, command.high)
        self._now[command.metric] = after
        told = [
            f"{side} {_value(old, command.metric)} → {_value(new, command.metric)}"
            for side, old, new in zip(("low", "high"), before, after, strict=True)
            if old != new
        ]
        return f"{command.metric.label} {', '.join(told) or 'as before'} {command.metric.unit.text}"


def entries_of(source: Source) -> tuple[Entry, ...]:
    """All but scores, alarms and the ledger, by the time they happened; refused ones left out. Raises StoreError."""
    kept = [one for one in source.history.commands() if not one.refused]
    events = {one.number: one.command for one in kept if isinstance(one.command, RecordEvent) and one.number}
    replaced = {event.corrects: number for number, event in events.items() if event.corrects is not None}
    limits = _Limits(source)
    told = (RecordEvent, *_KINDS)
    entries = [_entry(source, one, limits, events, replaced) for one in kept if isinstance(one.command, told)]
    return tuple(sorted(entries, key=lambda entry: entry.at_s))


def _entry(source: Source, kept: KeptCommand, limits: _Limits, events: dict[int, RecordEvent], replaced: dict[int, int]) -> Entry:
    command, began, veil = kept.command, source.history.started, source.veil
    event = command if isinstance(command, RecordEvent) else None
    said = limits.changed(command) if isinstance(command, SetLimit) else _said(command, veil)
    typed = veil.words(_TYPED.get(type(command), lambda _: "")(command))
    return Entry(
        at_s=(kept.at if event is None else event.event_at).since(began),
        entered_s=kept.at.since(began),
        kind=_KINDS[type(command)] if event is None else _root(event, events).kind.value,
        text=": ".join(part for part in (said, " ".join(typed.split())) if part),
        by=veil.name(getattr(command, "by", "")),
        number=kept.number,
        corrects=None if event is None else event.corrects,
        replaced_by=None if kept.number is None else replaced.get(kept.number),
    )


def _said(command: Command, veil: Veil) -> str:
    say = _SAID.get(type(command))
    return say(command, veil) if say else ""


def _root(event: RecordEvent, events: dict[int, RecordEvent]) -> RecordEvent:
    """What a correction, or a correction of a correction, is about."""
    for _ in events:  # a chain of corrections is no longer than there are events
        before = None if event.corrects is None else events.get(event.corrects)
        if before is None:
            break
        event = before
    return event


def scores_of(source: Source) -> tuple[ScoreEntry, ...]:
    """Every assessment, by the time it was made. Raises StoreError."""
    began, veil = source.history.started, source.veil
    taken = [(kept.at, kept.command) for kept in source.history.assessments() if isinstance(kept.command, RecordAssessment)]
    made = [
        ScoreEntry(
            at_s=one.assessment.event_at.since(began),
            entered_s=one.entered_at.since(began),
            number=one.number,
            scores=tuple(one.assessment.scores),
            vitals=one.assessment.vitals,
            note=" ".join(veil.words(one.assessment.note).split()),
            by=veil.name(one.assessment.by),
            replaced_by=one.replaced_by,
            reason=" ".join(veil.words(one.assessment.reason).split()),
        )
        for one in numbered(taken)
    ]
    return tuple(sorted(made, key=lambda entry: entry.at_s))


def alarms_of(source: Source) -> tuple[AlarmEntry, ...]:
    """Each standing of a condition, by its appearance. Raises StoreError."""
    began = source.history.started
    return tuple(
        AlarmEntry(
            at_s=one.appeared.since(began),
            until_s=None if one.cleared is None else one.cleared.since(began),
            priority=one.first.alarm.priority,
            kind=one.first.alarm.kind,
            text=_alarm_text(one, source.veil),
            answered_s=None if one.acknowledged is None else one.acknowledged.since(one.appeared),
            by=source.veil.name(one.by),
        )
        for one in occurrences(source.history.transitions())
    )


def _alarm_text(one: Occurrence, veil: Veil) -> str:
    """The cause as it was shown; where words are hidden, what the program itself knows of it."""
    alarm = one.first.alarm
    if not veil.hides:
        return " ".join(alarm.title.split())
    if alarm.metric is not None and alarm.value is not None and alarm.limit is not None:
        return f"{alarm.metric.label} {_value(alarm.value, alarm.metric)}, limit {_value(alarm.limit, alarm.metric)}"
    return veil.condition(alarm.condition)


def limits_of(source: Source, length_s: float) -> tuple[LimitStretch, ...]:
    """Every threshold while it was in force. Raises StoreError."""
    began = source.history.started
    known: dict[tuple[Metric, str], list[tuple[float, float | None]]] = {}
    for limit in source.history.setup.preset.limits:
        known[limit.metric, "low"], known[limit.metric, "high"] = [(0.0, limit.low)], [(0.0, limit.high)]
    for kept in source.history.commands():
        if isinstance(kept.command, SetLimit) and not kept.refused:
            for side, value in (("low", kept.command.low), ("high", kept.command.high)):
                known.setdefault((kept.command.metric, side), []).append((kept.at.since(began), value))
    return tuple(
        LimitStretch(metric=metric, side=side, since_s=since_s, until_s=until_s, value=value)
        for (metric, side), changes in known.items()
        for (since_s, value), until_s in zip(changes, [*(at_s for at_s, _ in changes[1:]), length_s], strict=True)
    )


def gaps_of(source: Source) -> tuple[GapEntry, ...]:
    """Every stretch without data, by its beginning. Raises StoreError."""
    began, veil = source.history.started, source.veil
    return tuple(
        GapEntry(
            since_s=gap.since.since(began),
            until_s=None if gap.until is None else gap.until.since(began),
            device=veil.device(gap.device),
            what=_what(gap.what),
            reason=veil.words(gap.reason),
            of_line=gap.what == LINE,
        )
        for gap in source.history.gaps()
    )


def _what(what: str) -> str:
    return "everything" if what == LINE else CATALOGUE[what].title if what in CATALOGUE else what
