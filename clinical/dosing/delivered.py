"""What was given, from what the pump says: the rises of its volume counter. Knows no order.

A fall of the counter is a reset (or a wrap: ``counter_wrap``), never a negative dose. What a purge pushes does not reach the patient.
Where the pump was silent, or says no volume, only a bound can be told: what it would have given at its last rate.
"""

from __future__ import annotations

from clinical.dosing.counter_wrap import wrapped_at
from clinical.instant import Instant
from clinical.observations import PumpState, PumpStatus

_RESTING = (PumpState.PAUSED, PumpState.STOPPED, PumpState.STANDBY, PumpState.OFF, PumpState.PURGING)
_S_PER_H = 3600.0


def delivery_rate_ml_per_h(status: PumpStatus) -> float | None:
    """Rate that reaches the patient: 0 at rest, whatever rate is set; None where the pump does not say."""
    return 0.0 if status.state in _RESTING else status.rate_ml_per_h


class Delivered:
    """Volume given by one pump since ``begin``.

    Attributes:
        last: the pump's last report.
        given_ml: proven by the counter.
        flat_ml, flat_since: volume that should have come since the counter last moved while infusing, and since when.
    """

    def __init__(self) -> None:
        self.last: PumpStatus | None = None
        self._mark_ml: float | None = None
        self.begin()

    def begin(self) -> None:
        """Counts from here; the counter's present reading is kept as the mark."""
        self.given_ml = 0.0
        self.flat_ml = 0.0
        self.flat_since: Instant | None = None
        self._unproven_ml = 0.0
        self._since_mark_ml = 0.0
        self._purged = False

    def take(self, status: PumpStatus) -> None:
        """Notes a report."""
        before = self.last
        self.last = status
        self._purged |= status.state is PumpState.PURGING
        if before is not None:
            self._since_mark_ml += _expected_ml(before, status.at)
        if status.infused_ml is not None:
            if before is not None and self._mark_ml is not None:
                self._count(before, status, self._mark_ml, status.infused_ml)
            self._mark_ml = status.infused_ml
            self._since_mark_ml = 0.0
            self._purged = status.state is PumpState.PURGING

    def at_most_ml(self, at: Instant) -> float:
        """What was given if the pump ran on at its last rate through every silence."""
        running_ml = 0.0 if self.last is None else _expected_ml(self.last, at)
        return self.given_ml + self._unproven_ml + self._since_mark_ml + running_ml

    def _count(self, before: PumpStatus, status: PumpStatus, mark_ml: float, infused_ml: float) -> None:
        at_present_rate_ml = _expected_ml(status, status.at.plus(status.at.since(before.at)))
        least_ml, most_ml = sorted((self._since_mark_ml, at_present_rate_ml))
        rise_ml = infused_ml - mark_ml + (wrapped_at(mark_ml, infused_ml, least_ml=least_ml, most_ml=most_ml) or 0.0)
        self._watch_flat(before, status, rise_ml)
        if rise_ml >= 0 and not self._purged:
            self.given_ml += rise_ml
            return
        # a reset, or a purge in between: of what the counter shows, only what the rate explains was given
        explained_ml = min(infused_ml if rise_ml < 0 else rise_ml, most_ml)
        self.given_ml += explained_ml
        if rise_ml < 0:
            self._unproven_ml += max(0.0, self._since_mark_ml - explained_ml)

    def _watch_flat(self, before: PumpStatus, status: PumpStatus, rise_ml: float) -> None:
        if rise_ml == 0 and before.state is status.state is PumpState.INFUSING:
            self.flat_ml += self._since_mark_ml
            self.flat_since = self.flat_since or before.at
        else:
            self.flat_ml, self.flat_since = 0.0, None


def _expected_ml(status: PumpStatus, until: Instant) -> float:
    return (delivery_rate_ml_per_h(status) or 0.0) * max(0.0, until.since(status.at)) / _S_PER_H
