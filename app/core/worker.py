"""A part of the core with a thread of its own that runs until it is stopped."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from app.clock import CaseClock
from clinical.messages import SelfReport

STOP_WITHIN_S = 2.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 8.0
"""A part that faults is begun again after a pause that grows with each fault."""

log = logging.getLogger(__name__)


class Worker(ABC):
    """Subclasses say what to run; ``ended`` is set when it should return. A fault in it is told, and it is run again."""

    def __init__(self, name: str, clock: CaseClock, report: Callable[[SelfReport], None]) -> None:
        self.ended = threading.Event()
        self._name = name
        self._clock = clock
        self._report = report
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Asks it to return, and waits a little for that."""
        self.ended.set()
        self._thread.join(timeout=STOP_WITHIN_S)

    @abstractmethod
    def run(self) -> None:
        """Returns soon after ``ended`` is set, or when there is nothing left to do. Begun again after a fault."""

    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self.ended.is_set():
            try:
                self.run()
            except Exception as fault:
                log.exception("fault in the %s", self._name)
                self._tell(f"A fault in the {self._name} ({type(fault).__name__}: {fault}): it is begun again.")
            else:
                return
            self.ended.wait(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            self._tell("")

    def _tell(self, ill: str) -> None:
        self._report(SelfReport(self._clock.now(), self._name, ok=not ill, text=ill))
