"""Which cases there are, and what it takes to go on with one. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import URL, Connection

from clinical.assessments.chart import DATED, on_clock
from clinical.commands import CaseSetup, EndCase
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Message
from storage.audit import Verdict, verify
from storage.case_row import setup_of
from storage.engine import parse_url, reading_engine, writing_engine
from storage.errors import NoSuchCaseError, StoreDamagedError, place_of, told_plainly
from storage.history import CaseHistory
from storage.house import house_faults
from storage.resumption import shift_ns_for
from storage.rows import Kept, instant, instant_or_none, pump_status
from storage.schema import CASES, COMMANDS, PUMP_REPORTS, REVISIONS
from storage.setup_json import JsonError, command_from_json
from storage.upgrade import bring_up_to_date, revision_of

MOST_FIGURES = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """A case in a list. ``ended`` is None while it runs, and where the program ended under it."""

    id: int
    setup: CaseSetup
    started: Instant
    ended: Instant | None
    end_reason: str
    program_version: str


def list_cases(address: str) -> list[CaseSummary]:
    """All cases, the latest first. Raises StoreError."""
    with _reading(address) as (connection, url):
        rows = connection.execute(select(CASES).order_by(CASES.c.started_utc_ns.desc(), CASES.c.id.desc())).all()
        return [_summary(row, url) for row in rows]


def unfinished(address: str) -> list[CaseSummary]:
    """Cases without an end, the latest first: each may be resumed, unless it is running now. Raises StoreError."""
    return [case for case in list_cases(address) if case.ended is None]


def open_case(address: str, case: int | str) -> CaseHistory:
    """A case by its number, or by its uuid (the latest of that name). Close it when done. Raises StoreError."""
    with _reading(address) as (connection, url):
        named = CASES.c.id == int(case) if isinstance(case, int) or _is_number(case) else CASES.c.uuid == case
        row = connection.execute(select(CASES).where(named).order_by(CASES.c.id.desc()).limit(1)).one_or_none()
        if row is None:
            raise NoSuchCaseError(f"{place_of(url)} has no case {case}")
        summary = _summary(row, url)
    return CaseHistory(
        url,
        reading_engine(url, stays=True),
        case_id=summary.id,
        setup=summary.setup,
        started=summary.started,
        ended=summary.ended,
        end_reason=summary.end_reason,
        program_version=summary.program_version,
    )


def _is_number(case: str) -> bool:
    """Whether it may be a case's number: longer ones no database of ours gives, nor can be asked for."""
    return case.isdecimal() and len(case) <= MOST_FIGURES


def check_case(address: str, case_id: int) -> Verdict:
    """Verifies a case's audit chain. Raises StoreError."""
    with _reading(address) as (connection, _):
        return verify(connection, case_id)


def faults_of(address: str) -> list[str]:
    """What a complete reading of the database finds wrong with it; empty where it is sound. Raises StoreError."""
    return damage_of(address) + alterations_of(address)


def damage_of(address: str) -> list[str]:
    """What the database says of its own soundness: nothing where it is whole, or cannot say. Raises StoreError."""
    with _reading(address) as (connection, url):
        if url.get_backend_name() != "sqlite":
            return []
        return [str(line) for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars() if line != "ok"]


def alterations_of(address: str) -> list[str]:
    """The first fault of each case whose audit chain is broken. Raises StoreError."""
    with _reading(address) as (connection, _):
        cases = connection.execute(select(CASES.c.id).order_by(CASES.c.id)).scalars().all()
        verdicts = [(case_id, verify(connection, case_id)) for case_id in cases]
        of_house = list(house_faults(connection))
    return [f"case {case_id}: {verdict.fault}" for case_id, verdict in verdicts if verdict.fault] + of_house


def resume_messages(history: CaseHistory, now: Instant, *, boot_id: str = "") -> Iterator[Message]:
    """What rebuilds a monitor's case: its commands and pump reports in the order they were taken, from StartCase on.

    Their instants are those of the present monotonic clock, whatever clock they were taken with, so that what follows live joins on.
    Commands that were refused are left out, and so is the end of a case that has ended.

    Args:
        history: of the case.
        now: the present.
        boot_id: as given to the recorder.
    """
    with history.reading() as connection:
        case = connection.execute(select(CASES).where(CASES.c.id == history.case_id)).one()
        shift_ns = shift_ns_for(connection, case, now, boot_id)
        commands = select(COMMANDS).where(COMMANDS.c.case_id == history.case_id, COMMANDS.c.refused == "")
        pumps = select(PUMP_REPORTS).where(PUMP_REPORTS.c.case_id == history.case_id)
        rows = [*connection.execute(commands), *connection.execute(pumps)]
    for row in sorted(rows, key=lambda row: int(row.seq)):
        if "command" not in row._fields:
            yield FromDevice(row.device, pump_status(row, shift_ns))
            continue
        command = command_from_json(row.command)
        if isinstance(command, DATED) and row.event_mono_ns is not None:
            command = on_clock(command, row.event_mono_ns - shift_ns - command.event_at.monotonic_ns)
        if not isinstance(command, EndCase):
            yield FromOperator(instant(row.at_utc_ns, row.at_mono_ns - shift_ns), command)


@contextmanager
def reading(address: str) -> Iterator[tuple[Connection, URL]]:
    """For readers of this package that go over many cases: one read transaction, and the database's address. Raises StoreError."""
    with _reading(address) as opened:
        yield opened


@contextmanager
def _reading(address: str) -> Iterator[tuple[Connection, URL]]:
    """A read-only connection to a database of this program's schema; one that is behind is migrated first."""
    url = parse_url(address)
    with told_plainly(url):
        engine = reading_engine(url)
        with engine.connect() as connection:
            with connection.begin():
                behind = revision_of(connection, url) != REVISIONS[-1]
            if not behind:
                with connection.begin():
                    yield connection, url
                return
        with writing_engine(url).connect() as writer:
            bring_up_to_date(writer, url)
        with engine.connect() as connection, connection.begin():
            yield connection, url


def _summary(row: Kept, url: URL) -> CaseSummary:
    try:
        setup = setup_of(row)
    except JsonError as error:
        raise StoreDamagedError(f"the set-up of case {row.id} in {place_of(url)} cannot be read ({error}): restore a copy") from error
    return CaseSummary(
        id=row.id,
        setup=setup,
        started=instant(row.started_utc_ns, row.started_mono_ns),
        ended=instant_or_none(row.ended_utc_ns, row.ended_mono_ns),
        end_reason=row.end_reason or "",
        program_version=row.program_version,
    )
