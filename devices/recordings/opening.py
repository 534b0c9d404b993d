"""From a path that a person names to a Recording: one file, a folder whose files belong together, or their common beginning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from devices.recordings.capture_file import is_capture, read_capture
from devices.recordings.csv_file import read_csv
from devices.recordings.edf_file import read_edf
from devices.recordings.recording import Recording, RecordingError, Track, WaveTrack
from devices.recordings.vital_file import read_vital
from devices.recordings.wfdb_file import read_wfdb

READERS: dict[str, Callable[[Path], Recording]] = {
    ".hea": read_wfdb,
    ".vital": read_vital,
    ".csv": read_csv,
    ".csv.gz": read_csv,
    ".edf": read_edf,
}
"""By how the file's name ends. To add a format: one file in this folder and a row here."""

MOST_FILES = 40
"""A folder of more files than this is a collection of patients, not one of them."""


def open_recording(path: str, driver: str = "") -> Recording:
    """Reads what a path names; ``driver``: of a raw recording of a line, whose bytes they are. Raises RecordingError."""
    if not path:  # the beginning of every name
        raise RecordingError("no recording is named")
    named = Path(path)
    if named.is_file() and (driver or _is_capture(named)):
        return read_capture(named, driver)
    if driver:
        raise RecordingError(f"{path} is {'a folder' if named.is_dir() else 'no file'}: --driver goes with the raw recording of one line")
    if named.is_dir():
        return _joined(named.name, _files_in(sorted(named.iterdir())), lenient=True)
    if named.is_file() or named.with_suffix(".hea").is_file():
        return _read(named if named.is_file() and named.suffix != ".dat" else named.with_suffix(".hea"))
    siblings = sorted(named.parent.glob(f"{named.name}*")) if named.parent.is_dir() else []
    if not siblings:
        raise RecordingError(f"{path} does not exist")
    return _joined(named.name, _files_in(siblings), lenient=True)


def _is_capture(path: Path) -> bool:
    try:
        return is_capture(path)
    except OSError as error:
        raise RecordingError(f"{path.name} cannot be read: {error.strerror or error}") from error


def _reader_of(path: Path) -> Callable[[Path], Recording] | None:
    return next((reader for ending, reader in READERS.items() if path.name.lower().endswith(ending)), None)


def _files_in(paths: list[Path]) -> list[Path]:
    return [path for path in paths if path.is_file() and _reader_of(path) is not None]


def _read(path: Path) -> Recording:
    reader = _reader_of(path)
    if reader is None:
        raise RecordingError(f"{path.name} is of no known kind; known are {', '.join(READERS)}, and what `bedside listen --capture` wrote")
    recording = reader(path)
    if not recording.tracks:
        raise RecordingError(f"{path.name} holds no track that can be played (it has: {', '.join(recording.unknown) or 'none'})")
    return replace(recording, tracks=tuple(_finest(list(recording.tracks))))


def _joined(title: str, files: list[Path], *, lenient: bool) -> Recording:
    """Several files on one time axis: by their clock times where all have one, else all from their own zero."""
    if len(files) > MOST_FILES:
        raise RecordingError(f"{title} holds several recordings ({len(files)} files); name one of them")
    read: list[Recording] = []
    problems: list[str] = []
    for file in files:
        try:
            read.append(_read(file))
        except RecordingError as error:
            problems.append(str(error))
    if not read or (problems and not lenient):
        raise RecordingError(problems[0] if problems else f"{title} holds no recording; known are files that end in {', '.join(READERS)}")
    starts = [recording.starts_at_unix_s for recording in read]
    first = min((start for start in starts if start is not None), default=0.0)
    shifts = [start - first if start is not None else 0.0 for start in starts]
    tracks = [_shifted(track, shift) for recording, shift in zip(read, shifts, strict=True) for track in recording.tracks]
    kept = _without_repeats(title, tracks)
    unknown = tuple(name for recording in read for name in recording.unknown)
    problems += [problem for recording in read for problem in recording.problems]
    return Recording(title=title, tracks=tuple(kept), unknown=unknown, problems=tuple(problems))


def _shifted(track: Track, seconds: float) -> Track:
    if not seconds:
        return track
    if isinstance(track, WaveTrack):
        return replace(track, start_s=track.start_s + seconds)
    return replace(track, times_s=track.times_s + seconds)


def _without_repeats(title: str, tracks: list[Track]) -> list[Track]:
    """The same metric twice is fine one after the other. At the same time the finer one is kept, unless they are many patients."""
    kept = _finest(tracks)
    if len(tracks) > 3 * len({track.metric for track in kept}) and any(_rivals(a, b) for a, b in combinations(tracks, 2)):
        raise RecordingError(f"{title} holds several recordings of the same things at the same time; name one of its files")
    return kept


def _finest(tracks: list[Track]) -> list[Track]:
    kept: list[Track] = []
    for track in sorted(tracks, key=_fineness, reverse=True):
        if not any(_rivals(other, track) for other in kept):
            kept.append(track)
    return kept


def _rivals(a: Track, b: Track) -> bool:
    """Two tracks of one metric, of which only one can be shown at a time."""
    return a.metric is b.metric and a.channel == b.channel and _begin_s(a) < b.end_s and _begin_s(b) < a.end_s


def _fineness(track: Track) -> tuple[float, int]:
    return (track.rate_hz, len(track.steps)) if isinstance(track, WaveTrack) else (0.0, len(track.times_s))


def _begin_s(track: Track) -> float:
    return track.start_s if isinstance(track, WaveTrack) else float(track.times_s[0])
