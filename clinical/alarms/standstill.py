"""No breath, no heart beat: a counted zero that lasts. Knows no limit; what a device says in words is the matter of lines.py.

A zero counts only of what was alive before: a capnograph that waits for its patient says no apnoea. Missing data is never recovery:
only a count above zero ends the condition.
"""

from __future__ import annotations

from clinical.alarms.board import Board
from clinical.alarms.conditions import APNOEA, NO_PULSE
from clinical.alarms.finding import Finding
from clinical.alarms.wording import number
from clinical.instant import Instant
from clinical.metrics import CO2_RESP_RATE, HEART_RATE, IMPEDANCE_RESP_RATE, PULSE_RATE, RESP_RATE, Metric
from clinical.observations import Numeric, Priority
from clinical.readings import Readings, Standing

BREATHS = frozenset({RESP_RATE, CO2_RESP_RATE, IMPEDANCE_RESP_RATE})
NO_BREATH = "no breath is counted"
NO_BEAT = "no beat is counted"


class StandstillWatch:
    """Breathing and heart of the case's patient."""

    def __init__(self, board: Board, readings: Readings) -> None:
        self._board = board
        self._readings = readings
        self._alive: set[Metric] = set()
        self._in_case = False
        self._stopped: Numeric | None = None

    def start(self) -> None:
        self._in_case = True

    def stop(self) -> None:
        self._in_case = False
        self._stopped = None

    def judge(self, device: str, numeric: Numeric) -> None:
        """Takes a reading that is shown."""
        if numeric.value is None:
            return
        if numeric.metric in BREATHS:
            self._settle(device, numeric)
        elif numeric.metric is HEART_RATE:
            self._stopped = numeric if numeric.value == 0 else None
            self._settle(device, numeric)

    def pulse_changed(self, device: str, at: Instant) -> None:
        """The oximeter's pulse came or went: a heart rate of zero that it contradicted may be believed now, or the reverse."""
        if self._stopped is not None and self._in_case:
            self._tell(at, device, HEART_RATE)

    def _settle(self, device: str, numeric: Numeric) -> None:
        if numeric.value:
            self._alive.add(numeric.metric)
            row = NO_PULSE if numeric.metric is HEART_RATE else APNOEA
            self._board.release(numeric.at, Finding(row=row, metric=numeric.metric).id)
        elif self._in_case and numeric.metric in self._alive:
            self._tell(numeric.at, device, numeric.metric)

    def _tell(self, at: Instant, device: str, metric: Metric) -> None:
        if metric is HEART_RATE:
            found = Finding(row=NO_PULSE, device=device, metric=metric, value=0.0, note=self._beat_words(), priority=self._beat_priority())
        else:
            found = Finding(row=APNOEA, device=device, metric=metric, value=0.0, note=NO_BREATH)
        self._board.hold(at, found)

    def _pulse(self) -> Numeric | None:
        """What the finger says against it; None where it says nothing."""
        if self._readings.standing(PULSE_RATE) is not Standing.GOOD:
            return None
        tracks = self._readings.shown_tracks(PULSE_RATE)
        return tracks[0].last_good if tracks else None

    def _beat_words(self) -> str:
        pulse = self._pulse()
        if pulse is None or pulse.value is None:
            return NO_BEAT
        return f"{NO_BEAT}, the oximeter counts a pulse of {number(pulse.value, 0)}: look at patient and electrodes"

    def _beat_priority(self) -> Priority:
        return Priority.HIGH if self._pulse() is None else Priority.MEDIUM
