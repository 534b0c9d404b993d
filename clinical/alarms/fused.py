"""Two warnings together that mean more than each alone. THE TABLE of them: what must move, how far, in how long.

To add one: a row here, its name in a preset, and a test. Every number is a proposal, to be confirmed by your clinicians.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from clinical.alarm_model import AlarmPreset
from clinical.alarms.board import Board
from clinical.alarms.conditions import FUSED
from clinical.alarms.finding import Finding
from clinical.alarms.smoothing import RunningMedian
from clinical.alarms.trends import Change, Trend
from clinical.alarms.wording import from_to, joined, score_from_to
from clinical.instant import Instant
from clinical.metrics import ART_SYS, CO2_RESP_RATE, IMPEDANCE_RESP_RATE, NIBP_SYS, RESP_RATE, SPO2, Metric
from clinical.observations import Numeric

SMOOTHING_S = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the things that move.

    Attributes:
        of: metrics that tell it, any of them, or the name of a score.
        by: how far, signed: −4 fell by 4.
        within_s: in how long.
        to: and come to here or further, so that a change among good values is no warning; None: wherever it comes to.
    """

    of: tuple[Metric, ...] | str
    by: float
    within_s: float
    to: float | None = None

    def holds(self, change: Change) -> bool:
        return self.to is None or (change.after - self.to) * self.by >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedRow:
    """A condition that holds while every part does.

    Attributes:
        name: by which a preset switches it on.
        title: its words.
    """

    name: str
    title: str
    parts: tuple[Part, ...]


ROWS = MappingProxyType(
    {
        row.name: row
        for row in (
            FusedRow(
                name="breathing and saturation fall",
                title="Breathing and SpO₂ both fall",
                parts=(
                    Part(of=(RESP_RATE, CO2_RESP_RATE, IMPEDANCE_RESP_RATE), by=-5, within_s=300, to=10),
                    Part(of=(SPO2,), by=-4, within_s=300, to=93),
                ),
            ),
            FusedRow(
                name="pressure and sedation rise",
                title="Pressure rises while sedation deepens",
                parts=(
                    Part(of=(NIBP_SYS, ART_SYS), by=20, within_s=1800),
                    Part(of="RASS", by=-2, within_s=3600),
                ),
            ),
        )
    }
)

Source = Metric | str


class FusedWatch:
    """The fused conditions that the case's preset names."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._rows: tuple[FusedRow, ...] = ()
        self._trends: dict[tuple[str, int, Source], Trend] = {}
        self._heard: dict[Source, list[tuple[FusedRow, Trend]]] = {}
        self._standing: set[str] = set()
        self._devices: dict[Metric, str] = {}

    def start(self, preset: AlarmPreset) -> None:
        """A case begins."""
        self._rows = tuple(ROWS[name] for name in preset.fused)
        self._trends, self._heard, self._standing, self._devices = {}, {}, set(), {}
        for row in self._rows:
            for number, part in enumerate(row.parts):
                for source in (part.of,) if isinstance(part.of, str) else part.of:
                    smoothing_s = 0.0 if isinstance(source, str) else SMOOTHING_S
                    trend = Trend(1 if part.by > 0 else -1, abs(part.by), part.within_s, RunningMedian(smoothing_s))
                    self._trends[row.name, number, source] = trend
                    self._heard.setdefault(source, []).append((row, trend))

    def stop(self) -> None:
        self._rows, self._trends, self._heard, self._standing = (), {}, {}, set()

    def judge(self, device: str, numeric: Numeric) -> None:
        """Takes a reading that is shown. A trend does not run over from one device to another."""
        if numeric.metric in self._heard and numeric.value is not None:
            if self._devices.setdefault(numeric.metric, device) != device:
                self._devices[numeric.metric] = device
                for _, trend in self._heard[numeric.metric]:
                    trend.restart()
            self._take(numeric.metric, numeric.value, numeric.measured_at or numeric.at, numeric.at)

    def scored(self, at: Instant, scores: tuple[tuple[str, int], ...], event_at: Instant) -> None:
        """Takes what the nurse scored, and when it was so."""
        for name, score in scores:
            if name in self._heard:
                self._take(name, float(score), event_at, at)

    def rescored(self, at: Instant, standing: Sequence[tuple[tuple[tuple[str, int], ...], Instant]]) -> None:
        """A score was corrected: begins anew with those that stand, (scores, when it was so), in the order of time."""
        of_scores = [source for source in self._heard if isinstance(source, str)]
        for source in of_scores:
            for row, trend in self._heard[source]:
                trend.restart()
                self._settle(at, row)
        for scores, event_at in standing:
            self.scored(at, scores, event_at)

    def _take(self, source: Source, value: float, measured: Instant, at: Instant) -> None:
        for row, trend in self._heard[source]:
            trend.take(value, measured)
            self._settle(at, row)

    def _settle(self, at: Instant, row: FusedRow) -> None:
        words = [self._words(row, number) for number in range(len(row.parts))]
        found = Finding(row=FUSED, code=row.name, text=row.title, note=joined(*words))
        if all(words):
            self._standing.add(row.name)
            self._board.hold(at, found)
        elif row.name in self._standing:
            self._standing.discard(row.name)
            self._board.release(at, found.id)

    def _words(self, row: FusedRow, number: int) -> str:
        """What moved of one part, in words; empty where nothing did."""
        for (name, place, source), trend in self._trends.items():
            if (name, place) == (row.name, number) and trend.change is not None and row.parts[number].holds(trend.change):
                return score_from_to(source, trend.change) if isinstance(source, str) else from_to(source, trend.change)
        return ""
