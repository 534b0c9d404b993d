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
"""The library makes room for a whole track, gaps included: so many samples without a question, else so many times what the file holds."""
WAVE, NUMERIC = 1, 2
"""Track types of the format; 5 is text."""


def read_vital(path: Path) -> Recording:
    """A .vital file; one that is damaged is played up to there. Raises RecordingError."""
    require_inflated_within(path, LARGEST_BYTES)
    file, damage = _opened(path)
    damage = damage or _broken_off(path)
    try:
        tracks, unknown = _tracks(path, file)
    except (ValueError, TypeError, LookupError, AttributeError, MemoryError) as error:
        raise RecordingError(f"{path.name} cannot be read as a .vital file ({in_a_line(error)})") from error
    if damage and not tracks:
        raise RecordingError(f"{path.name} cannot be read as a .vital file ({damage})")
    if not tracks:
        raise RecordingError(f"{path.name} holds no track that can be played. Is it damaged?")
    problems = (f"{path.name} is damaged ({damage}): what comes before that is played",) if damage else ()
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
    if metric is None or not track.srate > 0:
        return None
    length_s, held = file.dtend - file.dtstart, sum(len(record["val"]) for record in track.recs)
    if not length_s * track.srate <= min(MOST_SAMPLES, max(_ROOM, _THINNEST * held)):
        raise RecordingError(f"{path.name} says that it lasts {length_s / 86_400:.3g} days: it is damaged, or too long to be played")
    values = np.asarray(file.get_track_samples(name, 1 / track.srate), dtype=np.float64)
    return quantised(metric, 0.0, float(track.srate), values)


def _numeric(file: Any, name: str, track: Any) -> Track | None:
    metric = metric_of(name, waveform=False)
    if metric is None or not track.recs:
        return None
    times_s = np.array([record["dt"] for record in track.recs], dtype=np.float64) - file.dtstart
    values = np.array([record["val"] for record in track.recs], dtype=np.float64)
    order = np.argsort(times_s, kind="stable")
    return NumericTrack(metric=metric, times_s=times_s[order], values=readings(values[order]))
