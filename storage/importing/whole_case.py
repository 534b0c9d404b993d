"""Takes back the record that ``export/case_record.py`` wrote: checked whole first, then copied row by row. What is foreign is refused.

The file is only read, and not before its size, its kind and every object of its schema are what Bedside makes: no view, trigger or
virtual table of it is ever run.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import select

from storage.audit import verify
from storage.engine import parse_url, reading_engine, writing_engine
from storage.errors import ImportRefusedError, told_plainly
from storage.export.case_record import NAME, copy_case
from storage.export.told import Told, nobody
from storage.schema import CASES, HOUSE, METADATA, REVISIONS
from storage.upgrade import bring_up_to_date, revision_of

LARGEST_BYTES = 64 << 30
_MAGIC = b"SQLite format 3\x00"


def record_in(path: Path) -> Path | None:
    """The record that a path names: itself, or the one in an exported folder; None where there is none."""
    found = path / NAME if path.is_dir() else path
    if not found.is_file():
        return None
    with found.open("rb") as file:
        return found if file.read(len(_MAGIC)) == _MAGIC else None


def import_case(record: Path, address: str, *, told: Told = nobody) -> int:
    """Copies the case of a record into a database; its number there.

    Raises ImportRefusedError if the record is damaged, foreign, altered, or here already; StoreError if the database does not take it.
    """
    _require_plain(record)
    with _current(record) as path:
        source, target = parse_url(f"sqlite:///{path}"), parse_url(address)
        with told_plainly(source), reading_engine(source).connect() as reader, reader.begin():
            cases = reader.execute(select(CASES)).all()
            if len(cases) != 1:
                raise ImportRefusedError(f"{record} holds {len(cases)} cases: import what `bedside export --format bedside` made")
            fault = verify(reader, cases[0].id).fault
            if fault:
                raise ImportRefusedError(f"{record} is not as it was written: {fault}")
            engine = writing_engine(target)
            try:
                with told_plainly(target), engine.connect() as writer:
                    bring_up_to_date(writer, target)
                    with writer.begin():
                        same = select(CASES.c.id).where(CASES.c.uuid == cases[0].uuid).limit(1)
                        here = writer.execute(same).scalar_one_or_none()
                        if here is not None:
                            raise ImportRefusedError(f"the case in {record} is here already, as case {here}")
                        return copy_case(reader, writer, cases[0].id, told)[0]
            finally:
                engine.dispose()


def _require_plain(record: Path) -> None:
    """Looks at the file with bare SQLite, read-only and trusting nothing in its schema."""
    if record.stat().st_size > LARGEST_BYTES:
        raise ImportRefusedError(f"{record} is larger than {LARGEST_BYTES >> 30} GB: no case is")
    try:
        with closing(sqlite3.connect(f"file:{quote(str(record.absolute()))}?mode=ro", uri=True)) as file:
            file.execute("PRAGMA trusted_schema = OFF")
            file.execute("PRAGMA cell_size_check = ON")
            objects = file.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
            known = {*METADATA.tables, *HOUSE.tables, "alembic_version"}
            strange = [name for kind, name, sql in objects if kind not in {"table", "index"} or "VIRTUAL" in sql.upper()[:20]]
            strange += [name for kind, name, _ in objects if kind == "table" and name not in known and not name.startswith("sqlite_")]
            if strange or not any(name == CASES.name for _, name, _ in objects):
                raise ImportRefusedError(f"{record} is no record of Bedside" + (f": it holds {str(strange[0])[:60]!r}" if strange else ""))
            damage = file.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if damage != "ok":
                raise ImportRefusedError(f"{record} is damaged: {' '.join(str(damage).split())[:120]}")
    except sqlite3.Error as error:
        raise ImportRefusedError(f"{record} cannot be read as a record of Bedside ({error})") from error


@contextmanager
def _current(record: Path) -> Iterator[Path]:
    """The record in the present schema: itself, or a copy that is brought up to date."""
    url = parse_url(f"sqlite:///{record}")
    with told_plainly(url), reading_engine(url).connect() as connection, connection.begin():
        behind = revision_of(connection, url) != REVISIONS[-1]
    if not behind:
        yield record
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / NAME
        shutil.copyfile(record, copy)
        target = parse_url(f"sqlite:///{copy}")
        engine = writing_engine(target)
        try:
            with told_plainly(target), engine.connect() as writer:
                bring_up_to_date(writer, target)
        finally:
            engine.dispose()
        yield copy
