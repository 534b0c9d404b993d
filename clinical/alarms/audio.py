"""What should sound: one sound at a time, the loudest; pauses that always end. Makes no sound itself."""

from __future__ import annotations

from clinical.alarm_model import LONGEST_AUDIO_PAUSE_S, REMINDER_EVERY_S, SILENCE, AudioState
from clinical.instant import Instant
from clinical.observations import Priority


class Audio:
    """The state of the sound. Silent until a case begins."""

    def __init__(self) -> None:
        self.state: AudioState = SILENCE
        self._paused_until: Instant | None = None
        self._paused_rank = -1
        self._generation = 0
        self._armed = False
        self._reminders = 0
        self._hushed_since: Instant | None = None

    def arm(self) -> None:
        """A case begins: what stands is heard, whatever was paused before."""
        self._armed = True
        self._paused_until = None

    def disarm(self) -> None:
        """The case is over: nothing sounds."""
        self._armed = False
        self._paused_until = None

    def pause(self, at: Instant, seconds: float, loudest: Priority | None) -> None:
        """Sound off from now, at most 120 s; ``loudest`` is what stands now, and anything above it ends the pause."""
        self._paused_until = at.plus(min(seconds, LONGEST_AUDIO_PAUSE_S))
        self._paused_rank = _rank(loudest)

    def resume(self) -> None:
        self._paused_until = None

    def settle(
        self, at: Instant, loudest: Priority | None, *, appeared: bool, repeats: bool = True, owed: bool = False
    ) -> AudioState | None:
        """Brings the state up to this moment; None if it is as before.

        Args:
            loudest: highest priority that stands and is neither acknowledged nor silenced.
            appeared: a condition has just become ON; it ends a pause and is to sound at once.
            repeats: any of the loudest is to be heard again and again.
            owed: a high condition stands whose sound was taken away: from time to time one is reminded of it.
        """
        if appeared:
            self._generation += 1
        if appeared or _rank(loudest) > self._paused_rank or self._expired(at):
            self._paused_until = None
        silent = not self._armed or self._paused_until is not None
        sounding = None if silent else loudest
        self._remind(at, owed=owed and not silent and sounding is not Priority.HIGH)
        state = AudioState(
            sounding=sounding,
            paused_until=self._paused_until,
            generation=self._generation,
            repeats=repeats or sounding is None,
            reminders=self._reminders,
        )
        if state == self.state:
            return None
        self.state = state
        return state

    def _remind(self, at: Instant, *, owed: bool) -> None:
        if not owed:
            self._hushed_since = None
            return
        self._hushed_since = self._hushed_since or at
        if at.since(self._hushed_since) >= REMINDER_EVERY_S:
            self._reminders += 1
            self._hushed_since = at

    def _expired(self, at: Instant) -> bool:
        return self._paused_until is not None and at.monotonic_ns >= self._paused_until.monotonic_ns

    @property
    def waits(self) -> bool:
        """A pause runs or a reminder is owed, so that time alone can change the state."""
        return self._paused_until is not None or self._hushed_since is not None


def _rank(priority: Priority | None) -> int:
    return -1 if priority is None else priority.rank
