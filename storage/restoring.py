"""Puts a backup in the database's place: checked before, the old one kept aside, in one step. Whoever calls holds the only lock."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import URL, Connection

from storage.backup import beside, faults_of_copy, remove_partial
from storage.cases import reading
from storage.disk import free_at
from storage.durable import flush_folder, put_in_place
from storage.engine import parse_url, sqlite_file, writing_engine
from storage.errors import RestoreRefusedError, StoreError, told_plainly
from storage.export.told import Told, nobody, part_of
from storage.schema import CASES, HOUSE

_COPIED = 0.2
_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was done. ``aside``: where the database that was there lies now; None if there was none."""

    cases: int
    aside: Path | None
    lost: tuple[str, ...]


def restore(copy: Path, address: str, *, aside: str, discard: bool = False, told: Told = nobody) -> Restored:
    """Puts a copy in the database's place.

    Args:
        copy: made by ``backup.back_up``; only read.
        address: of the database, which nobody may have open for writing.
        aside: what is added to the name of the database that was there.
        discard: also where that holds cases, or parts of cases, that the copy lacks; they are then only in what is kept aside.
        told: told the part done, 0 to 1.

    Raises:
        RestoreRefusedError: the copy is damaged or altered, or lacks cases.
        StoreError: it is foreign, newer, or cannot be read.
    """
    url = parse_url(address)
    path = sqlite_file(url)
    if path is None:
        raise RestoreRefusedError("a database server is restored by its own tools (for PostgreSQL: pg_restore)")
    if not copy.is_file():
        raise RestoreRefusedError(f"{copy} is not there, or is no file")
    if path.exists() and copy.samefile(path):
        raise RestoreRefusedError(f"{copy} is the database itself")
    partial = path.with_name(f".{path.name}.{os.getpid()}.restored")
    try:
        cases = _taken(copy, url, partial, told)
        lost = tuple(_lacking(address, beside(url, partial))) if path.exists() else ()
        if lost and not discard:
            raise RestoreRefusedError(_lack_told(copy, lost))
        old = _set_aside(url, path, aside)
        put_in_place(partial, path)
    except OSError as error:
        raise RestoreRefusedError(f"{path} cannot be restored ({error.strerror or error}): check the folder and its permissions") from error
    finally:
        remove_partial(partial)
    told(1.0)
    return Restored(cases=cases, aside=old, lost=lost)


def _taken(copy: Path, url: URL, partial: Path, told: Told) -> int:
    """The copy beside the database, in today's form and checked; how many cases it has. The backup itself is left as it is."""
    path = partial.parent
    path.mkdir(parents=True, exist_ok=True)
    size = copy.stat().st_size
    if free_at(partial) < size * 1.05:
        raise RestoreRefusedError(f"{path} has no room for {size / 1e6:,.0f} MB: free some space")
    shutil.copyfile(copy, partial)
    told(_COPIED)
    try:
        cases, faults = faults_of_copy(beside(url, partial), part_of(told, _COPIED, 0.95))
        _fold(beside(url, partial))
    except StoreError as error:
        raise type(error)(str(error).replace(str(partial.absolute()), str(copy))) from error
    if faults:
        raise RestoreRefusedError(f"{copy} is not as it was written, so it was not restored: {faults[0]}")
    return cases


def _fold(address: str) -> None:
    """Brings what is in the log beside a database into its file."""
    url = parse_url(address)
    engine = writing_engine(url)
    try:
        with told_plainly(url), engine.connect() as writer:
            writer.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
            writer.rollback()
            _raw(writer, "PRAGMA wal_checkpoint(TRUNCATE)")
            _raw(writer, "PRAGMA journal_mode = DELETE")
    finally:
        engine.dispose()


def _raw(connection: Connection, pragma: str) -> None:
    """A pragma outside of any transaction."""
    connection.connection.driver_connection.execute(pragma)  # type: ignore[union-attr]


def _lacking(address: str, copy: str) -> list[str]:
    """Cases of a database, and its own histories, that a copy has not, or not so far; nothing where it cannot be read any more."""
    with suppress(StoreError):
        here, there = _rows_of(address), _rows_of(copy)
        return [what for what, rows in here.items() if there.get(what, -1) < rows]
    return []


def _rows_of(address: str) -> dict[str, int]:
    with reading(address) as (connection, _):
        cases = {uuid: int(rows) for uuid, rows in connection.execute(select(CASES.c.uuid, CASES.c.chain_rows))}
        counts = (
            (f"history of {table.name}", connection.execute(select(func.count()).select_from(table)).scalar_one())
            for table in HOUSE.sorted_tables
        )
        return cases | {name: int(count) for name, count in counts}


def _lack_told(copy: Path, lost: tuple[str, ...]) -> str:
    named = ", ".join(lost[:3]) + (" …" if len(lost) > 3 else "")
    return f"{copy} lacks what is in this database, or its last part ({named}): back it up first, or add --discard to set it aside"


def _set_aside(url: URL, path: Path, suffix: str) -> Path | None:
    """Gives the database that was there another name beside its own; it also stays in its place until the new one stands there."""
    if not path.exists():
        return None
    old = path.with_name(f"{path.name}.{suffix}")
    if old.exists():
        raise RestoreRefusedError(f"{old} is there already: try again in a second")
    with suppress(StoreError):
        _fold(url.render_as_string(hide_password=False))
    for end in _BESIDE:  # only where it is damaged: what it has not taken in goes with it
        log = path.with_name(path.name + end)
        if log.exists():
            log.replace(old.with_name(old.name + end))
    try:
        os.link(path, old)
    except OSError:  # a file system without links: for a moment neither stands in its place
        path.replace(old)
    flush_folder(path.parent)
    return old
