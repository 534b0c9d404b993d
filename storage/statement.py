"""Statements compiled once and given straight to the driver: what SQLAlchemy adds to each call costs more than the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, bindparam, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy.sql.dml import UpdateBase

    from storage.rows import Row


class Statement:
    """One INSERT or UPDATE of one dialect; its values are given by position."""

    def __init__(self, statement: UpdateBase, names: Sequence[str], engine: Engine) -> None:
        """``names``: of its values, in the order in which they will be given."""
        dialect = engine.dialect
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        self._text = str(compiled)
        self._names = names
        # in the order of the text where the driver counts its marks, by name where it names them
        self._places = [names.index(name) for name in compiled.positiontup or ()] if dialect.positional else None
        self._in_order = self._places == list(range(len(names)))
        self._dialect = dialect
        self._error: type[Exception] = dialect.loaded_dbapi.Error

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Once for each row, within the connection's transaction. Raises SQLAlchemy's DBAPIError."""
        if not rows:
            return
        driver = connection.connection
        try:
            cursor = driver.cursor()
            cursor.executemany(self._text, self._as_asked(rows))
            cursor.close()
        except self._error as error:
            raise self._told_as_ever(connection, error) from error

    def _as_asked(self, rows: Sequence[Row]) -> Sequence[Sequence[Any]] | Sequence[Mapping[str, Any]]:
        if self._places is None:
            return [dict(zip(self._names, row, strict=True)) for row in rows]
        return rows if self._in_order else [[row[place] for place in self._places] for row in rows]

    def _told_as_ever(self, connection: Connection, error: Exception) -> BaseException:
        """A driver's error as SQLAlchemy would have told it; a connection that is lost is one to it too."""
        lost = self._dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
        if lost:
            connection.invalidate(error)
        return DBAPIError.instance(self._text, None, error, self._error, connection_invalidated=lost, dialect=self._dialect)


class Insert(Statement):
    """Of rows without their ``id``, all of one case."""

    def __init__(self, table: Table, engine: Engine) -> None:
        names = [column.name for column in table.columns if column.name != "id"]
        # case_id leads in every table but for the id
        assert names[0] == "case_id"  # noqa: S101 - a fault of schema.py, found by any test
        super().__init__(table.insert(), names, engine)

    def run_for(self, connection: Connection, case_id: int, rows: Iterable[Row]) -> None:
        self.run(connection, [(case_id, *row) for row in rows])


def update_by_id(table: Table, names: Sequence[str], engine: Engine) -> Statement:
    """Sets these columns of one row; its ``id`` is given after them."""
    statement = update(table).where(table.c.id == bindparam("row_id")).values({name: bindparam(f"new_{name}") for name in names})
    return Statement(statement, [*(f"new_{name}" for name in names), "row_id"], engine)
