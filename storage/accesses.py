"""Who opened a case and who let one leave: a chain of rows in a small file of the installation's own, apart from every database of cases.

A case's database may be written by a core at that moment, be read-only, or be another machine's: this file is none of these, so a view
or an export can always be noted (decision 0018). Any number of programs add to it, one at a time. Each row carries the SHA-256 of itself
and of the row before it (``house.py``), and with each row the end of the chain is signed anew, HMAC-SHA-256 with the installation's key:
so rows that were changed, removed, moved or added are found, and so are rows cut from the end. Nothing of a patient may stand here.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text, delete, inspect, select
from sqlalchemy.engine import URL, Connection

from storage.engine import log_engine
from storage.errors import NotABedsideStoreError, StoreDamagedError, StoreError, told_plainly
from storage.house import append, first_fault
from storage.rows import Kept, clean

NAME = "accesses.sqlite"
LOG = MetaData()
ACCESSES = Table(
    "accesses",
    LOG,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1
    Column("at_utc_ns", BigInteger, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("act", "case", "database", "by", "way", "format", "hidden", "target")),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
ENDS = Table(
    "ends",
    LOG,
    Column("number", Integer, primary_key=True, autoincrement=False),  # of the last row
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
_TEXTS = tuple(column.name for column in ACCESSES.columns if isinstance(column.type, Text))


class Act(Enum):
    VIEWED = "viewed"
    BEGUN = "export begun"
    EXPORTED = "exported"
    NOT_FINISHED = "export not finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A view, or one end of an export.

    Attributes:
        case: its uuid; empty for all cases of a database at once.
        database: its file's name without the folder, or the server's.
        by: who, as far as this installation knows them.
        way: "window" or "command line".
        format: of an export; of a view what was looked at, where that is no case.
        hidden: what was left out: "deidentified", or nothing.
        target: the name of the file or folder that was written, without where it lies; or the address it was sent to.
    """

    at_utc_ns: int
    act: Act
    case: str
    database: str
    by: str
    way: str
    format: str = ""
    hidden: str = ""
    target: str = ""


def add(path: Path, access: Access, key: bytes) -> str:
    """Adds a row; durable when it returns. Gives what is wrong with the rows before it, else an empty text.

    An end that is not as it was signed is left as it is: what was done to the file stays to be found. Raises StoreError, or OSError, where
    the row cannot be kept.
    """
    if not path.exists():
        _make(path, key)
    with _open(path) as connection:
        fault = _end_fault(connection, key)
        told = asdict(access) | {"act": access.act.value}
        append(connection, ACCESSES, **{name: clean(value) if isinstance(value, str) else value for name, value in told.items()})
        if not fault:
            _sign(connection, key)
    return fault


def accesses(path: Path) -> list[Access]:
    """All of them, the first one first. Raises StoreError."""
    if not path.exists():
        return []
    with _open(path) as connection:
        return [_access(row) for row in connection.execute(select(ACCESSES).order_by(ACCESSES.c.number))]


def accesses_fault(path: Path, key: bytes) -> str:
    """The first row that is not as it was written, or that is missing; empty where all is well, or nothing was ever noted."""
    if not path.exists():
        return ""
    try:
        with _open(path) as connection:
            return first_fault(connection, ACCESSES) or _odd_fault(connection) or _end_fault(connection, key)
    except StoreError as error:
        return str(error)


def _end_fault(connection: Connection, key: bytes) -> str:
    """Whether the rows end where they were last signed."""
    last = connection.execute(select(ACCESSES.c.number, ACCESSES.c.hash).order_by(ACCESSES.c.number.desc()).limit(1)).one_or_none()
    ends = connection.execute(select(ENDS)).all()
    if len(ends) != 1 or not hmac.compare_digest(ends[0].signature, _signature(key, ends[0].number, ends[0].hash)):
        return "the signed end of accesses is not as it was signed, or was signed with another key"
    end, reached = ends[0], 0 if last is None else last.number
    if reached < end.number:
        return f"row {reached + 1} of accesses is missing: it ends there, and {end.number} rows were signed"
    if end.number and connection.execute(select(ACCESSES.c.hash).where(ACCESSES.c.number == end.number)).scalar_one_or_none() != end.hash:
        return f"row {end.number} of accesses is not the one that was signed: rows before it were removed"
    return f"row {end.number + 1} of accesses was added and never signed" if reached > end.number else ""


def _odd_fault(connection: Connection) -> str:
    """The chain takes bytes for their figures, so a text that became bytes is looked for."""
    rows = connection.execute(select(ACCESSES).order_by(ACCESSES.c.number))
    odd = (row.number for row in rows if not all(isinstance(getattr(row, name), str) for name in _TEXTS))
    return next((f"row {number} of accesses is not as it was written" for number in odd), "")


def _sign(connection: Connection, key: bytes) -> None:
    last = connection.execute(select(ACCESSES.c.number, ACCESSES.c.hash).order_by(ACCESSES.c.number.desc()).limit(1)).one_or_none()
    number, head = (0, b"") if last is None else (last.number, last.hash)
    connection.execute(delete(ENDS))
    connection.execute(ENDS.insert().values(number=number, hash=head, signature=_signature(key, number, head)))


def _signature(key: bytes, number: int, head: bytes) -> bytes:
    return hmac.new(key, f"end of accesses {number} ".encode() + head, hashlib.sha256).digest()


def _make(path: Path, key: bytes) -> None:
    """Whole under another name, then linked into place: an empty file there is one that somebody emptied."""
    new = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with _connected(new) as connection:
            LOG.create_all(connection)
            _sign(connection, key)
        with suppress(FileExistsError):  # of two programs that make it at once, one did
            new.rename(path) if os.name == "nt" else os.link(new, path)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def _open(path: Path) -> Iterator[Connection]:
    """One transaction; nobody else writes meanwhile. Raises StoreError."""
    with _connected(path) as connection:
        if not {ACCESSES.name, ENDS.name} <= set(inspect(connection).get_table_names()):
            raise NotABedsideStoreError(f"{path} holds no list of views and exports: it was emptied, or is another program's")
        try:
            yield connection
        except (TypeError, ValueError) as error:
            raise StoreDamagedError(f"{path} is damaged, a word in it is none of ours ({error}): restore a copy") from error


@contextmanager
def _connected(path: Path) -> Iterator[Connection]:
    with told_plainly(URL.create("sqlite", database=str(path))), log_engine(path).connect() as connection, connection.begin():
        yield connection


def _access(row: Kept) -> Access:
    told = {column.name: getattr(row, column.name) for column in ACCESSES.columns if column.name not in {"number", "prev_hash", "hash"}}
    return Access(**(told | {"act": Act(row.act)}))
