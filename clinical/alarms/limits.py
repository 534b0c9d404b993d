"""Which limits of the case are crossed, and what a lost value does to that. Judges only what is shown.

How one side of a limit is judged stands in side.py. Missing data is never recovery: a crossing that stands stays, told as last seen;
one that is still being timed neither matures nor is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clinical.alarm_model import AlarmLimit, AlarmPreset
from clinical.alarms.board import Board
from clinical.alarms.conditions import LIMIT_LOW, WAITS_FOR_CUFF
from clinical.alarms.cuff_wait import CuffWait
from clinical.alarms.finding import Finding
from clinical.alarms.side import Side, sides_of
from clinical.alarms.smoothing import RunningMedian
from clinical.alarms.wording import crossed, extreme, joined, returned
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Numeric, Priority, Validity
from clinical.sources import place_of

BEFORE_THE_CASE_S = 300.0
"""A measurement with its own time (a cuff's) counts for a case if it was made at most this long before. A proposal."""


@dataclass(slots=True)
class _Watched:
    """A limited metric, or a place of one: its sides, and what was judged last."""

    sides: tuple[Side, ...]
    median: RunningMedian
    smoothed: float = 0.0
    last: Numeric | None = None
    device: str = ""
    note: str = ""
    lost: bool = False


class LimitWatch:
    """Every limit of the case's preset.

    Args:
        board: told of what is found.
        context: what else there is to know of a value that crossed ("+31 % of baseline").
        last_seen: how a value that is lost is told ("last seen 14:05:22").
        cuff: for what waits for it.
    """

    def __init__(self, board: Board, context: Callable[[Numeric], str], last_seen: Callable[[Numeric], str], cuff: CuffWait) -> None:
        self._board = board
        self._context = context
        self._last_seen = last_seen
        self._counts_from: Instant | None = None
        self._cuff = cuff
        self._limits: dict[Metric, AlarmLimit] = {}
        self._watched: dict[tuple[Metric, str], _Watched] = {}

    def start(self, at: Instant, preset: AlarmPreset) -> None:
        """A case begins: nothing was crossed before."""
        self._counts_from = at.plus(-BEFORE_THE_CASE_S)
        self._limits = {limit.metric: limit for limit in preset.limits}
        self._watched = {}

    def stop(self) -> None:
        self._limits, self._watched = {}, {}

    def change(self, at: Instant, limit: AlarmLimit) -> None:
        """New thresholds: the last value is judged by them at once, without waiting and without hysteresis."""
        self._limits[limit.metric] = limit
        for (metric, _), watched in self._watched.items():
            if metric is limit.metric:
                before = {side.row.name: side.on for side in watched.sides}
                self._release_sides(at, watched, limit)
                watched.sides = sides_of(limit)
                self._rejudge(at, watched, before)

    def judge(self, device: str, numeric: Numeric) -> None:
        """Takes a reading that is shown. A cuff reading that was judged already says nothing new."""
        limit = self._limits.get(numeric.metric)
        if limit is None or numeric.value is None or self._is_of_before(numeric):
            return
        key = (numeric.metric, place_of(numeric.metric, numeric.channel))
        watched = self._watched.get(key)
        if watched is None:
            watched = self._watched[key] = _Watched(sides_of(limit), RunningMedian(limit.smoothing_s))
        if not _is_new(numeric, watched.last):
            self._returned(numeric.at, watched)
            return
        if watched.last is not None and (watched.device, watched.last.channel) != (device, numeric.channel):
            watched.median.restart()
        watched.last, watched.device, watched.lost = numeric, device, False
        watched.smoothed = watched.median.take(numeric.value, numeric.at)
        at_once, waiting = numeric.measured_at is not None, self._waiting(numeric.at, limit)
        for side in watched.sides:
            was_on = side.on
            if side.judge(numeric.value, watched.smoothed, numeric.at, at_once=at_once, waiting=waiting):
                self._tell(numeric.at, watched, side, appears=not was_on)
            elif was_on:
                self._board.release(numeric.at, self._finding(watched, side).id)
            self._tell_waiting(numeric.at, watched, side)

    def lost(self, at: Instant, metric: Metric, channel: str) -> None:
        """No source shows this any more: what stands stays, and says when it was last seen."""
        watched = self._watched.get((metric, place_of(metric, channel)))
        if watched is not None and not watched.lost:
            watched.lost = True
            self._tell_standing(at, watched)

    def tick(self, at: Instant) -> None:
        """Lets delays run out."""
        for (metric, _), watched in self._watched.items():
            if watched.lost:
                continue
            waiting = self._waiting(at, self._limits[metric])
            for side in watched.sides:
                if side.timing and side.mature(watched.smoothed, at, waiting=waiting):
                    self._tell(at, watched, side, appears=True)
                self._tell_waiting(at, watched, side)

    def _waiting(self, at: Instant, limit: AlarmLimit) -> bool:
        """Whether this limit's alarm waits for a cuff that inflates."""
        return self._cuff.holds_back(at, limit.cuff_wait_s)

    def _is_of_before(self, numeric: Numeric) -> bool:
        """Whether it was measured too long before the case to say anything of it."""
        measured, counts_from = numeric.measured_at, self._counts_from
        return measured is not None and counts_from is not None and measured.monotonic_ns < counts_from.monotonic_ns

    def _returned(self, at: Instant, watched: _Watched) -> None:
        if watched.lost:
            watched.lost = False
            self._tell_standing(at, watched)

    def _tell_standing(self, at: Instant, watched: _Watched) -> None:
        for side in watched.sides:
            if side.on:
                self._tell(at, watched, side, appears=False)

    def _tell(self, at: Instant, watched: _Watched, side: Side, *, appears: bool) -> None:
        if watched.last is not None and (appears or watched.last.measured_at is not None):
            watched.note = self._context(watched.last)
        self._board.hold(at, self._finding(watched, side))

    def _tell_waiting(self, at: Instant, watched: _Watched, side: Side) -> None:
        """Says that an alarm is due and waits, and says so no more when it does not."""
        if not side.waits and not side.told_waiting:
            return
        last, side.told_waiting = watched.last, side.waits
        if last is None or last.value is None:
            raise ValueError("an alarm that waits without a value")
        what = crossed(last.metric, last.value, side.crossing.limit, low=side.row is LIMIT_LOW)
        note = joined(what, f"waits at most {self._limits[last.metric].cuff_wait_s:.0f} s")
        found = Finding(row=WAITS_FOR_CUFF, channel=place_of(last.metric, last.channel), metric=last.metric, note=note)
        if side.waits:
            self._board.hold(at, found)
        else:
            self._board.release(at, found.id)

    def _finding(self, watched: _Watched, side: Side) -> Finding:
        last = watched.last
        if last is None:
            raise ValueError("a crossing without a value")
        doubt = "value questionable" if last.validity is Validity.QUESTIONABLE else ""
        seen = self._last_seen(last) if watched.lost else ""
        beyond = extreme(last.metric, side.extreme.limit, low=side.row is LIMIT_LOW) if side.extreme and side.reached_extreme else ""
        returns = side.recurrence.count
        return Finding(
            row=side.row,
            device=watched.device,
            channel=place_of(last.metric, last.channel),
            metric=last.metric,
            value=last.value,
            limit=side.crossing.limit,
            note=joined(seen, beyond, watched.note, returned(side.away_s, returns), doubt),
            priority=Priority.HIGH if side.reached_extreme else self._limits[last.metric].priority,
            delay_s=0.0,
            returns=returns,
            heard_at_once=returns == 0 or side.reached_extreme,
        )

    def _release_sides(self, at: Instant, watched: _Watched, limit: AlarmLimit) -> None:
        kept = {side.row.name for side in sides_of(limit)}
        for side in watched.sides:
            if side.on and side.row.name not in kept:
                self._board.release(at, self._finding(watched, side).id)
            side.waits = False
            self._tell_waiting(at, watched, side)

    def _rejudge(self, at: Instant, watched: _Watched, before: dict[str, bool]) -> None:
        for side in watched.sides:
            if watched.last is None or watched.last.value is None:
                continue
            stood = before.get(side.row.name, False)
            at_once = stood or watched.last.measured_at is not None
            if side.judge(watched.last.value, watched.smoothed, at, at_once=at_once):
                self._tell(at, watched, side, appears=not stood)
            elif stood:
                self._board.release(at, self._finding(watched, side).id)


def _is_new(numeric: Numeric, last: Numeric | None) -> bool:
    """Whether it was measured after the last that was judged."""
    if last is None or numeric.measured_at is None or last.measured_at is None:
        return True
    return numeric.measured_at.monotonic_ns > last.measured_at.monotonic_ns
