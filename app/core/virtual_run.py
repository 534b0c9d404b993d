"""A whole case on a virtual clock, in one thread: from one due moment to the next, in a fixed order, as fast as it goes.

The same simulators, drivers, links, monitor and recorder as live. The same seed gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.core.lockstep import Lockstep
from app.core.spine import Spine
from app.core.ticks import TICK_S
from clinical.instant import Instant
from clinical.messages import FromOperator, Message, Tick

COMMIT_EVERY_S = 60.0
"""A virtual case loses nothing by a crash that it could not make again, so it is written in larger pieces."""

Progress = Callable[[float], None]
"""Called with the seconds of case that are done."""


class VirtualRun:
    """Runs messages through a spine along virtual time, with ticks and commits between them."""

    def __init__(
        self, spine: Spine, write: Callable[[], None], start: Instant, progress: Progress, pace: Callable[[Instant], None] | None = None
    ) -> None:
        """``write`` is called from time to time to keep what was taken. ``pace`` is told each tick's moment and may wait there; None: go
        on at once.
        """
        self._spine = spine
        self._write = write
        self._start = start
        self._progress = progress
        self._pace = pace
        self._tick_at = start.plus(TICK_S)
        self._commit_at = start.plus(COMMIT_EVERY_S)

    def simulate(self, lockstep: Lockstep, until: Instant) -> None:
        """Lets the room live until a moment."""
        now = self._start
        while now < until:
            now = min(lockstep.next(now, self._tick_at), until)
            for command in lockstep.step(now):
                self._spine.take(FromOperator(now, command))
            self._pass_time(now)

    def replay(self, messages: Iterable[Message], until: Instant) -> None:
        """Plays recorded messages, in their order, with ticks between them."""
        for message in messages:
            if message.at >= until:
                break
            self._pass_time(message.at)
            self._spine.take(message)
        self._pass_time(until)

    def _pass_time(self, now: Instant) -> None:
        while self._tick_at <= now:
            self._spine.take(Tick(self._tick_at))
            if self._pace is not None:
                self._pace(self._tick_at)
            self._tick_at = self._tick_at.plus(TICK_S)
        if now >= self._commit_at:
            self._write()
            self._commit_at = now.plus(COMMIT_EVERY_S)
            self._progress(now.since(self._start))
