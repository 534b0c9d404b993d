"""What a row of the tables is: a bit, a doubt, a reading, a group of readings, a waveform. The rows themselves stand in mapping.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clinical.metrics import Metric
from devices.doubt import Doubt

GROUP_HEADER_BYTES = 6
UNION_BYTES = 270
BASIC, EXT1, EXT2 = 0, 1, 2
EXISTS, ACTIVE = 0, 1
"""Bits of every group's status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One bit of a 32-bit word of one class's union."""

    subclass: int
    at: int
    bit: int


@dataclass(frozen=True, slots=True)
class StatusRule:
    """While ``status & mask == pattern``, the doubt holds."""

    mask: int
    pattern: int
    doubt: Doubt


Judge = Callable[[int, int, int], Doubt | None]
"""(status, label, interface level) → what lowers the worth of a value, where a mask cannot tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number of a group.

    Attributes:
        place: which of the group's 16-bit values.
        divisor: number ÷ divisor is the value in the metric's unit.
        of_ambient: the number is 1/100 % of the ambient pressure, the metric is in mmHg.
        zero_when: a 0 is a reading only while one of these bits stands; None: 0 is a number like another.
        channel: if set, in place of the group's.
        when_told: not told of at all while the monitor sends a code in its place: most never measure it.
    """

    place: int
    metric: Metric
    divisor: int = 1
    of_ambient: bool = False
    zero_when: tuple[Flag, ...] | None = ()
    rules: tuple[StatusRule, ...] = ()
    judge: Judge | None = None
    channel: str = ""
    when_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A parameter group: what it reads, always or by its label. A labelled group is told of only once it has been there."""

    at: int
    subclass: int = BASIC
    channel: str = ""
    readings: tuple[Reading, ...] = ()
    by_label: Mapping[int, tuple[Reading, ...]] | None = None
    optional: bool = False


def bits(*places: int) -> int:
    """A mask of these bits."""
    return sum(1 << place for place in places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """A waveform: its number, what it is, its rate, and the worth of one step (of 1 mmHg ambient pressure if ``of_ambient``).

    Attributes:
        channel: where one metric comes from several inputs; for an ECG the lead stands in its label.
        by_label: what it is by its label, where that is not always the same; ``metric`` for labels that are not in it.
    """

    id: int
    metric: Metric
    rate_hz: int
    unit_per_step: float
    of_ambient: bool = False
    channel: str = ""
    by_label: Mapping[int, Metric] | None = None
