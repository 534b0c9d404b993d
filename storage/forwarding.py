"""Sends what a bed recorded into its own file on to the clinic's server, each row exactly once. Starts no thread and waits for nothing.

A case is named by its uuid: its number differs here and there. How far each table has come stands on the server, and moves in the very
transaction that brings the rows; who does not know whether a transaction took place asks there. Seconds of waveforms stay here until
they are put together to the minutes that they remain (``compaction.py``), so no row that was sent is changed afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Select, Table, func, select, update
from sqlalchemy.engine import URL, Connection, Engine, RowMapping
from sqlalchemy.exc import SQLAlchemyError

from storage.compaction import upto
from storage.engine import parse_url, reading_engine, writing_engine
from storage.errors import told_plainly
from storage.rows import Kept
from storage.schema import CASES, FORWARDINGS, METADATA, WAVEFORM_OVERVIEWS, WAVEFORMS
from storage.upgrade import bring_up_to_date

MOST_ROWS, MOST_BLOBS = 4000, 40
"""Of one table in one transaction: after a day without the server it is filled in many small steps, each of which stays."""
IDLE_TURNS = 20
"""A case that brought nothing, and is not the latest, is looked at only so often."""

_STANDING = ("chain_rows", "chain_head", "ended_utc_ns", "ended_mono_ns", "end_reason")
"""Columns of ``cases`` that follow a case as it goes."""
_TABLES = tuple(table for table in METADATA.sorted_tables if "case_id" in table.c and table not in {WAVEFORMS, WAVEFORM_OVERVIEWS})
_NONE_YET = -1

Marks: TypeAlias = dict[str, int]
"""By table: the number of the last row that is on the server; of a table without numbers how many; of ``cases`` the chain's length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """What goes in one transaction. ``places``: of each overview, which row of the level below, counted from 1, is the last in it."""

    case: Kept
    rows: Mapping[str, Sequence[RowMapping]]
    places: Sequence[int]
    marks: Marks
    whole: bool

    @property
    def count(self) -> int:
        return sum(map(len, self.rows.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a turn did: rows that are on the server now, and whether more wait."""

    rows: int
    more: bool


class Forwarder:
    """From one file to one server. Belongs to one thread.

    Attributes:
        left_alone: uuid → why a case is not sent: it was put there, or added to, by other ways.
    """

    def __init__(self, spool: str, server: str, *, most_rows: int = MOST_ROWS) -> None:
        """Opens nothing yet. ``most_rows``: of one table in one transaction. Raises BadDatabaseAddressError."""
        self._most_rows = most_rows
        self._spool, self._server = parse_url(spool), parse_url(server)
        self._reader: Connection | None = None
        self._writer: Connection | None = None
        self._marks: dict[str, Marks] = {}
        self._done: dict[str, int] = {}
        self._idle: dict[str, int] = {}
        self.left_alone: dict[str, str] = {}

    def turn(self) -> Sent:
        """Sends a step of every case that has something new. Raises StoreError; what is not known to be there is asked for then."""
        rows, more = 0, False
        try:
            for place, case in enumerate(self._candidates()):
                batch = self._batch(case)
                if batch.count or case.uuid not in self._marks or batch.marks[CASES.name] != self._marks[case.uuid].get(CASES.name):
                    rows += self._send(case.uuid, batch)
                elif place and case.ended_utc_ns is None:
                    self._idle[case.uuid] = IDLE_TURNS
                more = more or not batch.whole
        except BaseException:
            self.close()
            raise
        return Sent(rows=rows, more=more)

    def behind(self) -> int:
        """How many rows wait, as far as it is known what the server has. Raises StoreError."""
        return sum(self._batch(case).count for case in self._candidates())

    def close(self) -> None:
        """Lets go of file and server, and of what it thought the server had."""
        for connection in (self._reader, self._writer):
            if connection is not None:
                with suppress(SQLAlchemyError):  # a server that is gone cannot be told goodbye
                    connection.close()
        self._reader = self._writer = None
        self._marks.clear()

    def _candidates(self) -> list[Kept]:
        """The latest first: what happens now goes before what is made up for."""
        with told_plainly(self._spool):
            self._reader = self._reader or _opened(reading_engine(self._spool))
            with self._reader.begin():
                cases = self._reader.execute(select(CASES).order_by(CASES.c.id.desc())).all()
        waiting = []
        for case in cases:
            self._idle[case.uuid] = self._idle.get(case.uuid, 1) - 1
            resting = self._idle[case.uuid] > 0 or case.uuid in self.left_alone
            if not resting and self._done.get(case.uuid) != case.chain_rows:
                waiting.append(case)
        return waiting

    def _batch(self, case: Kept) -> _Batch:
        marks = self._known(case.uuid)
        assert self._reader is not None  # noqa: S101 - for the type checker: _candidates opened it
        with told_plainly(self._spool), self._reader.begin():
            now = self._reader.execute(select(CASES).where(CASES.c.id == case.id)).one()
            return _read(self._reader, now, marks, self._most_rows)

    def _known(self, uuid: str) -> Marks:
        """How far the server is with a case, as it was last told; asked where that is not known."""
        if uuid not in self._marks:
            with told_plainly(self._server):
                writer = self._connected()
                with writer.begin():
                    kept = writer.execute(select(FORWARDINGS.c.upto).where(FORWARDINGS.c.uuid == uuid)).scalar_one_or_none()
            if kept is None:
                return {}
            self._marks[uuid] = json.loads(kept)
        return self._marks[uuid]

    def _connected(self) -> Connection:
        if self._writer is None:
            self._writer = _opened(writing_engine(self._server))
            bring_up_to_date(self._writer, self._server)
        return self._writer

    def _send(self, uuid: str, batch: _Batch) -> int:
        with told_plainly(self._server):
            writer = self._connected()
            with writer.begin():
                number, kept = _locked(writer, batch.case)
                why = _why_left_alone(writer, batch.case, number, kept)
                if why:
                    self.left_alone[uuid] = why
                    return 0
                if kept == self._marks.get(uuid, {}):
                    _write(writer, number or 0, batch)
                    kept = batch.marks
        self._marks[uuid] = kept
        if kept is batch.marks and batch.whole and batch.case.ended_utc_ns is not None:
            self._done[uuid] = batch.case.chain_rows
        return batch.count if kept is batch.marks else 0


def _opened(engine: Engine) -> Connection:
    return engine.connect()


def _read(reader: Connection, case: Kept, marks: Marks, most_rows: int) -> _Batch:
    """The next step of a case, as the file has it at one moment."""
    rows: dict[str, Sequence[RowMapping]] = {}
    after = dict(marks)
    for table in _TABLES:
        rows[table.name] = _next(reader, table, case.id, after, most_rows)
    final = None if case.ended_utc_ns is not None else upto(reader, case.id, 0)
    rows[WAVEFORMS.name] = _next(reader, WAVEFORMS, case.id, after, MOST_BLOBS, final=final)
    cut = any(len(found) == most_rows for found in rows.values()) or len(rows[WAVEFORMS.name]) == MOST_BLOBS
    rows[WAVEFORM_OVERVIEWS.name] = [] if cut else _next(reader, WAVEFORM_OVERVIEWS, case.id, after, most_rows)
    after[CASES.name] = marks.get(CASES.name, 0) if cut else case.chain_rows
    places = [_place(reader, case.id, row) for row in rows[WAVEFORM_OVERVIEWS.name]]
    return _Batch(case=case, rows=rows, places=places, marks=after, whole=not cut)


def _next(reader: Connection, table: Table, case_id: int, marks: Marks, limit: int, *, final: int | None = None) -> Sequence[RowMapping]:
    """Rows after the mark, which is moved to the last of them."""
    numbered = next((name for name in ("id", "number") if name in table.c), "")
    query = select(table).where(table.c.case_id == case_id)
    if not numbered:
        found = reader.execute(query).mappings().all()
        fresh = found if len(found) != marks.get(table.name, 0) else []
        marks[table.name] = len(found)
        return fresh
    number = table.c[numbered]
    query = query.where(number > marks.get(table.name, _NONE_YET)).order_by(number).limit(limit)
    found = reader.execute(query if final is None else query.where(number <= final)).mappings().all()
    if found:
        marks[table.name] = found[-1][numbered]
    return found


def _place(reader: Connection, case_id: int, overview: RowMapping) -> int:
    below = _below(case_id, overview["level"])
    return int(reader.execute(below.with_only_columns(func.count()).where(_id_of(overview["level"]) <= overview["upto_id"])).scalar_one())


def _id_of(level: int) -> Any:
    return WAVEFORMS.c.id if level == 0 else WAVEFORM_OVERVIEWS.c.id


def _below(case_id: int, level: int) -> Select[Any]:
    """The rows that a level is made of."""
    if level == 0:
        return select(WAVEFORMS.c.id).where(WAVEFORMS.c.case_id == case_id)
    table = WAVEFORM_OVERVIEWS.c
    return select(table.id).where(table.case_id == case_id, table.level == level - 1)


def _locked(writer: Connection, case: Kept) -> tuple[int | None, Marks]:
    """The case's number on the server and how far it is, held until the transaction ends. None: it has never been sent.

    A transaction of ours whose answer was lost has ended before this one goes on.
    """
    held = select(FORWARDINGS).where(FORWARDINGS.c.uuid == case.uuid).with_for_update()
    row = writer.execute(held).one_or_none()
    if row is not None:
        return int(row.to_case), json.loads(row.upto)
    writer.execute(select(func.pg_advisory_xact_lock(func.hashtext(case.uuid))))  # there is no row yet that could be held
    row = writer.execute(held).one_or_none()
    return (None, {}) if row is None else (int(row.to_case), json.loads(row.upto))


def _why_left_alone(writer: Connection, case: Kept, number: int | None, kept: Marks) -> str:
    if number is None:
        there = writer.execute(select(CASES.c.id).where(CASES.c.uuid == case.uuid).limit(1)).scalar_one_or_none()
        return "" if there is None else f"it is there already, as case {there}, and was not sent from here"
    rows = writer.execute(select(CASES.c.chain_rows).where(CASES.c.id == number)).scalar_one_or_none()
    if rows is None:
        return "it was deleted there"
    return "" if rows == kept.get(CASES.name, 0) else f"something was added to it there, as case {number}"


def _write(writer: Connection, number: int, batch: _Batch) -> None:
    number = number or _begun(writer, batch.case)
    for name, rows in batch.rows.items():
        table = METADATA.tables[name]
        own = [{key: value for key, value in row.items() if key != "id"} | {"case_id": number} for row in rows]
        if table is WAVEFORM_OVERVIEWS:
            _write_overviews(writer, number, own, batch.places)
        elif own:
            writer.execute(_insert(table), own)
    standing = {column: getattr(batch.case, column) for column in _STANDING}
    if batch.whole:
        writer.execute(update(CASES).where(CASES.c.id == number).values(**standing))
    row = {"upto": json.dumps(batch.marks), "whole": batch.whole}
    writer.execute(update(FORWARDINGS).where(FORWARDINGS.c.uuid == batch.case.uuid).values(**row))


def _insert(table: Table) -> Any:
    """Of a table without numbers all rows are sent again when there is a new one: those that are there stay as they are."""
    if "id" in table.c or "number" in table.c:
        return table.insert()
    from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415 - costs its time only where there is a server

    return insert(table).on_conflict_do_nothing()


def _begun(writer: Connection, case: Kept) -> int:
    """The case's row there, without an end and without a chain until all of that is there."""
    columns = {name: value for name, value in zip(CASES.columns.keys(), case, strict=True) if name not in {"id", *_STANDING}}
    statement = CASES.insert().values(**columns, chain_rows=0, chain_head=b"").returning(CASES.c.id)
    number = int(writer.execute(statement).scalar_one())
    writer.execute(FORWARDINGS.insert().values(uuid=case.uuid, to_case=number, upto="{}", whole=False))
    return number


def _write_overviews(writer: Connection, number: int, rows: Sequence[dict[str, Any]], places: Sequence[int]) -> None:
    """One by one: the numbers of the rows below are the server's own, and may have come with the row before."""
    for row, place in zip(rows, places, strict=True):
        below = _below(number, row["level"]).order_by(_id_of(row["level"])).offset(place - 1).limit(1)
        writer.execute(WAVEFORM_OVERVIEWS.insert().values(**row | {"upto_id": writer.execute(below).scalar_one()}))


def place_of_url(url: URL) -> str:
    """How the server is told apart in the name of a file: host, port and database."""
    words = f"{url.host or 'local'}-{url.port or 5432}-{url.database or ''}"
    return "".join(letter if letter.isalnum() or letter == "-" else "-" for letter in words)
