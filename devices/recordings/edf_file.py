"""EDF and EDF+ files, read by their own header (Kemp 1992, 2003). Samples stay where they are until a track wants them.

A header that contradicts itself or the length of the file is refused in one line: nothing is guessed. Records of an EDF+D file lie at
their own moments.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clinical.metrics import CATALOGUE, Metric
from clinical.observations import MISSING_SAMPLE
from devices.recordings.names import metric_of, readings
from devices.recordings.recording import NumericTrack, Recording, RecordingError, Track, WaveTrack

SLOWEST_WAVE_HZ = 10.0
MOST_SIGNALS = 512
MOST_SAMPLES = 1 << 29
"""Of one signal on its even grid; more is a gap of years or a file that lies."""
_ANNOTATIONS = "EDF Annotations"
_WIDTHS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
_FACTORS = {"uV": ("mV", 1e-3), "nV": ("mV", 1e-6), "mOhm": ("Ohm", 1e-3), "uOhm": ("Ohm", 1e-6), "V": ("mV", 1e3)}
_UNITS = {"mmHg": "mm[Hg]", "degC": "Cel", "bpm": "/min", "": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signal:
    label: str
    source: str
    dimension: str
    per_step: float
    at_zero: float
    samples: int
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    size: int
    records: int
    record_s: float
    begins: datetime | None
    plus: str
    ours: bool
    signals: tuple[_Signal, ...]

    @property
    def width(self) -> int:
        return sum(signal.samples for signal in self.signals)


def read_edf(path: Path) -> Recording:
    """An .edf file. Raises RecordingError."""
    try:
        header = _header(path)
    except (ValueError, IndexError, UnicodeDecodeError) as error:
        raise RecordingError(f"{path.name} is no EDF file that can be read ({error})") from error
    except OSError as error:
        raise RecordingError(f"{path.name} cannot be read ({error.strerror})") from error
    samples = np.memmap(path, "<i2", "r", header.size, (header.records, header.width))
    onsets_s = _onsets_s(path, header, samples)
    tracks: list[Track] = []
    unknown: list[str] = []
    for signal in header.signals:
        if signal.label == _ANNOTATIONS or not header.records:
            continue
        track = _track(path, header, signal, samples, onsets_s)
        tracks.append(track) if track is not None else unknown.append(signal.label)
    begun = None if header.begins is None else header.begins.timestamp()
    return Recording(title=path.stem, tracks=tuple(tracks), unknown=tuple(unknown), starts_at_unix_s=begun)


def _header(path: Path) -> _Header:
    with path.open("rb") as file:
        head = file.read(256)
        if len(head) < 256 or head[:8].strip() != b"0":
            raise ValueError("it does not begin as one")
        size, records, count = _whole(head[184:192]), _whole(head[236:244]), _whole(head[252:256])
        record_s = _number(head[244:252])
        if not 0 < count <= MOST_SIGNALS or size != 256 * (count + 1):
            raise ValueError(f"its header says {count} signals in {size} bytes")
        if records < 0 or not 0 < record_s <= 3600:
            raise ValueError(f"its header says {records} records of {record_s:g} s")
        rest = file.read(size - 256)
        odd = next((byte for byte in head + rest if not 32 <= byte <= 126), None)
        if odd is not None:
            raise ValueError(f"its header holds the byte 0x{odd:02x}, and may hold printable ASCII only")
        signals = _signals(rest, count)
    expected = size + 2 * records * sum(signal.samples for signal in signals)
    if path.stat().st_size != expected:
        raise ValueError(f"its header says {expected} bytes, and it has {path.stat().st_size}")
    plus, ours = head[192:236].decode("ascii").strip(), b" Bedside" in head[88:168]
    begins = _begins(head[168:176], head[176:184])
    return _Header(size=size, records=records, record_s=record_s, begins=begins, plus=plus, ours=ours, signals=tuple(signals))


def _signals(data: bytes, count: int) -> list[_Signal]:
    columns: list[list[bytes]] = []
    for width in _WIDTHS:
        columns.append([data[place * width : (place + 1) * width] for place in range(count)])
        data = data[width * count :]
    signals, start = [], 0
    for label, source, dimension, *scale, _filter, samples, _reserved in zip(*columns, strict=True):
        name = label.decode("ascii", "replace").strip()
        low, high, first, last = (_number(part) for part in scale)
        size = _whole(samples)
        if size <= 0 or size > MOST_SAMPLES:
            raise ValueError(f"signal {name!r} has {size} samples a record")
        if name != _ANNOTATIONS and (low == high or first >= last):
            raise ValueError(f"signal {name!r} has no scale: {low:g} to {high:g} for {first:g} to {last:g}")
        per_step = (high - low) / (last - first) if last != first else 1.0
        told = (source.decode("ascii", "replace").strip(), dimension.decode("ascii", "replace").strip())
        signals.append(
            _Signal(
                label=name, source=told[0], dimension=told[1], per_step=per_step, at_zero=low - first * per_step, samples=size, start=start
            )
        )
        start += size
    return signals


def _whole(field: bytes) -> int:
    return int(field.decode("ascii").strip())


def _number(field: bytes) -> float:
    value = float(field.decode("ascii").strip())
    if not math.isfinite(value):
        raise ValueError("a number in its header is none")
    return value


def _begins(date: bytes, time: bytes) -> datetime | None:
    """The moment in the header, which knows no zone; years from 1985 to 2084."""
    found = re.fullmatch(rb"(\d\d)\.(\d\d)\.(\d\d)(\d\d)[.:](\d\d)[.:](\d\d)", date + time)
    if found is None:
        return None
    day, month, year, hour, minute, second = map(int, found.groups())
    try:
        return datetime(year + (1900 if year >= 85 else 2000), month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _onsets_s(path: Path, header: _Header, samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """When each record begins, from the beginning of the file."""
    even = np.arange(header.records, dtype=np.float64) * np.float64(header.record_s)
    talk = next((signal for signal in header.signals if signal.label == _ANNOTATIONS), None)
    if header.plus != "EDF+D" or talk is None:
        return even
    found = []
    for record in range(header.records):
        told = samples[record, talk.start : talk.start + talk.samples].tobytes().split(b"\x14", 1)[0]
        try:
            found.append(float(told.decode("ascii")))
        except ValueError:
            raise RecordingError(f"{path.name}: record {record + 1} does not tell its moment") from None
    onsets = np.array(found)
    if not np.isfinite(onsets).all() or (np.diff(onsets) <= 0).any() or (onsets < 0).any():
        raise RecordingError(f"{path.name}: its records do not follow one another")
    return onsets


def _track(path: Path, header: _Header, signal: _Signal, samples: NDArray[np.int16], onsets_s: NDArray[np.float64]) -> Track | None:
    rate_hz = signal.samples / header.record_s
    waveform = rate_hz >= SLOWEST_WAVE_HZ
    metric, channel = _meant(signal, waveform=waveform)
    factor = None if metric is None else _factor(signal.dimension, metric)
    if metric is None or factor is None:
        return None
    steps = _on_grid(path, samples[:, signal.start : signal.start + signal.samples], onsets_s, rate_hz)
    missing = steps == MISSING_SAMPLE if header.ours else np.zeros(len(steps), bool)
    per_step, at_zero = signal.per_step * factor, signal.at_zero * factor
    if waveform:
        return WaveTrack(
            metric=metric,
            start_s=float(onsets_s[0]),
            rate_hz=rate_hz,
            steps=steps,
            unit_per_step=per_step,
            unit_at_zero=at_zero,
            channel=channel,
        )
    values = np.where(missing | (steps == MISSING_SAMPLE), np.nan, steps * per_step + at_zero)
    kept = values if header.ours else readings(values)
    return NumericTrack(metric=metric, times_s=onsets_s[0] + np.arange(len(steps)) / rate_hz, values=kept, channel=channel)


def _meant(signal: _Signal, *, waveform: bool) -> tuple[Metric | None, str]:
    """By the reference id that Bedside writes beside the label, else by the label."""
    metric_id, _, rest = signal.source.partition(" ")
    known = CATALOGUE.get(metric_id)
    if known is not None and known.waveform is waveform:
        return known, "" if waveform else rest
    return metric_of(signal.label, waveform=waveform) or metric_of(signal.label.removeprefix("ECG "), waveform=waveform), ""


def _factor(dimension: str, metric: Metric) -> float | None:
    """What takes the file's dimension to the metric's unit; None where it is another quantity."""
    found = re.fullmatch(r"(?:10\^|e)(-\d)(.*)", dimension)
    unit, power = (found[2], 10.0 ** int(found[1])) if found else (dimension, 1.0)
    unit, factor = _FACTORS.get(unit, (unit, 1.0)) if metric.unit.ucum != unit else (unit, 1.0)
    same = _UNITS.get(unit, unit) == metric.unit.ucum or not unit
    return factor * power if same else None


def _on_grid(path: Path, block: NDArray[np.int16], onsets_s: NDArray[np.float64], rate_hz: float) -> NDArray[np.int16]:
    """The records of one signal on an even grid from the first of them; no sample where no record lies."""
    places = np.rint((onsets_s - onsets_s[0]) * rate_hz).astype(np.int64)
    length = int(places[-1]) + block.shape[1]
    if length > MOST_SAMPLES:
        raise RecordingError(f"{path.name} says that it lasts {length / rate_hz / 3600:.0f} h; cut it into pieces")
    if length == block.size:
        return np.ascontiguousarray(block).reshape(-1)
    steps = np.full(length, MISSING_SAMPLE, np.int16)
    for place, record in zip(places.tolist(), block, strict=True):
        steps[place : place + len(record)] = record[: length - place]
    return steps
