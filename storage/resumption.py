"""Going on with a case after the program, or the computer, ended under it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from clinical.instant import Instant
from clinical.messages import Gap
from storage.audit import Chain
from storage.case_buffer import CaseState
from storage.case_row import setup_of
from storage.errors import NoSuchCaseError, StoreRefusedError
from storage.history import last_kept
from storage.rows import Kept
from storage.schema import CASES, COMMANDS, DEVICES, RUNS, WAVEFORM_CHANNELS


def shift_ns_for(connection: Connection, case: Kept, now: Instant, boot_id: str) -> int:
    """What takes the present monotonic clock to the case's timeline.

    The same boot counts on with the same clock. After another boot the two clocks are joined where UTC says, but never before the
    last thing kept, so that a wall clock set back in between turns no order around.
    """
    last = connection.execute(select(RUNS).where(RUNS.c.case_id == case.id).order_by(RUNS.c.number.desc()).limit(1)).one()
    if boot_id and last.boot_id == boot_id:
        return int(last.shift_ns)
    by_utc_ns = case.started_mono_ns + now.utc_ns - case.started_utc_ns
    latest = last_kept(connection, case.id)
    return int(max(by_utc_ns, 0 if latest is None else latest.monotonic_ns)) - now.monotonic_ns


def resumed_state(connection: Connection, case_id: int, now: Instant, boot_id: str) -> CaseState:
    """A case as the recorder must know it to go on. Raises NoSuchCaseError, or StoreRefusedError for one that has ended."""
    case = connection.execute(select(CASES).where(CASES.c.id == case_id)).one_or_none()
    if case is None:
        raise NoSuchCaseError(f"there is no case {case_id}")
    if case.ended_utc_ns is not None:
        raise StoreRefusedError(f"case {case_id} has ended: begin a new one")
    runs = connection.execute(select(func.max(RUNS.c.number)).where(RUNS.c.case_id == case_id)).scalar_one()
    events = connection.execute(select(func.max(COMMANDS.c.number)).where(COMMANDS.c.case_id == case_id)).scalar_one()
    channels = connection.execute(select(WAVEFORM_CHANNELS).where(WAVEFORM_CHANNELS.c.case_id == case_id))
    return CaseState(
        setup=setup_of(case),
        case_id=case_id,
        run=runs + 1,
        shift_ns=shift_ns_for(connection, case, now, boot_id),
        chain=Chain(case.chain_rows, case.chain_head),
        events=events or 0,
        devices=set(connection.execute(select(DEVICES.c.name).where(DEVICES.c.case_id == case_id)).scalars()),
        channels={(c.device, c.metric, c.channel, c.rate_hz, c.unit_per_step, c.unit_at_zero): c.number for c in channels},
    )


def gap_before(connection: Connection, state: CaseState, now: Instant) -> Gap | None:
    """The stretch in which no program ran, from the last thing kept to now, on the present clock."""
    last = None if state.case_id is None else last_kept(connection, state.case_id)
    if last is None:
        return None
    since = Instant(last.monotonic_ns - state.shift_ns, last.utc_ns)
    return Gap(device="recorder", what="everything", reason="the program was not running", since=since, until=now)
