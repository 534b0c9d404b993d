"""What should sound: one sound at a time, the loudest; pauses that always end. Makes no sound itself."""

from __future__ import annotations

from clinical.alarm_model import LONGEST_AUDIO_PAUSE_S, SILENCE, AudioState
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

    def settle(self, at: Instant, loudest: Priority | None, *, appeared: bool) -> AudioState | None:
        """Brings the state up to this moment; None if it is as before.

        Args:
            loudest: highest priority that stands and is not acknowledged.
            appeared: a condition has just become ON; it ends a pause and is to sound at once.
        """
        if appeared:
            self._generation += 1
        if appeared or _rank(loudest) > self._paused_rank or self._expired(at):
            self._paused_until = None
        silent = not self._armed or self._paused_until is not None
        state = AudioState(sounding=None if silent else loudest, paused_until=self._paused_until, generation=self._generation)
        if state == self.state:
            return None
        self.state = state
        return state

    def _expired(self, at: Instant) -> bool:
        return self._paused_until is not None and at.monotonic_ns >= self._paused_until.monotonic_ns

    @property
    def pausing(self) -> bool:
        """A pause runs, so that time alone can change the state."""
        return self._paused_until is not None


def _rank(priority: Priority | None) -> int:
    return -1 if priority is None else priority.rank
