"""The one writer: takes outcomes, and writes them in whole transactions. Starts no thread and reads no clock.

``keep`` only collects; ``commit`` makes everything collected durable or, failing, keeps it for the next try. After ``commit``
has returned, no end of the program loses what was kept before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import update
from sqlalchemy.engine import Connection, Engine

from clinical.commands import EndCase
from clinical.instant import NS_PER_S, Instant
from clinical.messages import FromOperator, Outcome
from storage.audit import Chain
from storage.case_buffer import CaseBuffer, CaseState
from storage.case_row import setup_columns
from storage.compaction import BEHIND_NS, MOST_MINUTES, Brought, Compactor
from storage.engine import parse_url, writing_engine
from storage.errors import StoreError, told_plainly
from storage.resumption import gap_before, resumed_state
from storage.rows import clean, gap_row
from storage.schema import CASES, GAPS, METADATA, RUNS, SEALS
from storage.seals import Sealer
from storage.statement import Insert, Statement, update_by_id
from storage.upgrade import bring_up_to_date

COMMIT_EVERY_NS = NS_PER_S


class Recorder:
    """Writes cases into one database.

    All but ``open`` and ``close`` belong to one thread. Outcomes that come while no case runs are not kept.

    Attributes:
        dropped: how many waveform blocks and numerics were given up because they could not be written in time.
    """

    def __init__(self, address: str, *, program_version: str = "", boot_id: str = "") -> None:
        """Opens nothing yet. Raises BadDatabaseAddressError.

        Args:
            address: any SQLAlchemy URL.
            program_version: for the record.
            boot_id: names the run of the computer whose monotonic clock is used; empty if unknown.
        """
        self._url = parse_url(address)
        self._program_version = program_version
        self._boot_id = boot_id
        self._engine: Engine | None = None
        self._connection: Connection | None = None
        self._statements: dict[str, Insert] = {}
        self._chain_head: Statement | None = None
        self._buffers: list[CaseBuffer] = []
        self._current: CaseBuffer | None = None
        self._due_ns: int | None = None
        self._latest: Instant | None = None
        self.dropped = {"waveforms": 0, "numerics": 0}

    def open(self) -> None:
        """Opens the database, makes or migrates its schema. Raises StoreError."""
        with told_plainly(self._url):
            self._engine = writing_engine(self._url)
            try:
                self._connection = self._engine.connect()
                bring_up_to_date(self._connection, self._url)
            except BaseException:
                self.close()
                raise
        self._statements = {table.name: Insert(table, self._engine) for table in METADATA.sorted_tables if "case_id" in table.c}
        self._chain_head = update_by_id(CASES, ("chain_rows", "chain_head"), self._engine)

    def close(self) -> None:
        """Closes the database. Does not commit: what was not committed is lost, as it would be by any other end."""
        if self._connection is not None:
            self._connection.close()
        if self._engine is not None:
            self._engine.dispose()
        self._connection = self._engine = None

    def resume(self, case_id: int, now: Instant) -> None:
        """Goes on with a case that has no end; what is kept from now on belongs to it. Raises StoreError.

        What rebuilds the monitor (``cases.resume_messages``) is in the database already: its outcomes are not to be kept again.
        The stretch since the last thing kept is told as a gap.
        """
        with told_plainly(self._url), self._writer.begin():
            state = resumed_state(self._writer, case_id, now, self._boot_id)
            gap = gap_before(self._writer, state, now)
        buffer = CaseBuffer(state, fresh=False)
        self._begin_run(buffer, now)
        if gap is not None:
            buffer.rows["gaps"].append(gap_row(gap, state.shift_ns))
        self._buffers.append(buffer)
        self._current = buffer

    @property
    def case_id(self) -> int | None:
        """Number of the running case in the database; None where none runs or it was not committed yet."""
        return None if self._current is None else self._current.state.case_id

    def keep(self, outcome: Outcome) -> None:
        """Takes what one step gave. Touches no disk."""
        if outcome.case is not None and not outcome.ended:
            self._begin_case(outcome)
        buffer = self._current
        if buffer is None:
            return
        self._latest = outcome.message.at
        buffer.keep(outcome)
        if outcome.ended:
            command = outcome.message.command if isinstance(outcome.message, FromOperator) else None
            buffer.ended = (outcome.message.at, command.reason if isinstance(command, EndCase) else "")
            self._current = None

    def wants_commit(self, outcome: Outcome) -> bool:
        """Whether what was kept should be written now: commands and alarms at once, all else each second."""
        if not self._buffers:
            return False
        if outcome.transitions or outcome.ended or type(outcome.message) is FromOperator:
            return True
        now_ns = outcome.message.at.monotonic_ns
        if self._due_ns is None:
            self._due_ns = now_ns + COMMIT_EVERY_NS
        return now_ns >= self._due_ns

    def commit(self) -> None:
        """Writes everything kept, in one transaction. Raises StoreError; then all of it is still held for the next try."""
        if not self._buffers:
            return
        if self._latest is not None:
            self._due_ns = self._latest.monotonic_ns + COMMIT_EVERY_NS
        fresh = [buffer for buffer in self._buffers if buffer.state.case_id is None]
        with self._transaction(fresh):
            for buffer in self._buffers:
                self._write(buffer)
        for buffer in self._buffers:
            buffer.written()
        self._buffers = [] if self._current is None else [self._current]

    def put_together(self) -> None:
        """A little of what can wait until a commit is done: seconds of waveforms become minutes. Raises StoreError, and loses nothing."""
        buffer = self._current
        compactor = None if buffer is None else buffer.compactor
        if buffer is None or compactor is None:
            return
        for _ in range(MOST_MINUTES):
            if compactor.needs_rows:
                with self._transaction():
                    compactor.look(self._writer)
            many = compactor.is_behind(BEHIND_NS)
            if not compactor.is_behind() or not compactor.prepare(wholly=many):
                break
            with self._transaction():
                self._seal(buffer, compactor.write(self._writer))
            buffer.sealed()
            if not many:
                break

    @property
    def _writer(self) -> Connection:
        if self._connection is None:
            raise StoreError("the recorder is not open")
        return self._connection

    def _begin_case(self, outcome: Outcome) -> None:
        assert outcome.case is not None  # noqa: S101 - for the type checker; the caller looked
        chain = Chain.begin(clean(outcome.case.uuid))
        buffer = CaseBuffer(CaseState(setup=outcome.case, chain=chain))
        self._begin_run(buffer, outcome.message.at)
        self._buffers.append(buffer)
        self._current = buffer

    def _begin_run(self, buffer: CaseBuffer, now: Instant) -> None:
        state = buffer.state
        at_mono_ns = now.monotonic_ns + state.shift_ns
        buffer.rows["runs"].append((state.run, now.utc_ns, at_mono_ns, state.shift_ns, self._boot_id, self._program_version))

    @contextmanager
    def _transaction(self, fresh: Sequence[CaseBuffer] = ()) -> Iterator[None]:
        """All that is written within it, or nothing. ``fresh``: cases that have no row in the database yet."""
        written = False
        try:
            with told_plainly(self._url), self._writer.begin():
                yield
            written = True
        finally:
            if not written:
                self._take_back(fresh)

    def _write(self, buffer: CaseBuffer) -> None:
        state = buffer.state
        if state.case_id is None:
            state.case_id = self._insert_case(buffer)
        if buffer.compactor is None:
            buffer.compactor = Compactor(state.case_id, state.periods_ns, fresh=buffer.fresh)
        for table, rows in buffer.rows.items():
            self._statements[table].run_for(self._writer, state.case_id, rows)
        buffer.seconds, gaps = list(buffer.blobs()), list(buffer.gap_rows())
        self._statements["waveforms"].run_for(self._writer, state.case_id, buffer.seconds)
        self._statements["gaps"].run_for(self._writer, state.case_id, gaps)
        self._statements["arrivals"].run_for(self._writer, state.case_id, buffer.arrival_rows())
        brought: Brought = {**buffer.rows, GAPS.name: [*buffer.rows.get(GAPS.name, ()), *gaps]}
        if buffer.ended is not None:
            buffer.compactor.add(buffer.seconds)
            brought |= buffer.compactor.finish(self._writer)
        if self._latest is not None and (any(brought.values()) or buffer.moved_on):
            self._seal(buffer, brought)
        if buffer.moved_on:
            self._move_on(buffer)

    def _move_on(self, buffer: CaseBuffer) -> None:
        """The columns of ``cases`` that follow a case as it goes."""
        assert self._chain_head is not None  # noqa: S101 - for the type checker; it is open
        chain, case_id = buffer.state.chain, buffer.state.case_id
        self._chain_head.run(self._writer, [(chain.rows, chain.head, case_id)])
        if buffer.ended is not None:
            self._writer.execute(update(CASES).where(CASES.c.id == case_id).values(**_end(buffer.ended, buffer.state.shift_ns)))

    def _seal(self, buffer: CaseBuffer, brought: Brought) -> None:
        """Seals what this transaction brings (``seals.py``)."""
        state = buffer.state
        assert state.case_id is not None and self._latest is not None  # noqa: S101, PT018 - for the type checker; the callers looked
        if buffer.sealer is None:
            buffer.sealer = Sealer.of(self._writer, state.case_id, clean(state.setup.uuid))
        at = (self._latest.utc_ns, self._latest.monotonic_ns + state.shift_ns)
        buffer.seal = buffer.sealer.seal(at, brought, (state.chain.rows, state.chain.head))
        self._statements[SEALS.name].run_for(self._writer, state.case_id, [buffer.seal])

    def _insert_case(self, buffer: CaseBuffer) -> int:
        _number, utc_ns, mono_ns, *_ = buffer.rows[RUNS.name][0]
        columns = setup_columns(buffer.state.setup) | {"started_utc_ns": utc_ns, "started_mono_ns": mono_ns}
        columns |= {"program_version": self._program_version, "chain_rows": 0, "chain_head": b""}
        statement = CASES.insert().values(**columns).returning(CASES.c.id)
        return int(self._writer.execute(statement).scalar_one())

    def _take_back(self, fresh: Sequence[CaseBuffer]) -> None:
        """After a transaction that failed: cases it began have no row after all, and what is held must not grow for ever."""
        for buffer in fresh:
            buffer.state.case_id = None
            buffer.sealer = buffer.compactor = None
        for buffer in self._buffers:
            if buffer.compactor is not None:
                buffer.compactor.forget()
        if self._latest is None:
            return
        for buffer in self._buffers:
            before = {what: lost.count for what, lost in buffer.dropped.items()}
            buffer.hold_size(self._latest)
            for what, lost in buffer.dropped.items():
                self.dropped[what] += lost.count - before.get(what, 0)


def _end(ended: tuple[Instant, str], shift_ns: int) -> dict[str, Any]:
    """The columns of ``cases`` that say when and why one ended."""
    at, reason = ended
    return {"ended_utc_ns": at.utc_ns, "ended_mono_ns": at.monotonic_ns + shift_ns, "end_reason": clean(reason)}
