"""The board: which conditions stand, and which are still being timed. Knows presence and priority; finds nothing itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from clinical.alarm_model import Alarm, AlarmPreset, AlarmTransition, ConditionSetting, Presence
from clinical.alarms.finding import Finding
from clinical.alarms.presence import Happening, presence_after
from clinical.instant import Instant
from clinical.observations import Priority


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the board since it was last asked.

    Attributes:
        alarms: all that stand, highest first; None if nothing about them changed.
        appeared: a condition became ON: it must be heard.
    """

    transitions: tuple[AlarmTransition, ...]
    alarms: tuple[Alarm, ...] | None
    appeared: bool


NO_CHANGES = Changes((), None, appeared=False)


def urgency(alarm: Alarm) -> tuple[int, bool, int, str]:
    """Sort key: highest first; of equals what is not yet acknowledged, then the newest, then by name."""
    return (-alarm.priority.rank, alarm.presence is Presence.ACKNOWLEDGED, -alarm.since.monotonic_ns, alarm.condition)


class Board:
    """All conditions that stand."""

    def __init__(self) -> None:
        self.standing: dict[str, Alarm] = {}
        self._rows: dict[str, Finding] = {}
        self._waiting: dict[str, tuple[Instant, Finding]] = {}
        self._settings: dict[str, ConditionSetting] = {}
        self._transitions: list[AlarmTransition] = []
        self._changed = False
        self._appeared = False

    def use(self, preset: AlarmPreset) -> None:
        """Takes over the preset's changes to the table."""
        self._settings = {setting.name: setting for setting in preset.conditions}

    def hold(self, at: Instant, found: Finding) -> None:
        """The condition is true now: it appears, waits for its delay, or is told anew if its words changed."""
        name = found.id
        if name in self.standing:
            self._retell(at, name, found)
            return
        since = self._waiting.get(name, (at, found))[0]
        if at.since(since) >= self._delay_of(found):
            self._appear(at, name, found)
        else:
            self._waiting[name] = (since, found)

    def release(self, at: Instant, name: str, *, latching: bool = False) -> None:
        """The condition is no longer true. ``latching``: it stays even if its row does not say so."""
        self._waiting.pop(name, None)
        if name in self.standing:
            self._happen(at, name, Happening.CLEARS, latching=latching or self._rows[name].row.latching)

    def acknowledge(self, at: Instant, names: Iterable[str], by: str) -> None:
        """Someone has seen them. Names that do not stand are passed over."""
        for name in names:
            if name in self.standing:
                self._happen(at, name, Happening.ACKNOWLEDGED, latching=self._rows[name].row.latching, by=by)

    def tick(self, at: Instant) -> None:
        """Lets appear what has waited long enough."""
        if not self._waiting:
            return
        ready = [(name, found) for name, (since, found) in self._waiting.items() if at.since(since) >= self._delay_of(found)]
        for name, found in ready:
            self._appear(at, name, found)

    def end_case(self, at: Instant) -> None:
        """Clears whatever is told only while a case runs."""
        self._waiting = {name: kept for name, kept in self._waiting.items() if kept[1].row.outside_case}
        for name in [name for name, found in self._rows.items() if not found.row.outside_case]:
            self._set(at, name, Presence.OFF)
        self._settings = {}

    def drain(self) -> Changes:
        """What changed since the last call."""
        if not self._changed:
            return NO_CHANGES
        changes = Changes(tuple(self._transitions), self.alarms(), appeared=self._appeared)
        self._transitions.clear()
        self._changed = self._appeared = False
        return changes

    def alarms(self) -> tuple[Alarm, ...]:
        """All that stand, highest first."""
        return tuple(sorted(self.standing.values(), key=urgency))

    def loudest(self) -> Priority | None:
        """The highest priority that stands and is not acknowledged."""
        heard = [alarm.priority for alarm in self.standing.values() if alarm.presence is not Presence.ACKNOWLEDGED]
        return max(heard, key=lambda priority: priority.rank, default=None)

    def _delay_of(self, found: Finding) -> float:
        setting = self._settings.get(found.row.name)
        if found.delay_s is not None:
            return found.delay_s
        return found.row.delay_s if setting is None or setting.delay_s is None else setting.delay_s

    def _priority_of(self, found: Finding) -> Priority:
        setting = self._settings.get(found.row.name)
        if setting is not None and setting.priority is not None:
            return setting.priority
        return found.priority or found.row.priority

    def _told(self, name: str, found: Finding, presence: Presence, since: Instant) -> Alarm:
        return Alarm(
            condition=name,
            kind=found.row.kind,
            priority=self._priority_of(found),
            presence=presence,
            title=found.row.title(found),
            detail=found.row.detail(found),
            since=since,
            metric=found.metric,
            device=found.device,
            value=found.value,
            limit=found.limit,
            returns=found.returns,
        )

    def _appear(self, at: Instant, name: str, found: Finding) -> None:
        self._waiting.pop(name, None)
        self._rows[name] = found
        self.standing[name] = self._told(name, found, Presence.OFF, at)
        self._happen(at, name, Happening.APPEARS, latching=found.row.latching)

    def _retell(self, at: Instant, name: str, found: Finding) -> None:
        """A standing condition was seen again: new words, a new priority, or the return of one that was latched."""
        before = self.standing[name]
        returned = before.presence is Presence.LATCHED
        told = self._told(name, found, before.presence, at if returned else before.since)
        if told == before and not returned:
            return
        self._rows[name] = found
        self.standing[name] = told
        self._changed = True
        if told.priority.rank > before.priority.rank:
            self._happen(at, name, Happening.WORSENS, latching=found.row.latching)
        elif returned:
            self._happen(at, name, Happening.APPEARS, latching=found.row.latching)

    def _happen(self, at: Instant, name: str, happening: Happening, *, latching: bool, by: str = "") -> None:
        before = self.standing[name].presence
        after = presence_after(before, happening, latching=latching)
        if after is not before or happening is Happening.WORSENS:
            at_once = happening is Happening.WORSENS or self._rows[name].heard_at_once
            self._set(at, name, after, by)
            self._appeared |= after is Presence.ON and at_once

    def _set(self, at: Instant, name: str, after: Presence, by: str = "") -> None:
        before = self.standing[name]
        alarm = replace(before, presence=after)
        self.standing[name] = alarm
        self._transitions.append(AlarmTransition(at=at, before=before.presence, alarm=alarm, by=by))
        self._changed = True
        if after is Presence.OFF:
            del self.standing[name], self._rows[name]
