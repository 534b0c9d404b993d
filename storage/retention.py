"""What may go after its time, and its going: whole cases that have ended and are kept elsewhere. Decides no time; that is the site's.

Of a case that is gone a row remains that says so: which one, when and by whom it was deleted, how many rows it had, the head of its chain.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import LargeBinary, Table, delete, func, select
from sqlalchemy.engine import URL, Connection

from storage.cases import reading
from storage.engine import parse_url, sqlite_file, writing_engine
from storage.errors import RetentionError, told_plainly
from storage.export.case_record import tables_of_a_case
from storage.export.told import Told, nobody
from storage.house import append
from storage.rows import Kept
from storage.schema import CASES, TOMBSTONES
from storage.upgrade import bring_up_to_date

BYTES_A_ROW = 120
"""About, with its share of the indexes; what lies in blobs is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldCase:
    """A case whose time is over.

    Attributes:
        size_bytes: about what it takes.
        head: of its audit chain.
        kept_in: the copy that was checked; empty where there is none.
        why_not: why it stays; empty where it may go.
    """

    id: int
    uuid: str
    label: str
    started_utc_ns: int
    ended_utc_ns: int | None
    size_bytes: int
    head: bytes
    kept_in: str = ""
    why_not: str = ""


CopyOf = Callable[[str, bytes], str]
"""Given uuid and head of a case: the place that keeps it whole; empty where none does."""


def old_cases(address: str, before_utc_ns: int, copy_of: CopyOf, *, without_copy: bool = False) -> list[OldCase]:
    """Cases begun before a moment, the oldest first, and which of them may go. Raises StoreError.

    Args:
        without_copy: those that are kept nowhere else may go too.
    """
    with reading(address) as (connection, _):
        query = select(CASES).where(CASES.c.started_utc_ns < before_utc_ns, func.coalesce(CASES.c.ended_utc_ns, 0) < before_utc_ns)
        rows = connection.execute(query.order_by(CASES.c.started_utc_ns, CASES.c.id)).all()
        return [_judged(connection, row, copy_of, without_copy=without_copy) for row in rows]


def _judged(connection: Connection, row: Kept, copy_of: CopyOf, *, without_copy: bool) -> OldCase:
    kept_in = copy_of(row.uuid, row.chain_head) if row.ended_utc_ns is not None else ""
    why = "" if kept_in or without_copy else "no checked copy of it was found"
    return OldCase(
        id=row.id,
        uuid=row.uuid,
        label=row.label,
        started_utc_ns=row.started_utc_ns,
        ended_utc_ns=row.ended_utc_ns,
        size_bytes=_bytes_of(connection, row.id),
        head=row.chain_head,
        kept_in=kept_in,
        why_not="it was not ended" if row.ended_utc_ns is None else why,
    )


def _bytes_of(connection: Connection, case_id: int) -> int:
    total = 0
    for table in tables_of_a_case():
        blobs = [func.coalesce(func.sum(func.length(column)), 0) for column in table.columns if isinstance(column.type, LargeBinary)]
        count, *sizes = connection.execute(select(func.count(), *blobs).where(table.c.case_id == case_id)).one()
        total += int(count) * BYTES_A_ROW + sum(int(size) for size in sizes)
    return total


def delete_cases(address: str, cases: Sequence[OldCase], *, by: str, at_utc_ns: int, told: Told = nobody) -> int:
    """Deletes cases that may go, each in one transaction, and gives the disk back; bytes that the file is smaller by.

    What was deleted is overwritten. Whoever calls holds the only lock. Raises RetentionError, StoreError.
    """
    if stays := next((case for case in cases if case.why_not), None):
        raise RetentionError(f"case {stays.id} stays: {stays.why_not}")
    url = parse_url(address)
    engine = writing_engine(url)
    try:
        with told_plainly(url), engine.connect() as writer:
            bring_up_to_date(writer, url)
            before = _file_bytes(url)
            if url.get_backend_name() == "sqlite":
                _raw(writer, "PRAGMA secure_delete = ON")
            for place, case in enumerate(cases):
                with writer.begin():
                    _delete(writer, case, by, at_utc_ns)
                told(0.8 * (place + 1) / len(cases))
            _give_back(writer, url)
    finally:
        engine.dispose()
    told(1.0)
    return max(0, before - _file_bytes(url))


def _delete(writer: Connection, case: OldCase, by: str, at_utc_ns: int) -> None:
    row = writer.execute(select(CASES).where(CASES.c.id == case.id)).one_or_none()
    if row is None or row.uuid != case.uuid or row.ended_utc_ns is None or row.chain_head != case.head:
        raise RetentionError(f"case {case.id} is not what it was when it was looked at: look again")
    gone: dict[str, int] = {}
    for table in reversed(tables_of_a_case()):
        gone[table.name] = _delete_rows(writer, table, case.id)
    writer.execute(delete(CASES).where(CASES.c.id == case.id))
    append(
        writer,
        TOMBSTONES,
        at_utc_ns=at_utc_ns,
        by=by,
        uuid=row.uuid,
        started_utc_ns=row.started_utc_ns,
        ended_utc_ns=row.ended_utc_ns,
        rows=json.dumps(gone, separators=(",", ":"), sort_keys=True),
        chain_rows=row.chain_rows,
        chain_head=row.chain_head,
        kept_in=case.kept_in,
    )


def _delete_rows(writer: Connection, table: Table, case_id: int) -> int:
    return int(writer.execute(delete(table).where(table.c.case_id == case_id)).rowcount)


def tombstones(address: str) -> list[Kept]:
    """What is known of cases that are gone, in the order in which they went. Raises StoreError."""
    with reading(address) as (connection, _):
        return list(connection.execute(select(TOMBSTONES).order_by(TOMBSTONES.c.number)))


def _give_back(writer: Connection, url: URL) -> None:
    """Outside of any transaction: SQLite writes the file anew without what was deleted, and empties its log."""
    if url.get_backend_name() != "sqlite":
        return
    for pragma in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
        _raw(writer, pragma)


def _raw(writer: Connection, statement: str) -> None:
    connection: Any = writer.connection.driver_connection
    connection.execute(statement)


def _file_bytes(url: URL) -> int:
    path = sqlite_file(url)
    return path.stat().st_size if path is not None else 0
