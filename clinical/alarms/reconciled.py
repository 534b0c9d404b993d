"""Conditions of a pump that contradicts itself, its counters or another pump: findings put on the board. Judges none."""

from __future__ import annotations

from types import MappingProxyType

from clinical.alarms.board import Board
from clinical.alarms.conditions import (
    COUNTER_RESET,
    DOSE_DIFFERS,
    FREE_FLOW,
    RATE_ABSURD,
    SOURCES_DISAGREE,
    TIME_BACKWARD,
    TWO_PUMPS,
    UNIT_UNKNOWN,
)
from clinical.alarms.finding import Finding
from clinical.dosing.reconciliation import FindingKind, disagreement, two_pumps
from clinical.dosing.report import Infusion
from clinical.instant import Instant

ROWS = MappingProxyType(
    {
        FindingKind.RATE_ABSURD: RATE_ABSURD,
        FindingKind.TIME_BACKWARD: TIME_BACKWARD,
        FindingKind.FREE_FLOW: FREE_FLOW,
        FindingKind.COUNTER_RESET: COUNTER_RESET,
        FindingKind.DOSE_DIFFERS: DOSE_DIFFERS,
        FindingKind.UNIT_UNKNOWN: UNIT_UNKNOWN,
        FindingKind.SOURCES_DISAGREE: SOURCES_DISAGREE,
    }
)
"""Of one pump. Those that are not here (concentration, weight, drug, a counter that stands still) are found in infusion.py."""


class ReconciledWatch:
    """Every counted pump of a case."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def judge(self, at: Instant, infusion: Infusion) -> None:
        """Takes the pumps as they stand; without a case nothing is judged."""
        if infusion.account is None:
            return
        for (device, channel), tally in infusion.account.tallies.items():
            found = infusion.contradictions[device, channel].found(at)
            disagree = disagreement(at, tally.given(at))
            if disagree is not None:
                found[disagree.kind] = disagree.text
            for kind, row in ROWS.items():
                self._settle(at, Finding(row=row, device=device, channel=channel, text=found.get(kind, "")), standing=kind in found)
        last = {key: pump.last for key, pump in infusion.counted.items() if pump.last is not None}
        both = two_pumps(at, last)
        self._settle(at, Finding(row=TWO_PUMPS, text="" if both is None else both.text), standing=both is not None)

    def _settle(self, at: Instant, finding: Finding, *, standing: bool) -> None:
        if standing:
            self._board.hold(at, finding)
        else:
            self._board.release(at, finding.id)
