"""A copy of the whole database while it is being written: of one moment, checked, and there whole or not at all.

It reads through a connection that cannot write and holds one moment of the database throughout: what is recorded meanwhile is not in the
copy and does not make it begin anew. Its parts are small, and each is on the disk before many follow, so that the recorder waits for none.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import URL, Connection

from storage.audit import verify
from storage.cases import reading
from storage.disk import free_at
from storage.durable import flush, put_in_place
from storage.encryption import driver_of
from storage.engine import parse_url, reading_engine, sqlite_file
from storage.errors import BackupError, StoreFullError, told_plainly
from storage.export.told import Told, nobody, part_of
from storage.house import house_faults
from storage.schema import CASES, REVISIONS
from storage.upgrade import revision_of

PAGES_A_STEP = 32
FLUSH_EVERY_BYTES = 4 << 20
REST_S = 0.002
"""After each step of 128 kB the disk is the recorder's."""
_COPIED = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A copy that was checked."""

    path: Path
    size_bytes: int
    cases: int


def back_up(address: str, path: Path, told: Told = nobody, *, rest: Callable[[float], None] = time.sleep) -> Backup:
    """Copies a database into a new file and checks the copy.

    Args:
        address: of the database; it may be in use.
        path: of the copy; must not be there yet.
        told: told the part done, 0 to 1; what it raises ends the copy, and nothing is left of it.
        rest: waits for that many seconds.

    Raises:
        BackupError: the place cannot take it, or the copy does not pass its check.
        StoreError: the database cannot be read.
    """
    url = parse_url(address)
    if sqlite_file(url) is None:
        raise BackupError("a database server is backed up by its own tools (for PostgreSQL: pg_dump)")
    if path.exists():
        raise BackupError(f"{path} is there already: choose another name, or a folder")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(exist_ok=True)  # not the folders above it: a disk that is not connected would be made up on this one
        _copy(url, partial, part_of(told, 0.0, _COPIED), rest)
        cases = _checked(url, partial, part_of(told, _COPIED, 1.0))
        put_in_place(partial, path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written ({error.strerror or error}): choose another place") from error
    finally:
        remove_partial(partial)
    told(1.0)
    return Backup(path=path, size_bytes=path.stat().st_size, cases=cases)


def beside(url: URL, path: Path) -> str:
    """The address of another file, opened the way a database is."""
    return url.set(database=str(path.absolute())).render_as_string(hide_password=False)


def faults_of_copy(address: str, told: Told = nobody) -> tuple[int, list[str]]:
    """How many cases a database has, and what a complete reading finds wrong with it. Raises StoreError."""
    with reading(address) as (connection, _):
        faults = [str(line) for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars() if line != "ok"]
        told(0.3)
        cases = connection.execute(select(CASES.c.id).order_by(CASES.c.id)).scalars().all()
        for place, case in enumerate(cases):
            if not faults and (fault := verify(connection, case).fault):
                faults.append(f"case {case}: {fault}")
            told(0.3 + 0.7 * (place + 1) / len(cases))
        return len(cases), faults + list(house_faults(connection))


def _copy(url: URL, partial: Path, told: Told, rest: Callable[[float], None]) -> None:
    with told_plainly(url), reading_engine(url).connect() as connection, connection.begin():
        revision_of(connection, url)  # the first look: from here on this connection sees this moment
        _require_room(connection, partial)
        _step_by_step(url, connection, partial, told, rest)
    flush(partial)


def _require_room(connection: Connection, partial: Path) -> None:
    pages, size = (int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for name in ("page_count", "page_size"))
    free = free_at(partial)
    if free < pages * size * 1.05:
        raise StoreFullError(
            f"{partial.parent} has {free / 1e6:,.0f} MB free, and the backup needs {pages * size / 1e6:,.0f}: free some space"
        )


def _step_by_step(url: URL, connection: Connection, partial: Path, told: Told, rest: Callable[[float], None]) -> None:
    _, driver, connect = driver_of(url)
    target = connect(str(partial))
    target.execute("PRAGMA synchronous = OFF")  # it is flushed here, in parts, and before it has a name
    flushed_at = [0]

    def step(_status: int, remaining: int, total: int) -> None:
        told(1.0 - remaining / total if total else 1.0)
        written = (total - remaining) * 4096
        if written - flushed_at[0] >= FLUSH_EVERY_BYTES:
            flushed_at[0] = written
            flush(partial)
        rest(REST_S)

    try:
        _driver_connection(connection).backup(target, pages=PAGES_A_STEP, progress=step)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, and one that can be read where nothing may be written
    except driver.Error as error:
        raise BackupError(f"the copy could not be made ({error})") from error
    finally:
        with suppress(driver.Error):
            target.close()


def _driver_connection(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _checked(url: URL, partial: Path, told: Told) -> int:
    """How many cases the copy has. A copy of an older form is checked in today's form, and stays what it is."""
    with told_plainly(url), reading_engine(parse_url(beside(url, partial))).connect() as connection, connection.begin():
        revision = revision_of(connection, url)
    if revision is None:
        return 0
    looked_at = partial
    if revision != REVISIONS[-1]:
        looked_at = partial.with_name(partial.name + ".newer")
        shutil.copyfile(partial, looked_at)
    cases, faults = faults_of_copy(beside(url, looked_at), told)
    if faults:
        raise BackupError(f"the copy does not pass its check, so it is no backup: {faults[0]}")
    return cases


def remove_partial(partial: Path) -> None:
    """Takes away an unfinished file and what SQLite laid beside it."""
    for left in [path for path in partial.parent.iterdir() if path.name.startswith(partial.name)] if partial.parent.is_dir() else []:
        left.unlink(missing_ok=True)
