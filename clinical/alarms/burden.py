"""The alarm burden of a case, from its log: how many, how long, and how soon someone answered. Judges no value."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clinical.alarm_model import AlarmTransition, AudioState, Kind, Presence
from clinical.instant import Instant

SELF_CLEARED_S = 15.0
"""An alarm that ends by itself so soon was over before anybody could have come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What a case's alarms asked of those who heard them.

    Attributes:
        hours: length of what was counted.
        new, returned: alarms that appeared, and those among the appearances that were the same one coming back.
        worsened: a standing alarm rose in priority.
        self_cleared: ended within 15 s, and nobody had acknowledged it.
        physiological, technical: ``new`` by kind.
        in_alarm_s: any alarm stood.
        silenced_s: the sound was paused.
        response_s: median from an appearance to its acknowledgement; None if none was acknowledged.
    """

    hours: float
    new: int
    returned: int
    worsened: int
    self_cleared: int
    physiological: int
    technical: int
    in_alarm_s: float
    silenced_s: float
    response_s: float | None

    @property
    def new_per_hour(self) -> float:
        return self.new / self.hours if self.hours else 0.0


def burden_of(log: Sequence[AlarmTransition], audio: Iterable[tuple[Instant, AudioState]], begin: Instant, end: Instant) -> Burden:
    """The burden between two moments. ``log`` and ``audio`` by rising instant; what stands at the end counts to the end."""
    appeared = [step for step in log if _appears(step)]
    fresh = [step for step in appeared if step.alarm.returns == 0]
    ended = [step for step in log if step.before is Presence.ON and step.alarm.presence is Presence.OFF and step.at < end]
    answered = [step.at.since(step.alarm.since) for step in log if step.alarm.presence is Presence.ACKNOWLEDGED]
    return Burden(
        hours=end.since(begin) / 3600,
        new=len(fresh),
        returned=len(appeared) - len(fresh),
        worsened=sum(step.alarm.presence is Presence.ON and step.before in {Presence.ON, Presence.ACKNOWLEDGED} for step in log),
        self_cleared=sum(step.at.since(step.alarm.since) <= SELF_CLEARED_S for step in ended),
        physiological=sum(step.alarm.kind is Kind.PHYSIOLOGICAL for step in fresh),
        technical=sum(step.alarm.kind is Kind.TECHNICAL for step in fresh),
        in_alarm_s=_in_alarm_s(log, end),
        silenced_s=_silenced_s(audio, end),
        response_s=statistics.median(answered) if answered else None,
    )


def _appears(step: AlarmTransition) -> bool:
    return step.before in {Presence.OFF, Presence.LATCHED} and step.alarm.presence is Presence.ON


def _in_alarm_s(log: Sequence[AlarmTransition], end: Instant) -> float:
    standing: set[str] = set()
    since, total = end, 0.0
    for step in log:
        before = bool(standing)
        (standing.discard if step.alarm.presence is Presence.OFF else standing.add)(step.alarm.condition)
        if standing and not before:
            since = step.at
        elif before and not standing:
            total += step.at.since(since)
    return total + (end.since(since) if standing else 0.0)


def _silenced_s(audio: Iterable[tuple[Instant, AudioState]], end: Instant) -> float:
    since: Instant | None = None
    total = 0.0
    for at, state in audio:
        if state.paused_until is not None:
            since = since or at
        elif since is not None:
            total, since = total + at.since(since), None
    return total + (end.since(since) if since is not None else 0.0)
