"""How much room is left where cases are kept. Decides nothing: whoever records warns and refuses by these figures."""

from __future__ import annotations

import shutil
from pathlib import Path

from storage.engine import parse_url, sqlite_file

REFUSE_BELOW_BYTES = 500_000_000
"""No new case is begun with less: about two eight-hour cases of eight waveforms."""
WARN_BELOW_BYTES = 2_000_000_000
"""With less, the operator is told."""


def free_bytes(address: str) -> int | None:
    """Bytes left on the disk of an SQLite database, or of the nearest folder there is; None for a server, which keeps that to itself.

    Raises BadDatabaseAddressError.
    """
    path = sqlite_file(parse_url(address))
    if path is None:
        return None
    return free_at(path)


def free_at(path: Path) -> int:
    """Bytes left on the disk where a file is, or would be made."""
    place = path.absolute().parent
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
