"""Forms under way on the disk, beside the record and no more readable than it is. Holds what is unsaved now, and no history of it.

One small file, ``<record>.drafts``, written whole in one transaction and gone when there is nothing to hold. Of an encrypted record it is
encrypted with the same key. Decision 0019.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any

from clinical.forms import Form, RecordExamination, RecordIntake, RecordRecovery
from storage.encryption import driver_of
from storage.engine import parse_url, sqlite_file
from storage.errors import StoreRefusedError
from storage.setup_json import command_from_json, command_json

_OWN = 0o600
_MAKE = "CREATE TABLE IF NOT EXISTS drafts (case_uuid TEXT NOT NULL, page TEXT PRIMARY KEY, form TEXT NOT NULL)"


class Drafts:
    """Those of one record. A record that is no file of this machine has none here: nothing is kept and nothing is found."""

    def __init__(self, address: str) -> None:
        """Opens nothing yet. Raises BadDatabaseAddressError."""
        self._url = parse_url(address)
        record = sqlite_file(self._url)
        self._path = None if record is None else record.with_name(f"{record.name}.drafts")

    def keep(self, case_uuid: str, forms: Mapping[str, Form]) -> None:
        """Takes these, by page, in the place of all that were held; without any the file goes. Raises StoreError."""
        if not forms:
            self.clear()
            return
        rows = [(case_uuid, page, command_json(form)) for page, form in forms.items()]
        with self._told(), self._opened() as connection, connection:  # the inner one is the transaction
            connection.execute(_MAKE)
            connection.execute("DELETE FROM drafts")
            connection.executemany("INSERT INTO drafts VALUES (?, ?, ?)", rows)

    def kept(self, case_uuid: str) -> dict[str, Form]:
        """Those of a case, by page; of another case none. Raises StoreError where they cannot be read."""
        if self._path is None or not self._path.exists():
            return {}
        with self._told(), self._opened() as connection:
            connection.execute(_MAKE)
            rows = connection.execute("SELECT page, form FROM drafts WHERE case_uuid = ?", (case_uuid,)).fetchall()
            forms = {str(page): command_from_json(line) for page, line in rows}
        return {page: form for page, form in forms.items() if isinstance(form, RecordExamination | RecordIntake | RecordRecovery)}

    def clear(self) -> None:
        """Holds nothing any more. Raises StoreError."""
        if self._path is not None:
            with self._told():
                for name in (self._path.name, f"{self._path.name}-journal"):
                    self._path.with_name(name).unlink(missing_ok=True)

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        if self._path is None:
            raise StoreRefusedError("the record is no file of this machine: no form under way is kept beside it")
        with suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWN))
        _, _, connect = driver_of(self._url)
        with closing(connect(str(self._path))) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = EXTRA")
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        _, driver, _ = driver_of(self._url)
        try:
            yield
        except (OSError, ValueError, driver.Error) as error:
            raise StoreRefusedError(f"{self._path} cannot be used ({error})") from error
