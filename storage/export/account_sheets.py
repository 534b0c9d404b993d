"""given.csv and ledger.csv: what was given from three sources, and the controlled drug as signed. Both follow from what is stored.

What was given is reckoned anew from the pump reports of the record, with the weight and concentration in force at each moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from clinical.commands import CaseSetup, CorrectDose, LedgerAct, SignLedger
from clinical.dose_told import GivenTold
from clinical.dosing.account import Account
from clinical.dosing.reconciliation import refusal_of
from clinical.dosing.report import is_ketamine
from clinical.instant import Instant
from clinical.observations import PumpStatus
from storage.export.cells import number_cell, text_cell
from storage.export.sheet import TIME_COLUMNS, Sheet, Source, columns
from storage.history import CaseHistory

EVERY_S = 60.0
_SOURCES = ("rate", "counter", "rest")
_SIGN = {LedgerAct.OPENED: 1, LedgerAct.ADDED: 1, LedgerAct.GIVEN: -1, LedgerAct.RETURNED: -1, LedgerAct.WASTED: -1}

_GIVEN = TIME_COLUMNS + columns(
    *(
        (f"by_{source}_{edge}_mg", "mg", f"{meaning}: {bound}; empty where nobody knows or the pump does not tell it")
        for source, meaning in (
            ("rate", "from the rates that the pumps reported"),
            ("counter", "from the pumps' volume counters"),
            ("rest", "from what was left in syringe or bag"),
        )
        for edge, bound in (("low", "at least"), ("high", "at most"))
    ),
    ("low_mg", "mg", "what all sources together allow: at least"),
    ("high_mg", "mg", "what all sources together allow: at most; empty where nobody knows"),
    ("best_mg", "mg", "the most likely"),
    ("best_mg_per_kg", "mg/kg", "the same for each kilogram of the weight in force"),
    ("certainty", "", "known (to a counter's step), bounded or unknown"),
    ("silent_s", "s", "how long in all the pumps were not heard"),
    ("disagreement", "", "two sources that cannot both be right; empty where all agree"),
)


def _given_lines(source: Source) -> Iterator[str]:
    for at, told in given_along(source.history):
        by = {one.source: one for one in told.sources}
        edges = [edge for name in _SOURCES for edge in ((by[name].low_mg, by[name].high_mg) if name in by else (None, None))]
        numbers = (*edges, told.low_mg, told.high_mg, told.best_mg)
        cells = (*(number_cell(value, 3) for value in numbers), number_cell(told.best_mg_per_kg, 5))
        ends = (told.certainty, number_cell(told.silent_s, 1), text_cell(told.disagreement))
        yield ",".join((source.clock.cells(at), *cells, *ends))


def given_along(history: CaseHistory) -> Iterator[tuple[Instant, GivenTold]]:
    """What was given, at the first pump report of each minute and at the last one."""
    setup = history.setup
    account = Account(setup)
    corrections = [(kept.at, kept.command) for kept in history.commands() if isinstance(kept.command, CorrectDose) and not kept.refused]
    reports = list(counted_reports(history))
    due: Instant | None = None
    for number, (device, status) in enumerate(reports):
        while corrections and corrections[0][0] <= status.at:
            at, command = corrections.pop(0)
            setup = corrected(setup, command)
            account.correct(at, setup, command.by)
        account.take((device, status.channel), status)
        if due is None or status.at >= due or number == len(reports) - 1:
            due = status.at.plus(EVERY_S)
            if (told := account.given_told(status.at)) is not None:
                yield status.at, told


def corrected(setup: CaseSetup, command: CorrectDose) -> CaseSetup:
    """The set-up with the weight and concentration that are in force from the correction on."""
    weight_kg = command.weight_kg or setup.weight_kg
    return replace(setup, weight_kg=weight_kg, concentration_mg_per_ml=command.concentration_mg_per_ml or setup.concentration_mg_per_ml)


def counted_reports(history: CaseHistory) -> Iterator[tuple[str, PumpStatus]]:
    """Of the pumps that name ketamine, or where none does of the first, by their time; without those that came after later ones."""
    pumps = history.pumps()
    named = {(device, channel) for device, channel, drug in pumps if is_ketamine(drug)}
    keys = named or {(device, channel) for device, channel, _ in pumps[:1]}
    last: PumpStatus | None = None
    for device, status in history.each_pump_report():
        if (device, status.channel) in keys and refusal_of(last, status) is None:
            yield device, status
            last = status


_LEDGER = TIME_COLUMNS + columns(
    ("number", "", "of the line, as corrections name it"),
    ("what", "", "opened, added, given, returned or wasted"),
    ("mg", "mg", "with its sign"),
    ("low_mg", "mg", "where what was given is only bounded: at least"),
    ("high_mg", "mg", "where what was given is only bounded: at most"),
    ("by", "", "who signed"),
    ("witness", "", "who saw it"),
    ("corrects", "", "number of the line that this one replaces; that one is kept"),
    ("left_mg", "mg", "what should be there after this line, corrections followed; 0 at the end closes the ledger"),
)


def _ledger_lines(source: Source) -> Iterator[str]:
    signed: list[SignLedger] = []
    for kept in source.history.commands():
        line = kept.command
        if not isinstance(line, SignLedger) or kept.refused:
            continue
        signed.append(line)
        amounts = (number_cell(_SIGN[line.act] * line.mg, 3), number_cell(line.low_mg, 3), number_cell(line.high_mg, 3))
        corrects = "" if line.corrects is None else str(line.corrects)
        people = (source.veil.by(line.by), source.veil.by(line.witness))
        cells = (str(len(signed)), line.act.value, *amounts, *people, corrects, number_cell(_left_mg(signed), 3))
        yield ",".join((source.clock.cells(kept.at), *cells))


def _left_mg(signed: Sequence[SignLedger]) -> float:
    replaced = {line.corrects for line in signed}
    return sum(_SIGN[line.act] * line.mg for number, line in enumerate(signed, start=1) if number not in replaced)


ACCOUNT_SHEETS = (
    Sheet(name="given.csv", columns=lambda _: _GIVEN, lines=_given_lines),
    Sheet(name="ledger.csv", columns=lambda _: _LEDGER, lines=_ledger_lines),
)
