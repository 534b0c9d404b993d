"""Numbers that fall or rise fast ("SpO₂ fell 4 % in 60 s"), by the preset's rows. A change too slow for these crosses a limit."""

from __future__ import annotations

from clinical.alarm_model import AlarmPreset, SlopeRule
from clinical.alarms.board import Board
from clinical.alarms.conditions import SLOPE
from clinical.alarms.finding import Finding
from clinical.alarms.smoothing import RunningMedian
from clinical.alarms.trends import Change, Trend
from clinical.alarms.wording import fell_or_rose, from_to
from clinical.metrics import Metric
from clinical.observations import Numeric
from clinical.sources import place_of

SMOOTHING_S = 9.0
"""As the limits of the shipped preset: a median of nine seconds."""


class SlopeWatch:
    """Every slope of the case's preset. Missing data ends none: only a reading does."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._rules: dict[Metric, SlopeRule] = {}
        self._trends: dict[tuple[Metric, str], Trend] = {}
        self._devices: dict[Metric, str] = {}

    def start(self, preset: AlarmPreset) -> None:
        """A case begins: nothing fell before."""
        self._rules = {rule.metric: rule for rule in preset.slopes}
        self._trends, self._devices = {}, {}

    def stop(self) -> None:
        self._rules, self._trends, self._devices = {}, {}, {}

    def judge(self, device: str, numeric: Numeric) -> None:
        """Takes a reading that is shown."""
        rule = self._rules.get(numeric.metric)
        if rule is None or numeric.value is None:
            return
        key = (numeric.metric, place_of(numeric.metric, numeric.channel))
        trend = self._trends.get(key)
        stood = trend is not None and trend.change is not None
        if trend is None:
            sign = 1 if rule.by > 0 else -1
            trend = self._trends[key] = Trend(sign, abs(rule.by), rule.within_s, RunningMedian(SMOOTHING_S))
        if self._devices.setdefault(numeric.metric, device) != device:  # two devices differ by more than a patient changes
            trend.restart()
        self._devices[numeric.metric] = device
        change = trend.take(numeric.value, numeric.measured_at or numeric.at)
        if change is not None:
            self._board.hold(numeric.at, _finding(device, numeric, rule, change))
        elif stood:
            self._board.release(numeric.at, Finding(row=SLOPE, metric=numeric.metric, channel=place_of(numeric.metric, numeric.channel)).id)


def _finding(device: str, numeric: Numeric, rule: SlopeRule, change: Change) -> Finding:
    return Finding(
        row=SLOPE,
        device=device,
        channel=place_of(numeric.metric, numeric.channel),
        metric=numeric.metric,
        value=numeric.value,
        text=fell_or_rose(numeric.metric, change),
        note=from_to(numeric.metric, change),
        priority=rule.priority,
    )
