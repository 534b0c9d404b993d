"""What an earlier day of the course left in the body: its rates told to a prediction before the case begins. Reads no record.

What ran is placed by the world's clock, since the monotonic one begins anew with each day; the night between is one exact step.
"""

from __future__ import annotations

from collections.abc import Sequence

from clinical.commands import EarlierRate
from clinical.instant import NS_PER_S, Instant
from clinical.pharmacokinetics.prediction import Predictor


def tell_earlier(predictor: Predictor, began: Instant, rates: Sequence[EarlierRate]) -> None:
    """Tells a new predictor what ran before ``began``, in the order of time. Nothing after ``began`` is told, and no time twice."""
    until_ns = -(2**63)
    for one in sorted(rates, key=lambda rate: rate.since_utc_ns):
        since_ns, end_ns = max(one.since_utc_ns, until_ns), min(one.until_utc_ns, began.utc_ns)
        if end_ns <= since_ns or one.rate_mg_per_h <= 0:
            continue
        predictor.rate(_on_this_clock(began, since_ns), one.rate_mg_per_h)
        predictor.rate(_on_this_clock(began, end_ns), 0.0)
        until_ns = end_ns


def earlier_mg(rates: Sequence[EarlierRate]) -> float:
    """All that ran in them."""
    return sum(one.rate_mg_per_h * (one.until_utc_ns - one.since_utc_ns) / NS_PER_S / 3600 for one in rates)


def days_told(rates: Sequence[EarlierRate]) -> str:
    """As it stands beside the prediction: "with day 1–2"; empty where nothing is known of an earlier day."""
    days = sorted({one.day for one in rates})
    if not days:
        return ""
    whole = days == list(range(days[0], days[-1] + 1))
    named = f"{days[0]}–{days[-1]}" if whole and len(days) > 1 else ", ".join(map(str, days))
    return f"with day {named}"


def _on_this_clock(began: Instant, utc_ns: int) -> Instant:
    return Instant(began.monotonic_ns + utc_ns - began.utc_ns, utc_ns)
