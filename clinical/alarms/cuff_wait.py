"""A cuff on the arm of the probe takes the pulse away while it inflates: for how long an alarm may wait for that. Tells nothing."""

from __future__ import annotations

from clinical.instant import Instant

AFTER_CUFF_S = 10.0
"""How long a probe may take to find the pulse again after the cuff. A proposal, to be confirmed by your clinicians."""


class CuffWait:
    """The cuff of the case's patient."""

    def __init__(self) -> None:
        self._since: Instant | None = None
        self._until: Instant | None = None

    def take(self, at: Instant, *, inflating: bool) -> None:
        """A cuff inflates, or has ended. It counts from its first word of this measurement."""
        if not inflating:
            self._until = self._until or at
        elif self._since is None or self._until is not None:
            self._since, self._until = at, None

    def holds_back(self, at: Instant, longest_s: float, *, settling: bool = False) -> bool:
        """Whether an alarm that may wait ``longest_s`` waits now. ``settling``: also for the seconds in which a probe finds the pulse."""
        if self._since is None or at.since(self._since) >= longest_s:
            return False
        return self._until is None or (settling and at.since(self._until) < AFTER_CUFF_S)
