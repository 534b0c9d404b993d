"""A case as the record itself: an SQLite database that holds this case alone, row by row as it was written, with its audit chain.

`bedside import` takes it back whole, and Bedside opens it where it lies.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.engine import Connection

from storage.engine import parse_url, writing_engine
from storage.errors import told_plainly
from storage.export.case_folder import Format, Written
from storage.export.sheet import Source, WrittenFile, digest_of
from storage.export.told import Told
from storage.schema import CASES, METADATA, WAVEFORM_OVERVIEWS, WAVEFORMS
from storage.upgrade import bring_up_to_date

NAME = "case.sqlite"
_ROWS_AT_ONCE = 2000
_BLOBS_AT_ONCE = 20
"""Minutes of waveforms, up to half a megabyte each."""


def tables_of_a_case() -> list[Table]:
    """Every table whose rows belong to a case, in an order in which they can be written; ``cases`` itself is not among them."""
    return [table for table in METADATA.sorted_tables if table is not CASES and "case_id" in table.c]


def copy_case(reader: Connection, writer: Connection, case_id: int, told: Told) -> tuple[int, int]:
    """Copies a case between two databases of this schema; gives its number there, and how many rows it has."""
    case = reader.execute(select(CASES).where(CASES.c.id == case_id)).mappings().one()
    columns = {name: value for name, value in case.items() if name != "id"}
    new_id = int(writer.execute(CASES.insert().values(**columns).returning(CASES.c.id)).scalar_one())
    tables = tables_of_a_case()
    rows = 1
    for place, table in enumerate(tables):
        told(place / len(tables))
        rows += _copy_table(reader, writer, table, case_id, new_id)
    _say_again_which_rows_overviews_hold(reader, writer, case_id, new_id)
    told(1.0)
    return new_id, rows


def _say_again_which_rows_overviews_hold(reader: Connection, writer: Connection, case_id: int, new_id: int) -> None:
    """Overviews name rows by numbers that are the database's own."""
    waves, overviews = WAVEFORMS.c, WAVEFORM_OVERVIEWS.c
    ids = [
        (side.execute(select(one.id).where(one.case_id == number).order_by(one.id)).scalars().all())
        for side, number in ((reader, case_id), (writer, new_id))
        for one in (waves, overviews)
    ]
    now_at_raw, now_at = dict(zip(ids[0], ids[2], strict=True)), dict(zip(ids[1], ids[3], strict=True))
    rows = reader.execute(select(overviews.id, overviews.level, overviews.upto_id).where(overviews.case_id == case_id)).all()
    held = [{"row": now_at[row.id], "upto": (now_at if row.level else now_at_raw).get(row.upto_id, 0)} for row in rows]
    if held:
        writer.execute(update(WAVEFORM_OVERVIEWS).where(overviews.id == bindparam("row")).values(upto_id=bindparam("upto")), held)


def _copy_table(reader: Connection, writer: Connection, table: Table, case_id: int, new_id: int) -> int:
    names = [column.name for column in table.columns if column.name not in {"id", "case_id"}]
    order = [table.c.id] if "id" in table.c else list(table.primary_key.columns)
    query = select(*(table.c[name] for name in names)).where(table.c.case_id == case_id).order_by(*order)
    at_once = _BLOBS_AT_ONCE if table is WAVEFORMS else _ROWS_AT_ONCE
    count = 0
    for part in reader.execute(query.execution_options(yield_per=at_once)).partitions():
        batch: list[dict[str, Any]] = [{"case_id": new_id, **dict(zip(names, row, strict=True))} for row in part]
        writer.execute(table.insert(), batch)
        count += len(batch)
    return count


def _write(folder: Path, source: Source, told: Told) -> Written:
    path = folder / NAME
    url = parse_url(f"sqlite:///{path}")
    with told_plainly(url):
        engine = writing_engine(url)
        try:
            with engine.connect() as writer:
                bring_up_to_date(writer, url)
                # An export is whole or gone (``case_folder.py``), so nothing waits for the disk here.
                writer.connection.driver_connection.execute("PRAGMA synchronous = OFF")  # type: ignore[union-attr]
                with writer.begin(), source.history.reading() as reader:
                    _, rows = copy_case(reader, writer, source.history.case_id, told)
                # One file, and one that can be read where nothing may be written.
                writer.connection.driver_connection.execute("PRAGMA journal_mode = DELETE")  # type: ignore[union-attr]
        finally:
            engine.dispose()
    return Written(files=[WrittenFile(name=NAME, rows=rows, sha256=digest_of(path))])


RECORD = Format(name="bedside", title="the record itself (SQLite)", write=_write, keeps_all=True)
