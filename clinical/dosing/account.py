"""A case's account of its drug: given by three sources, the ladder followed, the ledger. Takes what pumps and people told.

Volumes are kept as the pumps told them, so a corrected weight or concentration changes what they mean and nothing that was measured.
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import replace

from clinical.commands import CaseSetup, LedgerAct, RecordAssessment, SignLedger
from clinical.dose_told import GivenBy, GivenTold, LadderTold, LedgerLine, LedgerTold, RuleTold, StepTaken
from clinical.dosing.boluses import bolus_waits
from clinical.dosing.correction import Basis, Correction, corrected
from clinical.dosing.counter_wrap import COUNTER_WIDTHS_ML
from clinical.dosing.following import RateChange, Taken, follow, matched
from clinical.dosing.given import Certainty, Given, Range, Tally, doses_of
from clinical.dosing.ledger import CLOSES_WITHIN_MG, EntryKind, Ledger, LedgerEntry, LedgerError
from clinical.dosing.quantities import Drug, displayed
from clinical.dosing.reconciliation import disagreement
from clinical.dosing.rules import Verdict, judge
from clinical.dosing.seen import Seen
from clinical.instant import Instant
from clinical.metrics import ART_SYS, NIBP_SYS
from clinical.observations import Numeric, PumpStatus
from clinical.orders import Order

Key = tuple[str, str]
"""Device and channel."""

SAME_ML_PER_H = 1e-9
COUNTER_STEP_ML = 0.1
"""The coarsest step in which pumps count: bounds that a finer one gives would not hold for all of them."""

_KINDS: Mapping[LedgerAct, EntryKind] = {act: EntryKind[act.name] for act in LedgerAct}


class Account:
    """Of one case; begun anew with each.

    Attributes:
        tallies: of every pump that is counted.
        correction: the last one; None if there was none.
    """

    def __init__(self, setup: CaseSetup) -> None:
        self._setup = setup
        self.tallies: dict[Key, Tally] = {}
        self.correction: Correction | None = None
        self._changes: list[RateChange] = []
        self._seen = Seen(setup.order.rules if setup.order else ())
        self._boluses: list[Instant] = []
        self._judged: tuple[Instant, tuple[Verdict, ...], tuple[RuleTold, ...]] | None = None
        self._last_verdicts: tuple[tuple[Verdict, ...], tuple[RuleTold, ...]] | None = None
        self._matched: tuple[tuple[Taken, ...], tuple[StepTaken, ...]] | None = None
        self._told: tuple[Instant, GivenTold] | None = None
        self._ledger = None if setup.order is None else Ledger(drug=Drug(setup.order.drug)) if setup.order.drug in set(Drug) else None

    # what it is told

    def forget_pumps(self) -> None:
        """Another pump is the case's: what was counted of pumps so far is not."""
        self.tallies.clear()
        self._changes.clear()
        self._matched = self._told = None

    def take(self, key: Key, status: PumpStatus) -> None:
        """A report of a counted pump."""
        self.tallies.setdefault(key, Tally(step_ml=COUNTER_STEP_ML, counter_widths_ml=COUNTER_WIDTHS_ML)).take(status)
        self._told = None

    def note_rate(self, at: Instant, total_ml_per_h: float | None) -> None:
        """What all counted pumps give together; None: not known, so the last one is taken to stand."""
        before = self._changes[-1].rate_ml_per_h if self._changes else 0.0
        if total_ml_per_h is not None and total_ml_per_h >= 0 and abs(total_ml_per_h - before) > SAME_ML_PER_H:
            self._changes.append(RateChange(at=at, rate_ml_per_h=total_ml_per_h))
            self._matched = None

    def observe(self, numeric: Numeric) -> None:
        """A numeric that is shown; a subject of no rule is let pass."""
        if self._seen.observe(numeric):
            self._judged = None

    def score(self, assessment: RecordAssessment) -> None:
        """Scores that rules ask for."""
        if self._seen.score(assessment):
            self._judged = None

    def rescore(self, old: RecordAssessment, new: RecordAssessment) -> None:
        """Scores that were corrected: the old ones are not looked at any more."""
        if self._seen.forget(old):
            self._judged = None
        self.score(new)

    def bolus(self, at: Instant) -> None:
        """One was given, as recorded."""
        insort(self._boluses, at)

    def bolus_anew(self, standing: Sequence[Instant]) -> None:
        """An entry was corrected: these are the boluses that stand."""
        self._boluses = sorted(standing)

    def correct(self, at: Instant, after: CaseSetup, by: str) -> Correction:
        """Doses mean something else from here on, for all that was given."""
        before = self._setup
        self._setup = after
        self._matched = self._told = None
        bases = [Basis(weight_kg=one.weight_kg, concentration_mg_per_ml=one.concentration_mg_per_ml) for one in (before, after)]
        self.correction = corrected(self.given(at), bases[0], bases[1], at=at, by=by)
        return self.correction

    def sign(self, at: Instant, command: SignLedger) -> str:
        """Takes a line of the ledger; gives why it is refused, empty if it is taken."""
        if self._ledger is None:
            return "this case has no order, so there is no drug to account for"
        corrects = None if command.corrects is None else command.corrects - 1
        entry = LedgerEntry(
            at=at,
            kind=_KINDS[command.act],
            mg=command.mg,
            by=command.by,
            witness=command.witness,
            low_mg=command.low_mg,
            high_mg=command.high_mg,
            corrects=corrects,
        )
        try:
            self._ledger = self._ledger.with_entry(entry)
        except LedgerError as error:
            return str(error)
        return ""

    # what it tells

    def given(self, at: Instant) -> Given:
        """Of all counted pumps together."""
        return _within_bounds(_summed([tally.given(at) for tally in self.tallies.values()]))

    def given_told(self, at: Instant) -> GivenTold | None:
        """None where no pump was heard."""
        if self._told is None or self._told[0] != at:
            if not any(tally.last for tally in self.tallies.values()):
                return None
            self._told = (at, self._given_told(at))
        return self._told[1]

    def _given_told(self, at: Instant) -> GivenTold:
        given, mg_per_ml = self.given(at), self._setup.concentration_mg_per_ml
        doses = doses_of(given, mg_per_ml, self._setup.weight_kg)
        ranges = {"rate": given.by_rate, "counter": given.by_counter, "rest": given.by_remaining}
        disagree = disagreement(at, given)
        return GivenTold(
            sources=tuple(
                GivenBy(source=name, low_mg=found.low * mg_per_ml, high_mg=None if found.high is None else found.high * mg_per_ml)
                for name, found in ranges.items()
                if found is not None
            ),
            best_mg=doses.best_mg,
            best_mg_per_kg=doses.best_mg_per_kg,
            low_mg=doses.low_mg,
            high_mg=doses.high_mg,
            certainty=given.certainty.value,
            silent_s=given.silent_s,
            disagreement="" if disagree is None else disagree.text,
        )

    def ladder_told(self, at: Instant, at_most_mg: float) -> LadderTold | None:
        """None without an order. ``at``: now, at or after all that was told. ``at_most_mg``: given in this case."""
        order = self._setup.order
        if order is None:
            return None
        taken, told = self._steps_taken(order)
        verdicts, rules = self._verdicts(at)
        found = follow(order, taken, verdicts, at, given_mg=at_most_mg)
        return LadderTold(
            step_number=found.step_number,
            off_order=found.off_order,
            next_number=found.next_number,
            next_mg_per_h=found.next_mg_per_h,
            may_step_at=found.may_step_at,
            waits=found.waits + self._course_waits(order, at_most_mg),
            rules=rules,
            asked="" if found.asked is None else found.asked.value,
            taken=told,
            bolus_waits=tuple(
                (f"{displayed(rule.dose_mg)} mg bolus", bolus_waits(order, rule, self._boluses, at, given_mg=at_most_mg))
                for rule in order.boluses
            ),
        )

    def _steps_taken(self, order: Order) -> tuple[tuple[Taken, ...], tuple[StepTaken, ...]]:
        """Every change of the rate, matched, and as it is told; the same until the rate or what it means changes."""
        if self._matched is None:
            taken = matched(order, self._changes, self._setup.concentration_mg_per_ml)
            self._matched = (
                taken,
                tuple(
                    StepTaken(at=one.at, rate_mg_per_h=one.rate_mg_per_h, step_number=one.step_number, off_order=one.off_order)
                    for one in taken
                ),
            )
        return self._matched

    def _verdicts(self, at: Instant) -> tuple[tuple[Verdict, ...], tuple[RuleTold, ...]]:
        """Every rule of the order at a moment, and as it is told: kept where nothing of it is another than before."""
        if self._judged is None or self._judged[0] != at:
            rules, baselines = () if self._setup.order is None else self._setup.order.rules, self._baselines()
            verdicts = tuple(judge(rule, self._seen.of(rule.subject), baselines.get(rule.subject), at) for rule in rules)
            before = self._last_verdicts
            if before is None or before[0] != verdicts:
                told = tuple(RuleTold(standing=one.standing.value, action=one.rule.action.value, text=one.text) for one in verdicts)
                self._last_verdicts = before = verdicts, told
            self._judged = at, *before
        return self._judged[1], self._judged[2]

    def ledger_told(self, at: Instant) -> LedgerTold | None:
        """With what the pump gave so far and nobody has signed yet."""
        ledger = self._ledger
        if ledger is None or not ledger.entries:
            return None if ledger is None else _NOT_OPEN
        unsigned = self._unsigned(at, ledger)
        balance = (ledger if unsigned is None else ledger.with_entry(unsigned)).balance()
        return LedgerTold(
            lines=_lines(ledger.entries),
            given_mg=None if unsigned is None else unsigned.mg,
            left_mg=balance.left_mg,
            low_mg=balance.low_mg,
            high_mg=balance.high_mg,
            verdict=balance.text(),
            closes=balance.closes and any(entry.kind is EntryKind.GIVEN for entry in ledger.standing),
        )

    def _unsigned(self, at: Instant, ledger: Ledger) -> LedgerEntry | None:
        """What the pump gave beyond what is signed as given; None where what is signed may be all of it."""
        told = self.given_told(at)
        signed = [entry.mg for entry in ledger.standing if entry.kind is EntryKind.GIVEN]
        if told is None or (signed and told.low_mg - math.fsum(signed) <= CLOSES_WITHIN_MG):
            return None
        most_mg = told.best_mg if told.high_mg is None else told.high_mg
        best, low, high = (max(0.0, mg - math.fsum(signed)) for mg in (told.best_mg, told.low_mg, most_mg))
        return LedgerEntry(at=at, kind=EntryKind.GIVEN, mg=best, by="the pump", low_mg=low, high_mg=high)

    def _baselines(self) -> dict[str, float]:
        sbp = self._setup.baseline_sbp_mmhg
        return {} if sbp is None else {NIBP_SYS.id: sbp, ART_SYS.id: sbp}

    def _course_waits(self, order: Order, at_most_mg: float) -> tuple[str, ...]:
        ceiling_mg, course_mg = order.ceiling_mg_per_course, self._setup.course_before_mg + at_most_mg
        if ceiling_mg is None or course_mg < ceiling_mg:
            return ()
        return (f"{displayed(course_mg)} mg in this course; its ceiling is {displayed(ceiling_mg)} mg",)


_NOT_OPEN = LedgerTold(lines=(), given_mg=None, left_mg=0.0, low_mg=0.0, high_mg=0.0, verdict="not open", closes=False)
_SURE = (Certainty.KNOWN, Certainty.BOUNDED, Certainty.UNKNOWN)


def _summed(given: list[Given]) -> Given:
    """Several pumps as one: a source counts where each of them tells it."""
    if len(given) == 1:
        return given[0]
    counters, rests = [one.by_counter for one in given], [one.by_remaining for one in given]
    return Given(
        by_rate=_total([one.by_rate for one in given]),
        by_counter=_total([one for one in counters if one is not None]) if given and None not in counters else None,
        by_remaining=_total([one for one in rests if one is not None]) if given and None not in rests else None,
        together=_total([one.together for one in given]),
        best_ml=sum(one.best_ml for one in given),
        certainty=max((one.certainty for one in given), key=_SURE.index, default=Certainty.KNOWN),
        silent_s=sum(one.silent_s for one in given),
    )


def _within_bounds(given: Given) -> Given:
    """The most likely is never outside of what all sources allow: counters round, rates do not."""
    low, high = given.together.low, given.together.high
    best_ml = max(low, given.best_ml if high is None else min(given.best_ml, high))
    return given if best_ml == given.best_ml else replace(given, best_ml=best_ml)


def _total(ranges: list[Range]) -> Range:
    total = Range()
    for one in ranges:
        total = total.plus(one)
    return total


def _lines(entries: tuple[LedgerEntry, ...]) -> tuple[LedgerLine, ...]:
    replaced = {entry.corrects for entry in entries}
    return tuple(
        LedgerLine(
            at=entry.at,
            what=entry.kind.value[0],
            mg=entry.mg,
            by=entry.by,
            witness=entry.witness,
            corrects=None if entry.corrects is None else entry.corrects + 1,
            replaced=number in replaced,
        )
        for number, entry in enumerate(entries)
    )
