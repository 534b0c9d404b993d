"""Blobs out of rows of ``waveforms``: whole ones, or open ones of which one channel of many is read alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from storage.schema import WAVEFORMS
from storage.waveform_blob import Blob

_AT_ONCE = 32
_BLOBS = select(WAVEFORMS.c.blob).where(WAVEFORMS.c.id.in_(bindparam("rows", expanding=True))).order_by(WAVEFORMS.c.id)


def blobs_of(connection: Connection, ids: Sequence[int], *, in_part: bool = False) -> Iterator[Blob]:
    """The blobs of those rows, in that order. ``in_part``: most of each will not be asked for; each is closed when the next is taken.

    Of the drivers SQLite's own alone reads part of a value; from the others each comes whole.
    """
    driver: Any = connection.connection.driver_connection
    if in_part and hasattr(driver, "blobopen"):
        for row_id in ids:
            with driver.blobopen(WAVEFORMS.name, WAVEFORMS.c.blob.name, row_id, readonly=True) as blob:
                yield blob
        return
    for first in range(0, len(ids), _AT_ONCE):
        yield from connection.execute(_BLOBS, {"rows": ids[first : first + _AT_ONCE]}).scalars()
