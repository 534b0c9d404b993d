"""What should have come by now: the next cuff pressure, the next round of the nurse. Knows no sensor and no chart."""

from __future__ import annotations

from collections.abc import Sequence

from clinical.alarms.board import Board
from clinical.alarms.conditions import CUFF_OVERDUE, ROUND_OVERDUE
from clinical.alarms.finding import Finding
from clinical.alarms.wording import clock, joined, number
from clinical.assessments.schedule import next_round
from clinical.instant import Instant
from clinical.metrics import NIBP_SYS
from clinical.observations import Numeric
from clinical.orders import RoundInterval


class CuffWatch:
    """Whether the cuff has measured within the time that its row gives it. A cuff that was never used is not missed."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._utc_offset_min: int | None = None
        self._last: Numeric | None = None

    def start(self, utc_offset_min: int) -> None:
        self._utc_offset_min = utc_offset_min
        self._last = None

    def stop(self) -> None:
        self._utc_offset_min = None

    def judge(self, device: str, numeric: Numeric) -> None:
        """Takes a reading that is shown; one that was told before is no new measurement."""
        if self._utc_offset_min is None or numeric.metric is not NIBP_SYS or numeric.value is None or not self._is_new(numeric):
            return
        self._last = numeric
        measured = numeric.measured_at or numeric.at
        words = f"last {number(numeric.value, 0)} mmHg at {clock(measured, self._utc_offset_min)}; start the cuff or look at its hose"
        finding = Finding(row=CUFF_OVERDUE, device=device, note=words)
        self._board.release(numeric.at, finding.id)
        self._board.hold(measured, finding)

    def _is_new(self, numeric: Numeric) -> bool:
        last = self._last
        if last is None or numeric.measured_at is None or last.measured_at is None:
            return True
        return numeric.measured_at > last.measured_at


class RoundWatch:
    """Whether the nurse's round is later than the margin of its row."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._utc_offset_min: int | None = None
        self._rounds: tuple[RoundInterval, ...] = ()
        self._asked: tuple[Instant, Instant | None, int] | None = None
        self._next: tuple[Instant, str]
        self._last_round: Instant | None = None
        self._due: Instant | None = None
        self._why, self._words = "", ""

    def start(self, utc_offset_min: int, rounds: Sequence[RoundInterval]) -> None:
        """``rounds``: the order's own, or the site's; empty: the default."""
        self._utc_offset_min, self._rounds = utc_offset_min, tuple(rounds)
        self._last_round = self._due = self._asked = None
        self._why, self._words = "", ""

    def stop(self) -> None:
        self._utc_offset_min = None

    def take(self, event_at: Instant) -> None:
        """A round was recorded; one entered late counts from when it was taken."""
        self._last_round = event_at if self._last_round is None else max(self._last_round, event_at)

    def retake(self, standing: Sequence[Instant]) -> None:
        """A round was corrected: these are when those that stand were taken."""
        self._last_round = max(standing, default=None)

    def judge(self, at: Instant, started_at: Instant | None, steps: Sequence[Instant]) -> None:
        """At any moment of a case. Nothing is due before the infusion has begun."""
        if self._utc_offset_min is None or started_at is None:
            return
        if (asked := (started_at, self._last_round, len(steps))) != self._asked:
            self._asked, self._next = asked, next_round(started_at, self._last_round, steps, self._rounds)
        due, why = self._next
        if due != self._due or why != self._why:
            self._why, self._words = why, joined(f"was due at {clock(due, self._utc_offset_min)}", why)
        if due != self._due:
            self._due = due
            self._board.release(at, Finding(row=ROUND_OVERDUE).id)
        if at >= due:
            self._board.hold(at, Finding(row=ROUND_OVERDUE, note=self._words))
