"""When the next round is due.

Default: every 15 min in the first hour of the infusion, every 30 min in the next two, then hourly, as in a British hospital's
nursing guideline for intravenous ketamine (Royal Cornwall Hospitals NHS Trust, V6.0, 2022); and again after each dose step.
To be confirmed by your clinicians.
"""

from __future__ import annotations

from clinical.instant import Instant

INTERVALS = ((60.0, 15.0), (180.0, 30.0))
"""(Until this many minutes of infusion, a round each so many minutes)."""
AFTERWARDS_MIN = 60.0


def interval_min(minutes_of_infusion: float) -> float:
    """Minutes between rounds at a time of the infusion."""
    return next((every for until, every in INTERVALS if minutes_of_infusion < until), AFTERWARDS_MIN)


def next_round(started_at: Instant, last_round: Instant | None, step_at: Instant | None) -> tuple[Instant, str]:
    """When the next round is due, and why in a few words; empty where it is only the time.

    Args:
        started_at: of the infusion.
        last_round: when the last was taken; None if none was.
        step_at: when the dose was last stepped.
    """
    since = max(started_at, last_round) if last_round is not None else started_at
    due = since.plus(60 * interval_min(since.since(started_at) / 60))
    if step_at is None or step_at <= since:
        return due, ""
    after_step = step_at.plus(60 * INTERVALS[0][1])
    return (after_step, "after the dose step") if after_step < due else (due, "")
