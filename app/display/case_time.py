"""The case's time as the display knows it: what the core told last, moved on by the display's own clock."""

from __future__ import annotations

from app.clock import room_now
from clinical.instant import Instant

ON_ITS_WAY_S = 0.04
"""Of the room: what a number may need to get here. A case that goes faster than the room is shown by so much later, else its numbers were
old as soon as they came; at the room's own pace nothing is held back."""


class CaseTime:
    """Never steps back: a heartbeat that was under way a little longer must not make a lane jump.

    Attributes:
        speed: seconds of the case for each of the room.
    """

    def __init__(self) -> None:
        self._told: Instant | None = None
        self._told_at = room_now()
        self.speed = 1.0
        self._last = self._told_at

    def tell(self, at: Instant, speed: float) -> None:
        """A heartbeat of the core."""
        begun_anew = self._told is None or at.monotonic_ns < self._told.monotonic_ns
        self._told, self._told_at, self.speed = at, room_now(), speed
        if begun_anew:
            self._last = at

    def now(self) -> Instant:
        """The case's time; the room's until the core has told it."""
        if self._told is None:
            return room_now()
        told_s = room_now().since(self._told_at)
        now = self._told.plus(told_s * self.speed - ON_ITS_WAY_S * (self.speed - 1.0))
        self._last = max(self._last, now)
        return self._last
