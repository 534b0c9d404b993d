"""VitalDB files (.vital), read by the vitaldb library."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from devices.recordings.inflated import require_inflated_within
from devices.recordings.names import metric_of, readings
from devices.recordings.recording import NumericTrack, Recording, RecordingError, Track, quantised

LARGEST_BYTES = 2 << 30
WAVE, NUMERIC = 1, 2
"""Track types of the format; 5 is text."""


def read_vital(path: Path) -> Recording:
    """A .vital file. Raises RecordingError."""
    require_inflated_within(path, LARGEST_BYTES)
    file, problem = _opened(path)
    if problem:
        raise RecordingError(f"{path.name} cannot be read as a .vital file ({problem})")
    tracks: list[Track] = []
    unknown: list[str] = []
    for name, track in sorted(file.trks.items()):
        if track.type not in {WAVE, NUMERIC}:
            continue
        made = _wave(file, name, track) if track.type == WAVE else _numeric(file, name, track)
        tracks.append(made) if made is not None else unknown.append(name)
    if not tracks:
        raise RecordingError(f"{path.name} holds no track that can be played. Is it damaged?")
    return Recording(title=path.stem, tracks=tuple(tracks), unknown=tuple(unknown), starts_at_unix_s=float(file.dtstart))


def _opened(path: Path) -> tuple[Any, str]:
    """The library's file, or what is wrong with it. It leaves its handle to the collector, so its warning is kept quiet here."""
    with warnings.catch_warnings(action="ignore"):
        import vitaldb  # noqa: PLC0415 (brings pandas; only a replay needs it)

        try:
            return vitaldb.VitalFile(str(path)), ""
        except Exception as error:  # noqa: BLE001 (the library raises whatever its parser meets; all of it means the same here)
            return None, f"{type(error).__name__}: {error}"


def _wave(file: Any, name: str, track: Any) -> Track | None:
    metric = metric_of(name, waveform=True)
    if metric is None or not track.srate:
        return None
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
