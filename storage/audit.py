"""The audit chain: each clinical row of a case carries the SHA-256 of itself and of the row before it. What else is kept is sealed
beside it (``seals.py``).

A row that was changed, removed, added or moved breaks the chain at its place; rows cut from the end contradict the head kept in
``cases``. It shows alterations to whoever checks; it does not stop someone who rewrites the whole chain and its head.

The hash of row n is SHA-256(hash of row n-1 ‖ JSON of [table, n, column, column, …]), columns in the table's order without
``id``, ``case_id`` and the chain's own. Before the first row stands SHA-256 of the case's uuid.
"""

from __future__ import annotations

import hashlib
import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Integer, Table, select, type_coerce
from sqlalchemy.engine import Connection

from clinical.commands import EndCase, StartCase
from clinical.instant import iso_utc
from storage.case_row import setup_of
from storage.errors import NoSuchCaseError
from storage.rows import Kept, Row
from storage.schema import ADDED_COLUMNS, CASES, CHAINED_TABLES, COMMANDS, FORWARDINGS, RUNS
from storage.seals import SEALED_TABLES, seals_fault
from storage.setup_json import JsonError, command_from_json

_OUTSIDE = frozenset({"id", "case_id", "seq", "prev_hash", "hash"})
_LINKED = {
    table.name: itemgetter(*(place for place, column in enumerate(table.columns) if column.name not in _OUTSIDE))
    for table in CHAINED_TABLES
}
"""Of a row as it stands, what was linked."""
_WORDS = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(slots=True)
class Chain:
    """The end of a case's chain, to which rows are linked in order."""

    rows: int
    head: bytes

    @classmethod
    def begin(cls, uuid: str) -> Chain:
        return cls(0, hashlib.sha256(uuid.encode()).digest())

    def link(self, table: str, row: Row) -> Row:
        """The row with its number, the hash before it and its own."""
        before = self.head
        self.rows += 1
        self.head = _digest(before, table, self.rows, row)
        return (*row, self.rows, before, self.head)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check found. ``fault`` is empty where the chain is whole, else names the first row at fault."""

    rows: int
    head: str
    fault: str = ""

    @property
    def whole(self) -> bool:
        return not self.fault


def verify(connection: Connection, case_id: int, *, wholly: bool = True) -> Verdict:
    """Checks every clinical row of a case against the chain and, ``wholly``, all that is sealed beside it. Raises NoSuchCaseError."""
    case = connection.execute(select(CASES).where(CASES.c.id == case_id)).one_or_none()
    if case is None:
        raise NoSuchCaseError(f"there is no case {case_id}")
    chain = Chain.begin(case.uuid)
    fault = _first_fault(connection, case, chain) or _end_fault(case, chain) or _setup_fault(connection, case)
    fault = fault or _odd_truth_fault(connection, case) or _told_twice_fault(connection, case)
    fault = fault or (seals_fault(connection, case) if wholly else "")
    fault = f"it is still being sent from its bed; so far: {fault}" if fault and _is_on_its_way(connection, case) else fault
    return Verdict(rows=chain.rows, head=chain.head.hex(), fault=fault)


def _is_on_its_way(connection: Connection, case: Kept) -> bool:
    whole = connection.execute(select(FORWARDINGS.c.whole).where(FORWARDINGS.c.to_case == case.id)).scalar_one_or_none()
    return whole is False


def _first_fault(connection: Connection, case: Kept, chain: Chain) -> str:
    for seq, table, row in _chained_rows(connection, case.id):
        if seq == chain.rows:
            return f"{_name(table, row)} stands twice in the chain"
        if seq != chain.rows + 1:
            return f"row {chain.rows + 1} of the chain is missing; the next is {_name(table, row)}"
        if chain.link(table.name, _LINKED[table.name](row))[-2:] != (row.prev_hash, row.hash):
            return f"{_name(table, row)} is not as it was written"
    return ""


def _end_fault(case: Kept, chain: Chain) -> str:
    if (chain.rows, chain.head) == (case.chain_rows, case.chain_head):
        return ""
    return f"row {chain.rows + 1} of the chain is missing: it ends there, and {case.chain_rows} rows were written"


def _setup_fault(connection: Connection, case: Kept) -> str:
    """The case's own row is not in the chain, but the command that began it is, with the same set-up."""
    first = connection.execute(select(COMMANDS.c.command).where(COMMANDS.c.case_id == case.id, COMMANDS.c.seq == 1)).scalar_one_or_none()
    try:
        begun = None if first is None else command_from_json(first)
        same = isinstance(begun, StartCase) and begun.setup == setup_of(case) and _same_words(str(first), case.setup_rest)
    except JsonError:
        same = False
    return "" if same else f"the set-up in row {case.id} of cases is not the one the case began with"


def _same_words(command: str, rest: str) -> bool:
    """What a newer reader would pass over counts too: both were written at one moment, so they agree to the word."""
    told, kept = json.loads(command)["setup"], json.loads(rest)
    return kept == {name: told.get(name) for name in kept} and json.dumps(kept, ensure_ascii=False, separators=(",", ":")) == rest


def _odd_truth_fault(connection: Connection, case: Kept) -> str:
    """SQLite takes any number for a truth value and gives back what it would be read as, so the chain does not see 3 for 1."""
    if connection.dialect.name != "sqlite":
        return ""
    for table in (CASES, *CHAINED_TABLES, *SEALED_TABLES):
        mine = table.c.id if table is CASES else table.c.case_id
        for column in (one for one in table.columns if isinstance(one.type, Boolean)):
            odd = select(table).where(mine == case.id, type_coerce(column, Integer).not_in((0, 1))).limit(1)
            row = connection.execute(odd).one_or_none()
            if row is not None:
                return f"row {row.id} of {table.name} is not as it was written: {column.name} is no truth value"
    return ""


def _told_twice_fault(connection: Connection, case: Kept) -> str:
    """How a case began and ended stands in its own row too: the first run is sealed, and the command that ended it is in the chain."""
    first = connection.execute(select(RUNS).where(RUNS.c.case_id == case.id).order_by(RUNS.c.number).limit(1)).one_or_none()
    begun = (case.started_utc_ns, case.started_mono_ns, case.program_version)
    if first is None or begun != (first.started_utc_ns, first.started_mono_ns, first.program_version):
        return f"the beginning in row {case.id} of cases is not the one of its first run"
    mine = (COMMANDS.c.case_id == case.id, COMMANDS.c.type == EndCase.__name__, COMMANDS.c.refused == "")
    end = connection.execute(select(COMMANDS).where(*mine).limit(1)).one_or_none()
    told = (None, None, None) if end is None else (end.at_utc_ns, end.at_mono_ns, _reason(end.command))
    kept = (case.ended_utc_ns, case.ended_mono_ns, case.end_reason)
    return "" if kept == told else f"the end in row {case.id} of cases is not the one the case ended with"


def _reason(line: str) -> str:
    try:
        command = command_from_json(line)
    except JsonError:
        return ""
    return command.reason if isinstance(command, EndCase) else ""


def _chained_rows(connection: Connection, case_id: int) -> Iterator[tuple[int, Table, Kept]]:
    streams = (_rows_of(connection, table, case_id) for table in CHAINED_TABLES)
    return heapq.merge(*streams, key=lambda item: item[0])


def _rows_of(connection: Connection, table: Table, case_id: int) -> Iterator[tuple[int, Table, Kept]]:
    for row in connection.execute(select(table).where(table.c.case_id == case_id).order_by(table.c.seq, table.c.id)):
        yield row.seq, table, row


def _name(table: Table, row: Kept) -> str:
    return f"row {row.id} of {table.name} (number {row.seq} of the chain, {iso_utc(row.at_utc_ns)})"


def _digest(before: bytes, table: str, seq: int, row: tuple[Any, ...]) -> bytes:
    kept = len(row)
    while kept > len(row) - ADDED_COLUMNS.get(table, 0) and row[kept - 1] is None:
        kept -= 1  # as it was before the column came, so that older rows keep their hash
    line = _WORDS((table, seq, *row[:kept]))
    return hashlib.sha256(before + line.encode()).digest()
