"""Seals over what the audit chain of clinical rows leaves out: numerics, alerts, lines, gaps, runs, channels, waveforms, overviews.

Seconds of waveforms are sealed when they have become a minute (compaction.py), with its overview; the last minutes of a case that
has no end yet are not. What is sealed of such a row is the SHA-256 of its blob.

Each transaction of a case adds one seal: how many rows of each table it brought, eight bytes of the SHA-256 of each row, and the SHA-256 of
all of them. Seals are a chain of their own (hash of seal n = SHA-256(hash of seal n-1 ‖ all else in it)), and each names the
end of the chain of clinical rows at its moment. So a row that was changed is named, and seals cut from the end are missed by the
clinical row that was written with them or later.

A case that was begun before there were seals has a first one without bytes of rows: what it counts is not sealed. A case keeps to the
tables its first seal counts: one that was begun before waveforms were sealed has them unsealed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.engine import Connection

from clinical.instant import iso_utc
from storage.rows import Kept, Row
from storage.schema import (
    DEVICE_ALERTS,
    GAPS,
    LINK_STATES,
    NUMERICS,
    RUNS,
    SEALS,
    SELF_REPORTS,
    WAVEFORM_CHANNELS,
    WAVEFORM_OVERVIEWS,
    WAVEFORMS,
)

ROW_TABLES = (RUNS, WAVEFORM_CHANNELS, NUMERICS, DEVICE_ALERTS, LINK_STATES, GAPS, SELF_REPORTS)
"""Sealed with the commit that writes them, in the order in which a seal counts them."""
BLOB_TABLES = (WAVEFORMS, WAVEFORM_OVERVIEWS)
"""Counted after the others, and sealed when they stand for good."""
SEALED_TABLES = ROW_TABLES + BLOB_TABLES
_NAMED = {table.name: table for table in SEALED_TABLES}
_AT_ONCE = 512
_BLOBS_AT_ONCE = 8
_RAW = -1
_listed = json.JSONEncoder(separators=(",", ":")).encode
MARK_BYTES = 8
_OUTSIDE = frozenset({"id", "case_id"})


def first_hash(uuid: str) -> bytes:
    """What stands before the first seal of a case."""
    return hashlib.sha256(f"seals of {uuid}".encode()).digest()


@dataclass(slots=True)
class Sealer:
    """The end of a case's seals: how many there are, the hash of the last, and the rows of each table they count."""

    number: int
    head: bytes
    counts: dict[str, int] = field(default_factory=lambda: {table.name: 0 for table in SEALED_TABLES})

    @classmethod
    def of(cls, connection: Connection, case_id: int, uuid: str) -> Sealer:
        """As the database has it. Nothing is sealed of a case that has no seal."""
        last = connection.execute(select(SEALS).where(SEALS.c.case_id == case_id).order_by(SEALS.c.number.desc()).limit(1)).one_or_none()
        if last is None:
            return cls(0, first_hash(uuid))
        return cls(last.number, last.hash, _counts_after(last.counts))

    def seal(self, at: tuple[int, int], rows: Mapping[str, Sequence[Row]], chain: tuple[int, bytes]) -> Row:
        """The row of ``seals`` for what a commit brings; moves on only by ``took``."""
        counts, digests = [], []
        for name, before in self.counts.items():
            brought = rows.get(name, ())
            counts.append((name, before, len(brought)))
            digests += [row_digest(name, row) for row in brought]
        marks = b"".join([digest[:MARK_BYTES] for digest in digests])
        told = (self.number + 1, *at, _listed(counts), marks, hashlib.sha256(b"".join(digests)).digest(), *chain)
        return (*told, self.head, _seal_digest(self.head, told))

    def unsealed(self, at: tuple[int, int], counts: Mapping[str, int], chain: tuple[int, bytes]) -> Row:
        """The first seal of a case that was begun before there were any: it counts what is there and has no bytes of it."""
        listed = _listed([(table.name, 0, counts[table.name]) for table in ROW_TABLES])
        told = (self.number + 1, *at, listed, b"", b"", *chain)
        return (*told, self.head, _seal_digest(self.head, told))

    def took(self, seal: Row) -> None:
        """The database has it."""
        number, counts = seal[0], str(seal[3])
        self.number, self.head = int(number or 0), bytes(seal[-1] or b"")  # type: ignore[arg-type]
        self.counts = _counts_after(counts)


def _counts_after(counts: str) -> dict[str, int]:
    return {name: before + count for name, before, count in json.loads(counts)}


def row_digest(table: str, row: Iterable[Any]) -> bytes:
    """The SHA-256 of one row as Python writes it in ASCII: the same from every version, and three times as fast as JSON."""
    return hashlib.sha256(ascii((table, *row)).encode()).digest()


def _seal_digest(before: bytes, told: Iterable[Any]) -> bytes:
    return hashlib.sha256(before + row_digest(SEALS.name, told)).digest()


def seals_fault(connection: Connection, case: Kept) -> str:
    """The first thing that is wrong with the sealed rows of a case; empty where nothing is."""
    check = _Check(connection, case)
    fault = next(check.faults(), "")
    check.close()
    return fault


class _Check:
    def __init__(self, connection: Connection, case: Kept) -> None:
        self._connection = connection
        self._case = case
        self._rows = {table.name: _rows_of(connection, table, case.id) for table in SEALED_TABLES}
        self._counts: dict[str, int] = {}
        self._held = _Held()

    def close(self) -> None:
        for rows in self._rows.values():
            rows.close()

    def faults(self) -> Iterator[str]:
        head, number, chain = first_hash(self._case.uuid), 0, (0, b"")
        names = [column.name for column in SEALS.columns if column.name not in _OUTSIDE | {"prev_hash", "hash"}]
        for seal in self._connection.execute(select(SEALS).where(SEALS.c.case_id == self._case.id).order_by(SEALS.c.number)):
            told = tuple(getattr(seal, name) for name in names)
            if seal.number != number + 1:
                yield f"seal {number + 1} is missing"
            if (seal.prev_hash, seal.hash) != (head, _seal_digest(head, told)):
                yield f"seal {seal.number} ({iso_utc(seal.at_utc_ns)}) is not as it was written"
            yield from self._brought(seal)
            head, number, chain = seal.hash, seal.number, (seal.chain_rows, seal.chain_head)
        if not number and self._case.chain_rows:
            yield "seal 1 is missing"
        if chain[0] != self._case.chain_rows or (chain[0] and chain[1] != self._case.chain_head):
            yield f"seal {number + 1} is missing: the last one knows {chain[0]} of {self._case.chain_rows} clinical rows"
        yield from self._added()

    def _added(self) -> Iterator[str]:
        """Rows that no seal counts."""
        waiting = {WAVEFORMS.name} if self._case.ended_utc_ns is None else set()  # seconds that are no minute yet
        for name in sorted(self._counts.keys() - waiting):
            for row in self._rows[name]:
                yield f"{_name(_NAMED[name], row)} was added"

    def _brought(self, seal: Kept) -> Iterator[str]:
        """Holds the rows that a seal counts against it."""
        marks, whole, place = seal.marks, hashlib.sha256(), 0
        counts = json.loads(seal.counts)
        if [(name, before) for name, before, _ in counts] != list(self._counts.items() or ((name, 0) for name, _, _ in counts)):
            yield f"seal {seal.number} does not follow the one before"
        for name, before, count in counts:
            table = _NAMED[name]
            self._counts[name] = before + count
            for number in range(count):
                row = next(self._rows[name], None)
                if row is None:
                    yield f"row {before + number + 1} of {name} in this case is missing"
                    return
                if not marks:
                    continue
                yield from self._held.take(table, row)
                digest = row_digest(name, _as_sealed(table, row))
                if digest[:MARK_BYTES] != marks[place : place + MARK_BYTES]:
                    yield f"{_name(table, row)} is not as it was written, or one before it is missing"
                whole.update(digest)
                place += MARK_BYTES
        if marks and whole.digest() != seal.digest:
            yield f"seal {seal.number} does not fit its rows"


class _Held:
    """Which row each overview says it ends with: the numbering is the database's own, so it is held against what came before it."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self._ids: dict[int, set[int]] = {}

    def take(self, table: Table, row: Kept) -> Iterator[str]:
        if table is WAVEFORMS:
            self._ids.setdefault(_RAW, set()).add(row.id)
        elif table is WAVEFORM_OVERVIEWS:
            self._ids.setdefault(row.level, set()).add(row.id)
            if row.upto_id not in self._ids.get(row.level - 1, ()) or row.upto_id <= self._last.get(row.level, 0):
                yield f"{_name(table, row)} does not say which rows it holds"
            self._last[row.level] = row.upto_id


def _as_sealed(table: Table, row: Kept) -> Iterable[Any]:
    """A row without the database's own numbering; of a blob its SHA-256."""
    if table not in BLOB_TABLES:
        return row[sum(column.name in _OUTSIDE for column in table.columns) :]
    told = (value for column, value in zip(table.columns, row, strict=True) if column.name not in _OUTSIDE | {"upto_id"})
    return [hashlib.sha256(value).digest() if isinstance(value, bytes) else value for value in told]


def _rows_of(connection: Connection, table: Table, case_id: int) -> Generator[Kept]:
    """Rows of one table, in the order they were written, in small parts."""
    order = table.c.id if "id" in table.c else table.c.number
    part = _BLOBS_AT_ONCE if table in BLOB_TABLES else _AT_ONCE
    query = select(table).where(table.c.case_id == case_id).order_by(order).execution_options(yield_per=part)
    with connection.execute(query) as rows:
        yield from rows


def _name(table: Table, row: Kept) -> str:
    number = row.id if "id" in table.c else row.number
    at_ns = next((getattr(row, name) for name in ("at_utc_ns", "started_utc_ns", "since_utc_ns") if name in table.c), None)
    return f"row {number} of {table.name}" + ("" if at_ns is None else f" ({iso_utc(at_ns)})")


def counts_of(connection: Connection, case_id: int) -> dict[str, int]:
    """How many rows a case has of each table that is sealed with its commits."""
    counted = ((table, select(func.count()).select_from(table).where(table.c.case_id == case_id)) for table in ROW_TABLES)
    return {table.name: int(connection.execute(query).scalar_one()) for table, query in counted}
