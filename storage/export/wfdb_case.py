"""A case as WFDB records: each waveform's own record, the numerics at one a second, and everything else as annotations.

The annotation file is in MIT format with milliseconds (annot(5), "time resolution"). Readers take notes on the first sample for
definitions of the file and drop them, so a note of that moment lies a millisecond later.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from storage.export import notes, seconds
from storage.export.case_folder import Format, Written
from storage.export.notes import Note, notes_of, pieces
from storage.export.seconds import SecondTrack, second_tracks
from storage.export.sheet import Source, WrittenFile, columns, digest_of
from storage.export.told import Told, part_of
from storage.export.wfdb_record import unit_of, write_waveforms

NUMERICS, ANNOTATOR = "numerics", "atr"
_NOTE, _SKIP, _AUX = 22, 59, 63
_LONGEST_INTERVAL, _LONGEST_TEXT = 1023, 255
_PER_SECOND = 1000


def annotation_bytes(notes: Iterable[tuple[int, str]]) -> bytes:
    """Notes at milliseconds from the beginning, which do not fall, as an annotation file; texts of up to 255 bytes of UTF-8."""
    written = bytearray(_one(0, f"## time resolution: {_PER_SECOND}"))
    latest = 0
    for at_ms, text in notes:
        written += _one(at_ms - latest, text)
        latest = at_ms
    return bytes(written + b"\0\0")


def _one(interval: int, text: str) -> bytes:
    words = b""
    if interval > _LONGEST_INTERVAL:
        words = struct.pack("<HHH", _SKIP << 10, interval >> 16, interval & 0xFFFF)
        interval = 0
    aux = text.encode()
    return words + struct.pack("<HH", _NOTE << 10 | interval, _AUX << 10 | len(aux)) + aux + b"\0" * (len(aux) % 2)


def _moments(source: Source, found: Iterable[Note]) -> Iterator[tuple[int, str]]:
    for note in found:
        at_ms = max(1, round(note.at.since(source.history.started) * _PER_SECOND))
        lasts = "" if note.lasts_s is None else f" | for {note.lasts_s:.3f} s"
        yield from ((at_ms, piece) for piece in pieces(note.text + lasts, _LONGEST_TEXT))


def _numerics_header(source: Source, tracks: list[SecondTrack], frames: int) -> str:
    local = source.clock.local_datetime(source.history.started)
    date = f"{local:%H:%M:%S}.{local.microsecond // 1000:03d} {local:%d/%m/%Y}"
    lines = [f"{NUMERICS} {len(tracks)} 1 {frames} {date}" if tracks else f"{NUMERICS} 0 1 0 {date}"]
    for track in tracks:
        unit = unit_of(track.metric)
        first, total = int(track.steps[0]), int(track.steps.sum(dtype=np.int64))
        checksum = (total + 0x8000) % 0x10000 - 0x8000
        name = f"{track.metric.id}.{track.channel}" if track.channel else track.metric.id
        lines.append(f"{NUMERICS}.dat 16 {track.steps_per_unit}(0)/{unit} 16 0 {first} {checksum} 0 {name}")
    lines += [f"# begins {source.clock.utc(source.history.started)}", f"# {seconds.HELD}"]
    lines += ["# SIMULATED: no patient was measured"] if source.history.setup.simulated else []
    return "\n".join(lines) + "\n"


def _write_numerics(folder: Path, source: Source) -> list[WrittenFile]:
    tracks = second_tracks(source)
    frames = len(tracks[0].steps) if tracks else 0
    (folder / f"{NUMERICS}.hea").write_bytes(_numerics_header(source, tracks, frames).encode())
    (folder / f"{NUMERICS}.{ANNOTATOR}").write_bytes(annotation_bytes(_moments(source, notes_of(source))))
    named = [f"{NUMERICS}.hea", f"{NUMERICS}.{ANNOTATOR}"]
    files = [WrittenFile(name=name, rows=None, sha256=digest_of(folder / name)) for name in named]
    if tracks:
        name = f"{NUMERICS}.dat"
        (folder / name).write_bytes(np.stack([track.steps for track in tracks], axis=1).astype("<i2").tobytes())
        meant = columns(*((one.metric.id, one.metric.unit.ucum, f"{one.metric.title}; steps of 1/{one.steps_per_unit}") for one in tracks))
        files.append(WrittenFile(name=name, rows=frames, sha256=digest_of(folder / name), columns=meant))
    return files


def _write(folder: Path, source: Source, told: Told) -> Written:
    files = _write_numerics(folder, source)
    files += write_waveforms(folder, source, part_of(told, 0.15, 1.0))
    return Written(files=files, not_held=_NOT_HELD)


_NOT_HELD = (
    seconds.HELD,
    f"{notes.HELD}; one on the first millisecond lies on the second",
    "a scale's zero is a whole step; the exact one stands in the headers' comments and in this manifest",
    "device alerts, states of lines and raw pump reports",
)

WFDB = Format(name="wfdb", title="WFDB records (PhysioNet)", write=_write)
