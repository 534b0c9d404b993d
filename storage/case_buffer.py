"""What one case has told and the database has not yet taken: rows by table, and waveform blocks. Opens no database.

Holds its size while nothing can be written (a full disk): waveforms go first, then numerics; commands, alarms, doses and pump
reports are never given up. What was given up is told as a gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from clinical.assessments.chart import DATED
from clinical.commands import CaseSetup, Command, RecordEvent
from clinical.instant import NS_PER_S, Instant
from clinical.messages import DoseReport, FromDevice, FromOperator, Gap, Outcome, SelfReport
from clinical.observations import DeviceAlert, LinkStatus, Numeric, PumpStatus, WaveformBlock
from storage.arrivals import BROKEN, note
from storage.audit import Chain
from storage.compaction import Compactor
from storage.rows import (
    Row,
    alert_row,
    clean,
    dose_row,
    gap_row,
    link_row,
    moment,
    moment_or_none,
    numeric_row,
    pump_row,
    self_report_row,
    transition_row,
)
from storage.seals import Sealer
from storage.setup_json import command_json
from storage.waveform_blob import pack

WAVES_HELD_S = 60.0
"""Waveforms kept in memory while they cannot be written."""
NUMERICS_HELD_S = 3600.0
"""Numerics kept in memory while they cannot be written."""
DOSE_EVERY_S = 60.0
"""A dose report is kept at each change and at least this often."""

ChannelKey: TypeAlias = tuple[str, str, str, float, float, float]
"""Device, metric, channel, rate_hz, unit_per_step, unit_at_zero."""


@dataclass(slots=True, kw_only=True)
class CaseState:
    """What must be known of a case to add to it; ``case_id`` is None until its row is written."""

    setup: CaseSetup
    case_id: int | None = None
    run: int = 1
    shift_ns: int = 0
    chain: Chain
    events: int = 0
    devices: set[str] = field(default_factory=set)
    channels: dict[ChannelKey, int] = field(default_factory=dict)

    def periods_ns(self) -> dict[int, float]:
        """How far apart two samples of each channel are."""
        return {number: NS_PER_S / rate_hz for (_device, _metric, _channel, rate_hz, *_), number in self.channels.items()}


@dataclass(slots=True)
class Dropped:
    """What was given up of one kind: how many, and the stretch."""

    count: int
    since: Instant
    until: Instant


class CaseBuffer:
    """Collects a case's outcomes as rows.

    Attributes:
        state: of the case.
        rows: table name → rows in order, without ``case_id``.
        ended: when it ended and why, once it has.
        dropped: what was given up since the last commit, by kind.
        arrivals: in which order all of it came.
        sealer, seal: the end of the case's seals; the seal of the transaction that is under way.
        compactor, seconds: what makes minutes of waveforms; the rows of them in the commit that is under way.
    """

    def __init__(self, state: CaseState, *, fresh: bool = True) -> None:
        """``fresh``: the database has nothing of the case yet."""
        self.state = state
        self.fresh = fresh
        self.rows: defaultdict[str, list[Row]] = defaultdict(list)
        self.ended: tuple[Instant, str] | None = None
        self.dropped: dict[str, Dropped] = {}
        self.arrivals = bytearray()
        self.sealer: Sealer | None = None
        self.seal: Row | None = None
        self.compactor: Compactor | None = None
        self.seconds: list[Row] = []
        self._waves: list[tuple[int, WaveformBlock]] = []
        self._chain_written = state.chain.rows
        self._dose_key: tuple[object, ...] | None = None
        self._dose_at: Instant | None = None
        self._keep_by_type: dict[type, Callable[[str, Any, bool], None]] = {
            Numeric: self._keep_numeric,
            WaveformBlock: self._keep_wave,
            PumpStatus: lambda device, status, _shown: self._chain("pump_reports", pump_row(status, device, self.state.shift_ns)),
            DeviceAlert: lambda device, alert, _shown: self.rows["device_alerts"].append(alert_row(alert, device, self.state.shift_ns)),
            LinkStatus: lambda device, status, _shown: self.rows["link_states"].append(link_row(status, device, self.state.shift_ns)),
        }

    def keep(self, outcome: Outcome) -> None:
        """Takes what one step gave."""
        message = outcome.message
        note(self.arrivals, message, self.state.shift_ns)
        if isinstance(message, FromDevice):
            if message.device not in self.state.devices:
                self._meet(message.device, message.at)
            self._keep_by_type[type(message.observation)](message.device, message.observation, outcome.shown is not None)
        elif isinstance(message, FromOperator):
            self._keep_command(message.at, message.command, outcome.refused)
        elif isinstance(message, SelfReport):
            self.rows["self_reports"].append(self_report_row(message, self.state.shift_ns))
        for transition in outcome.transitions:
            self._chain("alarm_transitions", transition_row(transition, self.state.shift_ns))
        if outcome.dose is not None:
            self._keep_dose(outcome.dose)
        for gap in outcome.gaps:
            self.rows["gaps"].append(gap_row(gap, self.state.shift_ns))

    @property
    def moved_on(self) -> bool:
        """The chain or the end of the case is further than what the database has taken."""
        return self.state.chain.rows != self._chain_written or self.ended is not None

    def blobs(self) -> Iterator[Row]:
        """Rows for ``waveforms``: the held blocks, a second to a row."""
        batch: list[tuple[int, WaveformBlock]] = []
        since_ns = 0
        for held in self._waves:
            at_ns = held[1].at.monotonic_ns
            if batch and not 0 <= at_ns - since_ns < NS_PER_S:
                yield self._blob_row(batch)
                batch = []
            if not batch:
                since_ns = at_ns
            batch.append(held)
        if batch:
            yield self._blob_row(batch)

    def arrival_rows(self) -> Iterator[Row]:
        """Rows for ``arrivals``: the order in which what is held came."""
        if self.arrivals:
            yield self.state.run, bytes(self.arrivals)

    def gap_rows(self) -> Iterator[Row]:
        """Rows for ``gaps`` that tell what was given up."""
        for what, lost in self.dropped.items():
            gap = Gap(device="recorder", what=what, reason="could not be stored in time", since=lost.since, until=lost.until)
            yield gap_row(gap, self.state.shift_ns)

    def written(self) -> None:
        """Forgets what the database has now taken."""
        self.sealed()
        if self.compactor is not None:
            self.compactor.add(self.seconds)
        self.seconds = []
        self.rows.clear()
        self._waves.clear()
        self.dropped.clear()
        self.arrivals.clear()
        self._chain_written = self.state.chain.rows

    def sealed(self) -> None:
        """The database has taken the seal of a transaction."""
        if self.sealer is not None and self.seal is not None:
            self.sealer.took(self.seal)
        self.seal = None

    def hold_size(self, now: Instant) -> None:
        """Gives up what is older than may be held while nothing can be written."""
        waves = [item for item in self._waves if now.since(item[1].at) <= WAVES_HELD_S]
        lost = len(self._waves) - len(waves)
        if lost:
            self._drop("waveforms", lost, self._waves[0][1].at, self._waves[lost - 1][1].end)
            self._waves = waves
        self._hold_numerics(now)

    def _hold_numerics(self, now: Instant) -> None:
        rows = self.rows["numerics"]
        oldest_ns = now.monotonic_ns + self.state.shift_ns - round(NUMERICS_HELD_S * NS_PER_S)
        lost = next((place for place, row in enumerate(rows) if int(row[1] or 0) >= oldest_ns), len(rows))
        if lost:
            first, last = (Instant(int(row[1] or 0) - self.state.shift_ns, int(row[0] or 0)) for row in (rows[0], rows[lost - 1]))
            self._drop("numerics", lost, first, last)
            self.arrivals.append(BROKEN)
            del rows[:lost]

    def _drop(self, what: str, count: int, since: Instant, until: Instant) -> None:
        known = self.dropped.setdefault(what, Dropped(0, since, until))
        known.count += count
        known.until = until

    def _chain(self, table: str, row: Row) -> None:
        self.rows[table].append(self.state.chain.link(table, row))

    def _meet(self, device: str, at: Instant) -> None:
        self.state.devices.add(device)
        order = self.state.setup.source_order
        place = order.index(device) if device in order else None
        self.rows["devices"].append((device, place, *moment(at, self.state.shift_ns)))

    def _keep_numeric(self, device: str, numeric: Numeric, shown: bool) -> None:  # noqa: FBT001 - called through a table
        self.rows["numerics"].append(numeric_row(numeric, device, shown, self.state.shift_ns))

    def _keep_wave(self, device: str, block: WaveformBlock, _shown: bool) -> None:  # noqa: FBT001 - called through a table
        key = (device, block.metric.id, block.channel, block.rate_hz, block.unit_per_step, block.unit_at_zero)
        number = self.state.channels.get(key)  # a whole number finds the float it equals
        self._waves.append((self._meet_channel(*key) if number is None else number, block))

    def _meet_channel(self, device: str, metric: str, channel: str, *scale: float) -> int:
        rate_hz, unit_per_step, unit_at_zero = (float(part) for part in scale)  # as the database gives them back
        key = (device, metric, channel, rate_hz, unit_per_step, unit_at_zero)
        number = self.state.channels[key] = len(self.state.channels)
        self.rows["waveform_channels"].append((number, *key))
        return number

    def _blob_row(self, batch: list[tuple[int, WaveformBlock]]) -> Row:
        packed = pack(batch, self.state.shift_ns)
        return packed.at_utc_ns, packed.at_mono_ns, packed.until_mono_ns, packed.blob

    def _keep_command(self, at: Instant, command: Command, refused: str) -> None:
        number = None
        if isinstance(command, RecordEvent) and not refused:
            self.state.events += 1
            number = self.state.events
        shift_ns = self.state.shift_ns
        event_at = command.event_at if isinstance(command, DATED) else None
        happened = moment_or_none(event_at, shift_ns)
        told = (type(command).__name__, number, command_json(command), clean(command.by), clean(refused))
        self._chain("commands", (*moment(at, shift_ns), *happened, *told))

    def _keep_dose(self, dose: DoseReport) -> None:
        pump = None if dose.pump is None else (dose.pump.state, dose.pump.rate_ml_per_h)
        key = (pump, dose.pump_device, dose.stale, dose.rate_mg_per_h, dose.planned_mg_per_h, dose.step_number, dose.started_at)
        if key == self._dose_key and self._dose_at is not None and dose.at.since(self._dose_at) < DOSE_EVERY_S:
            return
        self._dose_key, self._dose_at = key, dose.at
        self._chain("dose_reports", dose_row(dose, self.state.shift_ns))
