"""A part of the core with a thread of its own that runs until it is stopped."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

STOP_WITHIN_S = 2.0


class Worker(ABC):
    """Subclasses say what to run; ``ended`` is set when it should return."""

    def __init__(self, name: str) -> None:
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self.run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Asks it to return, and waits a little for that."""
        self.ended.set()
        self._thread.join(timeout=STOP_WITHIN_S)

    @abstractmethod
    def run(self) -> None:
        """Returns soon after ``ended`` is set."""
