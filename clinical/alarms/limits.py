"""Which limits of the case are crossed, and what a lost value does to that. Judges only what is shown.

Missing data is never recovery: a crossing that stands stays, told as last seen; one that is still being timed neither
matures nor is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clinical.alarm_model import AlarmLimit, AlarmPreset
from clinical.alarms.board import Board
from clinical.alarms.conditions import LIMIT_HIGH, LIMIT_LOW
from clinical.alarms.crossing import Crossing
from clinical.alarms.finding import Condition, Finding
from clinical.alarms.wording import joined
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Numeric, Validity
from clinical.sources import SIDE_BY_SIDE

BEFORE_THE_CASE_S = 300.0
"""A measurement with its own time (a cuff's) counts for a case if it was made at most this long before. A proposal."""


@dataclass(slots=True)
class _Watched:
    """A limited metric, or a place of one: its crossings, and what was judged last."""

    rows: tuple[tuple[Condition, Crossing], ...]
    last: Numeric | None = None
    device: str = ""
    note: str = ""
    lost: bool = False


def _crossings(limit: AlarmLimit) -> tuple[tuple[Condition, Crossing], ...]:
    low_delay_s = limit.delay_s if limit.low_delay_s is None else limit.low_delay_s
    rows = ((LIMIT_LOW, -1, limit.low, low_delay_s), (LIMIT_HIGH, 1, limit.high, limit.delay_s))
    return tuple((row, Crossing(sign, value, delay_s, limit.hysteresis)) for row, sign, value, delay_s in rows if value is not None)


class LimitWatch:
    """Every limit of the case's preset.

    Args:
        board: told of what is found.
        context: what else there is to know of a value that crossed ("+31 % of baseline").
        last_seen: how a value that is lost is told ("last seen 14:05:22").
    """

    def __init__(self, board: Board, context: Callable[[Numeric], str], last_seen: Callable[[Numeric], str]) -> None:
        self._board = board
        self._context = context
        self._last_seen = last_seen
        self._counts_from: Instant | None = None
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
                before = {row.name: crossing.on for row, crossing in watched.rows}
                self._release_sides(at, watched, limit)
                watched.rows = _crossings(limit)
                self._rejudge(at, watched, before)

    def judge(self, device: str, numeric: Numeric) -> None:
        """Takes a reading that is shown. A cuff reading that was judged already says nothing new."""
        limit = self._limits.get(numeric.metric)
        if limit is None or numeric.value is None or self._is_of_before(numeric):
            return
        key = (numeric.metric, _place_of(numeric.metric, numeric.channel))
        watched = self._watched.get(key)
        if watched is None:
            watched = self._watched[key] = _Watched(_crossings(limit))
        if not _is_new(numeric, watched.last):
            self._returned(numeric.at, watched)
            return
        watched.last, watched.device, watched.lost = numeric, device, False
        for row, crossing in watched.rows:
            was_on = crossing.on
            if crossing.judge(numeric.value, numeric.at, at_once=numeric.measured_at is not None):
                self._tell(numeric.at, watched, row, crossing, appears=not was_on)
            elif was_on:
                self._board.release(numeric.at, self._finding(watched, row, crossing).id)

    def lost(self, at: Instant, metric: Metric, channel: str) -> None:
        """No source shows this any more: what stands stays, and says when it was last seen."""
        watched = self._watched.get((metric, _place_of(metric, channel)))
        if watched is not None and not watched.lost:
            watched.lost = True
            self._tell_standing(at, watched)

    def tick(self, at: Instant) -> None:
        """Lets delays run out."""
        for watched in self._watched.values():
            if watched.lost:
                continue
            for row, crossing in watched.rows:
                if crossing.since is not None and crossing.mature(at):
                    self._tell(at, watched, row, crossing, appears=True)

    def _is_of_before(self, numeric: Numeric) -> bool:
        """Whether it was measured too long before the case to say anything of it."""
        measured, counts_from = numeric.measured_at, self._counts_from
        return measured is not None and counts_from is not None and measured.monotonic_ns < counts_from.monotonic_ns

    def _returned(self, at: Instant, watched: _Watched) -> None:
        if watched.lost:
            watched.lost = False
            self._tell_standing(at, watched)

    def _tell_standing(self, at: Instant, watched: _Watched) -> None:
        for row, crossing in watched.rows:
            if crossing.on:
                self._tell(at, watched, row, crossing, appears=False)

    def _tell(self, at: Instant, watched: _Watched, row: Condition, crossing: Crossing, *, appears: bool) -> None:
        if watched.last is not None and (appears or watched.last.measured_at is not None):
            watched.note = self._context(watched.last)
        self._board.hold(at, self._finding(watched, row, crossing))

    def _finding(self, watched: _Watched, row: Condition, crossing: Crossing) -> Finding:
        last = watched.last
        if last is None:
            raise ValueError("a crossing without a value")
        doubt = "value questionable" if last.validity is Validity.QUESTIONABLE else ""
        seen = self._last_seen(last) if watched.lost else ""
        return Finding(
            row=row,
            device=watched.device,
            channel=_place_of(last.metric, last.channel),
            metric=last.metric,
            value=last.value,
            limit=crossing.limit,
            note=joined(seen, watched.note, doubt),
            priority=self._limits[last.metric].priority,
            delay_s=0.0,
        )

    def _release_sides(self, at: Instant, watched: _Watched, limit: AlarmLimit) -> None:
        kept = {row.name for row, _ in _crossings(limit)}
        for row, crossing in watched.rows:
            if crossing.on and row.name not in kept:
                self._board.release(at, self._finding(watched, row, crossing).id)

    def _rejudge(self, at: Instant, watched: _Watched, before: dict[str, bool]) -> None:
        for row, crossing in watched.rows:
            if watched.last is None or watched.last.value is None:
                continue
            stood = before.get(row.name, False)
            at_once = stood or watched.last.measured_at is not None
            if crossing.judge(watched.last.value, at, at_once=at_once):
                self._tell(at, watched, row, crossing, appears=not stood)
            elif stood:
                self._board.release(at, self._finding(watched, row, crossing).id)


def _place_of(metric: Metric, channel: str) -> str:
    """The channel where it names a place of the body; elsewhere channels are rivals, and a limit is crossed whichever is shown."""
    return channel if metric in SIDE_BY_SIDE else ""


def _is_new(numeric: Numeric, last: Numeric | None) -> bool:
    """Whether it was measured after the last that was judged."""
    if last is None or numeric.measured_at is None or last.measured_at is None:
        return True
    return numeric.measured_at.monotonic_ns > last.measured_at.monotonic_ns
