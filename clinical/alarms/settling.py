"""Findings of a device put on the board and taken off it, row by row. Finds nothing itself; remembers only how conditions are named."""

from __future__ import annotations

from collections.abc import Mapping

from clinical.alarms.board import Board
from clinical.alarms.finding import Condition, Finding
from clinical.instant import Instant

Rows = tuple[Condition, ...]


class Settling:
    """Of one watch. Rows that are not found are let go by their names alone: most rows at most moments are not found."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._names: dict[tuple[Rows, str, str], tuple[str, ...]] = {}

    def settle(self, at: Instant, rows: Rows, found: Mapping[Condition, Finding], device: str = "", channel: str = "") -> None:
        """Row by row in their order. ``found``: what stands of them now; the others do not."""
        names = self._names.get((rows, device, channel))
        if names is None:
            names = tuple(Finding(row=row, device=device, channel=channel).id for row in rows)
            self._names[rows, device, channel] = names
        if not found and not self._board.knows_any(names):
            return
        for row, name in zip(rows, names, strict=True):
            if row in found:
                self._board.hold(at, found[row])
            else:
                self._board.release(at, name)
