"""Waveforms as WFDB records: format 16 (.dat, int16 in the device's own steps) with a header in text (.hea).

One record for each source of samples (device, metric, channel, rate and scale). A record is an even grid from its first sample;
stretches without data are filled with -32768, which format 16 and the devices' blocks both call "no sample". Samples that would
fall on ones already written (a device's clock set back) begin another record, so nothing is overwritten.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from clinical.instant import NS_PER_S, Instant
from clinical.observations import MISSING_SAMPLE, Validity
from storage.export.sheet import Source, WrittenFile, columns, digest_of
from storage.history import WaveformChannel
from storage.waveform_blob import Segment

FOLDER = "waveforms"
_USABLE = frozenset({Validity.VALID, Validity.QUESTIONABLE})
_FILL_AT_ONCE = 1 << 20


@dataclass(slots=True, kw_only=True)
class _Record:
    """A record being written. ``checksum`` and ``first`` are what the header asks for."""

    name: str
    channel: WaveformChannel
    begin: Instant
    file: BinaryIO
    samples: int = 0
    checksum: int = 0
    first: int | None = None

    def place_of(self, segment: Segment) -> int:
        """Where on the grid a segment begins."""
        return round((segment.at_mono_ns - self.begin.monotonic_ns) / NS_PER_S * self.channel.rate_hz)

    def add(self, segment: Segment) -> None:
        missing = max(0, self.place_of(segment) - self.samples)
        while missing:
            filled = min(missing, _FILL_AT_ONCE)
            self._write(np.full(filled, MISSING_SAMPLE, "<i2"))
            missing -= filled
        usable = segment.validity in _USABLE
        self._write(segment.steps.astype("<i2") if usable else np.full(len(segment.steps), MISSING_SAMPLE, "<i2"))

    def _write(self, steps: NDArray[np.int16]) -> None:
        if self.first is None and len(steps):
            self.first = int(steps[0])
        self.samples += len(steps)
        self.checksum += int(steps.sum(dtype=np.int64))
        self.file.write(steps.tobytes())


@dataclass(slots=True)
class _Writer:
    """Gives each segment to its record."""

    folder: Path
    source: Source
    channels: dict[int, WaveformChannel]
    open_records: dict[int, _Record] = field(default_factory=dict)
    finished: list[_Record] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def take(self, segment: Segment) -> None:
        record = self.open_records.get(segment.channel)
        # One sample of overlap is rounding; more is a clock that was set back.
        if record is None or record.place_of(segment) < record.samples - 1:
            record = self._begin(segment)
        record.add(segment)

    def abandon(self) -> None:
        """Lets go of files that could not be finished; nothing to do after ``close``."""
        for record in self.open_records.values():
            with suppress(OSError):  # a full disk has been told already
                record.file.close()

    def close(self) -> None:
        for record in self.open_records.values():
            self._finish(record)
        self.open_records.clear()

    def _begin(self, segment: Segment) -> _Record:
        before = self.open_records.get(segment.channel)
        if before is not None:
            self._finish(before)
        channel = self.channels[segment.channel]
        name = self._name(channel)
        begin = Instant(segment.at_mono_ns, segment.at_utc_ns)
        record = _Record(name=name, channel=channel, begin=begin, file=(self.folder / f"{name}.dat").open("wb"))
        self.open_records[segment.channel] = record
        return record

    def _finish(self, record: _Record) -> None:
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


def write_waveforms(folder: Path, source: Source) -> list[WrittenFile]:
    """Writes every record; gives the files in the order of their names."""
    channels = {channel.number: channel for channel in source.history.waveform_channels()}
    if not channels:
        return []
    place = folder / FOLDER
    place.mkdir()
    writer = _Writer(place, source, channels)
    try:
        for segment in source.history.segments():
            writer.take(segment)
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
            sha256=digest_of(folder / data),
            columns=columns((channel.metric.id, channel.metric.unit.ucum, meaning)),
        ),
        WrittenFile(name=head, rows=None, sha256=digest_of(folder / head)),
    )


def _header(record: _Record, source: Source) -> str:
    """The header, as WFDB's header(5) has it. Its scale has a whole baseline, so the exact one stands in the comments."""
    channel = record.channel
    local = source.clock.local_datetime(record.begin)
    gain = 1 / channel.unit_per_step
    baseline = round(-channel.unit_at_zero / channel.unit_per_step)
    unit = re.sub(r"[^A-Za-z0-9%]", "", channel.metric.unit.ucum)
    unit = "NU" if unit == "1" else unit
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
