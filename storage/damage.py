"""Whether what Python stumbled over is damage of the record: a word or a number that this program never writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from storage.audit import verify
from storage.errors import StoreDamagedError
from storage.history import CaseHistory


@contextmanager
def told_as_damage(history: CaseHistory) -> Iterator[None]:
    """Where reading fails inside and the case's chain or seals are broken, that is told. Raises StoreError; else what was raised.

    A case is not checked before it is read: that takes as long as reading it.
    """
    try:
        yield
    except (LookupError, ValueError, TypeError) as error:
        with history.reading() as connection:
            fault = verify(connection, history.case_id).fault
        if not fault:
            raise
        raise StoreDamagedError(f"case {history.case_id} is damaged, {fault}: restore a copy") from error
