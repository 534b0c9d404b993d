"""The heart: takes one message after another and says what followed. Pure: no clock, no port, no file.

It obeys commands, settles the sound, and gathers what changed; what devices tell is judged in watch.py. The same messages
give the same outcomes, however fast they come.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from clinical.alarm_model import AlarmPreset, AudioState
from clinical.alarms.audio import Audio
from clinical.commands import (
    Acknowledge,
    CaseSetup,
    ChooseSource,
    CorrectDose,
    EndCase,
    PauseAudio,
    RecordAssessment,
    RecordEvent,
    ResumeAudio,
    SetLimit,
    SignLedger,
    StartCase,
)
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Message, Outcome, SelfReport, Tick
from clinical.refusals import refusal
from clinical.watch import Watch


class Monitor:
    """Everything known at one bed."""

    def __init__(self) -> None:
        self._watch = Watch()
        self._audio = Audio()
        self._setup: CaseSetup | None = None
        self._preset: AlarmPreset | None = None

    def step(self, message: Message) -> Outcome:
        """Takes the next message; gives what followed from it."""
        commanded = False
        match message:
            case FromDevice():
                outcome = self._watch.observe(message)
            case Tick():
                outcome = Outcome(message=message, dose=self._watch.tick(message.at))
            case FromOperator():
                outcome = self._obey(message)
                commanded = True
            case SelfReport():
                self._watch.lines.self_report(message)
                outcome = Outcome(message=message)
            case _:
                assert_never(message)
        return self._with_changes(message.at, outcome, commanded=commanded)

    def _with_changes(self, at: Instant, outcome: Outcome, *, commanded: bool) -> Outcome:
        """The outcome with what became of alarms, sound and gaps; itself where nothing did."""
        sources = self._watch.sources_changed(at)
        changes, gaps = self._watch.board.drain(), self._watch.gaps.drain()
        audio: AudioState | None = None
        if commanded or changes.alarms is not None or self._audio.pausing:
            audio = self._audio.settle(at, self._watch.board.loudest(), appeared=changes.appeared)
        if changes.alarms is None and audio is None and not gaps and not sources:
            return outcome
        gaps = outcome.gaps + gaps
        return replace(outcome, transitions=changes.transitions, alarms=changes.alarms, audio=audio, gaps=gaps, sources=sources)

    def _obey(self, message: FromOperator) -> Outcome:
        refused = refusal(message.at, message.command, self._setup, self._preset)
        if refused:
            return Outcome(message=message, refused=refused)
        match message.command:
            case StartCase(setup=setup):
                return self._start(message, setup)
            case EndCase():
                return self._end(message)
            case SetLimit() as command:
                return self._set_limit(message, command)
            case (CorrectDose() | SignLedger()) as command:
                return self._account(message, command)
            case command:
                self._act(message.at, command)
                return Outcome(message=message)

    def _act(self, at: Instant, command: PauseAudio | ResumeAudio | Acknowledge | RecordEvent | RecordAssessment | ChooseSource) -> None:
        """Takes a command that changes no set-up."""
        board = self._watch.board
        match command:
            case PauseAudio():
                self._audio.pause(at, command.seconds, board.loudest())
            case ResumeAudio():
                self._audio.resume()
            case Acknowledge():
                board.acknowledge(at, command.conditions or tuple(board.standing), command.by)
            case RecordEvent() | RecordAssessment():
                self._watch.note(at, command)
            case ChooseSource():
                self._watch.choose_source(at, command)
            case _:
                assert_never(command)

    def _account(self, message: FromOperator, command: CorrectDose | SignLedger) -> Outcome:
        """Takes what changes the account of the drug."""
        refused = ""
        if isinstance(command, SignLedger):
            refused = self._watch.sign(message.at, command)
        else:
            self._setup = self._watch.correct(message.at, command)
        return Outcome(message=message, refused=refused, dose=self._watch.dose(message.at))

    def _start(self, message: FromOperator, setup: CaseSetup) -> Outcome:
        gaps_before = self._watch.gaps.standing()
        self._setup, self._preset = setup, setup.preset
        self._watch.start(message.at, setup)
        self._audio.arm()
        return Outcome(message=message, case=setup, limits=setup.preset, dose=self._watch.dose(message.at), gaps=gaps_before)

    def _end(self, message: FromOperator) -> Outcome:
        ended = self._setup
        self._setup = self._preset = None
        self._watch.end(message.at)
        self._audio.disarm()
        return Outcome(message=message, case=ended, ended=True)

    def _set_limit(self, message: FromOperator, command: SetLimit) -> Outcome:
        preset = self._preset
        limit = None if preset is None else preset.limit_of(command.metric)
        if preset is None or limit is None:
            return Outcome(message=message, refused="no limit to change")
        changed = replace(limit, low=command.low, high=command.high)
        self._preset = replace(preset, limits=tuple(changed if each is limit else each for each in preset.limits))
        self._watch.change_limit(message.at, changed)
        return Outcome(message=message, limits=self._preset)
