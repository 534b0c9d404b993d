"""Numbers as they are written for people: a leading zero, no trailing zeros, "---" for what is not known. No Qt."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta

from clinical.instant import NS_PER_S, Instant

UNKNOWN = "---"
OFF = "--"
MINUS = "−"
_MINUS_IN_TEXT = re.compile(r"(?<![\w-])-(?=\d)")


def written(value: float | None, decimals: int = 2) -> str:
    """``0.5``, ``25``, ``−1.5``: rounded to ``decimals``, then without zeros that say nothing. None or NaN: ``---``."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{abs(value):.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{MINUS}{text}" if value < 0 and text.strip("0.") else text


def written_range(low: float | None, high: float | None, decimals: int = 1) -> str:
    """``38.2 to 38.5``, or one number where both edges are written alike."""
    first, last = written(low, decimals), written(high, decimals)
    return first if first == last else f"{first} to {last}"


def written_signed(value: int) -> str:
    """A score with its sign: ``+1``, ``0``, ``−1``."""
    return f"+{value}" if value > 0 else written(value, 0)


def typeset(text: str) -> str:
    """The same words with true minus signs: "RASS -2" becomes "RASS −2"; a hyphen between words stays."""
    return _MINUS_IN_TEXT.sub(MINUS, text)


def parsed(text: str) -> float | None:
    """What someone typed, point or comma; None where it is no number (empty, letters, two points)."""
    plain = text.strip().replace(",", ".").replace(MINUS, "-")
    if not plain or not set(plain) <= set("0123456789.-"):
        return None
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


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


def clock(moment: Instant, utc_offset_min: int, *, seconds: bool = False) -> str:
    """The bed's own time: ``14:05``, or ``14:05:22``."""
    return _local(moment, utc_offset_min).strftime("%H:%M:%S" if seconds else "%H:%M")


def day_and_clock(moment: Instant, utc_offset_min: int) -> str:
    """The bed's date and time: ``Sun 22 Nov 14:05``. Month and day names are English whatever the locale."""
    local = _local(moment, utc_offset_min)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[local.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[local.month - 1]
    return f"{day} {local.day} {month} {local:%H:%M}"


def _local(moment: Instant, utc_offset_min: int) -> datetime:
    return datetime.fromtimestamp(moment.utc_ns // NS_PER_S, tz=UTC) + timedelta(minutes=utc_offset_min)
