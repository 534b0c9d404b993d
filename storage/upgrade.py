"""Brings a database to this program's schema: makes a new one, leaves a right one, migrates an old one, refuses others.

Alembic is imported only when a database is behind: it costs most of a second, and a start has none to give.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import URL, Connection

from storage.errors import NotABedsideStoreError, StoreIsNewerError, place_of
from storage.schema import HOUSE, METADATA, REVISIONS

_VERSION_TABLE = "alembic_version"
_ONE_AT_A_TIME = 0x62656473
"""Names the lock under which a server's schema is made: any number that nobody else takes."""


def revision_of(connection: Connection, url: URL, *, revisions: tuple[str, ...] = REVISIONS) -> str | None:
    """The schema revision of a database; None if it is empty.

    Raises NotABedsideStoreError for another program's tables, StoreIsNewerError for a revision that this program does not know.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if not {_VERSION_TABLE, "cases"} <= tables:
        raise NotABedsideStoreError(f"{place_of(url)} belongs to another program: choose another database")
    revision = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none())
    if revision not in revisions:
        raise StoreIsNewerError(
            f"{place_of(url)} was written by a newer Bedside; this one knows its form up to {revisions[-1]}, not {revision}: "
            "update Bedside, or choose another database"
        )
    return revision


def bring_up_to_date(connection: Connection, url: URL, *, revisions: tuple[str, ...] = REVISIONS) -> None:
    """Leaves the newest schema, in one transaction: killed in its midst, the database is as it was."""
    with connection.begin():
        if connection.dialect.name == "postgresql":  # several beds may open an empty database at one moment
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        revision = revision_of(connection, url, revisions=revisions)
        if revision is None:
            _create(connection)
        elif revision != revisions[-1]:
            migrate(connection)


def _create(connection: Connection) -> None:
    METADATA.create_all(connection)
    HOUSE.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": REVISIONS[-1]})


def migrate(connection: Connection, target: str = "head") -> None:
    """Runs the migrations in the transaction that is open on ``connection``."""
    from alembic import command  # noqa: PLC0415 - costs 0.9 s; see above
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
