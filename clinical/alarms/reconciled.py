"""Conditions of a pump that contradicts itself, its counters or another pump: findings put on the board. Judges none."""

from __future__ import annotations

from types import MappingProxyType

from clinical.alarms.board import Board
from clinical.alarms.finding import Finding
from clinical.alarms.infusion_conditions import (
    COUNTER_RESET,
    COUNTER_WRAPPED,
    DOSE_DIFFERS,
    FREE_FLOW,
    RATE_ABSURD,
    SOURCES_DISAGREE,
    TIME_BACKWARD,
    TWO_PUMPS,
    UNIT_UNKNOWN,
)
from clinical.alarms.settling import Settling
from clinical.dosing.reconciliation import FindingKind, disagreement, two_pumps
from clinical.dosing.report import Infusion
from clinical.instant import Instant

ROWS = MappingProxyType(
    {
        FindingKind.RATE_ABSURD: RATE_ABSURD,
        FindingKind.TIME_BACKWARD: TIME_BACKWARD,
        FindingKind.FREE_FLOW: FREE_FLOW,
        FindingKind.COUNTER_RESET: COUNTER_RESET,
        FindingKind.COUNTER_WRAPPED: COUNTER_WRAPPED,
        FindingKind.DOSE_DIFFERS: DOSE_DIFFERS,
        FindingKind.UNIT_UNKNOWN: UNIT_UNKNOWN,
        FindingKind.SOURCES_DISAGREE: SOURCES_DISAGREE,
    }
)
"""Of one pump. Those that are not here (concentration, weight, drug, a counter that stands still) are found in infusion.py."""

_OF_ONE = tuple(ROWS.values())
_OF_ALL = (TWO_PUMPS,)


class ReconciledWatch:
    """Every counted pump of a case."""

    def __init__(self, board: Board) -> None:
        self._settling = Settling(board)

    def judge(self, at: Instant, infusion: Infusion) -> None:
        """Takes the pumps as they stand; without a case nothing is judged."""
        if infusion.account is None:
            return
        for (device, channel), tally in infusion.account.tallies.items():
            found = infusion.contradictions[device, channel].found(at)
            disagree = disagreement(at, tally.given(at))
            if disagree is not None:
                found[disagree.kind] = disagree.text
            told = {ROWS[kind]: Finding(row=ROWS[kind], device=device, channel=channel, text=found[kind]) for kind in found if kind in ROWS}
            self._settling.settle(at, _OF_ONE, told, device, channel)
        both = two_pumps(at, {key: pump.last for key, pump in infusion.counted.items() if pump.last is not None})
        self._settling.settle(at, _OF_ALL, {} if both is None else {TWO_PUMPS: Finding(row=TWO_PUMPS, text=both.text)})
