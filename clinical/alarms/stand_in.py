"""Whether a number comes from another source than the first choice, and why: told as a technical condition. Chooses nothing."""

from __future__ import annotations

from types import MappingProxyType

from clinical.alarms.board import Board
from clinical.alarms.conditions import OTHER_SOURCE
from clinical.alarms.finding import Finding
from clinical.alarms.wording import joined
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.readings import Readings, Standing
from clinical.sources import LEADER, TAKE_BACK_AFTER_S, SourceStanding

_WHY = MappingProxyType(
    {
        Standing.GOOD: "returning",
        Standing.OFF: "sensor off",
        Standing.ABSENT: "does not measure it",
        Standing.SILENT: "no data",
        Standing.LINE_DOWN: "line down",
        Standing.AWAITED: "no data yet",
    }
)


class StandInWatch:
    """Tells each metric that is shown from a stand-in, once for all that its sensor measures.

    While no source offers a reading nothing stands in: that is the matter of sensors.py.
    """

    def __init__(self, board: Board, readings: Readings) -> None:
        self._board = board
        self._readings = readings
        self._in_case = False

    def start(self) -> None:
        """A case begins: from here on stand-ins are told, each when its metric is next reviewed."""
        self._in_case = True

    def stop(self) -> None:
        self._in_case = False

    def review(self, at: Instant, metric: Metric) -> None:
        """Looks anew at a metric that may be shown from another source."""
        if not self._in_case or metric in LEADER:
            return
        sources = self._readings.sources(metric)
        if sources is not None and sources.stands_in and self._readings.standing(metric) is Standing.GOOD:
            self._board.hold(at, self._finding(sources))
        else:
            self._board.release(at, Finding(row=OTHER_SOURCE, code=metric.id).id)

    def _finding(self, sources: SourceStanding) -> Finding:
        metric, first = sources.metric, sources.sources[0]
        standing = self._readings.standing_of(metric, first)
        told = self._readings.reason_of(metric, first) if standing is Standing.OFF else ""
        return Finding(
            row=OTHER_SOURCE,
            device=first.device,
            code=metric.id,
            text=f"{metric.label} from {sources.shown.name}, not {first.name}",
            note=joined(f"{first.name}: {told or _WHY[standing]}", f"shown again after {TAKE_BACK_AFTER_S:g} s of good readings"),
        )
