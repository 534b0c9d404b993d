"""The board: which conditions stand, and which are still being timed. Knows presence and priority; finds nothing itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from clinical.alarm_model import (
    DE_ESCALATES_AFTER_S,
    LONGEST_AUDIO_PAUSE_S,
    Alarm,
    AlarmPreset,
    AlarmTransition,
    ConditionSetting,
    Kind,
    Presence,
)
from clinical.alarms.finding import Condition, Finding
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


INHERITED_S = 60.0
"""What stood before the program was interrupted must be seen again within this; else it stays latched until somebody has looked."""

_INHERITED = Condition(
    name="inherited",
    id="{code}",
    kind=Kind.TECHNICAL,
    priority=Priority.HIGH,
    title=lambda found: found.text,
    detail=lambda found: found.note,
)
"""Stands for the row of what was taken over, until its own finds it again."""

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
        self._easing: dict[str, tuple[Instant, Finding]] = {}
        self._inherited: dict[str, Instant] = {}
        self._settings: dict[str, ConditionSetting] = {}
        self._transitions: list[AlarmTransition] = []
        self._changed = False
        self._appeared = False

    def use(self, preset: AlarmPreset) -> None:
        """Takes over the preset's changes to the table."""
        self._settings = {setting.name: setting for setting in preset.conditions}

    def hold(self, at: Instant, found: Finding, *, since: Instant | None = None) -> None:
        """The condition is true now: it appears, waits for its delay, or is told anew if its words changed.

        ``since``: from when its delay counts; None: from the first word of it.
        """
        name = found.id
        self._inherited.pop(name, None)
        if name in self.standing:
            self._retell(at, name, found)
            return
        since = self._waiting.get(name, (since or at, found))[0]
        if at.since(since) >= self._delay_of(found):
            self._appear(at, name, found)
        else:
            self._waiting[name] = (since, found)

    def is_held(self, name: str) -> bool:
        """Whether it stands or waits for its delay."""
        return name in self.standing or name in self._waiting

    def release(self, at: Instant, name: str, *, latching: bool = False) -> None:
        """The condition is no longer true. ``latching``: it stays even if its row does not say so."""
        self._waiting.pop(name, None)
        self._easing.pop(name, None)
        if name in self.standing:
            self._happen(at, name, Happening.CLEARS, latching=latching or self._latches(name))

    def knows_any(self, names: Collection[str]) -> bool:
        """Whether any of them stands, waits or eases, so that it matters to be told of it."""
        return not (self.standing.keys().isdisjoint(names) and self._waiting.keys().isdisjoint(names))

    def acknowledge(self, at: Instant, names: Iterable[str], by: str) -> None:
        """Someone has seen them. Names that do not stand are passed over."""
        for name in names:
            if name in self.standing:
                self._happen(at, name, Happening.ACKNOWLEDGED, latching=self._latches(name), by=by)

    def silence(self, at: Instant, name: str, seconds: float) -> None:
        """The sound of one condition is off, at most 120 s and no longer than it stands as it is. Its sight stays."""
        alarm = self.standing.get(name)
        if alarm is not None:
            self.standing[name] = replace(alarm, silenced_until=at.plus(min(seconds, LONGEST_AUDIO_PAUSE_S)))
            self._changed = True

    def inherit(self, at: Instant, alarms: Iterable[Alarm]) -> None:
        """Takes over what stood when the program was interrupted, as it stood. It is no news: nothing is logged or sounds anew.

        What else was found while the case was rebuilt is in no log: it appears when it is found again.
        """
        rebuilt = self._rows
        self.standing, self._rows, self._easing = {}, {}, {}
        self._transitions.clear()
        self._appeared, self._changed = False, True
        for alarm in alarms:
            name = alarm.condition
            self.standing[name] = alarm
            self._rows[name] = rebuilt.get(name) or Finding(row=_INHERITED, code=name)
            if name not in rebuilt:
                self._inherited[name] = at

    def tick(self, at: Instant) -> None:
        """Lets appear what has waited long enough, and end what has only so long."""
        self._end_silences(at)
        for name in [name for name, since in self._inherited.items() if at.since(since) >= INHERITED_S]:
            del self._inherited[name]
            self._happen(at, name, Happening.CLEARS, latching=True)
        for name, (since, found) in list(self._easing.items()):
            if at.since(since) >= DE_ESCALATES_AFTER_S:
                self._retell(at, name, found)
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
        self._inherited.clear()
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
        """The highest priority that stands and is neither acknowledged nor silenced."""
        return max((alarm.priority for alarm in self._heard()), key=lambda priority: priority.rank, default=None)

    def repeats(self) -> bool:
        """Whether any of the loudest asks to be heard again and again."""
        loudest = self.loudest()
        return any(not self._sounds_once(alarm.condition) for alarm in self._heard() if alarm.priority is loudest)

    def is_owed_reminder(self) -> bool:
        """A high condition stands whose sound somebody has taken away."""
        return any(alarm.priority is Priority.HIGH and _is_hushed(alarm) for alarm in self.standing.values())

    def _heard(self) -> list[Alarm]:
        return [alarm for alarm in self.standing.values() if not _is_hushed(alarm)]

    def _sounds_once(self, name: str) -> bool:
        return self._rows[name].row.sounds_once

    def _latches(self, name: str) -> bool:
        """Whether a condition that stands outlives its cause: as the preset has it, or else its row."""
        row = self._rows[name].row
        setting = self._settings.get(row.name)
        return row.latching if setting is None or setting.latching is None else setting.latching

    def _end_silences(self, at: Instant) -> None:
        for name, alarm in list(self.standing.items()):
            if alarm.silenced_until is not None and at.monotonic_ns >= alarm.silenced_until.monotonic_ns:
                self.standing[name] = replace(alarm, silenced_until=None)
                self._changed = True

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
        self._happen(at, name, Happening.APPEARS, latching=False)

    def _retell(self, at: Instant, name: str, found: Finding) -> None:
        """A standing condition was seen again: new words, a new priority, or the return of one that was latched."""
        before = self.standing[name]
        returned = before.presence is Presence.LATCHED
        told = self._told(name, found, before.presence, at if returned else before.since)
        if not returned:
            told = self._eased(at, name, found, before, told)
            told = told if before.silenced_until is None else replace(told, silenced_until=before.silenced_until)
        self._rows[name] = found
        if told == before and not returned:
            return
        self.standing[name] = told
        self._changed = True
        if told.priority.rank > before.priority.rank:
            self._happen(at, name, Happening.WORSENS, latching=False)
        elif returned:
            self._happen(at, name, Happening.APPEARS, latching=False)
        elif told.priority.rank < before.priority.rank:
            self._happen(at, name, Happening.EASES, latching=False)

    def _eased(self, at: Instant, name: str, found: Finding, before: Alarm, told: Alarm) -> Alarm:
        """What is told of a condition that may have become less urgent: its old priority until it has been lower for long enough."""
        if told.priority.rank >= before.priority.rank:
            self._easing.pop(name, None)
            return told
        since, _ = self._easing.get(name, (at, found))
        if at.since(since) >= DE_ESCALATES_AFTER_S:
            del self._easing[name]
            return told
        self._easing[name] = (since, found)
        return replace(told, priority=before.priority)

    def _happen(self, at: Instant, name: str, happening: Happening, *, latching: bool, by: str = "") -> None:
        before = self.standing[name].presence
        after = presence_after(before, happening, latching=latching)
        if after is not before or happening in {Happening.WORSENS, Happening.EASES}:
            at_once = happening is Happening.WORSENS or (happening is not Happening.EASES and self._rows[name].heard_at_once)
            self._set(at, name, after, by, keeps_silence=happening is Happening.EASES)
            self._appeared |= after is Presence.ON and at_once

    def _set(self, at: Instant, name: str, after: Presence, by: str = "", *, keeps_silence: bool = False) -> None:
        before = self.standing[name]
        silenced_until = before.silenced_until if keeps_silence else None
        alarm = replace(before, presence=after, silenced_until=silenced_until)
        self.standing[name] = alarm
        self._transitions.append(AlarmTransition(at=at, before=before.presence, alarm=alarm, by=by))
        self._changed = True
        if after is Presence.OFF:
            del self.standing[name], self._rows[name]
            self._easing.pop(name, None)
            self._inherited.pop(name, None)


def _is_hushed(alarm: Alarm) -> bool:
    return alarm.presence is Presence.ACKNOWLEDGED or alarm.silenced_until is not None
