"""Vital signs: observation rows → numerics with their worth, age and channel. Knows the rules; the codes are in mapping.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Numeric, Validity
from devices.doubt import Doubt, doubted, is_usable
from devices.drivers.hl7.mapping import (
    CUFF,
    NO_READING,
    SITES,
    SLOW,
    contradicts_itself,
    doubt_of,
    in_unit,
    metric_of,
    number_of,
    unit_of,
)
from devices.drivers.hl7.rows import Group, Row
from devices.drivers.hl7.stamps import SLACK_S, Stamp, seconds_between

HELD_INTERVAL_S = 600.0
"""A cuff that measures each quarter of an hour may be told of once: the last reading stands for half an hour."""
FIRST_INTERVAL_S, SHORTEST_INTERVAL_S, LONGEST_INTERVAL_S = 10.0, 1.0, 60.0
"""How often a value comes is the sender's choice and is learnt from it; the first guess, and between what it is believed."""
TOO_OLD_S = 120.0
"""A continuous value measured longer ago than this is no present one. A proposal; a pump gateway was seen 34 s behind."""
MOST_CHANNELS = 16
LONGEST_CHANNEL = 32

Key = tuple[Metric, str]
Worth = tuple[float | None, Doubt | None]

_AGE_UNKNOWN = Doubt(Validity.INVALID, "reading of unknown age")
_TIME_NOT_TOLD = Doubt(Validity.QUESTIONABLE, "time of measurement not told")
_TOO_OLD = Doubt(Validity.INVALID, "measured too long ago")
_SAME_INSTANT_S = 0.5
_NEITHER: Worth = (None, None)


@dataclass(frozen=True, slots=True)
class Context:
    """What a message says of all its rows: when it was sent, how late it came and whether a later one came before, MSH-11."""

    sent: Stamp | None
    delay_s: float
    overtaken: bool
    mode: str
    now: Instant

    def age_s(self, measured: Stamp | None) -> float | None:
        """Seconds since a time in the message, by the sender's clock; None where that cannot be told."""
        return None if measured is None or self.sent is None else seconds_between(measured, self.sent) + self.delay_s


class Cadence:
    """How often one value comes: the longer of its last two intervals."""

    def __init__(self) -> None:
        self._last: Instant | None = None
        self._gaps: tuple[float, ...] = ()

    def interval_s(self, now: Instant) -> float:
        """Notes that it came now; gives how long until the next."""
        gap_s = 0.0 if self._last is None else now.since(self._last)
        if self._last is None or gap_s > _SAME_INSTANT_S:
            self._gaps = (*self._gaps[-1:], gap_s) if gap_s else ()
            self._last = now
        longest_s = max(self._gaps, default=FIRST_INTERVAL_S)
        return min(max(longest_s, SHORTEST_INTERVAL_S), LONGEST_INTERVAL_S)


class Vitals:
    """Remembers of each value when it was measured, how often it comes, and which channel has which place.

    Attributes:
        refused: rows of known metrics that could not be read: an unknown unit, a code that contradicts itself.
    """

    def __init__(self) -> None:
        self.refused = 0
        self._measured: dict[Key, tuple[int, Instant]] = {}
        self._cadence: dict[Key, Cadence] = {}
        self._sources: dict[Metric, dict[tuple[str, ...], str]] = {}

    def read(self, group: Group, rows: tuple[Row, ...], context: Context) -> Iterator[Numeric]:
        """The numerics of these rows of a group, in their order."""
        for row in rows:
            metric = metric_of(row)
            if metric is None:
                continue
            channel = self._channel(row, metric)
            if channel is None or contradicts_itself(row, metric):
                self.refused += 1
                continue
            yield from self._tell(row, (metric, channel), row.time or (None if metric in CUFF else group.time), context)

    def withdraw(self, now: Instant, reason: str) -> list[Numeric]:
        """Everything that was told, told as not to be believed."""
        return [
            Numeric(at=now, metric=metric, channel=channel, value=None, validity=Validity.INVALID, reason=reason)
            for metric, channel in self._cadence
        ]

    def forget_times(self) -> None:
        """The sender's clock was set back: its earlier times order nothing any more."""
        self._measured.clear()

    def _channel(self, row: Row, metric: Metric) -> str | None:
        """The first source of a metric has no name; each other is named by its place. None beyond what one bed can have."""
        if row.code in SITES:
            return SITES[row.code]
        known, source = self._sources.setdefault(metric, {}), (*row.place[:-1], row.code)
        if source not in known and len(known) < MOST_CHANNELS:
            known[source] = ".".join(source)[:LONGEST_CHANNEL] if known else ""
        return known.get(source)

    def _tell(self, row: Row, key: Key, measured: Stamp | None, context: Context) -> Iterator[Numeric]:
        worth = _worth(row, key[0], context.mode)
        if worth == _NEITHER:
            self.refused += 1
        elif not self._is_late(key, measured, context):
            yield self._numeric(key, worth, measured, context, held=key[0] in CUFF or row.aperiodic)

    def _numeric(self, key: Key, worth: Worth, measured: Stamp | None, context: Context, *, held: bool) -> Numeric:
        value, doubt = worth
        measured_at: Instant | None = None
        if value is not None:
            measured_at, aged = self._age(key, measured, context, held=held)
            doubt = aged if aged is not None and aged.validity is Validity.INVALID else doubt or aged
        cadence_s = self._cadence.setdefault(key, Cadence()).interval_s(context.now)
        interval_s = HELD_INTERVAL_S if held or (key[0] in SLOW and measured_at is not None) else cadence_s
        return doubted(key[0], value, doubt, context.now, interval_s=interval_s, channel=key[1], measured_at=measured_at)

    def _is_late(self, key: Key, measured: Stamp | None, context: Context) -> bool:
        """Whether something sent or measured later has been told already."""
        if context.overtaken and key in self._cadence:
            return True
        moment = measured or context.sent
        return moment is not None and key in self._measured and moment.ns < self._measured[key][0]

    def _age(self, key: Key, measured: Stamp | None, context: Context, *, held: bool) -> tuple[Instant | None, Doubt | None]:
        """When it was measured (None: just now), and the doubt that its time leaves."""
        moment = measured or context.sent
        age_s = context.age_s(moment)
        if moment is None or age_s is None or (measured is None and key[0] in CUFF):
            return None, _TIME_NOT_TOLD if key[0] in CUFF else None
        if age_s < -SLACK_S:
            return None, _AGE_UNKNOWN if key[0] in CUFF else _TIME_NOT_TOLD
        stamp_ns, at = self._measured.get(key, (None, context.now))
        if stamp_ns != moment.ns:  # told again it was measured when it was: not a moment later each time
            at = context.now.plus(-max(0.0, age_s))
        self._measured[key] = (moment.ns, at)
        if held:
            return at, None
        return (at if age_s > SLACK_S else None), (_TOO_OLD if age_s > TOO_OLD_S and key[0] not in SLOW else None)


def _worth(row: Row, metric: Metric, mode: str) -> Worth:
    """The value in the metric's unit and what lowers its worth; neither where the unit is unknown."""
    doubt = doubt_of(row, mode)
    if not is_usable(doubt):
        return None, doubt
    number, unit = number_of(row.value), unit_of(row.units)
    if number is None:
        return None, NO_READING
    value = None if unit is None else in_unit(number, unit, metric.unit)
    if value is None:
        return _NEITHER
    if not metric.low <= value <= metric.high or (value == 0 and not metric.zero_is_a_reading):
        return None, Doubt(Validity.INVALID, f"{value:g} cannot be a reading")
    return value, doubt
