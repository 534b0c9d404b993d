"""Lets a simulated room live at the speed of the case's clock, and makes the ticks of its case."""

from __future__ import annotations

from collections.abc import Callable

from app.clock import CaseClock
from app.core.lockstep import Lockstep
from app.core.ticks import TICK_S
from app.core.worker import Worker
from clinical.instant import Instant
from clinical.messages import FromOperator, Message, Tick

LONGEST_WAIT_S = 0.02
"""Of the room, so that it ends soon when asked."""


class RoomThread(Worker):
    """Steps on due moments of the case as the clock passes them, ticks among them, all in their order."""

    def __init__(self, lockstep: Lockstep, clock: CaseClock, now: Instant, post: Callable[[Message], None]) -> None:
        """``now``: from where the room lives on."""
        super().__init__("simulated room", clock, post)
        self._lockstep = lockstep
        self._post = post
        self._now = now
        self._tick_at = now.plus(TICK_S)

    def run(self) -> None:
        while not self.ended.is_set():
            moment = self._lockstep.next(self._now, self._tick_at)
            while (wait_s := self._clock.room_seconds(moment.since(self._clock.now()))) > 0:
                if self.ended.wait(min(wait_s, LONGEST_WAIT_S)):
                    return
            self._now = moment  # before the step: after a fault it goes on from here
            for command in self._lockstep.step(moment):
                self._post(FromOperator(moment, command))
            if self._tick_at <= moment:
                self._post(Tick(moment))
                self._tick_at = moment.plus(TICK_S)

    def stop(self) -> None:
        """Also ends the links."""
        super().stop()
        self._lockstep.close(self._clock.now())
