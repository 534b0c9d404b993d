"""The heart: takes one message after another and says what followed. Pure: no clock, no port, no file.

It obeys commands, settles the sound, and gathers what changed; what devices tell is judged in watch.py. The same messages
give the same outcomes, however fast they come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias, assert_never

from clinical.alarm_model import Alarm, AlarmPreset, AudioState, PresetLevel
from clinical.alarms.audio import Audio
from clinical.alarms.relative import against_baseline
from clinical.assessments.chart import Chart, Entry
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
    SilenceAlarm,
    StartCase,
)
from clinical.forms import RecordExamination, RecordIntake, RecordRecovery
from clinical.hand_probes import as_placed
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Message, Outcome, SelfReport, Tick
from clinical.observations import PumpStatus
from clinical.refusals import refusal
from clinical.watch import Watch

_SignalCommand: TypeAlias = PauseAudio | ResumeAudio | SilenceAlarm | Acknowledge


class Monitor:
    """Everything known at one bed."""

    def __init__(self) -> None:
        self._watch = Watch()
        self._audio = Audio()
        self._setup: CaseSetup | None = None
        self._preset: AlarmPreset | None = None
        self._chart = Chart()

    def step(self, message: Message) -> Outcome:
        """Takes the next message; gives what followed from it."""
        commanded = False
        match message:
            case FromDevice():
                outcome = self._watch.observe(as_placed(message) if self._setup is not None and self._setup.hand_probes else message)
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

    def recall(self, device: str, status: PumpStatus, *, tells: bool) -> Outcome | None:
        """A pump's report from before an interruption, of so long ago that nothing of it is still to be judged.

        What was given counts as with ``step``. ``tells``: whether the dose is to be told too, for a trend.
        """
        dose = self._watch.recall(device, status, tells=tells)
        return None if dose is None else Outcome(message=FromDevice(device, status), dose=dose)

    def inherit(self, at: Instant, alarms: Iterable[Alarm]) -> Outcome:
        """Takes over what stood when the program was interrupted under the case: nothing is gone because the program was.

        A pause of all sound is over: after an interruption what stands is heard.
        To be called once, after the case was rebuilt and before anything new is stepped.
        """
        self._watch.board.inherit(at, alarms)
        self._audio.resume()
        return self._with_changes(at, Outcome(message=Tick(at)), commanded=True)

    def _with_changes(self, at: Instant, outcome: Outcome, *, commanded: bool) -> Outcome:
        """The outcome with what became of alarms, sound and gaps; itself where nothing did."""
        sources = self._watch.sources_changed(at)
        changes, gaps = self._watch.board.drain(), self._watch.gaps.drain()
        audio: AudioState | None = None
        if commanded or changes.alarms is not None or self._audio.waits:
            board = self._watch.board
            audio = self._audio.settle(
                at, board.loudest(), appeared=changes.appeared, repeats=board.repeats(), owed=board.is_owed_reminder()
            )
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
                return Outcome(message=message, refused=self._act(message.at, command))

    def _act(self, at: Instant, command: _SignalCommand | Entry | ChooseSource) -> str:
        """Takes a command that changes no set-up; gives why it is refused, empty if it is taken."""
        match command:
            case RecordEvent() | RecordAssessment() | RecordExamination() | RecordIntake() | RecordRecovery():
                return self._enter(at, command)
            case ChooseSource():
                self._watch.choose_source(at, command)
            case _:
                self._signal(at, command)
        return ""

    def _enter(self, at: Instant, entry: Entry) -> str:
        """Takes an entry into the chart; gives why it is refused."""
        refused = self._chart.refusal(entry)
        if refused:
            return refused
        old = self._chart.before(self._chart.take(at, entry))
        if old is not None:
            self._watch.note_correction(at, old.entry, entry, self._chart)
        elif isinstance(entry, RecordEvent | RecordAssessment):
            self._watch.note(at, entry)
        return ""

    def _signal(self, at: Instant, command: _SignalCommand) -> None:
        """Takes a command about what is heard. None of them takes anything from sight."""
        board = self._watch.board
        match command:
            case PauseAudio():
                self._audio.pause(at, command.seconds, board.loudest())
            case ResumeAudio():
                self._audio.resume()
            case SilenceAlarm():
                board.silence(at, command.condition, command.seconds)
            case Acknowledge():
                board.acknowledge(at, command.conditions or tuple(board.standing), command.by)
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
        setup = replace(setup, preset=against_baseline(setup.preset, setup.baseline_sbp_mmhg))
        self._setup, self._preset, self._chart = setup, setup.preset, Chart(message.at)
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
        limits = tuple(changed if each is limit else each for each in preset.limits)
        self._preset = replace(preset, limits=limits, level=PresetLevel.CASE)
        self._watch.change_limit(message.at, changed)
        return Outcome(message=message, limits=self._preset)
