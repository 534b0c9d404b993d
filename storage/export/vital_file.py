"""A case as one .vital file (Vital Recorder, VitalDB): every numeric of every source, waveforms, infusion, and notes as text.

One gzip stream of packets, little-endian: a header, the devices, the tracks, then records of (track, moment, values). Samples stay the
device's own steps with gain and offset; a stretch without samples has no record. Moments are seconds since 1970, UTC, as float64.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import CATALOGUE
from clinical.observations import MISSING_SAMPLE
from storage.export import notes
from storage.export.case_folder import Format, Written
from storage.export.notes import notes_of
from storage.export.sheet import Source, WrittenFile
from storage.export.told import Told, part_of
from storage.export.wave_runs import channels_of, raw_runs
from storage.quick_deflate import gzip_deflater
from storage.rows import KeptDose
from storage.schema import NUMERICS

_DEVICE, _TRACK, _RECORD, _COMMAND = 9, 0, 1, 6
_WAVE, _NUMERIC, _TEXT = 1, 2, 5
_FLOAT64, _INT16 = 2, 5
_RECORD_HEAD = struct.Struct("<BIHdH")
_NUMBER_RECORD = np.dtype([("kind", "u1"), ("size", "<u4"), ("info", "<u2"), ("at", "<f8"), ("track", "<u2"), ("value", "<f8")])
"""A record's head and one number, for many at once."""
_PACKET_HEAD, _AFTER_INFO = 5, 10
_COMPRESS_AT_ONCE = 1 << 20
_LONGEST_RUN = 100_000
_NOTES_DEVICE = "EVENT"

_DOSES = (("RATE", "mL/h", "rate_ml_per_h"), ("DOSE_RATE", "mg/h", "rate_mg_per_h"), ("GIVEN", "mg", "given_mg"))
"""Tracks of the infusion: name, unit, and the field of a dose report."""


class _Stream:
    """A gzip stream with no date in it; counts nothing and keeps little."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._deflate = gzip_deflater()
        self._held: list[bytes] = []
        self._size = 0
        self.digest = hashlib.sha256()

    def add(self, *parts: bytes) -> None:
        self._held += parts
        self._size += sum(map(len, parts))
        if self._size >= _COMPRESS_AT_ONCE:
            self._pass_on()

    def packet(self, kind: int, data: bytes) -> None:
        self.add(struct.pack("<BI", kind, len(data)), data)

    def record(self, track: int, utc_ns: int, data: bytes) -> None:
        self.add(_RECORD_HEAD.pack(_RECORD, _AFTER_INFO + 2 + len(data), _AFTER_INFO, utc_ns / NS_PER_S, track), data)

    def numbers(self, tracks: Sequence[int], utc_ns: NDArray[np.int64], values: Sequence[float]) -> None:
        """A record of one number for each of them."""
        records = np.empty(len(tracks), _NUMBER_RECORD)
        records["kind"], records["size"], records["info"] = _RECORD, _NUMBER_RECORD.itemsize - _PACKET_HEAD, _AFTER_INFO
        records["at"], records["track"], records["value"] = utc_ns / NS_PER_S, tracks, values
        self.add(records.tobytes())

    def finish(self) -> None:
        self._pass_on()
        self._put(self._deflate.flush())

    def _pass_on(self) -> None:
        self._put(self._deflate.compress(b"".join(self._held)))
        self._held.clear()
        self._size = 0

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self.digest.update(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Track:
    device: str
    name: str
    kind: int
    format: int = _FLOAT64
    unit: str = ""
    rate_hz: float = 0.0
    gain: float = 1.0
    offset: float = 0.0
    low: float = 0.0
    high: float = 0.0


class _Tracks:
    """Numbers devices and tracks as they are told, each with its packet."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self._devices: dict[str, int] = {}
        self._names: set[tuple[str, str]] = set()
        self._count = 0

    def add(self, track: _Track) -> int:
        if track.device not in self._devices:
            number = self._devices[track.device] = len(self._devices) + 1
            self._stream.packet(_DEVICE, struct.pack("<I", number) + _text(track.device) * 2 + _text(""))
        self._count += 1
        name, part = track.name, 1
        while (track.device, name) in self._names:  # the same source with another rate or scale
            part += 1
            name = f"{track.name}_{part}"
        self._names.add((track.device, name))
        head = struct.pack("<HBB", self._count, track.kind, track.format) + _text(name) + _text(track.unit)
        shown = struct.pack("<ffIf", track.low, track.high, 0xFFFFFF, track.rate_hz)
        scale = struct.pack("<ddBI", track.gain, track.offset, 0, self._devices[track.device])
        self._stream.packet(_TRACK, head + shown + scale)
        return self._count


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<I", len(data)) + data


def _name(metric: str, channel: str) -> str:
    return f"{metric}.{channel}" if channel else metric


def _write_numerics(stream: _Stream, tracks: _Tracks, source: Source) -> int:
    """Every value that is a value; gives how many."""
    table, veil = NUMERICS.c, source.veil
    query = select(table.at_utc_ns, table.device, table.metric, table.channel, table.value)
    query = query.where(table.case_id == source.history.case_id, table.value.is_not(None)).order_by(table.id)
    numbers: dict[tuple[str, str, str], int] = {}
    count = 0
    for utc_ns, devices, metrics, channels, values in source.history.driver_columns(query):
        keys = list(zip(devices, metrics, channels, strict=True))
        for device, metric, channel in dict.fromkeys(keys):
            if (device, metric, channel) not in numbers:
                row, name = CATALOGUE[metric], _name(metric, veil.channel(channel))
                made = _Track(device=veil.device(device), name=name, kind=_NUMERIC, unit=row.unit.ucum, low=row.low, high=row.high)
                numbers[device, metric, channel] = tracks.add(made)
        stream.numbers([numbers[key] for key in keys], np.array(utc_ns, np.int64) - source.clock.moved_ns, values)
        count += len(keys)
    return count


def _write_doses(stream: _Stream, tracks: _Tracks, source: Source) -> int:
    doses = source.history.dose_reports()
    count = 0
    for name, unit, column in _DOSES if doses else ():
        number = tracks.add(_Track(device="INFUSION", name=name, kind=_NUMERIC, unit=unit))
        for dose in doses:
            value = _dose_value(dose, column)
            if value is not None:
                stream.record(number, dose.at.utc_ns - source.clock.moved_ns, struct.pack("<d", value))
                count += 1
    return count


def _dose_value(dose: KeptDose, column: str) -> float | None:
    value: float | None = getattr(dose, column)
    return value


def _write_notes(stream: _Stream, tracks: _Tracks, source: Source) -> int:
    made = notes_of(source)
    number = tracks.add(_Track(device=_NOTES_DEVICE, name="EVENT", kind=_TEXT, format=0))
    for note in made:
        lasts = "" if note.lasts_s is None else f" | for {note.lasts_s:.3f} s"
        stream.record(number, note.at.utc_ns - source.clock.moved_ns, struct.pack("<I", 0) + _text(note.text + lasts))
    return len(made)


def _write_waves(stream: _Stream, tracks: _Tracks, source: Source, told: Told) -> int:
    numbers: dict[int, tuple[int, float]] = {}
    for number, channel in channels_of(source).items():
        metric = channel.metric
        made = _Track(
            device=channel.device,
            name=_name(metric.id, channel.channel),
            kind=_WAVE,
            format=_INT16,
            unit=metric.unit.ucum,
            rate_hz=channel.rate_hz,
            gain=channel.unit_per_step,
            offset=channel.unit_at_zero,
        )
        numbers[number] = (tracks.add(made), channel.rate_hz)
    count, pack = 0, struct.Struct("<I").pack
    for run in raw_runs(source.history, told):
        track, rate_hz = numbers[run.channel]
        for start, steps in _present(run.steps):
            utc_ns = run.utc_ns + round(start / rate_hz * NS_PER_S) - source.clock.moved_ns
            stream.record(track, utc_ns, pack(len(steps)) + steps.tobytes())
            count += len(steps)
    return count


def _present(steps: NDArray[np.int16]) -> Iterator[tuple[int, NDArray[np.int16]]]:
    """The stretches that have samples, each with the place of its first."""
    here = steps != MISSING_SAMPLE
    if here.all() and len(steps) <= _LONGEST_RUN:
        yield 0, steps
        return
    edges = np.flatnonzero(np.diff(here, prepend=False, append=False))
    for begin, end in edges.reshape(-1, 2).tolist():
        for first in range(begin, end, _LONGEST_RUN):
            yield first, steps[first : min(end, first + _LONGEST_RUN)]


def _head(source: Source, last: Instant) -> bytes:
    moved_ns, setup = source.clock.moved_ns, source.history.setup
    begin, end = ((at.utc_ns - moved_ns) / NS_PER_S for at in (source.history.started, last))
    return b"VITA" + struct.pack("<IHhIIdd", 3, 26, -setup.utc_offset_min, 0, 0, begin, end)


def _write(folder: Path, source: Source, told: Told) -> Written:
    name = "case.vital"
    with (folder / name).open("wb") as file:
        stream = _Stream(file)
        stream.add(_head(source, source.history.last()))
        tracks = _Tracks(stream)
        rows = _write_notes(stream, tracks, source) + _write_doses(stream, tracks, source)
        rows += _write_numerics(stream, tracks, source)
        rows += _write_waves(stream, tracks, source, part_of(told, 0.15, 0.98))
        stream.finish()
    files = [WrittenFile(name=name, rows=rows, sha256=stream.digest.hexdigest())]
    return Written(files=files, not_held=_NOT_HELD)


_NOT_HELD = (
    notes.HELD,
    "validity, reason and moment of measurement of a numeric; values that a device withheld are not there",
    "moments are float64 seconds: to the microsecond; rates are float32",
    "device alerts, states of lines and raw pump reports",
)

VITAL = Format(name="vital", title=".vital (Vital Recorder, VitalDB)", write=_write)
