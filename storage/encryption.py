"""Databases that nobody reads without their key: SQLCipher in SQLite's place. Knows how a key is given, not where it comes from.

The key stands in the environment of this program's own processes alone, which inherit it from one another: never in an address, on a
command line or in a log. It is 32 bytes, and with it goes the file's own salt of 16, which is the first thing in the file; so a backup
has the salt of what it is a copy of, and one passphrase opens both.
"""

from __future__ import annotations

import importlib
import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy.engine import URL

from storage.errors import StoreForbiddenError, StoreUnreachableError

SCHEME = "sqlite+sqlcipher"
KEY_VARIABLE = "BEDSIDE_DATABASE_KEY"
SALT_BYTES = 16
_SQLITE_MAGIC = b"SQLite format 3\x00"
_KEY = re.compile(r"[0-9a-f]{96}")

Connect = Callable[..., Any]
"""As ``sqlite3.connect``."""


def is_encrypted(url: URL) -> bool:
    return url.drivername == SCHEME


def salt_of(path: Path) -> bytes | None:
    """The salt of an encrypted file; None where there is none yet. Raises StoreForbiddenError for a file in plain SQLite, and OSError."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    with path.open("rb") as file:
        head = file.read(SALT_BYTES)
    if head == _SQLITE_MAGIC:
        raise StoreForbiddenError(f"{path} is not encrypted: name it as sqlite:///{path}, or choose another file")
    return head


def driver_of(url: URL) -> tuple[URL, ModuleType, Connect]:
    """What SQLAlchemy is to be given for an SQLite address: the address it knows, the driver, and how a connection is made.

    Raises StoreUnreachableError where the package that encrypts is not installed.
    """
    if not is_encrypted(url):
        return url, sqlite3, sqlite3.connect
    try:
        driver = importlib.import_module("sqlcipher3.dbapi2")
    except ImportError:
        raise StoreUnreachableError(f"{SCHEME} needs the Python package sqlcipher3: install it beside this program") from None
    return url.set(drivername="sqlite"), driver, _keyed(driver)


def _keyed(driver: ModuleType) -> Connect:
    def connect(name: str, **how: Any) -> Any:
        key = os.environ.get(KEY_VARIABLE, "")
        if not _KEY.fullmatch(key):
            raise StoreForbiddenError(f"{_plain(name)} is encrypted, and its key was not given to this program")
        connection = driver.connect(name, **how)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")  # else it tells standard error of each key that does not fit
            connection.execute(f"PRAGMA key = \"x'{key}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except driver.DatabaseError as error:
            connection.close()
            if getattr(error, "sqlite_errorname", "") != "SQLITE_NOTADB":
                raise
            raise StoreForbiddenError(f"{_plain(name)} does not open with this key: check the passphrase") from None
        return connection

    return connect


def _plain(name: str) -> str:
    return name.removeprefix("file:").partition("?")[0]
