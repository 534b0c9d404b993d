"""The numbers of a whole infusion in little room: one of each metric for each step of time, 41 bytes each. Knows no display."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from clinical.instant import Instant
from clinical.observations import Numeric, Validity

STEP_S = 10.0
"""One value of a metric for each of these is enough for the trend of a whole infusion."""
VALIDITIES = tuple(Validity)


class KeptTrend:
    """One metric of one channel, thinned. What is given back has everything a trend draws; the reason of a missing value is let go."""

    def __init__(self) -> None:
        self._at, self._at_utc = array("q"), array("q")
        self._measured, self._measured_utc = array("q"), array("q")
        self._values, self._validities = array("d"), array("b")
        self._newest: Numeric | None = None

    def add(self, numeric: Numeric) -> None:
        """Takes a reading in the order of time; keeps it if the last one kept is old enough."""
        if self._newest is not None and numeric.at.since(self._newest.at) < STEP_S:
            return
        self._newest = numeric
        measured = numeric.measured_at or numeric.at
        self._at.append(numeric.at.monotonic_ns)
        self._at_utc.append(numeric.at.utc_ns)
        self._measured.append(measured.monotonic_ns)
        self._measured_utc.append(measured.utc_ns)
        self._values.append(float("nan") if numeric.value is None else numeric.value)
        self._validities.append(VALIDITIES.index(numeric.validity))

    def numerics(self) -> Iterator[Numeric]:
        """All that was kept, oldest first."""
        newest = self._newest
        if newest is None:
            return
        columns = (self._at, self._at_utc, self._measured, self._measured_utc, self._values, self._validities)
        for at, at_utc, measured, measured_utc, value, validity in zip(*columns, strict=True):
            yield Numeric(
                at=Instant(at, at_utc),
                metric=newest.metric,
                value=None if value != value else value,  # noqa: PLR0124 (only NaN differs from itself)
                validity=VALIDITIES[validity],
                interval_s=newest.interval_s,
                measured_at=None if measured == at else Instant(measured, measured_utc),
                channel=newest.channel,
            )
