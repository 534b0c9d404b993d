"""A case as its monitor took it: every message in its order, run by run, on each run's own clock. Reads only.

Stepped through a new monitor they give the same transitions to the byte. A case recorded before the order of arrival was kept, or one of
which messages were given up, says so and is not replayed by guess. What came before the case began is not in its record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from clinical.alarm_model import AlarmTransition
from clinical.assessments.chart import on_clock
from clinical.commands import EndCase
from clinical.instant import Instant
from clinical.messages import FromDevice, FromOperator, Message, SelfReport, Tick
from clinical.metrics import metric
from clinical.monitor import Monitor
from clinical.observations import Numeric, PumpStatus, Validity
from clinical.taking_up import TakingUp, rebuild, taking_up
from storage import arrivals
from storage.damage import told_as_damage
from storage.errors import StoreDamagedError, StoreError
from storage.history import CaseHistory
from storage.rows import Kept, device_alert, instant_or_none, link_status, pump_status
from storage.schema import ARRIVALS, COMMANDS, DEVICE_ALERTS, LINK_STATES, NUMERICS, PUMP_REPORTS, RUNS, SELF_REPORTS
from storage.setup_json import command_from_json


class NotReplayableError(StoreError):
    """The record does not hold every message of the case in its order; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the program under a case.

    Attributes:
        shift_ns: from its clock to the case's timeline.
        taken_up: what it went on from; None for the first.
        messages: in the order they came, on its own clock.
    """

    shift_ns: int
    taken_up: TakingUp | None
    messages: tuple[Message, ...]


def runs_of(history: CaseHistory) -> Iterator[Run]:
    """The runs of a case, in order. Raises StoreError; NotReplayableError where the record is not complete."""
    with history.reading() as connection, told_as_damage(history):
        streams = _Streams(connection, history.case_id)
        log = history.transitions()
        told: list[tuple[int, Message]] = []  # commands and pump reports so far, each with its run's shift
        for number, row in enumerate(_rows(connection, RUNS, history.case_id, RUNS.c.number)):
            began = Instant(row.started_mono_ns, row.started_utc_ns)
            taken_up = None if number == 0 else _taking_up(began, row.shift_ns, told, log)
            messages = tuple(streams.messages(row.number, row.shift_ns))
            told += [(row.shift_ns, message) for message in messages if _rebuilds(message, streams.refused)]
            yield Run(shift_ns=row.shift_ns, taken_up=taken_up, messages=messages)


def replayed(history: CaseHistory) -> list[AlarmTransition]:
    """The alarm log that the case's messages give, on the case's timeline. Raises as ``runs_of``."""
    log: list[AlarmTransition] = []
    for run in runs_of(history):
        monitor = Monitor() if run.taken_up is None else rebuild(run.taken_up)[0]
        for message in run.messages:
            log += [shifted(step, run.shift_ns) for step in monitor.step(message).transitions]
    return log


def shifted(step: AlarmTransition, shift_ns: int) -> AlarmTransition:
    """The same on another clock. A silence's end is not in the log."""
    since = _moved(step.alarm.since, shift_ns)
    return replace(step, at=_moved(step.at, shift_ns), alarm=replace(step.alarm, since=since, silenced_until=None))


def _taking_up(began: Instant, shift_ns: int, told: Sequence[tuple[int, Message]], log: Sequence[AlarmTransition]) -> TakingUp:
    """As the core did it when the run began."""
    before = [shifted(step, -shift_ns) for step in log if step.at < began]
    messages = [_message_moved(message, was - shift_ns) for was, message in told]
    return taking_up(_moved(began, -shift_ns), messages, before)


def _rebuilds(message: Message, refused: Sequence[Message]) -> bool:
    """Whether a case that is taken up is rebuilt with it, as ``cases.resume_messages`` has it."""
    if isinstance(message, FromOperator):
        return not isinstance(message.command, EndCase) and not any(message is other for other in refused)
    return isinstance(message, FromDevice) and isinstance(message.observation, PumpStatus)


def _message_moved(message: Message, shift_ns: int) -> Message:
    if isinstance(message, FromDevice):
        return replace(message, observation=replace(message.observation, at=_moved(message.at, shift_ns)))
    if isinstance(message, FromOperator):
        return FromOperator(_moved(message.at, shift_ns), on_clock(message.command, shift_ns))
    return replace(message, at=_moved(message.at, shift_ns))


def _moved(at: Instant, shift_ns: int) -> Instant:
    return Instant(at.monotonic_ns + shift_ns, at.utc_ns)


def _rows(connection: Connection, table: Table, case_id: int, order: Any) -> Iterator[Kept]:
    yield from connection.execute(select(table).where(table.c.case_id == case_id).order_by(order)).yield_per(1024)


class _Streams:
    """The tables of a case's messages, each read once, in its order.

    Attributes:
        refused: messages whose command was not taken.
    """

    def __init__(self, connection: Connection, case_id: int) -> None:
        self._connection, self._case_id = connection, case_id
        self._shift_ns = 0
        self.refused: list[Message] = []
        self._next: dict[int, tuple[Iterator[Kept], Callable[[Kept], Message]]] = {
            arrivals.NUMERIC: (self._all(NUMERICS, "id"), lambda row: FromDevice(row.device, _numeric(row, self._shift_ns))),
            arrivals.PUMP: (self._all(PUMP_REPORTS, "seq"), lambda row: FromDevice(row.device, pump_status(row, self._shift_ns))),
            arrivals.ALERT: (self._all(DEVICE_ALERTS, "id"), lambda row: self._from_device(row, device_alert(row))),
            arrivals.LINK: (self._all(LINK_STATES, "id"), lambda row: self._from_device(row, link_status(row))),
            arrivals.COMMAND: (self._all(COMMANDS, "seq"), self._command),
            arrivals.REPORT: (self._all(SELF_REPORTS, "id"), lambda row: SelfReport(self._at(row), row.part, row.ok, row.text)),
        }

    def messages(self, run: int, shift_ns: int) -> Iterator[Message]:
        """The messages of the next run, on its clock."""
        self._shift_ns = shift_ns
        query = select(ARRIVALS.c.kinds).where(ARRIVALS.c.case_id == self._case_id, ARRIVALS.c.run == run).order_by(ARRIVALS.c.id)
        blobs = self._connection.execute(query).scalars().all()
        if not blobs:
            raise NotReplayableError("the order in which its messages came was not kept: it cannot be replayed exactly")
        for blob in blobs:
            yield from self._in_order(blob)

    def _in_order(self, blob: bytes) -> Iterator[Message]:
        try:
            for kind, at in arrivals.read(blob):
                if kind == arrivals.BROKEN:
                    raise NotReplayableError("messages of it could not be stored in time: it cannot be replayed exactly")
                yield Tick(_moved(at, -self._shift_ns)) if at is not None else self._take(kind)
        except arrivals.ArrivalsError as error:
            raise StoreDamagedError(f"the order of arrival is damaged ({error}): restore a copy") from error

    def _take(self, kind: int) -> Message:
        rows, made = self._next[kind]
        row = next(rows, None)
        if row is None:
            raise StoreDamagedError("the order of arrival names more messages than are stored: restore a copy")
        return made(row)

    def _all(self, table: Table, order: str) -> Iterator[Kept]:
        return _rows(self._connection, table, self._case_id, table.c[order])

    def _at(self, row: Kept) -> Instant:
        return Instant(row.at_mono_ns - self._shift_ns, row.at_utc_ns)

    def _from_device(self, row: Kept, observation: Any) -> FromDevice:
        return FromDevice(row.device, replace(observation, at=self._at(row)))

    def _command(self, row: Kept) -> FromOperator:
        message = FromOperator(self._at(row), command_from_json(row.command))
        if row.refused:
            self.refused.append(message)
        return message


def _numeric(row: Kept, shift_ns: int) -> Numeric:
    """A numeric as it came. A number that is none (NaN) is kept as NULL, and told apart by its validity."""
    validity = Validity(row.validity)
    measured = instant_or_none(row.measured_utc_ns, row.measured_mono_ns)
    value = nan if row.value is None and validity in {Validity.VALID, Validity.QUESTIONABLE} else row.value
    return Numeric(
        at=Instant(row.at_mono_ns - shift_ns, row.at_utc_ns),
        metric=metric(row.metric),
        value=value,
        validity=validity,
        interval_s=row.interval_s,
        measured_at=None if measured is None else _moved(measured, -shift_ns),
        channel=row.channel,
        reason=row.reason,
    )
