"""The one error tree of this package, and how a database's own complaints become a line for people.

Each error's text stands alone: what is wrong with which database, and what to do. No SQL and no traceback belongs in it.
SQLAlchemy takes 0.2 s to load: whoever only names these errors, as the display does before its first picture, need not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import URL


class StoreError(Exception):
    """Something is wrong with where cases are kept."""


class BadDatabaseAddressError(StoreError):
    """The address names no database that this program can open."""


class StoreUnreachableError(StoreError):
    """The folder, the server or its Python driver is not there."""


class StoreForbiddenError(StoreError):
    """This user may not read or write there."""


class NotABedsideStoreError(StoreError):
    """There is something there, but no database of this program."""


class StoreDamagedError(StoreError):
    """The database cannot be read as it should."""


class StoreIsNewerError(StoreError):
    """Written by a newer program, so this one keeps its hands off."""


class StoreFullError(StoreError):
    """No space is left."""


class StoreBusyError(StoreError):
    """Another program holds the database."""


class StoreRefusedError(StoreError):
    """The database did not take what was written; whatever else it said is in the text."""


class NoSuchCaseError(StoreError):
    """There is no such case in the database."""


_BY_SQLITE_CODE: tuple[tuple[str, type[StoreError], str], ...] = (
    ("SQLITE_FULL", StoreFullError, "the disk that holds {where} is full: free some space; what is not yet written is kept in memory"),
    ("SQLITE_NOTADB", NotABedsideStoreError, "{where} is no database: choose another file"),
    ("SQLITE_CORRUPT", StoreDamagedError, "{where} is damaged: move it away or restore a copy, and start with a new one"),
    ("SQLITE_READONLY", StoreForbiddenError, "{where} may not be written: check the permissions of the file and its folder"),
    ("SQLITE_PERM", StoreForbiddenError, "{where} may not be opened: check the permissions of the file and its folder"),
    ("SQLITE_AUTH", StoreForbiddenError, "{where} may not be opened: check the permissions of the file and its folder"),
    ("SQLITE_CANTOPEN", StoreUnreachableError, "{where} cannot be opened: check that the folder exists and may be written"),
    ("SQLITE_BUSY", StoreBusyError, "{where} is in use by another program: close that one first"),
    ("SQLITE_LOCKED", StoreBusyError, "{where} is in use by another program: close that one first"),
    ("SQLITE_IOERR", StoreRefusedError, "the disk that holds {where} reports a fault ({reason}): check the disk; nothing stored is lost"),
)

_SERVER_SAYS: tuple[tuple[tuple[str, ...], type[StoreError], str], ...] = (
    (
        ("certificate", "SSL", "sslmode"),
        StoreUnreachableError,
        "{where} could not be shown to be the clinic's own server ({reason}): name its authority's certificate, ?sslrootcert=FILE",
    ),
    (
        ("password", "no pg_hba.conf entry", "role ", "permission denied", "read-only transaction"),
        StoreForbiddenError,
        "{where} does not let this user do that ({reason}): check the name, the password and what they may",
    ),
    (("No space left", "disk full"), StoreFullError, "the disk of {where} is full ({reason}): free some space there"),
)
"""By words of the server or of its client library: a connection that failed has no code that would say why."""
_LONGEST_REASON = 160
_SQLITE_SAYS_OF_DAMAGE = ("Could not decode to UTF-8", "no such rowid")
"""Of a text, and of a row that an index names; without a code of their own."""


def place_of(url: URL) -> str:
    """How a database is named to people: the file for SQLite, else its address without the password, and without what follows it."""
    if url.get_backend_name() == "sqlite":
        return url.database or "the database in memory"
    return url.set(query={}).render_as_string(hide_password=True)


def store_error(url: URL, error: Exception) -> StoreError:
    """The error of this package that says what an error of SQLAlchemy, or of a database's driver, means."""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - see above

    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorname", "")
    reason = " ".join(str(cause).split())
    if isinstance(cause, UnicodeDecodeError) or any(reason.startswith(words) for words in _SQLITE_SAYS_OF_DAMAGE):
        code = "SQLITE_CORRUPT"
    for name, kind, text in _BY_SQLITE_CODE:
        if code.startswith(name):
            return kind(text.format(where=place_of(url), reason=reason))
    if url.get_backend_name() != "sqlite":
        return _server_error(url, error, reason)
    return StoreRefusedError(f"{place_of(url)} refused: {reason}")


def _server_error(url: URL, error: Exception, reason: str) -> StoreError:
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - see above

    reason = reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]}…"
    for words, kind, text in _SERVER_SAYS:
        if any(word in reason for word in words):
            return kind(text.format(where=place_of(url), reason=reason))
    disconnected = isinstance(error, DBAPIError) and (error.connection_invalidated or type(error).__name__ == "OperationalError")
    if disconnected:
        return StoreUnreachableError(f"{place_of(url)} does not answer ({reason}): check the server and the network")
    return StoreRefusedError(f"{place_of(url)} refused: {reason}")


@contextmanager
def told_plainly(url: URL) -> Iterator[None]:
    """Turns a database's error raised inside into a StoreError, and text in it that is none."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - see above

    try:
        yield
    except (SQLAlchemyError, UnicodeDecodeError) as error:
        raise store_error(url, error) from error
    except Exception as error:
        if not _is_of_a_driver(error):
            raise
        raise store_error(url, error) from error


def _is_of_a_driver(error: Exception) -> bool:
    """Whether a driver raised it: rows that are taken from its cursor come without SQLAlchemy's own errors. By the name in PEP 249."""
    return any(kind.__name__ == "DatabaseError" for kind in type(error).__mro__)


class ExportError(StoreError):
    """A case could not be written as files; nothing half-written is left."""


class ReportError(ExportError):
    """A report could not be drawn on this machine."""


class ImportRefusedError(StoreError):
    """What was to come in is damaged, foreign, altered or here already; nothing of it was taken."""


class BackupError(StoreError):
    """A copy could not be made, or is none; nothing half-written is left."""


class RestoreRefusedError(StoreError):
    """A backup may not take the database's place; nothing was changed."""


class RetentionError(StoreError):
    """A case may not be deleted; nothing of it was."""


class PeopleError(StoreError):
    """A change of who may do what makes no sense; nothing was changed."""
