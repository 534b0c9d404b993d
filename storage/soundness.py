"""A quick look at a database's soundness, page by page, that may be broken off. Rows and chains are ``cases.faults_of``'s."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import OperationalError

from storage.cases import reading
from storage.engine import parse_url, sqlite_file
from storage.errors import StoreDamagedError

LOOK_EVERY_STEPS = 2_000
"""Of SQLite's machine: some milliseconds."""


def quick_fault(address: str, unwanted: Callable[[], bool]) -> str:
    """The first thing wrong with the database's pages; empty where it is sound, is not there yet, or the look was broken off.

    Args:
        address: of the database; it may be in use, and only a server's is not looked at.
        unwanted: asked several times a second whether to break off.

    Raises:
        StoreError: it cannot be opened at all.
    """
    url = parse_url(address)
    path = sqlite_file(url)
    if path is None or not path.exists():
        return ""
    try:
        with reading(address) as (connection, _):
            driver: Any = connection.connection.driver_connection
            driver.set_progress_handler(lambda: int(unwanted()), LOOK_EVERY_STEPS)
            try:
                told = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
            except OperationalError:
                if unwanted():
                    return ""
                raise
            finally:
                driver.set_progress_handler(None, 0)
    except StoreDamagedError as error:
        return str(error)
    return "" if told == "ok" else " ".join(told.split())
