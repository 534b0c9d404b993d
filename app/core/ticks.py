"""Time passing, as messages: four each second of the case, so that delays and pauses move although nothing else happens."""

from __future__ import annotations

from collections.abc import Callable

from app.clock import CaseClock
from app.core.worker import Worker
from clinical.messages import SelfReport, Tick

TICK_S = 0.25
LEAST_WAIT_S = 0.01
"""Of the room, however fast the case goes."""


class TickThread(Worker):
    """Posts ticks until it is stopped."""

    def __init__(self, clock: CaseClock, post: Callable[[Tick | SelfReport], None]) -> None:
        super().__init__("ticks", clock, post)
        self._post = post

    def run(self) -> None:
        while not self.ended.wait(max(self._clock.room_seconds(TICK_S), LEAST_WAIT_S)):
            self._post(Tick(self._clock.now()))
