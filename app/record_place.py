"""Where a bed records: its own file, always; and the clinic's server that is sent what the file holds, where one is named."""

from __future__ import annotations

from dataclasses import dataclass

from app.settings import data_folder, database_url

SERVERS = ("postgresql:", "postgresql+")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlace:
    """``database``: of the bed's own record, a file. ``server``: empty where there is none."""

    database: str
    server: str = ""


def record_place(given: str | None) -> RecordPlace:
    """Of what the command line, or the site, names as the database. Raises StoreError for an address that is none, or SettingsError."""
    named = database_url(given)
    if not named.startswith(SERVERS):
        return RecordPlace(database=named)
    from storage.engine import parse_url  # noqa: PLC0415 (SQLAlchemy is slow to load: only where there is a server)
    from storage.forwarding import place_of_url  # noqa: PLC0415 (as above)

    own = data_folder() / f"spool-{place_of_url(parse_url(named))}.sqlite"
    return RecordPlace(database=f"sqlite:///{own}", server=named)
