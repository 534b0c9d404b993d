"""Time passing, as messages: four each second of the room, so that delays and pauses move although nothing else happens."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.clock import CaseClock
from clinical.messages import Tick

TICK_S = 0.25


class TickThread:
    """Posts ticks until it is stopped."""

    def __init__(self, clock: CaseClock, post: Callable[[Tick], None]) -> None:
        self._clock = clock
        self._post = post
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while not self._ended.wait(TICK_S):
            self._post(Tick(self._clock.now()))
