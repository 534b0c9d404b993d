"""The numbers of a long past, handed on a few at a time, so that the painting thread answers and shows the present meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from clinical.messages import Outcome
from clinical.observations import Numeric

SLICE = 500
"""Numbers in one turn: some milliseconds."""


class Past(QObject):
    """A queue that keeps the order of time: what comes now waits behind what is still to be told of the past.

    Signals:
        numeric_due: the next Numeric, for what draws history.
    """

    numeric_due = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Numeric] = deque()
        self._begun = False
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._hand_on)

    def begin(self) -> None:
        """Somebody listens now."""
        self._begun = True
        self._turn.start()

    def add(self, numerics: Iterable[Numeric]) -> None:
        """Takes a stretch of the past, in its order."""
        self._waiting.extend(numerics)
        if self._begun:
            self._turn.start()

    def take(self, numeric: Numeric) -> None:
        """Takes one of the present: handed on at once unless others wait."""
        if self._begun and not self._waiting:
            self.numeric_due.emit(numeric)
        else:
            self._waiting.append(numeric)

    def drop(self) -> None:
        """A case begins: what waits is not of it."""
        self._waiting.clear()

    def _hand_on(self) -> None:
        for _ in range(min(SLICE, len(self._waiting))):
            self.numeric_due.emit(self._waiting.popleft())
        if not self._waiting:
            self._turn.stop()


def parted(outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Numeric], list[Outcome]]:
    """How everything stands, in three: all but numbers; the numbers of the past; and the newest of each metric and channel."""
    rest = [outcome for outcome in outcomes if not isinstance(outcome.shown, Numeric)]
    newest: dict[object, Outcome] = {}
    past: list[Numeric] = []
    for outcome in outcomes:
        if isinstance(outcome.shown, Numeric):
            before = newest.pop((outcome.shown.metric, outcome.shown.channel), None)
            if before is not None and isinstance(before.shown, Numeric):
                past.append(before.shown)
            newest[outcome.shown.metric, outcome.shown.channel] = outcome
    return rest, past, list(newest.values())
