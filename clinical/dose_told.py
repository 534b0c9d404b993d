"""The parts of a DoseReport that tell more than a rate: what was given by whom, the ladder, the ledger, what is ahead. Frozen words only.

They are what the reckoning of ``clinical.dosing`` says of itself; nothing here reckons, and no widget needs more than these.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBy:
    """What one source tells: between ``low_mg`` and ``high_mg``; ``high_mg`` None: nobody knows."""

    source: str
    low_mg: float
    high_mg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTold:
    """What was given since the case began, from up to three sources side by side.

    Attributes:
        sources: rate, counter and rest, as far as every counted pump tells them.
        best_mg, best_mg_per_kg: the most likely, and the same for each kilogram of the weight in force.
        low_mg, high_mg: what all sources together allow.
        certainty: "known" (to a counter's step), "bounded" or "unknown".
        silent_s: how long in all the pumps were not heard.
        disagreement: two sources that cannot both be right, in words; empty where all agree.
    """

    sources: tuple[GivenBy, ...]
    best_mg: float
    best_mg_per_kg: float
    low_mg: float
    high_mg: float | None
    certainty: str
    silent_s: float
    disagreement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTold:
    """A rule of the order now. ``standing``: "kept", "beyond" (not yet long enough), "broken", "unknown"."""

    standing: str
    action: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """The pump took a rate; ``step_number`` None: it is no step of the order, or a pause."""

    at: Instant
    rate_mg_per_h: float
    step_number: int | None
    off_order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderTold:
    """Where the infusion stands on its ladder, matched to what the pump did.

    Attributes:
        step_number: that runs, or ran last before a pause; None before the first.
        off_order: what is not as ordered now, in words.
        next_number, next_mg_per_h, may_step_at: the next step and its earliest time; None on the last one and after the ordered end.
        waits: why it may not be taken yet, in words; empty: it may.
        rules: every rule with its live value.
        asked: the gravest action that a broken rule asks for; empty if none does.
        taken: every change of the pump's rate.
        bolus_waits: for each bolus of the order, its name and why it may not be given now.
    """

    step_number: int | None
    off_order: str
    next_number: int | None
    next_mg_per_h: float | None
    may_step_at: Instant | None
    waits: tuple[str, ...]
    rules: tuple[RuleTold, ...]
    asked: str
    taken: tuple[StepTaken, ...]
    bolus_waits: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def may_step(self) -> bool:
        return self.next_number is not None and not self.waits


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One signed line; ``corrects``: number of the line, from 1, that this one replaces; ``replaced``: a later one replaces this."""

    at: Instant
    what: str
    mg: float
    by: str
    witness: str = ""
    corrects: int | None = None
    replaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTold:
    """The controlled drug as signed so far.

    Attributes:
        given_mg: by the pump, not yet signed; None where what is signed as given is all of it.
        left_mg, low_mg, high_mg: what should be there now, and within which bounds.
        verdict: the sentence under the ledger: that it closes to zero, or by how much not.
    """

    lines: tuple[LedgerLine, ...]
    given_mg: float | None
    left_mg: float
    low_mg: float
    high_mg: float
    verdict: str
    closes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveAhead:
    """The predicted plasma level if one thing were done now: ng/mL at each of ``Ahead.minutes``."""

    name: str
    rate_mg_per_h: float
    low: tuple[float, ...]
    high: tuple[float, ...]
    estimate: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BelowTold:
    """If the infusion stopped now: minutes until the level stays below ``level_ng_per_ml``; None: not within a day."""

    level_ng_per_ml: float
    soonest_min: float | None
    estimate_min: float | None
    latest_min: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What is predicted for the time to come. A prediction, never a measurement, never an alarm.

    Attributes:
        minutes: from ``at``.
        landmarks: name, low and high of levels that publications tie to an effect.
        assumption: what stands behind the numbers, to be shown beside them.
    """

    at: Instant
    minutes: tuple[float, ...]
    curves: tuple[CurveAhead, ...]
    below: tuple[BelowTold, ...]
    landmarks: tuple[tuple[str, float, float], ...]
    assumption: str
