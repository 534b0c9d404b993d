"""Rows of the installation, whose tables only grow: each carries the SHA-256 of itself and of the row before it.

A row that was changed, removed or moved breaks its table's chain. Rows cut from the end do not: nothing else keeps where it ended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, inspect, select
from sqlalchemy.engine import Connection

from storage.schema import HOUSE

_OUTSIDE = frozenset({"prev_hash", "hash"})


def append(connection: Connection, table: Table, **values: Any) -> int:
    """Adds a row at the end of a table; its number, from 1. The caller's transaction makes it durable."""
    last = connection.execute(select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)).one_or_none()
    number, before = (1, _first(table)) if last is None else (last.number + 1, last.hash)
    row = {"number": number, **values}
    connection.execute(table.insert().values(**row, prev_hash=before, hash=_digest(table, before, row)))
    return int(number)


def house_faults(connection: Connection) -> Iterator[str]:
    """The first row of each table that is not as it was written."""
    there = set(inspect(connection).get_table_names())
    for table in HOUSE.sorted_tables:
        if table.name in there and (fault := first_fault(connection, table)):
            yield fault


def first_fault(connection: Connection, table: Table) -> str:
    """The first row of one table that is not as it was written; empty where all are."""
    before = _first(table)
    for number, kept in enumerate(connection.execute(select(table).order_by(table.c.number)).mappings(), start=1):
        if kept["number"] != number:
            return f"row {number} of {table.name} is missing"
        if (kept["prev_hash"], kept["hash"]) != (before, _digest(table, before, dict(kept))):
            return f"row {number} of {table.name} is not as it was written"
        before = kept["hash"]
    return ""


def _first(table: Table) -> bytes:
    return hashlib.sha256(table.name.encode()).digest()


def _digest(table: Table, before: bytes, row: dict[str, Any]) -> bytes:
    told = [row[column.name] for column in table.columns if column.name not in _OUTSIDE]
    line = json.dumps([table.name, *(value.hex() if isinstance(value, bytes) else value for value in told)], separators=(",", ":"))
    return hashlib.sha256(before + line.encode()).digest()
