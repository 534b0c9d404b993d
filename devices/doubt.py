"""What is left of a number that its own device doubts: its worth, the reason, and no number where it has none. Knows no device's signs."""

from __future__ import annotations

from dataclasses import dataclass

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Numeric, Validity


@dataclass(frozen=True, slots=True)
class Doubt:
    """What lowers the worth of a number, and why."""

    validity: Validity
    reason: str


def is_usable(doubt: Doubt | None) -> bool:
    """Whether the number may be shown, be it with a question mark."""
    return doubt is None or doubt.validity is Validity.QUESTIONABLE


def doubted(
    metric: Metric,
    value: float | None,
    doubt: Doubt | None,
    now: Instant,
    *,
    interval_s: float,
    channel: str = "",
    measured_at: Instant | None = None,
) -> Numeric:
    """The value, in the metric's unit, as far as the doubt leaves it; None if the doubt takes it away, and its moment with it."""
    usable = is_usable(doubt)
    return Numeric(
        at=now,
        metric=metric,
        value=value if usable else None,
        validity=doubt.validity if doubt else Validity.VALID,
        interval_s=interval_s,
        measured_at=measured_at if usable else None,
        channel=channel,
        reason=doubt.reason if doubt else "",
    )
