"""Instant: one moment on both clocks. No clock is read here; instants are made where bytes arrive and where ticks are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True, order=True)
class Instant:
    """A moment, as the monotonic clock counts it and as the world dates it.

    Durations come from ``monotonic_ns`` alone, so a stepped wall clock bends none of them.

    Attributes:
        monotonic_ns: nanoseconds of a clock that never steps; its zero means nothing.
        utc_ns: nanoseconds since 1970-01-01T00:00:00Z.
    """

    monotonic_ns: int
    utc_ns: int

    def plus(self, seconds: float) -> Instant:
        """The moment ``seconds`` later (earlier if negative)."""
        shift_ns = round(seconds * NS_PER_S)
        return Instant(self.monotonic_ns + shift_ns, self.utc_ns + shift_ns)

    def since(self, earlier: Instant) -> float:
        """Seconds passed since ``earlier``, by the monotonic clock."""
        return (self.monotonic_ns - earlier.monotonic_ns) / NS_PER_S

    def iso(self) -> str:
        """UTC with milliseconds: ``2026-03-01T08:00:00.000Z``."""
        return iso_utc(self.utc_ns)


def iso_utc(utc_ns: int) -> str:
    """Nanoseconds since the epoch as ISO 8601 UTC, truncated to milliseconds."""
    seconds, rest_ns = divmod(utc_ns, NS_PER_S)
    stamp = datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{stamp}.{rest_ns // 1_000_000:03d}Z"


def utc_ns_of(moment: datetime) -> int:
    """An aware ``datetime`` as nanoseconds since the epoch, exact to the microsecond."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
