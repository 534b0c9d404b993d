"""Readings that come and are doubtful: the device marks them questionable, or the perfusion under the probe is too low. Judges no limit."""

from __future__ import annotations

from clinical.alarms.board import Board
from clinical.alarms.conditions import POOR_SIGNAL
from clinical.alarms.finding import Finding
from clinical.alarms.wording import joined
from clinical.instant import Instant
from clinical.metrics import PERFUSION_INDEX, SPO2, Metric
from clinical.observations import Numeric, Validity

LOW_PERFUSION_PERCENT = 0.3
"""Below this a saturation is doubtful. A proposal, to be confirmed by your clinicians and against the probe's own manual."""

DOUBTED, FAINT = "the device doubts its own value", "hardly any pulse under the probe"


class SignalWatch:
    """Why each metric that is shown is doubtful, for as long as it is."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._causes: dict[Metric, dict[str, str]] = {}
        self._in_case = False

    def start(self) -> None:
        self._in_case = True

    def stop(self) -> None:
        self._in_case = False
        self._causes.clear()

    def judge(self, device: str, numeric: Numeric) -> None:
        """Takes what is shown. One without a value says nothing of its worth: that is told as sensor off or no data."""
        if not self._in_case or numeric.value is None:
            return
        if numeric.metric is PERFUSION_INDEX:  # it tells how good another signal is, so a doubt of it alone is no poor signal
            faint = numeric.value < LOW_PERFUSION_PERCENT
            self._settle(numeric.at, device, SPO2, FAINT, f"{FAINT}: perfusion {numeric.value:.1f} %" if faint else "")
            return
        doubted = numeric.validity is Validity.QUESTIONABLE
        self._settle(numeric.at, device, numeric.metric, DOUBTED, joined(numeric.reason or DOUBTED) if doubted else "")

    def _settle(self, at: Instant, device: str, metric: Metric, cause: str, words: str) -> None:
        causes = self._causes.setdefault(metric, {})
        if words:
            causes.setdefault(cause, words)
        elif causes.pop(cause, None) is None:
            return
        finding = Finding(row=POOR_SIGNAL, device=device, metric=metric, note=joined(*causes.values()))
        if causes:
            self._board.hold(at, finding)
        else:
            self._board.release(at, finding.id)
