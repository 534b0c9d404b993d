"""The words of a hand-over note: how a case stands at one moment, for whoever takes over. Frozen; nothing here reads or draws.

Moments are seconds since the case began. What must not be told is empty already.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.dose_told import GivenTold, RuleTold
from clinical.metrics import Metric
from clinical.report.told import AlarmEntry, CuffReading, Entry, GapEntry, Heading, LedgerPart


@dataclass(frozen=True, slots=True, kw_only=True)
class LastValue:
    """The latest usable number of a metric, in its unit, with the limits in force; None: that side is off."""

    metric: Metric
    channel: str
    at_s: float
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastScore:
    """An item's latest score, and the one before it."""

    item: str
    score: int
    at_s: float
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What the pump does; rates None where they are not known.

    Attributes:
        heard_s: moment of its last word.
        stale: that is too old to stand as live.
        empty_in_s: until syringe or bag is empty at this rate.
    """

    state: str
    heard_s: float
    stale: bool
    rate_ml_per_h: float | None
    rate_mg_per_h: float | None
    rate_mg_per_kg_h: float | None
    remaining_ml: float | None = None
    empty_in_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Where the infusion stands on its order, and what comes next.

    Attributes:
        step, steps: that runs or ran last (None before the first), of how many.
        next_mg_per_h, may_step_s: the next step and its earliest moment; None on the last one.
        waits: why it may not be taken yet.
        ends_s: the ordered end; None before the start.
        asked: what a broken rule asks for now; empty if none does.
    """

    step: int | None
    steps: int
    next_mg_per_h: float | None
    may_step_s: float | None
    waits: tuple[str, ...] = ()
    off_order: str = ""
    ends_s: float | None = None
    asked: str = ""
    rules: tuple[RuleTold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A case at ``at_s``, the latest moment of its record.

    Attributes:
        running: None where no pump was heard.
        ahead: None where nothing was ordered.
        round_due_s, round_why: the next round; None before the infusion began.
        entries: medication, side effects, stops, holds and notes, by time; replaced ones left out.
        limits: every change of a limit.
        gaps: those that last.
    """

    heading: Heading
    who: str
    at_s: float
    ended: bool
    weight_kg: float
    concentration_mg_per_ml: float
    order: str
    drug: str
    preset: str
    running: Running | None = None
    given: GivenTold | None = None
    ahead: Ahead | None = None
    level_ng_per_ml: tuple[float, float] | None = None
    round_due_s: float | None = None
    round_why: str = ""
    alarms: tuple[AlarmEntry, ...] = ()
    values: tuple[LastValue, ...] = ()
    cuff: CuffReading | None = None
    scores: tuple[LastScore, ...] = ()
    entries: tuple[Entry, ...] = ()
    limits: tuple[Entry, ...] = ()
    gaps: tuple[GapEntry, ...] = ()
    ledger: LedgerPart | None = None
