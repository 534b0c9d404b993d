"""A monitor rebuilt for a case that goes on after an interruption. Pure: what was kept comes in, and what stood is taken over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clinical.alarm_model import Alarm, AlarmTransition, Presence
from clinical.commands import PauseAudio, ResumeAudio
from clinical.instant import Instant
from clinical.messages import FromOperator, Message, Outcome
from clinical.monitor import Monitor

OF_THE_PROGRAM = "self:"
"""Conditions of the program itself: the one that was interrupted is gone, and the new one reports on itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingUp:
    """What a case goes on from.

    Attributes:
        at: when it goes on.
        messages: what rebuilds the case, from StartCase on.
        standing: what stood when it was interrupted.
        heard_anew: something new was heard after the last pause began, so that the pause was over.
    """

    at: Instant
    messages: tuple[Message, ...]
    standing: tuple[Alarm, ...]
    heard_anew: bool


def taking_up(at: Instant, messages: Sequence[Message], log: Sequence[AlarmTransition]) -> TakingUp:
    """From the messages and the alarm log before the interruption, both on the present clock and by rising instant."""
    latest = {step.alarm.condition: step.alarm for step in log}
    standing = tuple(alarm for name, alarm in latest.items() if alarm.presence is not Presence.OFF and not name.startswith(OF_THE_PROGRAM))
    pauses = [message.at for message in messages if isinstance(message, FromOperator) and isinstance(message.command, PauseAudio)]
    paused_at = max(pauses, default=None)
    heard_anew = paused_at is not None and any(step.at > paused_at and step.alarm.presence is Presence.ON for step in log)
    return TakingUp(at=at, messages=tuple(messages), standing=standing, heard_anew=heard_anew)


def rebuild(case: TakingUp) -> tuple[Monitor, list[Outcome]]:
    """The monitor, ready for what is new, and what a screen is to be told of how it came to be. Their transitions are none of the log's."""
    monitor = Monitor()
    outcomes = [monitor.step(message) for message in case.messages]
    if case.heard_anew:
        outcomes.append(monitor.step(FromOperator(case.at, ResumeAudio())))
    outcomes.append(monitor.inherit(case.at, case.standing))
    return monitor, outcomes


def transitions_of(outcomes: Iterable[Outcome]) -> list[AlarmTransition]:
    """All transitions of some outcomes, in order."""
    return [step for outcome in outcomes for step in outcome.transitions]
