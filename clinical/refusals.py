"""Why a command is not taken: one clear sentence, or nothing. Changes nothing."""

from __future__ import annotations

import math
from typing import assert_never

from clinical.alarm_model import AlarmPreset
from clinical.assessments.charted import problems_of
from clinical.assessments.rounds import refusal_of
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
from clinical.forms import Form, RecordExamination, RecordIntake, RecordRecovery
from clinical.instant import NS_PER_S, Instant

FUTURE_S = 60.0
"""An entry may be dated this far ahead: people enter whole minutes."""

NO_CASE = "no case is running: start one first"


def refusal(at: Instant, command: Command, setup: CaseSetup | None, preset: AlarmPreset | None) -> str:
    """Why the command cannot be taken now; empty if it can.

    Args:
        setup, preset: of the case that runs; None if there is none.
    """
    match command:
        case StartCase():
            return _start(command, setup)
        case PauseAudio() | SilenceAlarm():
            return "" if 0 < command.seconds < math.inf else f"sound cannot be paused for {command.seconds:g} s: give a time above 0 s"
        case ResumeAudio() | Acknowledge():
            return ""
        case SetLimit():
            return NO_CASE if preset is None else _limit(command, preset)
        case EndCase() | RecordEvent() | RecordAssessment() | ChooseSource() | CorrectDose() | SignLedger():
            return NO_CASE if setup is None else _in_case(at, command, setup)
        case RecordExamination() | RecordIntake() | RecordRecovery():
            return NO_CASE if setup is None else _dated(at, command.event_at) or _form(command)
        case _:
            assert_never(command)


def _form(form: Form) -> str:
    return "; ".join(f"{field}: {problem}" for field, problem in problems_of(form))


def _in_case(
    at: Instant, command: EndCase | RecordEvent | RecordAssessment | ChooseSource | CorrectDose | SignLedger, setup: CaseSetup
) -> str:
    match command:
        case EndCase() | SignLedger():  # the ledger itself judges its lines
            return ""
        case CorrectDose():
            return _correction(command, setup)
        case RecordEvent():
            return _dated(at, command.event_at)
        case RecordAssessment():
            return _dated(at, command.event_at) or refusal_of(command)
        case ChooseSource():
            return _source(command)
        case _:
            assert_never(command)


def _start(command: StartCase, running: CaseSetup | None) -> str:
    setup = command.setup
    if running is not None:
        return f"a case is running (bed {running.bed}, {running.patient.label}): end it first"
    if not 0 < setup.weight_kg < math.inf:
        return f"a weight of {setup.weight_kg:g} kg cannot be: enter it anew"
    if not 0 < setup.concentration_mg_per_ml < math.inf:
        return f"a concentration of {setup.concentration_mg_per_ml:g} mg/mL cannot be: enter it anew"
    return ""


def _correction(command: CorrectDose, setup: CaseSetup) -> str:
    weight_kg = setup.weight_kg if command.weight_kg is None else command.weight_kg
    mg_per_ml = setup.concentration_mg_per_ml if command.concentration_mg_per_ml is None else command.concentration_mg_per_ml
    if not 0 < weight_kg < math.inf:
        return f"a weight of {weight_kg:g} kg cannot be: enter it anew"
    if not 0 < mg_per_ml < math.inf:
        return f"a concentration of {mg_per_ml:g} mg/mL cannot be: enter it anew"
    if (weight_kg, mg_per_ml) == (setup.weight_kg, setup.concentration_mg_per_ml):
        return f"nothing to correct: the case has {setup.weight_kg:g} kg and {setup.concentration_mg_per_ml:g} mg/mL"
    return ""


def _limit(command: SetLimit, preset: AlarmPreset) -> str:
    metric, low, high = command.metric, command.low, command.high
    before = preset.limit_of(metric)
    if before is None:
        return f"{metric.label} has no limit in the preset {preset.name}"
    for side, value in (("low", low), ("high", high)):
        if value is not None and not metric.low <= value <= metric.high:
            return (
                f"a {side} limit of {value:g} for {metric.label} cannot be: allowed is {metric.low:g} to {metric.high:g} {metric.unit.text}"
            )
    if low is not None and high is not None and low >= high:
        return f"the low limit {low:g} of {metric.label} must be below the high limit {high:g}"
    goes_off = (before.low is not None and low is None) or (before.high is not None and high is None)
    return f"say why a limit of {metric.label} is switched off" if goes_off and not command.reason.strip() else ""


def _source(command: ChooseSource) -> str:
    """Any device may be named: after a restart the choice is taken up before the device has spoken."""
    if command.metric.waveform:
        return f"{command.metric.label} follows the number it belongs to: choose the source of that"
    return "" if command.device or not command.channel else f"name the device whose channel {command.channel} is meant"


def _dated(at: Instant, event_at: Instant) -> str:
    ahead_s = (event_at.utc_ns - at.utc_ns) / NS_PER_S
    return f"the entry is dated {ahead_s / 60:.0f} min in the future: check its time" if ahead_s > FUTURE_S else ""
