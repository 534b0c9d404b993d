"""Does one thing after another, each in a turn of the event loop of its own: what comes meanwhile is heard and painted between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

Act = Callable[[], object]


class Turns(QObject):
    """A row of acts. An act that fails is told as any fault in the event loop, and the next one is done all the same."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._acts: deque[Act] = deque()
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._one)

    def begin(self, *acts: Act) -> None:
        """The first is done in the next turn."""
        self._acts.extend(acts)
        self._turn.start()

    def finish(self) -> None:
        """All that are left, now."""
        while self._acts:
            self._acts.popleft()()
        self._turn.stop()

    def leave(self) -> None:
        """None of those that are left."""
        self._acts.clear()
        self._turn.stop()

    def _one(self) -> None:
        if self._acts:
            self._acts.popleft()()
        if not self._acts:
            self._turn.stop()
