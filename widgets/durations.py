"""How spans and moments of time are written for people. Pure; knows no clock of the room and no Qt."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

from clinical.instant import NS_PER_S, Instant
from widgets.figures import UNKNOWN


def span(seconds: float) -> str:
    """A running duration, whole seconds downwards: ``34 s``, ``2:05 min``, ``1:02:09 h``."""
    whole = max(0, int(seconds))
    return f"{whole} s" if whole < 60 else f"{minutes_and_seconds(whole)} {'min' if whole < 3600 else 'h'}"


def age(seconds: float) -> str:
    """How long ago, as people say it: ``3 s``, ``2 min``, ``3 h 10 min``, ``2 days``."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 48 * 3600:
        minutes = whole % 3600 // 60
        return f"{whole // 3600} h {minutes} min" if minutes else f"{whole // 3600} h"
    return f"{whole // 86400} days"


def countdown(seconds: float) -> str:
    """What is left, rounded up so that 0:00 means over: ``1:43``."""
    whole = max(0, -int(-seconds // 1))
    return f"{whole // 60}:{whole % 60:02d}"


def minutes_and_seconds(seconds: float) -> str:
    """A short while as ``0:41``; from an hour on ``1:02:05``."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def hours_and_minutes(seconds: float | None) -> str:
    """A time to go as ``2:30``, rounded down to the minute."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    minutes = max(0, int(seconds // 60))
    return f"{minutes // 60}:{minutes % 60:02d}"


def local(at: Instant, utc_offset_min: int) -> datetime:
    """The moment in the bed's clock."""
    moment = datetime.fromtimestamp(at.utc_ns // NS_PER_S, tz=UTC)
    return moment.astimezone(timezone(timedelta(minutes=utc_offset_min)))


def clock(at: Instant, utc_offset_min: int, *, seconds: bool = False) -> str:
    """The bed's own time: ``14:05``, or ``14:05:22``."""
    return local(at, utc_offset_min).strftime("%H:%M:%S" if seconds else "%H:%M")


def day_and_clock(at: Instant, utc_offset_min: int) -> str:
    """The bed's date and time: ``Sun 22 Nov 14:05``. Month and day names are English whatever the locale."""
    there = local(at, utc_offset_min)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[there.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[there.month - 1]
    return f"{day} {there.day} {month} {there:%H:%M}"
