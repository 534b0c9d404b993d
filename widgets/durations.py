"""How spans and moments of time are written on the screen. Pure; knows no clock and no Qt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from clinical.instant import NS_PER_S, Instant


def span(seconds: float) -> str:
    """A running duration, whole seconds downwards: ``34 s``, ``2:05 min``, ``1:02:09 h``."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d} h"


def countdown(seconds: float) -> str:
    """What is left, rounded up so that 0:00 means over: ``1:43``."""
    whole = max(0, -int(-seconds // 1))
    return f"{whole // 60}:{whole % 60:02d}"


def age(seconds: float) -> str:
    """Time since something, as ``m:ss`` or ``h:mm:ss``."""
    whole = max(0, int(seconds))
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def local(at: Instant, utc_offset_min: int) -> datetime:
    """The moment in the bed's clock."""
    moment = datetime.fromtimestamp(at.utc_ns // NS_PER_S, tz=UTC)
    return moment.astimezone(timezone(timedelta(minutes=utc_offset_min)))


def hour_minute(at: Instant, utc_offset_min: int) -> str:
    """``14:05`` in the bed's clock."""
    return local(at, utc_offset_min).strftime("%H:%M")
