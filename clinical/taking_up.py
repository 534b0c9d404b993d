"""A monitor rebuilt for a case that goes on after an interruption. Pure: what was kept comes in, and what stood is taken over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from clinical.alarm_model import LONGEST_AUDIO_PAUSE_S, Alarm, AlarmTransition, Presence
from clinical.commands import SilenceAlarm
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Message, Outcome
from clinical.monitor import Monitor
from clinical.observations import PumpStatus

JUDGED_S = 30 * 60.0
"""Pumps' reports from before that long are counted and not judged: what stood is taken over, and no alarm of a pump waits longer."""
TOLD_EVERY_S = 30.0
"""Of those a trend needs one in so much time, and each change."""
OF_THE_PROGRAM = "self:"
"""Conditions of the program itself: the one that was interrupted is gone, and the new one reports on itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingUp:
    """What a case goes on from.

    Attributes:
        at: when it goes on.
        messages: what rebuilds the case, from StartCase on.
        standing: what stood when it was interrupted, each with what is left of its own silence. A pause of all sound is not among
            it: after an interruption what stands is heard.
    """

    at: Instant
    messages: tuple[Message, ...]
    standing: tuple[Alarm, ...]


def taking_up(at: Instant, messages: Sequence[Message], log: Sequence[AlarmTransition]) -> TakingUp:
    """From the messages and the alarm log before the interruption, both on the present clock and by rising instant."""
    latest = {step.alarm.condition: step.alarm for step in log}
    stood = [alarm for name, alarm in latest.items() if alarm.presence is not Presence.OFF and not name.startswith(OF_THE_PROGRAM)]
    silences = _silences(at, messages, log)
    standing = tuple(replace(alarm, silenced_until=silences.get(alarm.condition)) for alarm in stood)
    return TakingUp(at=at, messages=tuple(messages), standing=standing)


def _silences(at: Instant, messages: Sequence[Message], log: Sequence[AlarmTransition]) -> dict[str, Instant]:
    """Until when each condition's own sound is still off. What the condition did after it was silenced has ended that, unless it eased."""
    until: dict[str, tuple[Instant, Instant]] = {}
    for message in messages:
        if isinstance(message, FromOperator) and isinstance(message.command, SilenceAlarm):
            command = message.command
            until[command.condition] = (message.at, message.at.plus(min(command.seconds, LONGEST_AUDIO_PAUSE_S)))
    before: dict[str, Alarm] = {}
    for step in log:
        name, was = step.alarm.condition, before.get(step.alarm.condition)
        eased = was is not None and was.presence is step.alarm.presence and was.priority.rank > step.alarm.priority.rank
        if name in until and step.at >= until[name][0] and not eased:
            del until[name]
        before[name] = step.alarm
    return {name: end for name, (_, end) in until.items() if end > at}


def rebuild(case: TakingUp) -> tuple[Monitor, list[Outcome]]:
    """The monitor, ready for what is new, and what a screen is to be told of how it came to be. Their transitions are none of the log's."""
    monitor = Monitor()
    outcomes = list(_gone_over(monitor, case))
    outcomes.append(monitor.inherit(case.at, case.standing))
    return monitor, outcomes


def _gone_over(monitor: Monitor, case: TakingUp) -> Iterator[Outcome]:
    told: dict[tuple[str, str], PumpStatus] = {}
    for message in case.messages:
        if not isinstance(message, FromDevice) or not isinstance(message.observation, PumpStatus) or case.at.since(message.at) < JUDGED_S:
            yield monitor.step(message)
            continue
        status, key = message.observation, (message.device, message.observation.channel)
        tells = key not in told or _is_news(told[key], status)
        outcome = monitor.recall(message.device, status, tells=tells)
        if tells:
            told[key] = status
        if outcome is not None:
            yield outcome


def _is_news(before: PumpStatus, status: PumpStatus) -> bool:
    moved = (before.state, before.rate_ml_per_h) != (status.state, status.rate_ml_per_h)
    return moved or status.at.since(before.at) >= TOLD_EVERY_S


def transitions_of(outcomes: Iterable[Outcome]) -> list[AlarmTransition]:
    """All transitions of some outcomes, in order."""
    return [step for outcome in outcomes for step in outcome.transitions]
