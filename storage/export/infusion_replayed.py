"""The infusion of a stored case as the monitor had it at the end of the record: reports, entries and readings told to it again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from clinical.commands import CaseSetup, CorrectDose, EventKind, RecordAssessment, RecordEvent, SignLedger
from clinical.dosing.account import Account
from clinical.dosing.report import Infusion
from clinical.instant import NS_PER_S, Instant
from clinical.metrics import CATALOGUE
from clinical.observations import Numeric, PumpStatus
from storage.export.account_sheets import corrected
from storage.history import CaseHistory, KeptCommand
from storage.schema import NUMERICS

RULES_LOOK_BACK_S = 7200.0
"""So far back an order's rules find the readings that they ask for: some want several of a cuff. A proposal."""


@dataclass(slots=True)
class _Told:
    """An infusion under way, and the set-up in force."""

    infusion: Infusion
    account: Account
    setup: CaseSetup

    def report(self, device: str, status: PumpStatus) -> None:
        self.infusion.take(device, status)

    def command(self, kept: KeptCommand) -> None:
        command = kept.command
        if isinstance(command, CorrectDose):
            self.setup = corrected(self.setup, command)
            self.infusion.correct(kept.at, self.setup, command.by)
        elif isinstance(command, SignLedger):
            self.account.sign(kept.at, command)
        elif isinstance(command, RecordAssessment):
            self.account.score(command)
        elif isinstance(command, RecordEvent) and command.kind is EventKind.BOLUS:
            self.account.bolus(command.event_at)


def infusion_at(history: CaseHistory, at: Instant) -> Infusion:
    """As it stands at ``at``, the latest moment of the record. Raises StoreError."""
    infusion = Infusion()
    infusion.begin(history.started, history.setup)
    if infusion.account is None:
        return infusion
    told = _Told(infusion, infusion.account, history.setup)
    happened: list[tuple[int, tuple[str, PumpStatus] | KeptCommand]] = [(one[1].at.monotonic_ns, one) for one in history.pump_reports()]
    happened += [(kept.at.monotonic_ns, kept) for kept in history.commands() if not kept.refused]
    for _, one in sorted(happened, key=lambda pair: pair[0]):
        if isinstance(one, KeptCommand):
            told.command(one)
        else:
            told.report(*one)
    _observe(infusion.account, history, at)
    return infusion


def _observe(account: Account, history: CaseHistory, at: Instant) -> None:
    """The readings that the order's rules ask for, each measurement once."""
    order = history.setup.order
    subjects = {rule.subject for rule in (order.rules if order else ())} & CATALOGUE.keys()
    if not subjects:
        return
    table = NUMERICS.c
    query = select(table.metric, table.at_mono_ns, table.at_utc_ns, table.measured_mono_ns, table.measured_utc_ns, table.value)
    query = query.where(table.case_id == history.case_id, table.shown, table.value.is_not(None), table.metric.in_(sorted(subjects)))
    query = query.where(table.at_mono_ns >= at.monotonic_ns - RULES_LOOK_BACK_S * NS_PER_S).order_by(table.id)
    seen: set[tuple[str, int]] = set()
    for metric, mono_ns, utc_ns, measured_mono_ns, measured_utc_ns, value in history.driver_rows(query):
        moment = Instant(mono_ns, utc_ns) if measured_mono_ns is None else Instant(measured_mono_ns, measured_utc_ns)
        if (metric, moment.monotonic_ns) not in seen:
            seen.add((metric, moment.monotonic_ns))
            account.observe(Numeric(at=moment, metric=CATALOGUE[metric], value=value))
