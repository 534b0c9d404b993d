"""VitalDB files (.vital), read by the vitaldb library."""

from __future__ import annotations

import gzip
import io
import struct
import warnings
import zlib
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices.recordings.inflated import require_inflated_within
from devices.recordings.names import metric_of, readings
from devices.recordings.recording import MOST_SAMPLES, NumericTrack, Recording, RecordingError, Track, in_a_line, quantised

LARGEST_BYTES = 2 << 30
_HEAD = struct.Struct("<4sIH")
"""Mark, version, length of the rest of the header."""
_RECORD = struct.Struct("<BI")
"""Kind and length of each record."""
_PACKED, _LONGEST = 26, 1_000_000
"""Where the header says that a track's records stand together; else the library ends at a longer record."""
_PRINTS = "Error in reading file: "
_ROOM, _THINNEST = 1 << 25, 20
"""Room is made for a whole track, gaps included: so many samples without a question, else so many times what the file holds."""
_DOUBLE, _ABSURD = 2, 4e9
"""The last format of samples that have no gain; what is larger is no value (both as the library has it)."""
WAVE, NUMERIC = 1, 2
"""Track types of the format; 5 is text."""


def read_vital(path: Path) -> Recording:
    """A .vital file; one that is damaged is played up to there. Raises RecordingError."""
    require_inflated_within(path, LARGEST_BYTES)
    file, damage = _opened(path)
    damage = damage or _broken_off(path)
    try:
        tracks, unknown = _tracks(path, file)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, MemoryError) as error:
        raise RecordingError(f"{path.name} cannot be read as a .vital file ({in_a_line(error)})") from error
    if damage and not tracks:
        raise RecordingError(f"{path.name} cannot be read as a .vital file ({damage})")
    if not tracks:
        raise RecordingError(f"{path.name} holds no track that can be played. Is it damaged?")
    problems = (f"the rest of {path.name}, which is damaged ({damage})",) if damage else ()
    began = float(file.dtstart)
    return Recording(title=path.stem, tracks=tuple(tracks), unknown=tuple(unknown), starts_at_unix_s=began, problems=problems)


def _opened(path: Path) -> tuple[Any, str]:
    """The library's file, and what was wrong with it: the library prints that and gives what it had read, or raises.

    It leaves its handle to the collector, so its warning is kept quiet here.
    """
    printed = io.StringIO()
    with warnings.catch_warnings(action="ignore"), redirect_stdout(printed):
        import vitaldb  # noqa: PLC0415 (brings pandas; only a replay needs it)

        try:
            file = vitaldb.VitalFile(str(path))
        except Exception as error:  # noqa: BLE001 (whatever its parser meets; all of it means the same here)
            return None, f"{type(error).__name__}: {in_a_line(error)}"
    return file, " ".join(printed.getvalue().split()).removeprefix(_PRINTS)


def _broken_off(path: Path) -> str:
    """What the library passes over in silence: a file that ends within a record, or a record longer than the library reads."""
    try:
        with gzip.open(path, "rb") as file:
            head = _HEAD.unpack(file.read(_HEAD.size))
            packed = file.read(head[2])[_PACKED : _PACKED + 1] == b"\1"
            while start := file.read(_RECORD.size):
                _kind, length = _RECORD.unpack(start)
                if length > _LONGEST and not packed:
                    return f"a record in it is said to have {length:,} bytes"
                if len(file.read(length)) < length:
                    return "it breaks off within a record"
    except (OSError, EOFError, zlib.error) as error:
        return in_a_line(error)
    except struct.error:
        return "it breaks off"
    return ""


def _tracks(path: Path, file: Any) -> tuple[list[Track], list[str]]:
    """Those that can be played, and the names of the others."""
    tracks: list[Track] = []
    unknown: list[str] = []
    for name, track in [] if file is None else sorted(file.trks.items()):
        if track.type not in {WAVE, NUMERIC}:
            continue
        made = _wave(path, file, name, track) if track.type == WAVE else _numeric(file, name, track)
        tracks.append(made) if made is not None else unknown.append(name)
    return tracks, unknown


def _wave(path: Path, file: Any, name: str, track: Any) -> Track | None:
    metric = metric_of(name, waveform=True)
    if metric is None or not track.srate > 0 or not track.recs:
        return None
    rate_hz = float(track.srate)
    pieces = _on_a_grid([(record["dt"] - file.dtstart, np.asarray(record["val"], np.float64)) for record in track.recs], rate_hz)
    begin, held = pieces[0][0], sum(len(values) for _, values in pieces)
    length = max(place + len(values) for place, values in pieces) - begin
    if length > min(MOST_SAMPLES, max(_ROOM, _THINNEST * held)):
        days = length / rate_hz / 86_400
        raise RecordingError(f"{path.name} says that it lasts {days:.3g} days: it is damaged, or too long to be played")
    samples = np.full(length, np.nan)
    for place, values in pieces:
        samples[place - begin : place - begin + len(values)] = values
    if track.fmt > _DOUBLE:
        samples = samples * track.gain + track.offset
    samples[~(np.abs(samples) < _ABSURD)] = np.nan
    return quantised(metric, begin / rate_hz, rate_hz, samples)


def _on_a_grid(records: list[tuple[float, NDArray[np.float64]]], rate_hz: float) -> list[tuple[int, NDArray[np.float64]]]:
    """The place of each record's first sample: one that begins within a sample of the last one's end follows it without a gap.

    Moments of records are rounded where they are made: taken by the letter, each would begin with a sample that is missing.
    """
    placed: list[tuple[int, NDArray[np.float64]]] = []
    until = 0
    for second, values in sorted(records, key=lambda record: record[0]):
        place = round(second * rate_hz)
        place = until if placed and abs(place - until) <= 1 else place
        placed.append((place, values))
        until = place + len(values)
    return placed


def _numeric(file: Any, name: str, track: Any) -> Track | None:
    metric = metric_of(name, waveform=False)
    if metric is None or not track.recs:
        return None
    times_s = np.array([record["dt"] for record in track.recs], dtype=np.float64) - file.dtstart
    values = np.array([record["val"] for record in track.recs], dtype=np.float64)
    order = np.argsort(times_s, kind="stable")
    return NumericTrack(metric=metric, times_s=times_s[order], values=readings(values[order]))
