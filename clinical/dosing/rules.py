"""The order's rules against what is seen now: each with its live value and its words. Decides nothing; the nurse does.

What cannot be judged is said to be unknown, never taken as kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain, takewhile

from clinical.instant import NS_PER_S, Instant
from clinical.orders import Rule

BELIEVED_FOR_S = 30 * 60.0
"""A value older than this judges nothing: the longest interval between rounds while steps are taken. A proposal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A value of a rule's subject: a numeric that was a reading, or a score."""

    at: Instant
    value: float


class RuleStanding(Enum):
    KEPT = "kept"
    BEYOND = "beyond"  # but not yet for as many readings or as long as the rule asks
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A rule now.

    Attributes:
        limit: in the subject's unit; None without the baseline that it needs.
        value: the last one that is believed; None if there is none.
        text: as it is shown: "SBP 168 > 156: hold".
    """

    rule: Rule
    standing: RuleStanding
    limit: float | None
    value: float | None
    text: str


def judge(rule: Rule, observed: Sequence[Observed], baseline: float | None, at: Instant) -> Verdict:
    """The rule at a moment. ``observed``: of its subject, by rising time. ``baseline``: of this patient, in the subject's unit."""
    limit = _limit(rule, baseline)
    if limit is None:
        return Verdict(rule=rule, standing=RuleStanding.UNKNOWN, limit=None, value=None, text=f"{rule.label}: no baseline was entered")
    believed = _believed(observed, at)
    last = next(believed, None)
    if last is None:
        return Verdict(rule=rule, standing=RuleStanding.UNKNOWN, limit=limit, value=None, text=f"{rule.label}: {_age(observed, at)}")
    value = last.value
    run = list(takewhile(lambda seen: _is_beyond(rule, seen.value, limit), chain((last,), believed)))
    if not run:
        return Verdict(rule=rule, standing=RuleStanding.KEPT, limit=limit, value=value, text=f"{rule.label} {_said(value)}")
    missing = _missing(rule, run, at)
    crossed = f"{rule.label} {_said(value)} {'<' if rule.above is None else '>'} {_said(limit)}"
    standing = RuleStanding.BEYOND if missing else RuleStanding.BROKEN
    return Verdict(rule=rule, standing=standing, limit=limit, value=value, text=f"{crossed}{missing}: {rule.action}")


def _believed(observed: Sequence[Observed], at: Instant) -> Iterator[Observed]:
    """Those that judge something at this moment, the latest first."""
    now_ns = at.monotonic_ns
    for seen in reversed(observed):
        age_ns = now_ns - seen.at.monotonic_ns
        if age_ns > BELIEVED_FOR_S * NS_PER_S:
            return
        if age_ns >= 0:
            yield seen


def _limit(rule: Rule, baseline: float | None) -> float | None:
    threshold = rule.below if rule.above is None else rule.above
    if threshold is None or not rule.of_baseline:
        return threshold
    return None if baseline is None else baseline * threshold / 100


def _is_beyond(rule: Rule, value: float, limit: float) -> bool:
    return value < limit if rule.above is None else value > limit


def _missing(rule: Rule, run: Sequence[Observed], at: Instant) -> str:
    """What is still missing until the rule is broken; empty if nothing."""
    if len(run) < rule.readings:
        return f", {len(run)} of {rule.readings} readings"
    lasted_s = at.since(run[-1].at)
    return f", {lasted_s:.0f} of {rule.for_s:.0f} s" if lasted_s < rule.for_s else ""


def _age(observed: Sequence[Observed], at: Instant) -> str:
    age_s = next((age_s for seen in reversed(observed) if (age_s := at.since(seen.at)) >= 0), None)
    return "not known" if age_s is None else f"last known {age_s / 60:.0f} min ago"


def _said(value: float) -> str:
    return f"{round(value, 1):g}"
