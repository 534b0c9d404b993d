"""When the next round is due. Prompts nobody and raises no alarm.

The schedule begins with the infusion and anew with each dose step. Default: every 15 min in the first hour, every 30 min in the next
two, then hourly, as in a British hospital's nursing guideline for intravenous ketamine (Royal Cornwall Hospitals NHS Trust, V6.0, 2022);
beginning anew with each step is a proposal. To be confirmed by your clinicians: a site's own file or its orders say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clinical.dosing.order_rows import rounds_from
from clinical.instant import Instant
from clinical.orders import RoundInterval
from clinical.site_values import SiteTable

DEFAULT_ROUNDS = (
    RoundInterval(every_min=15, until_min=60),
    RoundInterval(every_min=30, until_min=180),
    RoundInterval(every_min=60),
)
LONGEST_MIN = 7 * 24 * 60.0


def schedule_from(mapping: Mapping[str, object]) -> tuple[RoundInterval, ...]:
    """A schedule out of a file's content: an array of tables ``round``. Raises SiteValueError."""
    top = SiteTable(mapping, ("round",))
    rounds = rounds_from(top.tables("round", ("every_min", "until_min")), LONGEST_MIN)
    if not rounds:
        raise top.error("round", "missing; a schedule needs at least one [[round]]")
    return rounds


def interval_min(minutes: float, rounds: Sequence[RoundInterval] = DEFAULT_ROUNDS) -> float:
    """Minutes between rounds, so many minutes after the infusion began or was stepped."""
    return next((row.every_min for row in rounds if row.until_min is None or minutes < row.until_min), rounds[-1].every_min)


def next_round(
    started_at: Instant, last_round: Instant | None, steps: Sequence[Instant], rounds: Sequence[RoundInterval] = ()
) -> tuple[Instant, str]:
    """When the next round is due, and why in a few words; empty where it is only the time.

    A step begins the schedule anew, but a round that was missed before it stays missed until one is taken.

    Args:
        started_at: of the infusion.
        last_round: when the last was taken; None if none was.
        steps: when the dose was stepped, in order.
        rounds: of the order or the site; empty: the default.
    """
    rounds = rounds or DEFAULT_ROUNDS
    since = started_at if last_round is None else max(started_at, last_round)
    anchor, why = max((step for step in steps if started_at < step <= since), default=started_at), ""
    for step in (step for step in steps if step > since):
        due = _after(since, anchor, rounds)
        if due < step:
            return due, why
        since = anchor = step
        why = "after the dose step"
    return _after(since, anchor, rounds), why


def _after(since: Instant, anchor: Instant, rounds: Sequence[RoundInterval]) -> Instant:
    return since.plus(60 * interval_min(since.since(anchor) / 60, rounds))
