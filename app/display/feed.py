"""Outcomes as Signals, one for each kind of thing a widget wants to hear. Decides nothing and draws nothing."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from clinical.assessments.chart import DATED
from clinical.commands import CorrectDose, RecordAssessment, RecordEvent, SignLedger
from clinical.messages import FromDevice, FromOperator, Outcome
from clinical.observations import LinkStatus, Numeric, WaveformBlock


class Feed(QObject):
    """Takes outcomes in their order.

    Signals:
        case_changed: the CaseSetup when a case begins, None when it has ended.
        case_begun: the Instant of its beginning.
        numeric_shown, block_shown: from the source that is shown.
        heard_from: device name and what it told, of numerics that are shown.
        block_heard: device name and WaveformBlock, of those that are shown.
        set_aside: device name and Numeric, from a source that is not shown.
        sources_changed: the SourceStanding of a metric that several sources deliver.
        alarms_changed: tuple of all that stand; then the Instant.
        audio_told: the same with the moment from which it holds.
        transition_logged, audio_changed, limits_changed, dose_changed, gap_told: as in Outcome.
        link_changed: device name, LinkStatus.
        assessment_recorded, event_recorded: the command.
        account_recorded: a SignLedger or CorrectDose that was taken.
        entry_recorded: Instant and Entry of anything charted, before the Signals of its kind.
        form_recorded: the Form.
        command_refused: why; after it entry_refused: the command and why.
    """

    case_changed = Signal(object)
    case_begun = Signal(object)
    numeric_shown = Signal(object)
    block_shown = Signal(object)
    heard_from = Signal(str, object)
    block_heard = Signal(str, object)
    set_aside = Signal(str, object)
    sources_changed = Signal(object)
    alarms_changed = Signal(object, object)
    transition_logged = Signal(object)
    audio_changed = Signal(object)
    audio_told = Signal(object, object)
    limits_changed = Signal(object)
    dose_changed = Signal(object)
    gap_told = Signal(object)
    link_changed = Signal(str, object)
    assessment_recorded = Signal(object)
    event_recorded = Signal(object)
    command_refused = Signal(str)
    entry_refused = Signal(object, str)
    account_recorded = Signal(object)
    entry_recorded = Signal(object, object)
    form_recorded = Signal(object)

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Emits what each outcome holds; of alarms that stand, and of what sounds, only what is newest: in a flood much comes at once."""
        alarms = audio = None
        for outcome in outcomes:
            self._take_case(outcome)
            self._take_shown(outcome)
            self._log(outcome)
            self._take_message(outcome)
            if outcome.alarms is not None:
                alarms = (outcome.alarms, outcome.message.at)
            audio = audio if outcome.audio is None else outcome.audio
        if alarms is not None:
            self.alarms_changed.emit(*alarms)
        if audio is not None:
            self.audio_changed.emit(audio)

    def _take_case(self, outcome: Outcome) -> None:
        if outcome.case is not None:
            self.case_changed.emit(None if outcome.ended else outcome.case)
            if not outcome.ended:
                self.case_begun.emit(outcome.message.at)
        if outcome.dose is not None:
            self.dose_changed.emit(outcome.dose)
        if outcome.limits is not None:
            self.limits_changed.emit(outcome.limits)
        for gap in outcome.gaps:
            self.gap_told.emit(gap)

    def _take_shown(self, outcome: Outcome) -> None:
        for standing in outcome.sources:
            self.sources_changed.emit(standing)
        if outcome.aside is not None and isinstance(outcome.message, FromDevice):
            self.set_aside.emit(outcome.message.device, outcome.aside)
        if isinstance(outcome.shown, Numeric):
            self.numeric_shown.emit(outcome.shown)
            if isinstance(outcome.message, FromDevice):
                self.heard_from.emit(outcome.message.device, outcome.shown)
        elif isinstance(outcome.shown, WaveformBlock):
            self.block_shown.emit(outcome.shown)
            if isinstance(outcome.message, FromDevice):
                self.block_heard.emit(outcome.message.device, outcome.shown)

    def _log(self, outcome: Outcome) -> None:
        for transition in outcome.transitions:
            self.transition_logged.emit(transition)
        if outcome.audio is not None:
            self.audio_told.emit(outcome.message.at, outcome.audio)

    def _take_message(self, outcome: Outcome) -> None:
        message = outcome.message
        if outcome.refused:
            self.command_refused.emit(outcome.refused)
            if isinstance(message, FromOperator):
                self.entry_refused.emit(message.command, outcome.refused)
        elif isinstance(message, FromDevice) and isinstance(message.observation, LinkStatus):
            self.link_changed.emit(message.device, message.observation)
        elif isinstance(message, FromOperator):
            self._take_command(message)

    def _take_command(self, message: FromOperator) -> None:
        command = message.command
        if isinstance(command, DATED):
            self.entry_recorded.emit(message.at, command)
        if isinstance(command, RecordAssessment):
            self.assessment_recorded.emit(command)
        elif isinstance(command, RecordEvent):
            self.event_recorded.emit(command)
        elif isinstance(command, DATED):
            self.form_recorded.emit(command)
        elif isinstance(command, SignLedger | CorrectDose):
            self.account_recorded.emit(command)
