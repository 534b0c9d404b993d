"""Numbers as they are written for people: a leading zero, no trailing zeros, "---" for what is not known. No Qt."""

from __future__ import annotations

import math
import re

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
