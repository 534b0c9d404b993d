"""Metrics that are watched and cannot be: sensor off, no data. What comes from one sensor is missed together, and told once, by the
metric that leads it (sources.py) if that is watched.
"""

from __future__ import annotations

from types import MappingProxyType

from clinical.alarm_model import AlarmLimit, AlarmPreset
from clinical.alarms.board import Board
from clinical.alarms.conditions import NO_DATA, SENSOR_OFF
from clinical.alarms.finding import Condition, Finding
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Priority
from clinical.readings import Readings, Standing
from clinical.sources import LEADER

NEVER_SEEN_AFTER_S = 30.0
"""A high-priority limit that nothing has ever fed is told so long after the start of the case."""

_ROWS: MappingProxyType[Standing, Condition | None] = MappingProxyType(
    {
        Standing.GOOD: None,
        Standing.LINE_DOWN: None,  # the line's own condition says it
        Standing.AWAITED: None,
        Standing.OFF: SENSOR_OFF,
        Standing.ABSENT: NO_DATA,
        Standing.SILENT: NO_DATA,
    }
)


class SensorWatch:
    """Whether each limit of the case has a reading to judge."""

    def __init__(self, board: Board, readings: Readings) -> None:
        self._board = board
        self._readings = readings
        self._limits: dict[Metric, AlarmLimit] = {}
        self._bad: set[Metric] = set()

    def start(self, at: Instant, preset: AlarmPreset) -> None:
        """A case begins: every limit that is on is looked at once."""
        self._limits = {limit.metric: limit for limit in preset.limits if _is_on(limit)}
        self._bad = set()
        for metric in self._limits:
            self.review(at, metric)

    def stop(self) -> None:
        self._limits = {}

    def change(self, at: Instant, limit: AlarmLimit) -> None:
        """A limit was switched on or off."""
        if _is_on(limit):
            self._limits[limit.metric] = limit
            self.review(at, limit.metric)
        elif self._limits.pop(limit.metric, None) is not None:
            self._tell(at, limit.metric, None)

    def is_bad(self, metric: Metric) -> bool:
        """Whether it was without a reading when last reviewed."""
        return metric in self._bad

    def review(self, at: Instant, metric: Metric) -> None:
        """Looks anew at a metric, and at those that share its sensor."""
        for each in (metric, *(follower for follower, leader in LEADER.items() if leader is metric)):
            self._review(at, each)

    def _review(self, at: Instant, metric: Metric) -> None:
        limit = self._limits.get(metric)
        if limit is None:
            return
        standing = self._readings.standing(metric)
        (self._bad.discard if standing is Standing.GOOD else self._bad.add)(metric)
        told = standing if self._is_expected(limit) and not self._told_by_leader(metric) else Standing.GOOD
        self._tell(at, metric, _ROWS[told])

    def _is_expected(self, limit: AlarmLimit) -> bool:
        return limit.priority is Priority.HIGH or self._readings.seen(limit.metric) is not None

    def _told_by_leader(self, metric: Metric) -> bool:
        leader = LEADER.get(metric)
        return leader in self._limits and leader is not None and self._readings.standing(leader) is not Standing.GOOD

    def _tell(self, at: Instant, metric: Metric, row: Condition | None) -> None:
        for each in (SENSOR_OFF, NO_DATA):
            if each is not row:
                self._board.release(at, Finding(row=each, metric=metric).id)
        if row is not None:
            self._board.hold(at, self._finding(metric, row))

    def _finding(self, metric: Metric, row: Condition) -> Finding:
        tracks = self._readings.shown_tracks(metric)
        reason = tracks[0].latest.reason if tracks else ""
        limit = self._limits[metric]
        return Finding(
            row=row,
            device=tracks[0].device if tracks else "",
            metric=metric,
            text=reason,
            note="its limits cannot be judged",
            priority=Priority.MEDIUM if limit.priority is Priority.HIGH else None,
            delay_s=None if tracks else NEVER_SEEN_AFTER_S,
        )


def _is_on(limit: AlarmLimit) -> bool:
    return limit.low is not None or limit.high is not None
