"""Opens databases: the one connection that writes, and the ones that only read. Knows SQLite's settings; knows no table.

How a server is reached: ``server.py``.

One writing connection, and no other that checkpoints: SQLite before 3.51.3 can damage a database when two connections write
or checkpoint its log at the same instant. Readers are opened read-only by SQLite itself.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, Pool, QueuePool

from storage.encryption import driver_of, is_encrypted, salt_of
from storage.errors import BadDatabaseAddressError, NotABedsideStoreError, StoreForbiddenError, StoreUnreachableError
from storage.server import server_engine

_ALL_PRAGMAS = ("foreign_keys = ON", "busy_timeout = 5000", "cell_size_check = ON")
_WRITER_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "fullfsync = ON",  # only macOS heeds it; without it fsync there does not reach the disk
    "wal_autocheckpoint = 1000",
)
_READER_PRAGMAS = ("query_only = ON", "wal_autocheckpoint = 0")
_LOG_PRAGMAS = ("busy_timeout = 5000", "journal_mode = DELETE", "synchronous = EXTRA", "fullfsync = ON")
"""Of a small file to which many programs add: with a journal and no log beside it, so that nobody checkpoints."""
_SQLITE_MAGIC = b"SQLite format 3\x00"
_TAKEN_AS_THEY_ARE = (type(None), bool, bytes)
"""Of these the driver asks for each value who could adapt it, and learns from an error that nobody does: a third of the cost of a row."""


def _as_it_is(value: Any) -> Any:
    return value


def parse_url(address: str) -> URL:
    """An address as a URL. Raises BadDatabaseAddressError if it is none, or keeps nothing (SQLite in memory)."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise BadDatabaseAddressError(
            f"{address!r} is no database address: write sqlite:////full/path/to/file.sqlite or another SQLAlchemy URL"
        ) from None
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise BadDatabaseAddressError(f"{address!r} keeps nothing: name a file, as in sqlite:////full/path/to/file.sqlite")
    return url


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database; None for any other."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def writing_engine(url: URL) -> Engine:
    """The engine whose one connection writes. Makes an SQLite file and its folder where there are none."""
    path = sqlite_file(url)
    if path is None:
        return server_engine(url, reads_only=False)
    _check_place(path)
    _check_file(path, os.R_OK | os.W_OK, encrypted=is_encrypted(url))
    return _sqlite_engine(url, str(path), uri=False, pragmas=_ALL_PRAGMAS + _WRITER_PRAGMAS, begin="BEGIN IMMEDIATE")


def reading_engine(url: URL, *, stays: bool = False) -> Engine:
    """An engine whose connections cannot write. Raises StoreUnreachableError if there is no such file.

    Args:
        url: of the database.
        stays: a connection that was used waits for the next read until the engine is disposed of; else each read opens the file anew.
    """
    path = sqlite_file(url)
    if path is None:
        return server_engine(url, reads_only=True)
    if not _exists(path):
        raise StoreUnreachableError(f"{path} does not exist: no case has been kept there")
    _check_file(path, os.R_OK, encrypted=is_encrypted(url))
    name = f"file:{quote(str(path.absolute()))}?mode=ro"
    return _sqlite_engine(url, name, uri=True, pragmas=_ALL_PRAGMAS + _READER_PRAGMAS, begin="BEGIN", pool=QueuePool if stays else NullPool)


def log_engine(path: Path) -> Engine:
    """For a small file that is there already and is added to by any program, one at a time; each transaction waits for its turn."""
    name = f"file:{quote(str(path.absolute()))}?mode=rw"
    return _sqlite_engine(URL.create("sqlite", database=str(path)), name, uri=True, pragmas=_LOG_PRAGMAS, begin="BEGIN IMMEDIATE")


def _check_place(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except PermissionError:
        raise StoreForbiddenError(f"{path.parent} may not be made: choose another folder or check its permissions") from None
    except OSError as error:
        raise StoreUnreachableError(f"{path.parent} cannot be made ({error.strerror}): choose another folder") from None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:
        raise StoreForbiddenError(f"{path.parent} may not be entered: check the permissions of the folder") from None


def _check_file(path: Path, access: int, *, encrypted: bool = False) -> None:
    if path.is_dir():
        raise NotABedsideStoreError(f"{path} is a folder: name a file in it")
    if not _exists(path):
        return
    if not os.access(path, access):
        raise StoreForbiddenError(f"{path} may not be {'written' if access & os.W_OK else 'read'}: check the permissions of the file")
    if encrypted:
        salt_of(path)
        return
    with path.open("rb") as file:
        head = file.read(len(_SQLITE_MAGIC))
    if head not in {b"", _SQLITE_MAGIC}:
        raise NotABedsideStoreError(f"{path} is no database: choose another file")


def _sqlite_engine(url: URL, name: str, *, uri: bool, pragmas: tuple[str, ...], begin: str, pool: type[Pool] = NullPool) -> Engine:
    known, driver, connect = driver_of(url)
    for kind in _TAKEN_AS_THEY_ARE:
        driver.register_adapter(kind, _as_it_is)
    engine = create_engine(
        known,
        poolclass=pool,
        module=driver,
        creator=lambda: connect(name, uri=uri, check_same_thread=False, isolation_level=None),
    )

    # The driver's own way of beginning transactions leaves DDL outside of them; so it is switched off (isolation_level=None)
    # and every transaction begins here.
    @event.listens_for(engine, "connect")
    def _set(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        try:
            connection.connection.dbapi_connection.execute(begin)  # type: ignore[union-attr]  # half the price of SQLAlchemy's own way
        except driver.Error:
            connection.exec_driver_sql(begin)  # which tells why as SQLAlchemy does

    return engine
