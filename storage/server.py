"""Connections to a PostgreSQL server: how they are protected, and after how long a server that is gone is given up. Knows no table.

The settings of ``libpq`` stand in the address; what the address says holds. Where it says nothing of TLS and the server is not this
computer, the connection is encrypted and the server's certificate and name are checked (``sslmode=verify-full``).
"""

from __future__ import annotations

import logging

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.pool import NullPool

from storage.errors import BadDatabaseAddressError, StoreUnreachableError

logging.getLogger("psycopg").setLevel(logging.ERROR)  # what it warns of when a connection is lost, our own errors tell

DRIVER = "postgresql+psycopg"
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
VERIFIED = "verify-full"

GIVEN_UP_AFTER_S = 10
"""A server that acknowledges nothing for so long is gone, and so is its connection."""
_PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": str(GIVEN_UP_AFTER_S * 1000),
    "application_name": "bedside",
}
WRITER_OPTIONS = "-c idle_in_transaction_session_timeout=30s -c lock_timeout=15s"
"""A writer that vanished in the midst of a transaction must not hold its rows for ever."""
READER_OPTIONS = "-c default_transaction_read_only=on"


def is_server(url: URL) -> bool:
    """Whether cases are kept on a server that this program knows how to fill and to watch."""
    return url.get_backend_name() == "postgresql"


def with_driver(url: URL) -> URL:
    """``postgresql://`` means the driver that comes with this program."""
    return url.set(drivername=DRIVER) if url.drivername == "postgresql" else url


def protected(url: URL) -> URL:
    """The address with what it leaves unsaid of TLS and of patience."""
    said = {name: value for name, value in _PATIENCE.items() if name not in url.query}
    if "sslmode" not in url.query and not _is_here(url):
        said["sslmode"] = VERIFIED
    return url.update_query_dict(said)


def _is_here(url: URL) -> bool:
    """A Unix socket, or a server on this computer."""
    host = url.query.get("host") or url.host or ""
    hosts = [host] if isinstance(host, str) else list(host)
    return all(not name or name.startswith("/") or name in HERE for name in hosts)


def server_engine(url: URL, *, reads_only: bool) -> Engine:
    """Connections that are closed when given back. Readers cannot write, and see the database at one moment throughout a transaction.

    Raises BadDatabaseAddressError for a kind of database that is not known, StoreUnreachableError where its package is missing.
    """
    try:
        if not is_server(url):
            return create_engine(url, poolclass=NullPool)
        options = f"{url.query.get('options', '')} {READER_OPTIONS if reads_only else WRITER_OPTIONS}".strip()
        ready = protected(with_driver(url)).update_query_dict({"options": options})
        isolation = "REPEATABLE READ" if reads_only else "READ COMMITTED"
        return create_engine(ready, poolclass=NullPool, isolation_level=isolation)
    except NoSuchModuleError:
        raise BadDatabaseAddressError(
            f"{url.drivername} is no kind of database that is known here: see SQLAlchemy's list of URLs"
        ) from None
    except ModuleNotFoundError as error:
        raise StoreUnreachableError(f"{url.drivername} needs the Python package {error.name}: install it beside this program") from None
