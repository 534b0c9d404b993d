"""A simulated room and the links that listen to it, moved together from one due moment to the next, in a fixed order.

No byte is late however fast the case goes, so a demonstration at sixty times real time has the gaps and alarms of the case and no
others. Knows no clock and no thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.core.links import Link
from app.core.simulation import SimulatedRoom
from clinical.commands import Command
from clinical.instant import Instant

LEAST_STEP_S = 0.001


class Lockstep:
    """For one thread."""

    def __init__(self, room: SimulatedRoom, links: Sequence[Link]) -> None:
        self._room = room
        self._links = links

    def next(self, now: Instant, latest: Instant) -> Instant:
        """The next moment after ``now`` at which anything is due, but not beyond ``latest``."""
        soonest = latest
        if (due := self._room.due) is not None and due < soonest:
            soonest = due
        for link in self._links:
            if (due := link.due) is not None and due < soonest:
                soonest = due
        return max(soonest, now.plus(LEAST_STEP_S))

    def step(self, now: Instant) -> list[Command]:
        """Moves everything to ``now``; gives what the scenario's nurse entered meanwhile."""
        self._room.advance(now)
        for link in self._links:
            link.step(now)
        return self._room.entries_until(now)

    def close(self, now: Instant) -> None:
        """Ends the links on purpose."""
        for link in self._links:
            link.close(now)
