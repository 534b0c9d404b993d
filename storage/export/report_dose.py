"""The infusion of a case as a report tells it: its course, its steps, what was given, and the controlled drug as signed."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import merge

from clinical.commands import CaseSetup, CorrectDose, SignLedger
from clinical.dose_told import GivenTold, LedgerTold
from clinical.dosing.account import Account
from clinical.dosing.following import RateChange, matched
from clinical.instant import Instant
from clinical.orders import Order
from clinical.report.told import DosePoint, LedgerEntry, LedgerPart, StepEntry
from storage.export.account_sheets import corrected, counted_reports
from storage.export.sheet import Source
from storage.history import CaseHistory
from storage.rows import KeptDose


def doses_of(source: Source, kept: Sequence[KeptDose]) -> tuple[DosePoint, ...]:
    """At each change and each minute, as kept."""
    began = source.history.started
    return tuple(
        DosePoint(
            at_s=dose.at.since(began),
            state=dose.state,
            stale=dose.stale,
            rate_ml_per_h=dose.rate_ml_per_h,
            rate_mg_per_h=dose.rate_mg_per_h,
            rate_mg_per_kg_h=dose.rate_mg_per_kg_h,
            planned_mg_per_h=dose.planned_mg_per_h,
            given_mg=dose.given_mg,
        )
        for dose in kept
    )


def steps_of(source: Source, kept: Sequence[KeptDose], order: Order | None) -> tuple[StepEntry, ...]:
    """Each rate that the pump took, matched to the order where there is one."""
    history = source.history
    changed = _changes(kept)
    mg_per_ml = history.setup.concentration_mg_per_ml
    rates = [RateChange(at=dose.at, rate_ml_per_h=(dose.rate_mg_per_h or 0.0) / mg_per_ml) for dose in changed]
    found = matched(order, rates, mg_per_ml) if order is not None else ()
    told = [(one.step_number, one.off_order) for one in found] or [(None, "")] * len(changed)
    return tuple(
        StepEntry(
            at_s=dose.at.since(history.started),
            rate_mg_per_h=dose.rate_mg_per_h or 0.0,
            rate_mg_per_kg_h=dose.rate_mg_per_kg_h or 0.0,
            number=number,
            off_order=off_order,
        )
        for dose, (number, off_order) in zip(changed, told, strict=True)
    )


def _changes(doses: Sequence[KeptDose]) -> list[KeptDose]:
    """Those with another rate than the one before; the first only if something runs."""
    changed: list[KeptDose] = []
    before = 0.0
    for dose in doses:
        if dose.rate_mg_per_h is not None and not dose.stale and abs(dose.rate_mg_per_h - before) > 1e-6:
            changed.append(dose)
            before = dose.rate_mg_per_h
    return changed


def accounted(history: CaseHistory, last: Instant) -> tuple[GivenTold | None, LedgerTold | None, CaseSetup]:
    """What was given and the ledger at the end, reckoned anew from reports, corrections and signed lines; and the set-up then in force.

    Args:
        last: the end of the case, or its latest moment.
    """
    reports = ((status.at, (device, status)) for device, status in counted_reports(history))
    commands = [
        (kept.at, kept.command) for kept in history.commands() if isinstance(kept.command, CorrectDose | SignLedger) and not kept.refused
    ]
    account, setup = Account(history.setup), history.setup
    for at, what in merge(reports, sorted(commands, key=_moment), key=_moment):
        if isinstance(what, tuple):
            device, status = what
            account.take((device, status.channel), status)
        elif isinstance(what, CorrectDose):
            setup = corrected(setup, what)
            account.correct(at, setup, what.by)
        elif isinstance(what, SignLedger):
            account.sign(at, what)
    return account.given_told(last), account.ledger_told(last), setup


def _moment(told: tuple[Instant, object]) -> int:
    return told[0].monotonic_ns


def ledger_part(source: Source, told: LedgerTold | None) -> LedgerPart | None:
    """The ledger with names as they may be written; None where nothing was ordered."""
    if told is None:
        return None
    began, veil = source.history.started, source.veil
    lines = tuple(
        LedgerEntry(
            at_s=line.at.since(began),
            what=line.what,
            mg=line.mg,
            by=veil.name(line.by),
            witness=veil.name(line.witness),
            corrects=line.corrects,
            replaced=line.replaced,
        )
        for line in told.lines
    )
    return LedgerPart(lines=lines, left_mg=told.left_mg, verdict=told.verdict, closes=told.closes)
