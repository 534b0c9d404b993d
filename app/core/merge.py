"""What a display still has to be told, in as little as it needs: a slow display loses no event and no alarm, only old numbers."""

from __future__ import annotations

from dataclasses import replace

from clinical.messages import FromDevice, FromOperator, Outcome
from clinical.observations import LinkStatus, Numeric, WaveformBlock

LONGEST_BACKLOG_S = 12.0
"""Samples older than this have left the lanes; the display draws a gap."""


def worth_showing(outcome: Outcome) -> bool:
    """Whether anything in it changes a screen."""
    if outcome.shown is not None or outcome.alarms is not None or outcome.dose is not None or outcome.audio is not None:
        return True
    if outcome.transitions or outcome.gaps or outcome.limits or outcome.case or outcome.refused:
        return True
    if outcome.aside is not None or outcome.sources:
        return True
    return isinstance(outcome.message, FromOperator) or tells_of_a_line(outcome)


def tells_of_a_line(outcome: Outcome) -> bool:
    """Whether it is a device's line that changed."""
    return isinstance(outcome.message, FromDevice) and isinstance(outcome.message.observation, LinkStatus)


class Backlog:
    """Outcomes not yet sent. Of numerics and doses that stand alone only the newest is kept; all else is kept in order."""

    def __init__(self) -> None:
        self._kept: dict[object, Outcome] = {}
        self._count = 0
        self._wave_seconds: dict[object, float] = {}
        self._waves: dict[object, list[object]] = {}

    def __bool__(self) -> bool:
        return bool(self._kept)

    def add(self, outcome: Outcome) -> None:
        """Takes one outcome that is worth showing."""
        key = self._key(outcome)
        self._kept.pop(key, None)  # a newer value takes its place at the end, so order stays the order of arrival
        self._kept[key] = outcome
        if isinstance(outcome.shown, WaveformBlock):
            self._trim(outcome.shown, key)

    def take(self) -> tuple[Outcome, ...]:
        """Everything, oldest first; the backlog is empty afterwards."""
        everything = tuple(self._kept.values())
        self._kept.clear()
        self._waves.clear()
        self._wave_seconds.clear()
        return everything

    def _key(self, outcome: Outcome) -> object:
        self._count += 1
        if outcome.transitions or outcome.alarms is not None or outcome.audio is not None or outcome.gaps or outcome.limits or outcome.case:
            return self._count
        if outcome.sources or tells_of_a_line(
            outcome
        ):  # it may carry a dose too, which a newer one replaces, but what a line or a choice is now nothing does
            return self._count
        if isinstance(outcome.shown, Numeric) and outcome.dose is None:
            return outcome.shown.metric, outcome.shown.channel
        if outcome.aside is not None and isinstance(outcome.message, FromDevice):
            return outcome.message.device, outcome.aside.metric, outcome.aside.channel
        if outcome.dose is not None and outcome.shown is None and not outcome.refused and not isinstance(outcome.message, FromOperator):
            return "dose"
        return self._count

    def _trim(self, block: WaveformBlock, key: object) -> None:
        lane = (block.metric, block.channel)
        keys = self._waves.setdefault(lane, [])
        keys.append(key)
        self._wave_seconds[lane] = self._wave_seconds.get(lane, 0.0) + len(block.steps) / block.rate_hz
        while self._wave_seconds[lane] > LONGEST_BACKLOG_S and len(keys) > 1:
            self._drop(lane, keys.pop(0))

    def _drop(self, lane: object, key: object) -> None:
        """Gives up the samples, and nothing else that came with them."""
        dropped = self._kept[key]
        if isinstance(dropped.shown, WaveformBlock):
            self._wave_seconds[lane] -= len(dropped.shown.steps) / dropped.shown.rate_hz
        rest = replace(dropped, shown=None)
        if worth_showing(rest):
            self._kept[key] = rest  # in its old place
        else:
            del self._kept[key]
