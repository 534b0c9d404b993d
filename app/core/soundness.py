"""Looks through the database once, soon after the core has started, and tells an alarm if it is damaged. Nothing waits for it."""

from __future__ import annotations

from collections.abc import Callable

from app.clock import CaseClock
from app.core.worker import Worker
from clinical.messages import SelfReport
from storage.errors import StoreError
from storage.soundness import quick_fault

BEGIN_AFTER_S = 20.0
"""The start of a case has the disk to itself."""
REMEDY = "What happens now is still recorded. Back up after the case (`bedside backup`); if that refuses, restore the last good one."


class Soundness(Worker):
    """One look; a damaged database stays an alarm, because nothing that this program does mends it."""

    def __init__(self, address: str, clock: CaseClock, report: Callable[[SelfReport], None], *, after_s: float = BEGIN_AFTER_S) -> None:
        super().__init__("database", clock, report)
        self._address = address
        self._after_s = after_s

    def run(self) -> None:
        if self.ended.wait(self._after_s):
            return
        try:
            fault = quick_fault(self._address, self.ended.is_set)
        except StoreError as error:
            fault = str(error)
        if fault:
            self._report(SelfReport(self._clock.now(), "database", ok=False, text=f"{fault}. {REMEDY}"))
