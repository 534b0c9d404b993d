"""Alterations of a stored case as chance has them, each of which a check must find.

``python -m tests.storage.tamper [--times 10000] [--first SEED]`` prints one line of JSON; the tests try fewer.
"""

# ruff: noqa: S608 - the names are those of our own tables

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from storage.cases import check_case
from storage.errors import StoreError
from storage.schema import CASES, CHAINED_TABLES, SEALS
from storage.seals import SEALED_TABLES
from tests.storage.made_case import address_of, minute, record

TABLES = (*CHAINED_TABLES, *SEALED_TABLES, SEALS)
_NUMBERING = {"id", "case_id"}


def flip(chance: random.Random, value: Any) -> Any:
    """The value with one bit turned over, in its own type; another value where it is none."""
    if value is None:
        return 1
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(40))
    if isinstance(value, float):
        (bits,) = struct.unpack("<q", struct.pack("<d", value))
        (turned,) = struct.unpack("<d", struct.pack("<q", bits ^ (1 << chance.randrange(52))))
        return turned
    data = bytearray(value if isinstance(value, bytes) else value.encode())
    if not data:
        return b"\x01" if isinstance(value, bytes) else "x"
    place = chance.randrange(len(data))
    data[place] ^= 1 << chance.randrange(8 if isinstance(value, bytes) else 5)
    return bytes(data) if isinstance(value, bytes) else data.decode(errors="replace")


def _some_row(connection: sqlite3.Connection, chance: random.Random, least: int = 1) -> tuple[Any, list[int]]:
    counts = {table: connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0] for table in TABLES}
    table = chance.choice([table for table, count in counts.items() if count >= least])
    rows = [row for (row,) in connection.execute(f"SELECT rowid FROM {table.name} ORDER BY rowid")]
    return table, rows


def flipped(connection: sqlite3.Connection, chance: random.Random) -> str:
    table, rows = (CASES, [1]) if chance.random() < 0.05 else _some_row(connection, chance)
    skipped = _NUMBERING | ({"utc_offset_min"} if table is CASES else set())
    column = chance.choice([column.name for column in table.columns if column.name not in skipped])
    row = chance.choice(rows)
    (value,) = connection.execute(f"SELECT {column} FROM {table.name} WHERE rowid = ?", (row,)).fetchone()
    connection.execute(f"UPDATE OR REPLACE {table.name} SET {column} = ? WHERE rowid = ?", (flip(chance, value), row))
    return f"flip {table.name}.{column} of {row}"


def deleted(connection: sqlite3.Connection, chance: random.Random) -> str:
    table, rows = _some_row(connection, chance)
    row = chance.choice(rows)
    connection.execute(f"DELETE FROM {table.name} WHERE rowid = ?", (row,))
    return f"delete {row} of {table.name}"


def swapped(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Two rows change places: all that they say, and not the database's numbering."""
    while True:
        table, rows = _some_row(connection, chance, 2)
        names = [column.name for column in table.columns if column.name not in _NUMBERING | {"number"}]
        listed = ", ".join(names)
        a, b = chance.sample(rows, 2)
        first, second = (connection.execute(f"SELECT {listed} FROM {table.name} WHERE rowid = ?", (row,)).fetchone() for row in (a, b))
        kept = [place for place, name in enumerate(names) if name not in {"seq", "prev_hash", "hash"}]
        if [first[place] for place in kept] != [second[place] for place in kept]:
            break
    fixed = [name for name in names if name not in {"seq", "prev_hash", "hash"}]
    change = f"UPDATE {table.name} SET " + ", ".join(f"{name} = ?" for name in fixed) + " WHERE rowid = ?"
    connection.execute(change, (*(second[place] for place in kept), a))
    connection.execute(change, (*(first[place] for place in kept), b))
    return f"swap {a} and {b} of {table.name}"


def truncated(connection: sqlite3.Connection, chance: random.Random) -> str:
    """The last rows of one table, or of all of them from a moment on, are gone."""
    table, rows = _some_row(connection, chance)
    cut = chance.choice(rows)
    if chance.random() < 0.5:
        connection.execute(f"DELETE FROM {table.name} WHERE rowid >= ?", (cut,))
        return f"cut {table.name} from {cut}"
    (first, last) = connection.execute("SELECT min(at_utc_ns), max(at_utc_ns) FROM commands").fetchone()
    moment = chance.randint(first + 1, last)
    for one in TABLES:
        if "at_utc_ns" in one.c:
            connection.execute(f"DELETE FROM {one.name} WHERE at_utc_ns >= ?", (moment,))
    return f"cut all from {moment}"


KINDS: tuple[Callable[[sqlite3.Connection, random.Random], str], ...] = (flipped, deleted, swapped, truncated)


def found(whole: bytes, folder: Path, seed: int) -> tuple[str, str]:
    """What was done to a copy of a whole case, and what the check says of it; empty where it finds nothing."""
    chance = random.Random(seed)
    path = folder / "tampered.sqlite"
    path.write_bytes(whole)
    with sqlite3.connect(path) as connection:
        done = KINDS[seed % len(KINDS)](connection, chance)
    connection.close()
    try:
        return done, check_case(address_of(path), 1).fault
    except StoreError as error:
        return done, str(error)


def whole_case(folder: Path) -> bytes:
    path = folder / "whole.sqlite"
    record(path, minute(40))
    return path.read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        whole = whole_case(folder)
        missed = [done for done, told in (found(whole, folder, options.first + time) for time in range(options.times)) if not told]
    print(json.dumps({"tamperings": options.times, "missed": missed}))


if __name__ == "__main__":
    main()
