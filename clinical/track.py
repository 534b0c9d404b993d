"""The latest value of one metric from one channel of one device: whether it is a reading, and how long it stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import Metric
from clinical.observations import Numeric, Validity
from clinical.sources import Source, is_settled, source_of

STALE_AFTER_INTERVALS = 3.0
LEAST_PATIENCE_S = 1.0
"""A value is stale after three missing intervals, but never sooner than this."""


def reading_of(numeric: Numeric) -> Numeric:
    """The numeric, or the same marked INVALID where its number cannot be a reading (out of range, a probe-off zero)."""
    value = numeric.value
    if value is None:
        return numeric
    metric = numeric.metric
    if metric.low < value <= metric.high or (value == metric.low and (metric.zero_is_a_reading or value != 0)):
        return numeric
    return replace(numeric, value=None, validity=Validity.INVALID, reason=f"{value:g} is no reading")


@dataclass(slots=True, eq=False)
class Track:
    """One metric from one channel of one device.

    Attributes:
        latest: the last that came.
        last_good: the last that was a reading.
        good: the last word on its worth was that it is a reading (a cuff inflating says nothing on that).
        run: readings in a row.
        due_ns: monotonic; silent beyond this it is stale.
        stale: it is.
        awaited: its line has returned, and nothing has come on it yet.
        good_since: when the present run of readings began; None where it is no reading now.
        was_away: it has been without a reading before this run.
        source: which source of its metric it belongs to.
    """

    device: str
    latest: Numeric
    last_good: Numeric | None = None
    good: bool = False
    run: int = 0
    due_ns: int = 0
    stale: bool = False
    awaited: bool = False
    good_since: Instant | None = None
    was_away: bool = False
    source: Source = field(init=False)

    def __post_init__(self) -> None:
        self.source = source_of(self.latest.metric, self.device, self.latest.channel)

    @property
    def metric(self) -> Metric:
        return self.latest.metric

    def take(self, numeric: Numeric) -> None:
        """Notes a new value."""
        self.latest = numeric
        self.awaited = False
        self._expect(numeric.at)
        if numeric.validity is Validity.ONGOING:
            return
        self.good = numeric.value is not None
        if self.good:
            self.last_good = numeric
            self.run += 1
            self.good_since = self.good_since or numeric.at
        else:
            self._break_off()

    @property
    def settled(self) -> bool:
        """Whether it may take over from another source, as of its latest value."""
        good_for_s = 0.0 if self.good_since is None else self.latest.at.since(self.good_since)
        return is_settled(self.run, good_for_s, was_away=self.was_away)

    def fall_silent(self) -> None:
        """It is overdue: what was known stands no longer."""
        self.stale, self.awaited = True, False
        self._break_off()

    def await_from(self, at: Instant) -> None:
        """Its line has returned: what was known is not believed, and a new value is waited for as long as ever."""
        self.good, self.awaited = False, True
        self._break_off()
        self._expect(at)

    def _break_off(self) -> None:
        self.run, self.good_since, self.was_away = 0, None, True

    def _expect(self, at: Instant) -> None:
        self.stale = False
        patience_s = max(STALE_AFTER_INTERVALS * self.latest.interval_s, LEAST_PATIENCE_S)
        self.due_ns = at.monotonic_ns + int(patience_s * NS_PER_S)
