"""The smaller watches of a case, joined: standstill, signal, cuff, round, pump, clock. Each judges alone; nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence

from clinical.alarms.board import Board
from clinical.alarms.clock_watch import ClockWatch
from clinical.alarms.conditions import PRESET_REFUSED
from clinical.alarms.finding import Finding
from clinical.alarms.overdue import CuffWatch, RoundWatch
from clinical.alarms.pump_watch import PumpWatch
from clinical.alarms.signal_quality import SignalWatch
from clinical.alarms.standstill import StandstillWatch
from clinical.commands import CaseSetup
from clinical.instant import Instant
from clinical.messages import DoseReport
from clinical.metrics import PULSE_RATE
from clinical.observations import Numeric
from clinical.readings import Readings


class CaseWatch:
    """Attributes:
    standstill, signal, cuff, round, pump, clock: the watches.
    """

    def __init__(self, board: Board, readings: Readings) -> None:
        self._board = board
        self.standstill = StandstillWatch(board, readings)
        self.signal = SignalWatch(board)
        self.cuff, self.round = CuffWatch(board), RoundWatch(board)
        self.pump = PumpWatch(board)
        self.clock = ClockWatch(board)

    def start(self, at: Instant, setup: CaseSetup) -> None:
        """A case begins."""
        self.standstill.start()
        self.signal.start()
        self.cuff.start(setup.utc_offset_min)
        self.round.start(setup.utc_offset_min, () if setup.order is None else setup.order.rounds)
        self.pump.start(setup)
        if setup.preset.refused:
            self._board.hold(at, Finding(row=PRESET_REFUSED, note=setup.preset.refused))

    def stop(self) -> None:
        """The case is over."""
        for watch in (self.standstill, self.signal, self.cuff, self.round, self.pump):
            watch.stop()

    def numeric(self, device: str, numeric: Numeric) -> None:
        """Takes what is shown."""
        self.standstill.judge(device, numeric)
        self.signal.judge(device, numeric)
        self.cuff.judge(device, numeric)
        if numeric.metric is PULSE_RATE:
            self.standstill.pulse_changed(device, numeric.at)

    def dose(self, report: DoseReport, steps: Sequence[Instant]) -> None:
        """Takes a dose report and when the rate changed."""
        self.pump.judge(report)
        self.round.judge(report.at, report.started_at, steps)
