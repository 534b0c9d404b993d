"""The search for devices, away from the painting thread: one at a time, with its progress, and an end on request."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from app.display.errand import Errand
from app.finding import BUDGET_S, search
from app.remembered import KnownDevices
from devices.driver import Driver
from devices.transports.ports import Port

LEAVE_WITHIN_S = 2.0


class DeviceSearch(QObject):
    """Signals:
    progressed: part of the time that has passed, 0 to 1.
    found: the ``Findings``.
    ended: it gave nothing: it was stopped (""), or failed (why).
    """

    progressed = Signal(float)
    found = Signal(object)
    ended = Signal(str)

    def __init__(self, parent: QObject | None = None, *, budget_s: float = BUDGET_S) -> None:
        """``budget_s``: how long it lasts."""
        super().__init__(parent)
        self.budget_s = budget_s
        self._errand: Errand | None = None

    @property
    def active(self) -> bool:
        """A search is under way: its ports are not free yet."""
        return self._errand is not None

    def begin(self, present: Sequence[Port], installed: Sequence[Driver], known: Callable[[], KnownDevices]) -> None:
        """Tries these ports, and hears the network. ``known``: reads which devices have answered before; may raise OSError."""
        errand = Errand(lambda told: search(present, installed, known(), self.budget_s, told), (OSError,), self)
        self._errand = errand
        errand.progressed.connect(self.progressed)
        errand.done.connect(self._finish)
        errand.failed.connect(self._end)
        errand.cancelled.connect(self._end)
        errand.start()

    def stop(self) -> None:
        """Asks for an end; ``ended`` follows when all lines are closed, unless it has found all just now."""
        if self._errand is not None:
            self._errand.cancel()

    def leave(self) -> None:
        """The program ends: lines are closed first."""
        if self._errand is not None:
            self._errand.cancel()
            self._errand.wait(LEAVE_WITHIN_S)

    def _finish(self, findings: object) -> None:
        self._errand = None
        self.found.emit(findings)

    def _end(self, why: str = "") -> None:
        self._errand = None
        self.ended.emit(why)
