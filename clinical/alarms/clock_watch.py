"""A wall clock that stepped under the watch: seen where ticks disagree on how much time passed. Reads no clock itself."""

from __future__ import annotations

from clinical.alarms.board import Board
from clinical.alarms.conditions import CLOCK_STEPPED
from clinical.alarms.finding import Finding
from clinical.instant import NS_PER_S, Instant

STEP_S = 2.0
"""A difference between two ticks above this is a step; less is the clock being led gently to the right time."""
TOLD_S = 60.0
"""The alarm stands for so long, and after that until somebody has seen it."""


class ClockWatch:
    """Compares the two clocks of every tick. No duration bends: those come from the other clock."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._before: Instant | None = None
        self._stepped_at: Instant | None = None

    def tick(self, at: Instant) -> None:
        before, self._before = self._before, at
        if before is None:
            return
        step_s = ((at.utc_ns - before.utc_ns) - (at.monotonic_ns - before.monotonic_ns)) / NS_PER_S
        if abs(step_s) > STEP_S:
            self._stepped_at = at
            way = "forward" if step_s > 0 else "back"
            words = f"{_length(abs(step_s))} {way} (set, or the computer slept): times before and after do not fit; durations do"
            self._board.hold(at, Finding(row=CLOCK_STEPPED, note=words))
        elif self._stepped_at is not None and at.since(self._stepped_at) >= TOLD_S:
            self._stepped_at = None
            self._board.release(at, Finding(row=CLOCK_STEPPED).id)


def _length(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
