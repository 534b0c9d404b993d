"""Waveforms as WFDB records: format 16 (.dat, int16 in the device's own steps) with a header in text (.hea).

One record for each source of samples (device, metric, channel, rate and scale). A record is an even grid from its first sample;
stretches without data are filled with -32768, which format 16 and the devices' blocks both call "no sample". Samples that would
fall on ones already written (a device's clock set back) begin another record, so nothing is overwritten.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import MISSING_SAMPLE
from storage.export.sheet import Source, WrittenFile, columns, digest_of
from storage.export.told import Told
from storage.export.wave_runs import Grid, RawRun, channels_of, raw_runs
from storage.history import WaveformChannel

FOLDER = "waveforms"
_FILL_AT_ONCE = 1 << 20
_WRITE_AT_ONCE = 1 << 18


class _Record:
    """A record being written. ``checksum`` and ``first`` are what the header asks for."""

    def __init__(self, name: str, channel: WaveformChannel, begin: Instant, file: BinaryIO) -> None:
        self.name = name
        self.channel = channel
        self.begin = begin
        self.file = file
        self.grid = Grid(channel.rate_hz, begin.monotonic_ns)
        self.samples = 0
        self.checksum = 0
        self.first: int | None = None
        self.digest = hashlib.sha256()
        self._held: list[NDArray[np.int16]] = []
        self._held_samples = 0

    def add(self, place: int, steps: NDArray[np.int16]) -> None:
        """Takes samples for a place that is not before the end of those it has."""
        missing = place - self.grid.until
        while missing > 0:
            filled = min(missing, _FILL_AT_ONCE)
            self._hold(np.full(filled, MISSING_SAMPLE, np.int16))
            missing -= filled
        self._hold(steps)
        self.grid.until = place + len(steps)

    def _hold(self, steps: NDArray[np.int16]) -> None:
        self._held.append(steps)
        self._held_samples += len(steps)
        if self._held_samples >= _WRITE_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if not self._held_samples:
            return
        steps = np.concatenate(self._held).astype("<i2", copy=False)
        self._held.clear()
        self._held_samples = 0
        if self.first is None:
            self.first = int(steps[0])
        self.samples += len(steps)
        self.checksum += int(steps.sum(dtype=np.int64))
        self.file.write(steps.data)
        self.digest.update(steps.data)


@dataclass(slots=True)
class _Writer:
    """Gives each run to its record."""

    folder: Path
    source: Source
    channels: dict[int, WaveformChannel]
    open_records: dict[int, _Record] = field(default_factory=dict)
    finished: list[_Record] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def take(self, run: RawRun) -> None:
        record = self.open_records.get(run.channel)
        place = 0 if record is None else record.grid.place_of(run.mono_ns)
        if record is None or place < record.grid.until:  # a clock that was set back: nothing is written over
            record, place = self._begin(run), 0
        record.add(place, run.steps)

    def abandon(self) -> None:
        """Lets go of files that could not be finished; nothing to do after ``close``."""
        for record in self.open_records.values():
            with suppress(OSError):  # a full disk has been told already
                record.file.close()

    def close(self) -> None:
        for record in self.open_records.values():
            self._finish(record)
        self.open_records.clear()

    def _begin(self, run: RawRun) -> _Record:
        before = self.open_records.get(run.channel)
        if before is not None:
            self._finish(before)
        channel = self.channels[run.channel]
        name = self._name(channel)
        record = _Record(name, channel, Instant(run.mono_ns, run.utc_ns), (self.folder / f"{name}.dat").open("wb"))
        self.open_records[run.channel] = record
        return record

    def _finish(self, record: _Record) -> None:
        record.flush()
        record.file.close()
        (self.folder / f"{record.name}.hea").write_bytes(_header(record, self.source).encode())
        self.finished.append(record)

    def _name(self, channel: WaveformChannel) -> str:
        """A name of letters, digits, ``-`` and ``_``, which is all that WFDB allows; numbered where it is taken."""
        words = (re.sub(r"[^A-Za-z0-9-]+", "-", word) for word in (channel.device, channel.channel) if word)
        base = name = "_".join((channel.metric.id, *words))
        part = 1
        while name.lower() in self.names:
            part += 1
            name = f"{base}_{part}"
        self.names.add(name.lower())
        return name


def write_waveforms(folder: Path, source: Source, told: Told) -> list[WrittenFile]:
    """Writes every record; gives the files in the order of their names."""
    channels = channels_of(source)
    if not channels:
        return []
    place = folder / FOLDER
    place.mkdir()
    writer = _Writer(place, source, channels)
    try:
        for run in raw_runs(source.history, told):
            writer.take(run)
        writer.close()
    finally:
        writer.abandon()
    return [file for record in sorted(writer.finished, key=lambda one: one.name) for file in _files_of(folder, record)]


def _files_of(folder: Path, record: _Record) -> tuple[WrittenFile, WrittenFile]:
    channel = record.channel
    meaning = (
        f"{channel.metric.title}; int16 little-endian, {channel.rate_hz!r} samples a second; "
        f"value = {channel.unit_at_zero!r} + {channel.unit_per_step!r} × sample; -32768: no sample. WFDB format 16"
    )
    data, head = f"{FOLDER}/{record.name}.dat", f"{FOLDER}/{record.name}.hea"
    return (
        WrittenFile(
            name=data,
            rows=record.samples,
            sha256=record.digest.hexdigest(),
            columns=columns((channel.metric.id, channel.metric.unit.ucum, meaning)),
        ),
        WrittenFile(name=head, rows=None, sha256=digest_of(folder / head)),
    )


def unit_of(metric: Metric) -> str:
    """A unit without what WFDB's header would take for a separator; NU: none."""
    unit = re.sub(r"[^A-Za-z0-9%]", "", metric.unit.ucum.replace("/min", "bpm"))
    return "NU" if unit == "1" else unit


def _header(record: _Record, source: Source) -> str:
    """The header, as WFDB's header(5) has it. Its scale has a whole baseline, so the exact one stands in the comments."""
    channel = record.channel
    local = source.clock.local_datetime(record.begin)
    gain = 1 / channel.unit_per_step
    baseline = round(-channel.unit_at_zero / channel.unit_per_step)
    unit = unit_of(channel.metric)
    checksum = (record.checksum + 0x8000) % 0x10000 - 0x8000
    date = f"{local:%H:%M:%S}.{local.microsecond // 1000:03d} {local:%d/%m/%Y}"
    lines = [
        f"{record.name} 1 {channel.rate_hz:.10g} {record.samples} {date}",
        f"{record.name}.dat 16 {gain:.10g}({baseline})/{unit} 16 0 {record.first or 0} {checksum} 0 {channel.metric.id}",
        f"# begins {source.clock.utc(record.begin)}, {source.clock.elapsed(record.begin)} s after the start of the case",
        f"# value = {channel.unit_at_zero!r} + {channel.unit_per_step!r} x sample, in {channel.metric.unit.ucum}",
        *(("# SIMULATED: no patient was measured",) if source.history.setup.simulated else ()),
    ]
    return "\n".join(lines) + "\n"
