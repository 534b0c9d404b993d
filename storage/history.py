"""Reads one case back as clinical values. Writes nothing; knows no file format.

Instants are on the case's own timeline: ``since(history.started)`` is right over every restart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, Table, func, select
from sqlalchemy.engine import URL, Connection, Engine

from clinical.alarm_model import AlarmTransition
from clinical.assessments.chart import DATED, on_clock
from clinical.commands import CaseSetup, Command, RecordAssessment, RecordEvent
from clinical.instant import NS_PER_S, Instant
from clinical.messages import Gap
from clinical.metrics import CATALOGUE, Metric
from clinical.observations import MISSING_SAMPLE, DeviceAlert, LinkStatus, PumpStatus, Validity
from storage.errors import StoreDamagedError, place_of, told_plainly
from storage.rows import (
    PUMP_TOLD,
    Kept,
    KeptDose,
    alarm_transition,
    device_alert,
    instant,
    instant_or_none,
    kept_dose,
    link_status,
    pump_told,
)
from storage.schema import (
    ALARM_TRANSITIONS,
    CASES,
    COMMANDS,
    DEVICE_ALERTS,
    DOSE_REPORTS,
    GAPS,
    LINK_STATES,
    NUMERICS,
    PUMP_REPORTS,
    RUNS,
    WAVEFORM_CHANNELS,
    WAVEFORMS,
)
from storage.setup_json import JsonError, command_from_json
from storage.waveform_blob import VALIDITIES, BlobError, Segment, unpack
from storage.waveform_rows import blobs_of

_Told = TypeVar("_Told")
_Meant = TypeVar("_Meant")
_ROWS_AT_ONCE = 512
_VALIDITY_PLACES = {validity.value: place for place, validity in enumerate(VALIDITIES)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NumericSeries:
    """All values of one metric, in order; arrays of shape (n,).

    Attributes:
        mono_ns, utc_ns: int64, when each arrived.
        values: float64 in the metric's unit; NaN where there was none.
        validity: uint8, places in ``waveform_blob.VALIDITIES``.
    """

    mono_ns: NDArray[np.int64]
    utc_ns: NDArray[np.int64]
    values: NDArray[np.float64]
    validity: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveformChannel:
    """One source of samples with one rate and one scale; ``number`` is its name within the case."""

    number: int
    device: str
    metric: Metric
    channel: str
    rate_hz: float
    unit_per_step: float
    unit_at_zero: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaveformStretch:
    """Samples on an even grid: ``values`` float64, shape (n,), NaN where there are none; the first at ``since``."""

    since: Instant
    rate_hz: float
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCommand:
    """A command as it was given. ``number`` is an event's, as corrections name it; None for all else."""

    at: Instant
    command: Command
    number: int | None
    refused: str


class CaseHistory:
    """One case in a database. Close it, or use it in a ``with``. Every read may raise StoreError."""

    def __init__(
        self,
        url: URL,
        engine: Engine,
        *,
        case_id: int,
        setup: CaseSetup,
        started: Instant,
        ended: Instant | None,
        end_reason: str,
        program_version: str,
    ) -> None:
        self._url = url
        self._engine = engine
        self._held: Connection | None = None
        self.case_id = case_id
        self.setup = setup
        self.started = started
        self.ended = ended
        self.end_reason = end_reason
        self.program_version = program_version

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection in one read transaction: all reads inside see the case at one moment, however it goes on meanwhile."""
        if self._held is not None:
            yield self._held
            return
        with told_plainly(self._url), self._engine.connect() as connection, connection.begin():
            self._held = connection
            try:
                yield connection
            finally:
                self._held = None

    def metrics(self) -> list[Metric]:
        """Metrics that have numerics, in the catalogue's order."""
        with self.reading() as connection:
            present = set(connection.execute(select(NUMERICS.c.metric).where(NUMERICS.c.case_id == self.case_id).distinct()).scalars())
        return [row for row in CATALOGUE.values() if row.id in present]

    def numerics(self, metric: Metric, *, device: str | None = None, channel: str | None = None) -> NumericSeries:
        """Every value of a metric: as it was shown, or of one device and channel where they are named."""
        table = NUMERICS.c
        query = select(table.at_mono_ns, table.at_utc_ns, table.value, table.validity)
        query = query.where(table.case_id == self.case_id, table.metric == metric.id).order_by(table.id)
        query = query.where(table.shown) if device is None else query.where(table.device == device)
        if channel is not None:
            query = query.where(table.channel == channel)
        rows = list(self.driver_rows(query))
        mono_ns, utc_ns, values, validity = zip(*rows, strict=True) if rows else ((), (), (), ())
        return NumericSeries(
            mono_ns=np.array(mono_ns, np.int64),
            utc_ns=np.array(utc_ns, np.int64),
            values=np.array(values, np.float64),  # None becomes NaN
            validity=np.array(list(self._understood(_VALIDITY_PLACES.__getitem__, validity)), np.uint8),
        )

    def driver_rows(self, query: Select[Any]) -> Iterator[Any]:
        """Rows as plain tuples, from the driver's cursor: ten times quicker than SQLAlchemy's own for a long column."""
        with self.reading() as connection:
            cursor: Any = connection.execute(query).cursor
            yield from chain(cursor or ())  # which, unlike a cursor, is not told to close when a reader leaves early

    def driver_columns(self, query: Select[Any]) -> Iterator[tuple[tuple[Any, ...], ...]]:
        """The same column by column, some thousands of rows at a time: quicker still where columns become arrays."""
        with self.reading() as connection:
            cursor: Any = connection.execute(query).cursor
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                yield tuple(zip(*rows, strict=True))

    def waveform_channels(self) -> list[WaveformChannel]:
        """Every source of samples, in the order they appeared."""
        return list(self._understood(_waveform_channel, self._rows(WAVEFORM_CHANNELS, WAVEFORM_CHANNELS.c.number)))

    def segments(
        self, since: Instant | None = None, until: Instant | None = None, *, channels: Collection[int] | None = None
    ) -> Iterator[Segment]:
        """All samples as stored, in the order they were; those that touch the stretch and of these channels, where they are given."""
        with self.reading() as connection:
            ids = sorted(connection.execute(self._rows_of(since, until)).scalars())
            try:
                for blob in blobs_of(connection, ids, in_part=channels is not None):
                    yield from unpack(blob, channels)
            except BlobError as error:
                raise StoreDamagedError(f"waveforms in {place_of(self._url)} are damaged: {error}; restore a copy") from error

    def _rows_of(self, since: Instant | None, until: Instant | None) -> Select[Any]:
        """Ids of the rows of ``waveforms`` that touch a stretch, told by an index alone."""
        table = WAVEFORMS.c
        query = select(table.id).where(table.case_id == self.case_id)
        if since is not None:
            query = query.where(table.until_mono_ns > since.monotonic_ns)
        return query if until is None else query.where(table.at_mono_ns < until.monotonic_ns)

    def waveform(
        self, metric: Metric, since: Instant, until: Instant, *, device: str | None = None, channel: str | None = None
    ) -> WaveformStretch | None:
        """Samples of a metric in [since, until) on an even grid, gaps as NaN; None if the metric has no samples at all.

        Without a device: of the first in the case's source order that has it. Samples of another rate go to the nearest place.
        """
        sources = {source.number: source for source in self._sources(metric, device, channel)}
        if not sources:
            return None
        rate_hz = next(iter(sources.values())).rate_hz
        values = np.full(max(0, round(until.since(since) * rate_hz)), np.nan)
        for segment in self.segments(since, until, channels=sources):
            if segment.validity in {Validity.VALID, Validity.QUESTIONABLE}:
                _place(values, rate_hz, since, segment, sources[segment.channel])
        return WaveformStretch(since=since, rate_hz=rate_hz, values=values)

    def steps(self, source: WaveformChannel, since: Instant, until: Instant) -> NDArray[np.int16]:
        """One channel's samples in [since, until) on an even grid in the device's own steps, ``MISSING_SAMPLE`` where there are none."""
        grid, filled = np.empty(max(0, round(until.since(since) * source.rate_hz)), np.int16), 0
        for segment in self.segments(since, until, channels={source.number}):
            if segment.validity in {Validity.VALID, Validity.QUESTIONABLE}:
                begin = round((segment.at_mono_ns - since.monotonic_ns) / NS_PER_S * source.rate_hz)
                first, last = max(0, begin), min(len(grid), begin + len(segment.steps))
                if first < last:
                    grid[filled:first] = MISSING_SAMPLE
                    grid[first:last] = segment.steps[first - begin : last - begin]
                    filled = max(filled, last)
        grid[filled:] = MISSING_SAMPLE
        return grid

    def _sources(self, metric: Metric, device: str | None, channel: str | None) -> list[WaveformChannel]:
        found = [source for source in self.waveform_channels() if source.metric is metric and channel in {None, source.channel}]
        if device is None and found:
            order = self.setup.source_order
            device = min((source.device for source in found), key=lambda name: order.index(name) if name in order else len(order))
        return [source for source in found if source.device == device]

    def transitions(self) -> list[AlarmTransition]:
        """The alarm log."""
        return list(self._understood(alarm_transition, self._rows(ALARM_TRANSITIONS, ALARM_TRANSITIONS.c.seq)))

    def commands(self) -> list[KeptCommand]:
        """Everything the operator asked for, refused or not."""
        return [
            KeptCommand(at=instant(row.at_utc_ns, row.at_mono_ns), command=self._command(row), number=row.number, refused=row.refused)
            for row in self._rows(COMMANDS, COMMANDS.c.seq)
        ]

    def events(self) -> list[KeptCommand]:
        """Recorded events, corrected ones and their corrections both, without refused ones."""
        return [kept for kept in self.commands() if isinstance(kept.command, RecordEvent) and not kept.refused]

    def assessments(self) -> list[KeptCommand]:
        """Recorded assessments, without refused ones."""
        return [kept for kept in self.commands() if isinstance(kept.command, RecordAssessment) and not kept.refused]

    def gaps(self) -> list[Gap]:
        """Stretches without data, each once, by their beginning; ``until`` None where one lasted to the end.

        One that was open when the program ended under the case ends where the next run begins: that run looks for itself.
        """
        runs = [instant(row.started_utc_ns, row.started_mono_ns) for row in self._rows(RUNS, RUNS.c.number)]
        gaps: dict[tuple[object, ...], Gap] = {}
        for row in self._rows(GAPS, GAPS.c.id):
            since, until = instant(row.since_utc_ns, row.since_mono_ns), instant_or_none(row.until_utc_ns, row.until_mono_ns)
            if until is None:
                until = next((begin for begin in runs[1:] if begin.monotonic_ns > since.monotonic_ns), None)
            gaps[row.device, row.what, since] = Gap(device=row.device, what=row.what, reason=row.reason, since=since, until=until)
        return sorted(gaps.values(), key=lambda gap: (gap.since.monotonic_ns, gap.device, gap.what))

    def pump_reports(self) -> list[tuple[str, PumpStatus]]:
        """Every pump report, with the device it came from."""
        return list(self.each_pump_report())

    def each_pump_report(self) -> Iterator[tuple[str, PumpStatus]]:
        """The same one after another, for who keeps none of them: a hundred hours have a hundred thousand."""
        table = PUMP_REPORTS.c
        query = select(table.device, *(table[name] for name in PUMP_TOLD)).where(table.case_id == self.case_id).order_by(table.seq)
        return self._understood(lambda row: (row[0], pump_told(row[1:])), self.driver_rows(query))

    def pumps(self) -> list[tuple[str, str, str | None]]:
        """Device, channel and drug as the pumps named them, each once, in the order of their first reports."""
        table = PUMP_REPORTS.c
        query = select(table.device, table.channel, table.drug).where(table.case_id == self.case_id)
        return list(self.driver_rows(query.group_by(table.device, table.channel, table.drug).order_by(func.min(table.seq))))

    def device_alerts(self) -> list[tuple[str, DeviceAlert]]:
        """Every alert of a device."""
        return list(self._understood(lambda row: (row.device, device_alert(row)), self._rows(DEVICE_ALERTS, DEVICE_ALERTS.c.id)))

    def link_states(self) -> list[tuple[str, LinkStatus]]:
        """Every change of a line."""
        return list(self._understood(lambda row: (row.device, link_status(row)), self._rows(LINK_STATES, LINK_STATES.c.id)))

    def dose_reports(self) -> list[KeptDose]:
        """The infusion, at each change and each minute."""
        return list(self._understood(kept_dose, self._rows(DOSE_REPORTS, DOSE_REPORTS.c.seq)))

    def last(self) -> Instant:
        """The end of the case, or where it has none the latest moment anything was kept of it."""
        if self.ended is not None:
            return self.ended
        with self.reading() as connection:
            return max(self.started, last_kept(connection, self.case_id) or self.started)

    def chain(self) -> tuple[int, str]:
        """How many rows the audit chain has, and its head in hexadecimal."""
        with self.reading() as connection:
            row = connection.execute(select(CASES.c.chain_rows, CASES.c.chain_head).where(CASES.c.id == self.case_id)).one()
        return row.chain_rows, row.chain_head.hex()

    def _rows(self, table: Table, order: Any) -> list[Kept]:
        with self.reading() as connection:
            return list(connection.execute(select(table).where(table.c.case_id == self.case_id).order_by(order)))

    def _understood(self, told: Callable[[_Told], _Meant], rows: Iterable[_Told]) -> Iterator[_Meant]:
        """What rows say. A word that no version of this program wrote is damage."""
        try:
            for row in rows:
                yield told(row)
        except (KeyError, ValueError, TypeError) as error:
            raise StoreDamagedError(f"{place_of(self._url)} is damaged, a word in it is none of ours ({error}): restore a copy") from error

    def _command(self, row: Kept) -> Command:
        """What a command tells of happened on the case's timeline, whatever clock its run had."""
        try:
            command = command_from_json(row.command)
        except JsonError as error:
            raise StoreDamagedError(f"command {row.id} in {place_of(self._url)} cannot be read ({error}): restore a copy") from error
        if isinstance(command, DATED) and row.event_mono_ns is not None:
            return on_clock(command, row.event_mono_ns - command.event_at.monotonic_ns)
        return command


def _waveform_channel(row: Kept) -> WaveformChannel:
    return WaveformChannel(
        number=row.number,
        device=row.device,
        metric=CATALOGUE[row.metric],
        channel=row.channel,
        rate_hz=row.rate_hz,
        unit_per_step=row.unit_per_step,
        unit_at_zero=row.unit_at_zero,
    )


def last_kept(connection: Connection, case_id: int) -> Instant | None:
    """The latest moment anything was kept of a case, on its timeline; None where nothing was."""
    moments = []
    for table in (NUMERICS, PUMP_REPORTS, COMMANDS, ALARM_TRANSITIONS, DOSE_REPORTS, WAVEFORMS):
        latest = select(table.c.at_utc_ns, table.c.at_mono_ns).where(table.c.case_id == case_id)
        row = connection.execute(latest.order_by(table.c.at_mono_ns.desc()).limit(1)).one_or_none()
        moments += [] if row is None else [instant(row[0], row[1])]
    return max(moments, default=None)


def _place(values: NDArray[np.float64], rate_hz: float, since: Instant, segment: Segment, source: WaveformChannel) -> None:
    """Writes a segment's samples into the grid where they belong."""
    begin = (segment.at_mono_ns - since.monotonic_ns) / NS_PER_S * rate_hz
    places = np.rint(begin + np.arange(len(segment.steps)) * (rate_hz / source.rate_hz)).astype(np.int64)
    usable = (places >= 0) & (places < len(values)) & (segment.steps != MISSING_SAMPLE)
    values[places[usable]] = segment.steps[usable] * source.unit_per_step + source.unit_at_zero
