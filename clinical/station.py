"""What a screen for several beds makes of what it hears: which bed is silent, what stands, and what sounds. Pure; time is an argument.

A bed alarms by itself, with or without this. Delays and priorities here are proposals, to be confirmed by your clinicians.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinical.alarm_model import LONGEST_AUDIO_PAUSE_S, SILENCE, Alarm, AudioState, Kind, Presence
from clinical.bed import BedState
from clinical.instant import Instant
from clinical.observations import Priority

SILENT_AFTER_S = 5.0
"""A bed speaks twice a second: after so long without a word it is missed."""
SILENT = "bed:silent"
GO_AND_LOOK = "The bed's own screen alarms by itself. Go and look."


@dataclass(frozen=True, slots=True, kw_only=True)
class BedHeard:
    """The last word of a bed, its moments on the clock of who listens; ``state.at`` is when it was heard."""

    state: BedState

    def silent_s(self, now: Instant) -> float:
        """Seconds since the last word."""
        return now.since(self.state.at)

    @property
    def is_watched(self) -> bool:
        """A case runs there, and nobody ended the program on purpose."""
        return bool(self.state.case) and not self.state.left

    def is_silent(self, now: Instant) -> bool:
        """Whether it is missed: it has a case, said no goodbye, and says nothing."""
        return self.is_watched and self.silent_s(now) > SILENT_AFTER_S

    def alarms(self, now: Instant) -> tuple[Alarm, ...]:
        """What stands there, highest first. Of a silent bed nobody knows: that it is silent is its alarm."""
        if not self.is_watched:
            return ()
        return (_silence(self.state.at),) if self.is_silent(now) else self.state.alarms


def _silence(since: Instant) -> Alarm:
    return Alarm(
        condition=SILENT,
        kind=Kind.TECHNICAL,
        priority=Priority.MEDIUM,
        presence=Presence.ON,
        title="No word from this bed",
        detail=GO_AND_LOOK,
        since=since,
    )


def by_bed(bed: BedHeard) -> tuple[float, str]:
    """The order on the screen, which never changes: by number, then by name."""
    name = bed.state.bed
    return (float(name), name) if name.isdecimal() else (float("inf"), name)


def standing(beds: Sequence[BedHeard], now: Instant) -> tuple[Alarm, ...]:
    """The alarms of all beds, each with its bed in front, highest first; of equals the newer."""
    named = [replace(alarm, title=f"Bed {bed.state.bed}   {alarm.title}") for bed in beds for alarm in bed.alarms(now)]
    return tuple(sorted(named, key=lambda alarm: (-alarm.priority.rank, alarm.presence is not Presence.ON, -alarm.since.monotonic_ns)))


class StationSound:
    """What sounds at the station: the highest of what sounds at any bed, and the silence of a bed.

    A pause here is for here alone. Who paused the sound at a bed is there, so it does not sound here either.
    """

    def __init__(self) -> None:
        self._voices: dict[tuple[str, int], Priority] = {}
        self._generation = 0
        self._paused_until: Instant | None = None
        self._paused_rank = -1

    def pause(self, now: Instant) -> None:
        """For two minutes at most; what is higher than all that sounds now ends it."""
        self._paused_until = now.plus(LONGEST_AUDIO_PAUSE_S)
        self._paused_rank = max((priority.rank for priority in self._voices.values()), default=-1)

    def resume(self) -> None:
        self._paused_until = None

    def step(self, beds: Sequence[BedHeard], now: Instant) -> AudioState:
        """What should sound now."""
        voices = dict(voice for bed in beds if (voice := _voice(bed, now)) is not None)
        fresh = [priority for key, priority in voices.items() if self._voices.get(key) is not priority]
        self._voices = voices
        self._generation += bool(fresh)
        if self._paused_until is not None and (now >= self._paused_until or any(one.rank > self._paused_rank for one in fresh)):
            self._paused_until = None
        loudest = max(voices.values(), key=lambda priority: priority.rank, default=None)
        if self._paused_until is not None or loudest is None:
            return replace(SILENCE, paused_until=self._paused_until, generation=self._generation)
        return AudioState(sounding=loudest, paused_until=None, generation=self._generation, repeats=loudest is not Priority.LOW)


def _voice(bed: BedHeard, now: Instant) -> tuple[tuple[str, int], Priority] | None:
    """What a bed adds: told apart by the bed and by its count of new alarms, so that each new one is heard at once."""
    if bed.is_silent(now):
        return (bed.state.bed, -1), Priority.MEDIUM
    if not bed.is_watched or bed.state.sounding is None:
        return None
    return (bed.state.bed, bed.state.generation), bed.state.sounding
