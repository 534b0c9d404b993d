"""Metrics that are watched and cannot be: sensor off, no data. What comes from one sensor is missed together, and told once, by the
metric that leads it (sources.py) if that is watched.

The number itself is gone with the first missing value; only the alarm takes its time. A probe that is being put back is told with
low priority, and with its full one once it has been without a settled reading for long enough (absence.py).
"""

from __future__ import annotations

from types import MappingProxyType

from clinical.alarm_model import AlarmLimit, AlarmPreset, SensorRule
from clinical.alarms.absence import Absence
from clinical.alarms.board import Board
from clinical.alarms.conditions import NO_DATA, SENSOR_OFF, SENSOR_WAITS
from clinical.alarms.cuff_wait import CuffWait
from clinical.alarms.finding import Condition, Finding
from clinical.alarms.wording import joined, returned
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Priority
from clinical.readings import Readings, Standing
from clinical.sources import LEADER, leader_of

NEVER_SEEN_AFTER_S = 30.0
"""A high-priority limit that nothing has ever fed is told so long after the start of the case."""

FOLLOWS_WITHIN_S = 30.0
"""What has no reading for longer is told by itself, though the reading that leads its sensor comes and goes. A proposal."""

WAITS_TOLD_AFTER_S = 20.0
"""An ordinary cuff is done by then: of that nothing need be said. A proposal."""

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
_WAS = MappingProxyType({SENSOR_OFF.name: "sensor off", NO_DATA.name: "no data"})


class SensorWatch:
    """Whether each limit of the case has a reading to judge."""

    def __init__(self, board: Board, readings: Readings, cuff: CuffWait) -> None:
        self._board = board
        self._readings = readings
        self._cuff = cuff
        self._rule = SensorRule()
        self._limits: dict[Metric, AlarmLimit] = {}
        self._absences: dict[Metric, Absence] = {}
        self._bad: set[Metric] = set()

    def start(self, at: Instant, preset: AlarmPreset) -> None:
        """A case begins: every limit that is on is looked at once."""
        self._rule = preset.sensors
        self._limits = {limit.metric: limit for limit in preset.limits if _is_on(limit)}
        self._absences = {metric: Absence(self._rule) for metric in self._limits}
        self._bad = set()
        for metric in self._limits:
            self.review(at, metric)

    def stop(self) -> None:
        self._limits, self._absences = {}, {}

    def change(self, at: Instant, limit: AlarmLimit) -> None:
        """A limit was switched on or off."""
        if _is_on(limit):
            self._limits[limit.metric] = limit
            self._absences.setdefault(limit.metric, Absence(self._rule))
            self.review(at, limit.metric)
        elif self._limits.pop(limit.metric, None) is not None:
            self._end(at, limit.metric)
            del self._absences[limit.metric]

    def is_bad(self, metric: Metric) -> bool:
        """Whether it was without a reading when last reviewed."""
        return metric in self._bad

    def review(self, at: Instant, metric: Metric) -> None:
        """Looks anew at a metric, and at those that share its sensor."""
        for each in (metric, *(follower for follower, leader in LEADER.items() if leader is metric)):
            self._review(at, each)

    def tick(self, at: Instant) -> None:
        """Lets end what has been back for long enough, rise what has lasted, and appear what waited for the cuff."""
        due = [metric for metric, absence in self._absences.items() if absence.rises(at) or absence.settles(at) or self._waited(at, metric)]
        for metric in due:
            self.review(at, metric)

    def _review(self, at: Instant, metric: Metric) -> None:
        limit = self._limits.get(metric)
        if limit is None:
            return
        standing = self._readings.standing(metric)
        (self._bad.discard if standing is Standing.GOOD else self._bad.add)(metric)
        row = _ROWS[standing] if self._is_expected(limit) else None
        absence = self._absences[metric]
        if row is not None:
            absence.missing(at, self._reason(metric), unseen=self._readings.seen(metric) is None)
            if self._told_by_leader(at, metric):
                self._follow(at, metric)
            else:
                self._tell(at, metric, row)
        elif standing is Standing.GOOD and absence.since is not None and not absence.back(at):
            self._tell_back(at, metric)
        else:
            self._end(at, metric)

    def _follow(self, at: Instant, metric: Metric) -> None:
        """Told by its leader. Its own time goes on only where a reading that is back has time to settle: else both are back at once."""
        if self._rule.hold_s:
            self._release(at, metric, keep=None)
        else:
            self._end(at, metric)

    def _is_expected(self, limit: AlarmLimit) -> bool:
        return limit.priority is Priority.HIGH or self._readings.seen(limit.metric) is not None

    def _told_by_leader(self, at: Instant, metric: Metric) -> bool:
        """Also while the leader's reading has just come back: what shares its sensor may take a little longer, but not for ever."""
        leader, since = LEADER.get(metric), self._absences[metric].since
        if leader is None or leader not in self._limits or self._absences[leader].since is None or since is None:
            return False
        if self._is_told(leader):
            return True
        off = self._readings.standing(leader) is not Standing.GOOD
        return not self._is_told(metric) and (off or at.since(since) < FOLLOWS_WITHIN_S)

    def _is_told(self, metric: Metric) -> bool:
        return any(Finding(row=row, metric=metric).id in self._board.standing for row in (SENSOR_OFF, NO_DATA))

    def _tell(self, at: Instant, metric: Metric, row: Condition) -> None:
        """It is missing: told as it is, or, while a cuff takes the pulse away, that this is waited for."""
        self._release(at, metric, keep=row)
        found, waits = self._finding(metric, row), self._waits_for_cuff(at, metric)
        note = f"waits at most {self._cuff_wait_s(metric):.0f} s"
        waiting = Finding(row=SENSOR_WAITS, metric=metric, note=note, delay_s=WAITS_TOLD_AFTER_S)
        if waits and found.id not in self._board.standing:
            self._board.release(at, found.id)
            self._board.hold(at, waiting, since=self._absences[metric].since)
        else:
            self._board.release(at, waiting.id)
            self._board.hold(at, found, since=self._absences[metric].since)

    def _tell_back(self, at: Instant, metric: Metric) -> None:
        """A reading is back and may not stay: what stands stays and says so; what was not told yet does not appear now."""
        for row in (SENSOR_OFF, NO_DATA):
            found = self._finding(metric, row, back=True)
            if found.id in self._board.standing:
                self._board.hold(at, found)
            else:
                self._board.release(at, found.id)
        self._board.release(at, Finding(row=SENSOR_WAITS, metric=metric).id)

    def _end(self, at: Instant, metric: Metric) -> None:
        self._absences[metric].end(at, told=self._is_told(metric))
        self._release(at, metric, keep=None)
        self._board.release(at, Finding(row=SENSOR_WAITS, metric=metric).id)

    def _release(self, at: Instant, metric: Metric, keep: Condition | None) -> None:
        for each in (SENSOR_OFF, NO_DATA):
            if each is not keep:
                self._board.release(at, Finding(row=each, metric=metric).id)

    def _cuff_wait_s(self, metric: Metric) -> float:
        """Of the limit, or of the one that leads its sensor: they are on one arm."""
        limits = (self._limits.get(metric), self._limits.get(leader_of(metric)))
        return max((limit.cuff_wait_s for limit in limits if limit is not None), default=0.0)

    def _waits_for_cuff(self, at: Instant, metric: Metric) -> bool:
        return self._cuff.holds_back(at, self._cuff_wait_s(metric), settling=True)

    def _waited(self, at: Instant, metric: Metric) -> bool:
        """It was told that its alarm waits for the cuff, and that is over."""
        waiting = Finding(row=SENSOR_WAITS, metric=metric).id
        return self._board.is_held(waiting) and not self._waits_for_cuff(at, metric)

    def _reason(self, metric: Metric) -> str:
        tracks = self._readings.shown_tracks(metric)
        return tracks[0].latest.reason if tracks else ""

    def _finding(self, metric: Metric, row: Condition, *, back: bool = False) -> Finding:
        tracks, limit, absence = self._readings.shown_tracks(metric), self._limits[metric], self._absences[metric]
        was = absence.reason or _WAS[row.name]
        note = f"over after {self._rule.hold_s:.0f} s of good readings" if back else "its limits cannot be judged"
        said = absence.reason if row is NO_DATA and not back else ""
        return Finding(
            row=row,
            device=tracks[0].device if tracks else "",
            metric=metric,
            text=f"back, was {was}" if back else absence.reason if row is SENSOR_OFF else "",
            note=joined(said, note, returned(absence.away_s, absence.count)),
            priority=_priority(limit, lasting=absence.lasting),
            delay_s=None if tracks else NEVER_SEEN_AFTER_S,
            returns=absence.count,
            heard_at_once=absence.count == 0,
        )


def _priority(limit: AlarmLimit, *, lasting: bool) -> Priority | None:
    """Of the alarm that its limit cannot be judged; None: the row's."""
    return Priority.MEDIUM if lasting and limit.priority is Priority.HIGH else None


def _is_on(limit: AlarmLimit) -> bool:
    return limit.low is not None or limit.high is not None
