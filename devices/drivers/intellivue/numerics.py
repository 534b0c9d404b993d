"""Polled numerics → observations with their worth and, for the cuff, their time. Knows the rules, not the codes (mapping.py)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime

from clinical.instant import Instant
from clinical.metrics import NIBP_PULSE_RATE, PERFUSION_INDEX
from clinical.observations import Numeric, Validity
from clinical.units import ONE
from devices.doubt import Doubt, doubted, is_usable
from devices.drivers.intellivue.attributes import NotAtThisResolution, Observed, date_of, float_of, observed_list, observed_of
from devices.drivers.intellivue.mapping import (
    COMPOUND_NUMERIC,
    DEMO,
    DOUBTS,
    MEASURED_AT,
    MEASURING,
    NUMERIC,
    NUMERIC_ROWS,
    UNITS,
    Row,
)
from devices.drivers.intellivue.messages import PolledObject

CLOCK_SLACK_S = 5.0
OLDEST_S = 366 * 86_400.0
WATCHED_WITHIN_S = 11.0
MOST_OBJECTS = 500
"""Of one kind on one monitor; more are damage and are forgotten, so that nothing grows."""

Key = tuple[int, int]
"""Context and handle: what names an object."""

_UNKNOWN_AGE = Doubt(Validity.INVALID, "reading of unknown age")
_UNIT_ASSUMED = Doubt(Validity.QUESTIONABLE, "unit not told, taken as %")
_NO_NUMBER = Doubt(Validity.INVALID, "no reading")
_COARSE = Doubt(Validity.INVALID, "not at this resolution")
_OVER, _UNDER = Doubt(Validity.INVALID, "over range"), Doubt(Validity.INVALID, "under range")


def doubt_of(state: int) -> Doubt | None:
    """What the measurement state makes of a value; None if it is good."""
    return next((doubt for bit, doubt in DOUBTS if state & bit), None)


def _doubt_of_number(value: float) -> Doubt | None:
    if isinstance(value, NotAtThisResolution):
        return _COARSE
    if math.isnan(value):
        return _NO_NUMBER
    if math.isinf(value):
        return _OVER if value > 0 else _UNDER
    return None


class MonitorClock:
    """The monitor's wall clock against ours, from the moment at which it told both of its clocks."""

    def __init__(self) -> None:
        self._told: tuple[datetime, Instant] | None = None

    def set(self, date: datetime | None, now: Instant) -> None:
        """The monitor's date at ``now``; None: it tells none."""
        self._told = None if date is None else (date, now)

    def instant(self, date: datetime | None, now: Instant) -> Instant | None:
        """When it was ``date`` on the monitor; None if unknown, ahead, or too long ago to be meant."""
        if date is None or self._told is None:
            return None
        told, at = self._told
        moment = at.plus((date - told).total_seconds())
        if not -OLDEST_S <= moment.since(now) <= CLOCK_SLACK_S:
            return None
        return min(moment, now)


class CuffTime:
    """When the cuff reading that an object shows was measured: by the monitor's word, else by seeing it change on this line."""

    def __init__(self, clock: MonitorClock) -> None:
        self._clock = clock
        self._reading: tuple[int, ...] = ()
        self._seen_at: Instant | None = None
        self._finished = False
        self.measured_at: Instant | None = None

    def see(self, values: Sequence[Observed], stamp: bytes | None, now: Instant) -> None:
        """Takes the values as shown at ``now`` with their time stamp, if there is one."""
        if any(value.state & MEASURING for value in values):
            self._finished, self._seen_at = True, now
            return
        watched = self._seen_at is not None and now.since(self._seen_at) <= WATCHED_WITHIN_S
        reading = tuple(value.word for value in values)
        told = self._clock.instant(date_of(stamp), now) if stamp is not None else None
        if told is not None:
            self.measured_at = told
        elif watched and (self._finished or (self._reading and reading != self._reading)):
            self.measured_at = now
        elif reading != self._reading:
            self.measured_at = None
        self._reading, self._seen_at, self._finished = reading, now, False


class NumericReader:
    """Reads the numerics of one association.

    Attributes:
        unmapped: how often each physiological id came that has no place in the catalogue.
        demo: the message last read held demonstration data.
    """

    def __init__(self, clock: MonitorClock) -> None:
        self._clock = clock
        self._cuffs: dict[Key, CuffTime] = {}
        self._pressures = CuffTime(clock)
        self._owners: dict[tuple[str, str], Key] = {}
        self.unmapped: dict[int, int] = {}
        self.demo = False

    def read(self, objects: Sequence[PolledObject], interval_s: float, now: Instant) -> Iterator[Numeric]:
        """The numerics of a message, in the order sent."""
        self.demo = False
        for item in objects:
            values = _observed_in(item)
            cuff = self._cuff(item, values, now)
            for value in values:
                row = NUMERIC_ROWS.get(value.physio)
                if row is None:
                    self.unmapped[value.physio] = self.unmapped.get(value.physio, 0) + 1
                    continue
                self.demo = self.demo or bool(value.state & DEMO)
                yield self._numeric(item, value, row, interval_s, now, cuff.measured_at if row.cuff else None)

    def _cuff(self, item: PolledObject, values: Sequence[Observed], now: Instant) -> CuffTime:
        """The time of what an object shows; a cuff pulse without a stamp was measured with the pressures."""
        rows = [row for value in values if (row := NUMERIC_ROWS.get(value.physio)) is not None and row.cuff]
        stamp = item.attributes.get(MEASURED_AT)
        pressures = any(row.metric is not NIBP_PULSE_RATE for row in rows)
        if not (pressures or (rows and stamp is not None)):
            return self._pressures
        if len(self._cuffs) > MOST_OBJECTS:
            self._cuffs.clear()
        cuff = self._cuffs.setdefault((item.context, item.handle), CuffTime(self._clock))
        cuff.see(values, stamp, now)
        if pressures:
            self._pressures = cuff
        return cuff

    def _numeric(  # noqa: PLR0917  one call, all of it needed
        self, item: PolledObject, value: Observed, row: Row, interval_s: float, now: Instant, measured_at: Instant | None
    ) -> Numeric:
        number, doubt = _judged(value, row)
        if row.cuff and doubt is None and measured_at is None:
            doubt = _UNKNOWN_AGE
        channel = self._channel(item, row)
        return doubted(row.metric, number, doubt, now, interval_s=interval_s, channel=channel, measured_at=measured_at)

    def _channel(self, item: PolledObject, row: Row) -> str:
        """The row's, but of two objects that tell one metric the later is named by its handle."""
        owner = self._owners.setdefault((row.metric.id, row.channel), (item.context, item.handle))
        if owner == (item.context, item.handle):
            return row.channel
        return f"{row.channel} {item.context:x}.{item.handle:04x}".strip()


def _observed_in(item: PolledObject) -> list[Observed]:
    if NUMERIC in item.attributes:
        return [observed_of(item.attributes[NUMERIC])]
    return observed_list(item.attributes[COMPOUND_NUMERIC]) if COMPOUND_NUMERIC in item.attributes else []


def _judged(value: Observed, row: Row) -> tuple[float, Doubt | None]:
    """The number in the metric's unit, and what lowers its worth."""
    number, doubt = float_of(value.word), doubt_of(value.state)
    conversion = UNITS.get(value.unit)
    if not is_usable(doubt):
        return number, doubt
    if conversion is not None and conversion.to is ONE and row.metric is PERFUSION_INDEX:
        return number, _doubt_of_number(number) or _UNIT_ASSUMED
    if conversion is None or conversion.to is not row.metric.unit:
        return number, Doubt(Validity.INVALID, f"in a unit that cannot be converted (code {value.unit:04x})")
    return (number + conversion.shift) * conversion.factor, _doubt_of_number(number) or doubt
