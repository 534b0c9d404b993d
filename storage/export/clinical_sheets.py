"""infusion.csv, alarms.csv, assessments.csv, events.csv and gaps.csv: what each column is, and how a case fills it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from clinical.alarm_model import AlarmTransition, Presence
from clinical.assessments.charted import phase_words
from clinical.commands import (
    Acknowledge,
    CaseSetup,
    ChooseSource,
    Command,
    CorrectDose,
    EndCase,
    PauseAudio,
    RecordAssessment,
    RecordEvent,
    ResumeAudio,
    SetLimit,
    SignLedger,
    SilenceAlarm,
    StartCase,
)
from clinical.forms import RecordExamination, RecordIntake, RecordRecovery
from clinical.instant import Instant
from clinical.metrics import Metric
from storage.export.cells import number_cell, text_cell
from storage.export.chart_sheets import ASSESSMENTS_SHEET
from storage.export.sheet import TIME_COLUMNS, ColumnMeaning, Sheet, Source, columns
from storage.export.veil import Veil
from storage.history import KeptCommand

_INFUSION = TIME_COLUMNS + columns(
    ("rate_ml_per_h", "mL/h", "as the pump reports it"),
    ("rate_mg_per_h", "mg/h", "from the pump's rate and the concentration of the case; of several ketamine pumps that are heard, the sum"),
    ("rate_mg_per_kg_h", "mg/kg/h", "the same for each kilogram of the weight of the case"),
    (
        "cumulative_mg",
        "mg",
        "given since the start of the case, from the rises of the pump's volume counter; of several ketamine pumps, the sum",
    ),
    ("planned_mg_per_h", "mg/h", "what the order plans at this time; empty before its start and after its end"),
    ("predicted_low_ng_per_ml", "ng/mL", "lower edge of the predicted plasma concentration; a model, no measurement"),
    ("predicted_high_ng_per_ml", "ng/mL", "upper edge of it"),
    ("state", "", "of the pump, in one vocabulary for every make"),
    ("device", "", "name of the pump"),
    ("cumulative_at_most_mg", "mg", "the same as cumulative_mg if the pump ran on through every silence"),
    ("stale", "", "1: the pump is silent and its last word is too old to stand as live; 0: it is not"),
)


def _infusion_lines(source: Source) -> Iterator[str]:
    for dose in source.history.dose_reports():
        low, high = dose.predicted_ng_per_ml or (None, None)
        numbers = (
            number_cell(dose.rate_ml_per_h, 3),
            number_cell(dose.rate_mg_per_h, 3),
            number_cell(dose.rate_mg_per_kg_h, 5),
            number_cell(dose.given_mg, 4),
            number_cell(dose.planned_mg_per_h, 3),
            number_cell(low, 2),
            number_cell(high, 2),
        )
        ends = (dose.state, text_cell(source.veil.device(dose.device)), number_cell(dose.given_at_most_mg, 4), str(int(dose.stale)))
        yield ",".join((source.clock.cells(dose.at), *numbers, *ends))


_ALARMS = columns(
    ("condition", "", "stable id of the condition"),
    ("priority", "", "high, medium, low (after IEC 60601-1-8)"),
    ("kind", "", "physiological or technical"),
    ("appeared", "", "ISO 8601, UTC"),
    ("cleared", "", "ISO 8601, UTC; empty where it stood at the end"),
    ("acknowledged", "", "ISO 8601, UTC, the first time; empty where it never was"),
    ("by", "", "who acknowledged it"),
    ("text", "", "the cause as shown"),
    ("value", "in column unit", "what crossed the limit"),
    ("limit", "in column unit", "the limit that was crossed"),
    ("unit", "", "UCUM"),
    ("device", "", "the device it is about, if it is about one"),
    ("detail", "", "what it means for the watch, as shown"),
    ("latched", "", "ISO 8601, UTC: its cause was gone and it was held for someone to see; empty where it never was"),
    ("appeared_local", "", "by the bed's clock, with its offset"),
    ("appeared_elapsed_s", "s", "since the start of the case"),
    ("cleared_elapsed_s", "s", "since the start of the case"),
    ("acknowledged_elapsed_s", "s", "since the start of the case"),
)


@dataclass(slots=True)
class Occurrence:
    """One standing of a condition, from its appearance to its clearing."""

    first: AlarmTransition
    appeared: Instant
    cleared: Instant | None = None
    acknowledged: Instant | None = None
    latched: Instant | None = None
    by: str = ""

    def take(self, transition: AlarmTransition) -> None:
        presence = transition.alarm.presence
        if presence is Presence.OFF:
            self.cleared = transition.at
        elif presence is Presence.LATCHED:
            self.latched = transition.at
        elif presence is Presence.ACKNOWLEDGED and self.acknowledged is None:
            self.acknowledged, self.by = transition.at, transition.by


def occurrences(transitions: list[AlarmTransition]) -> list[Occurrence]:
    """Standings in the order they appeared. One that stood before the case began appeared when its alarm says."""
    occurrences: list[Occurrence] = []
    standing: dict[str, Occurrence] = {}
    for transition in transitions:
        condition = transition.alarm.condition
        occurrence = standing.get(condition)
        # One that is off again without having been cleared stood when the program ended under it.
        if occurrence is None or transition.before is Presence.OFF:
            appeared = transition.at if transition.before is Presence.OFF else transition.alarm.since
            occurrence = standing[condition] = Occurrence(transition, appeared)
            occurrences.append(occurrence)
        occurrence.take(transition)
        if occurrence.cleared is not None:
            del standing[condition]
    return occurrences


def _decimals(metric: Metric | None) -> int:
    return 3 if metric is None else metric.decimals


def _alarm_lines(source: Source) -> Iterator[str]:
    clock, veil = source.clock, source.veil
    for occurrence in occurrences(source.history.transitions()):
        alarm = occurrence.first.alarm
        what = (text_cell(veil.condition(alarm.condition)), alarm.priority.value, alarm.kind.value)
        when = (clock.utc(occurrence.appeared), clock.utc(occurrence.cleared), clock.utc(occurrence.acknowledged))
        values = (number_cell(value, _decimals(alarm.metric)) for value in (alarm.value, alarm.limit))
        unit = "" if alarm.metric is None else alarm.metric.unit.ucum
        about = (unit, text_cell(veil.device(alarm.device)), veil.text(alarm.detail))
        elapsed = (clock.elapsed(at) for at in (occurrence.appeared, occurrence.cleared, occurrence.acknowledged))
        held = (clock.utc(occurrence.latched), clock.local(occurrence.appeared))
        yield ",".join((*what, *when, veil.by(occurrence.by), veil.text(alarm.title), *values, *about, *held, *elapsed))


_EVENTS = TIME_COLUMNS + columns(
    ("entered_utc", "", "when it was entered; utc tells when it happened"),
    ("number", "", "of a recorded event, as corrections name it"),
    ("kind", "", "kind of event, or of command"),
    ("text", "", "as entered, or what was asked for"),
    ("old_value", "", "what this replaces: the corrected text, the limits before, the source before"),
    ("corrects", "", "number of the event that this one replaces; that one is kept"),
    ("corrected_by", "", "number of the event that replaces this one"),
    ("by", "", "who entered it"),
    ("refused", "", "why it was not taken; empty where it was"),
    ("reason", "", "why an event was corrected; one without text is struck out"),
)

_KINDS: dict[type, str] = {
    StartCase: "start case",
    EndCase: "end case",
    PauseAudio: "pause audio",
    ResumeAudio: "resume audio",
    Acknowledge: "acknowledge",
    SetLimit: "set limit",
    ChooseSource: "choose source",
    CorrectDose: "correct dose",
    SignLedger: "sign ledger",
    SilenceAlarm: "silence alarm",
    RecordExamination: "examination",
    RecordIntake: "intake",
    RecordRecovery: "recovery",
}


def _limits_text(metric: Metric, low: float | None, high: float | None) -> str:
    ends = (f"low {number_cell(low, metric.decimals) or 'off'}", f"high {number_cell(high, metric.decimals) or 'off'}")
    return f"{metric.id} {ends[0]} {ends[1]} {metric.unit.ucum}"


def _from_text(metric: Metric, device: str, channel: str, veil: Veil) -> str:
    named = f"{veil.device(device)} {veil.channel(channel)}".rstrip()
    return f"{metric.id} from {named or 'the first of the case that is good'}"


def _basis_text(weight_kg: float | None, mg_per_ml: float | None) -> str:
    parts = (None if weight_kg is None else f"weight {weight_kg:g} kg", None if mg_per_ml is None else f"concentration {mg_per_ml:g} mg/mL")
    return ", ".join(part for part in parts if part)


def _source_text(command: ChooseSource, veil: Veil) -> str:
    return _from_text(command.metric, command.device, command.channel, veil)


def _begun(setup: CaseSetup, veil: Veil) -> str:
    if setup.order is None:
        return veil.words(setup.recording) or "no order"
    ordered = f"{setup.order.drug}, {setup.weight_kg:g} kg, {setup.concentration_mg_per_ml:g} mg/mL"
    return ordered if veil.hides else f"{setup.order.name}: {ordered}"


_SAID: dict[type, Callable[[Any, Veil], str]] = {
    StartCase: lambda c, veil: _begun(c.setup, veil),
    PauseAudio: lambda c, _: f"{c.seconds:g} s",
    ResumeAudio: lambda _, __: "",
    Acknowledge: lambda c, veil: " ".join(map(veil.condition, c.conditions)) or "all that stand",
    SetLimit: lambda c, _: _limits_text(c.metric, c.low, c.high),
    ChooseSource: _source_text,
    CorrectDose: lambda c, _: _basis_text(c.weight_kg, c.concentration_mg_per_ml),
    SignLedger: lambda c, _: f"{c.act.value} {c.mg:g} mg",
    SilenceAlarm: lambda c, veil: f"{veil.condition(c.condition)} {c.seconds:g} s",
    RecordExamination: lambda c, _: f"{phase_words(c)}; in assessments.csv",
    RecordIntake: lambda _, __: "in assessments.csv",
    RecordRecovery: lambda _, __: "in assessments.csv",
}
_TYPED: dict[type, Callable[[Any], str]] = {
    EndCase: lambda c: c.reason,
    RecordEvent: lambda c: c.text,
    SetLimit: lambda c: c.reason,
    CorrectDose: lambda c: c.reason,
}


def event_words(command: Command, source: Source) -> str:
    """What the program can say of a command, and what people typed of it where that is not hidden."""
    say = _SAID.get(type(command))
    said = say(command, source.veil) if say else ""
    typed = source.veil.words(_TYPED.get(type(command), lambda _: "")(command))
    return f"{said}: {typed}" if said and typed else said or typed


def kind_of(command: Command) -> str:
    """A recorded event's kind, or a word for the command."""
    return command.kind.value if isinstance(command, RecordEvent) else _KINDS[type(command)]


class _Replaced:
    """Knows at each command what it replaces."""

    def __init__(self, source: Source, kept: list[KeptCommand]) -> None:
        self._veil = source.veil
        self._events = {one.number: one.command for one in kept if isinstance(one.command, RecordEvent) and one.number}
        self._limits = {limit.metric.id: (limit.low, limit.high) for limit in source.history.setup.preset.limits}
        self._sources: dict[str, tuple[str, str]] = {}
        self._basis = (source.history.setup.weight_kg, source.history.setup.concentration_mg_per_ml)

    def old_value(self, kept: KeptCommand) -> str:
        command = kept.command
        if isinstance(command, RecordEvent) and command.corrects in self._events:
            return self._veil.text(self._events[command.corrects].text)
        if isinstance(command, SetLimit) and not kept.refused:
            before = self._limits.get(command.metric.id, (None, None))
            self._limits[command.metric.id] = (command.low, command.high)
            return text_cell(_limits_text(command.metric, *before))
        if isinstance(command, CorrectDose) and not kept.refused:
            old = self._basis
            self._basis = (command.weight_kg or old[0], command.concentration_mg_per_ml or old[1])
            return text_cell(_basis_text(*(one if one != new else None for one, new in zip(old, self._basis, strict=True))))
        if isinstance(command, ChooseSource) and not kept.refused:
            chosen = self._sources.get(command.metric.id, ("", ""))
            self._sources[command.metric.id] = (command.device, command.channel)
            return text_cell(_from_text(command.metric, *chosen, self._veil))
        return ""


def _event_lines(source: Source) -> Iterator[str]:
    kept = [one for one in source.history.commands() if not isinstance(one.command, RecordAssessment)]
    replaced = _Replaced(source, kept)
    corrected = {one.command.corrects: one.number for one in kept if isinstance(one.command, RecordEvent) and not one.refused}
    for one in kept:
        command = one.command
        event = command if isinstance(command, RecordEvent) else None
        time = source.clock.cells(one.at if event is None else event.event_at)
        corrects = None if event is None else event.corrects
        numbers = (corrects, None if one.number is None else corrected.get(one.number))
        cells = (
            source.clock.utc(one.at),
            _count(one.number),
            kind_of(command),
            text_cell(event_words(command, source)),
            replaced.old_value(one),
            *map(_count, numbers),
            source.veil.by(command.by),
            "refused" if one.refused and source.veil.hides else text_cell(one.refused),
            "" if event is None else source.veil.text(event.reason),
        )
        yield ",".join((time, *cells))


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


_GAPS = TIME_COLUMNS + columns(
    ("until_utc", "", "ISO 8601, UTC; empty where it lasted to the end"),
    ("until_elapsed_s", "s", "since the start of the case"),
    ("length_s", "s", "how long it was; empty where it lasted to the end"),
    ("device", "", "name of the device; recorder: the program itself could not store"),
    ("what", "", "metric, or line for all that a device sends"),
    ("reason", "", "why there are no data"),
)


def _gap_lines(source: Source) -> Iterator[str]:
    clock = source.clock
    for gap in source.history.gaps():
        length = "" if gap.until is None else number_cell(gap.until.since(gap.since), 3)
        told = (text_cell(source.veil.device(gap.device)), text_cell(gap.what), source.veil.text(gap.reason))
        yield ",".join((clock.cells(gap.since), clock.utc(gap.until), clock.elapsed(gap.until), length, *told))


def _fixed(meanings: tuple[ColumnMeaning, ...]) -> Callable[[Source], tuple[ColumnMeaning, ...]]:
    return lambda _: meanings


CLINICAL_SHEETS = (
    Sheet(name="infusion.csv", columns=_fixed(_INFUSION), lines=_infusion_lines),
    Sheet(name="alarms.csv", columns=_fixed(_ALARMS), lines=_alarm_lines),
    ASSESSMENTS_SHEET,
    Sheet(name="events.csv", columns=_fixed(_EVENTS), lines=_event_lines),
    Sheet(name="gaps.csv", columns=_fixed(_GAPS), lines=_gap_lines),
)
