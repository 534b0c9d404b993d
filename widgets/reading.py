"""What may be shown of a number now: live, doubtful, or ``---`` with the reason and its age. Pure; no Qt.

The one rule: a number older than three of its intervals, or one the device itself does not stand for, is never shown. A cuff's
reading has its own time beside it and stands until the next one is there (``standing``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from clinical.instant import Instant
from clinical.observations import Numeric, Validity
from widgets.durations import age

NO_NUMBER = "---"
STALE_INTERVALS = 3.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as it may stand on the screen.

    Attributes:
        text: the figures, or ``---``.
        note: why there is none, and for how long; empty where there is one.
        brief: the same for a place too narrow for it.
        live: it may be believed.
        doubtful: the device marks it questionable.
    """

    text: str
    note: str = ""
    brief: str = ""
    live: bool = True
    doubtful: bool = False


def read(numeric: Numeric | None, now: Instant) -> Reading:
    """What may be shown of a number at ``now``."""
    if numeric is None:
        return Reading(NO_NUMBER, "no value yet", "no value", live=False)
    silent_s = now.since(numeric.at)
    if silent_s < -STALE_INTERVALS * numeric.interval_s:
        return Reading(NO_NUMBER, "no value yet", "no value", live=False)  # from later than now: of another case's clock
    if silent_s > STALE_INTERVALS * numeric.interval_s:
        return Reading(NO_NUMBER, f"no value for {age(silent_s)}", f"for {age(silent_s)}", live=False)
    return _fresh(numeric)


def standing(before: Numeric | None, numeric: Numeric) -> Numeric:
    """What stands once ``numeric`` has come: itself; while a cuff measures anew, its last reading with the time of that one.

    A monitor tells no number while the cuff is inflated. The last one is no older for it, so it stays; where nobody knows
    when it was measured, or where the device tells of anything but a measurement under way, it goes.
    """
    if numeric.validity is not Validity.ONGOING or before is None or before.value is None or before.measured_at is None:
        return numeric
    return replace(before, at=numeric.at, interval_s=numeric.interval_s)


def _fresh(numeric: Numeric) -> Reading:
    why = numeric.reason or _REASONS[numeric.validity]
    if numeric.value is None or numeric.validity not in {Validity.VALID, Validity.QUESTIONABLE}:
        return Reading(NO_NUMBER, why, why, live=False)
    return Reading(
        figures(numeric.value, numeric.metric.decimals), numeric.reason, numeric.reason, doubtful=numeric.validity is Validity.QUESTIONABLE
    )


_REASONS = {
    Validity.VALID: "no value",
    Validity.QUESTIONABLE: "doubtful",
    Validity.INVALID: "not valid",
    Validity.ONGOING: "measuring",
    Validity.NOT_AVAILABLE: "not available",
}


def figures(value: float, decimals: int) -> str:
    """A value with a true minus sign and never a negative zero."""
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")
