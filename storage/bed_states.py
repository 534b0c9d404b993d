"""The last word of each bed on the clinic's server: one row a bed, told to whoever listens. Knows rows; what is in them: ``bed_json.py``.

Ages are by the server's own clock alone: a bed whose clock is wrong is neither silent nor ahead of its time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, delete, func, select, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import SQLAlchemyError

from clinical.bed import BedState
from clinical.instant import NS_PER_S
from storage.bed_json import bed_json
from storage.engine import parse_url, reading_engine, writing_engine
from storage.errors import BadDatabaseAddressError, NotABedsideStoreError, place_of, told_plainly
from storage.schema import BED_STATES, REVISIONS
from storage.server import is_server
from storage.upgrade import bring_up_to_date, revision_of

CHANNEL = "bedside_beds"
TAKEN_FOR_S = 10.0
"""A bed's name belongs to the core that spoke last under it, until it has been silent for so long."""
_NOW_NS = func.cast(func.extract("epoch", func.clock_timestamp()) * NS_PER_S, BigInteger)
_UPSERT = text(
    "INSERT INTO bed_states AS known (bed, core, heard_utc_ns, state)"
    " VALUES (:bed, :core, (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint, :state)"
    " ON CONFLICT (bed) DO UPDATE SET core = excluded.core, heard_utc_ns = excluded.heard_utc_ns, state = excluded.state"
    " WHERE known.core = excluded.core OR known.heard_utc_ns < excluded.heard_utc_ns - :taken_for_ns"
    " OR (known.state::json ->> 'left')::boolean"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BedRow:
    """The last word of a bed: its JSON, and how long ago the server heard it."""

    bed: str
    age_s: float
    state: str


class _OnServer:
    """Holds one connection; let go of at any fault and made anew at the next use."""

    def __init__(self, address: str) -> None:
        """Raises BadDatabaseAddressError for anything but a PostgreSQL server."""
        self._url = parse_url(address)
        if not is_server(self._url):
            raise BadDatabaseAddressError("several beds need a PostgreSQL server: --database postgresql+psycopg://HOST/DATABASE")
        self._connection: Connection | None = None

    @contextmanager
    def _used(self) -> Iterator[None]:
        """Turns what the server complains of into a StoreError, and lets go of the connection."""
        try:
            with told_plainly(self._url):
                yield
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._connection is not None:
            with suppress(SQLAlchemyError):  # a server that is gone cannot be told goodbye
                self._connection.close()
        self._connection = None


class BedAnnouncer(_OnServer):
    """Tells one bed's state. Belongs to one thread."""

    def __init__(self, address: str, core: str) -> None:
        """``core``: names this run."""
        super().__init__(address)
        self._core = core

    def announce(self, state: BedState) -> bool:
        """Whether it was taken: False where another core speaks under the same bed's name. Raises StoreError."""
        values = {"bed": state.bed, "core": self._core, "state": bed_json(state), "taken_for_ns": round(TAKEN_FOR_S * NS_PER_S)}
        with self._used():
            connection = self._ready()
            with connection.begin():
                taken = connection.execute(_UPSERT, values).rowcount == 1
                other = BED_STATES.c.bed != state.bed  # the case says another bed than the site's settings: one core, one bed
                connection.execute(delete(BED_STATES).where(BED_STATES.c.core == self._core, other))
                if taken:
                    connection.execute(select(func.pg_notify(CHANNEL, state.bed)))
        return taken

    def _ready(self) -> Connection:
        if self._connection is None:
            self._connection = writing_engine(self._url).connect()
            bring_up_to_date(self._connection, self._url)
            with self._connection.begin():  # the next word comes in half a second: none is worth a wait for the disk
                self._connection.execute(text("SET SESSION synchronous_commit = off"))
        return self._connection


class BedListener(_OnServer):
    """Reads every bed's state and waits for the next. Writes nothing. Belongs to one thread."""

    def beds(self) -> list[BedRow]:
        """All that are known. Raises StoreError."""
        query = select(BED_STATES.c.bed, BED_STATES.c.state, (_NOW_NS - BED_STATES.c.heard_utc_ns).label("age_ns"))
        with self._used():
            connection = self._ready()
            with connection.begin():
                rows = connection.execute(query).all()
        return [BedRow(bed=row.bed, age_s=row.age_ns / NS_PER_S, state=row.state) for row in rows]

    def wait(self, seconds: float) -> bool:
        """Waits until a bed says something; False if none did so long. Raises StoreError."""
        with self._used():
            return next(self._told(self._ready(), seconds), None) is not None

    @staticmethod
    def _told(connection: Connection, seconds: float) -> Iterator[Any]:
        driver: Any = connection.connection.driver_connection
        import psycopg  # noqa: PLC0415 - where there is a server there is its driver

        try:
            yield from driver.notifies(timeout=seconds, stop_after=1)
        except psycopg.Error as error:
            raise SQLAlchemyError(str(error)) from error

    def _ready(self) -> Connection:
        if self._connection is None:
            self._connection = reading_engine(self._url).connect().execution_options(isolation_level="AUTOCOMMIT")
            with self._connection.begin():
                revision = revision_of(self._connection, self._url)
                if revision != REVISIONS[-1]:
                    raise NotABedsideStoreError(_not_ready(self._url, revision))
                self._connection.execute(text(f"LISTEN {CHANNEL}"))
        return self._connection


def _not_ready(url: URL, revision: str | None) -> str:
    where = place_of(url)
    if revision is None:
        return f"{where} holds nothing yet: start a bed that records there first"
    return f"{where} is of an older Bedside: start a bed of this one there first"


def forget_bed(address: str, bed: str) -> bool:
    """Takes a bed's last word away, for one that will not come back; False where there is none of that name. Raises StoreError."""
    url = parse_url(address)
    with told_plainly(url), writing_engine(url).connect() as connection, connection.begin():
        return connection.execute(delete(BED_STATES).where(BED_STATES.c.bed == bed)).rowcount == 1
