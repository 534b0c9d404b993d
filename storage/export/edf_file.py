"""A case as EDF+: waveforms and numerics as signals, everything else as annotations.

Samples keep the device's own steps; -32768 is "no sample". Records in which nothing was measured are left out: the file is then
EDF+D, each record with its own moment. Written as it is read, whatever its length. Sources whose rate fits no record of whole seconds
have a file of their own each.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from clinical.instant import NS_PER_S
from clinical.metrics import Metric
from clinical.observations import MISSING_SAMPLE
from storage.export import notes, seconds
from storage.export.case_folder import Format, Written
from storage.export.edf_header import ANNOTATIONS, MONTHS, FileHead, SignalHead, annotation, ascii_of, eight, header, padded, scaled
from storage.export.notes import notes_of, pieces
from storage.export.seconds import SecondTrack, second_tracks
from storage.export.sheet import Source, WrittenFile, digest_of
from storage.export.told import Told, part_of
from storage.export.wave_runs import Grid, RawRun, channels_of, raw_runs
from storage.history import WaveformChannel

RECORD_S = (1, 2, 4, 5, 8, 10)
_WINDOW_S = 240
_GIVE_EVERY_S = 60
_LONGEST_TEXT = 240
_NUMERICS_HZ = 1.0


@dataclass(slots=True, kw_only=True)
class _Signal:
    """A signal of the file and the stretch of it that is not written yet: ``held`` begins at record ``_File.written``."""

    head: SignalHead
    grid: Grid
    held: NDArray[np.int16]
    key: int | None = None


@dataclass(slots=True)
class _File:
    """One EDF+ file being written."""

    path: Path
    source: Source
    record_s: float
    signals: list[_Signal]
    talk: deque[bytes]
    talk_bytes: int
    window: int
    file: BinaryIO
    done: int = 0
    records: int = 0
    left_out: bool = False
    late: int = 0
    digest: str = ""
    onset_s: float = 0.0
    by_key: dict[int, _Signal] = field(default_factory=dict)

    def take(self, run: RawRun) -> None:
        signal = self.by_key.get(run.channel)
        if signal is not None:
            self.put(signal, signal.grid.place_of(run.mono_ns), run.steps)

    def put(self, signal: _Signal, place: int, steps: NDArray[np.int16]) -> None:
        """Puts samples on their places; what would lie on samples already there or before what is written is counted as late."""
        size = signal.head.samples
        early = min(len(steps), max(0, signal.grid.until - place))
        self.late += early
        steps, place = steps[early:], place + early
        signal.grid.until = max(signal.grid.until, place + len(steps))
        while len(steps):
            room = (self.done + self.window) * size - place
            if room <= 0:
                self.flush(max(self.window // 2, (place // size) - self.done - self.window + 1))
                continue
            begin = place - self.done * size
            signal.held[begin : begin + min(room, len(steps))] = steps[:room]
            steps, place = steps[room:], place + min(room, len(steps))

    def flush(self, count: int) -> None:
        """Writes the first records of the window, and moves the window on by as many."""
        while count > 0:
            now = min(count, self.window)
            self._write(now)
            for signal in self.signals:
                kept = signal.held[now * signal.head.samples :].copy()
                signal.held[: len(kept)] = kept
                signal.held[len(kept) :] = MISSING_SAMPLE
            self.done += now
            count -= now

    def _write(self, count: int) -> None:
        width = sum(signal.head.samples for signal in self.signals)
        block = np.full((count, width + self.talk_bytes // 2), 0, "<i2")
        start = 0
        for signal in self.signals:
            size = signal.head.samples
            block[:, start : start + size] = signal.held[: count * size].reshape(count, size)
            start += size
        used = (block[:, :width] != MISSING_SAMPLE).any(axis=1)
        if self.left_out or not used.all():
            self.left_out = self.left_out or bool(used.any() or self.records)
        chosen = np.flatnonzero(used)
        for place in chosen.tolist():
            block[place, width:] = self._talk(self.done + place)
        self.file.write((block if len(chosen) == count else block[chosen]).data)
        self.records += len(chosen)

    def _talk(self, record: int) -> NDArray[np.int16]:
        """The annotations of a record: its own moment first, then as many of those that wait as there is room for."""
        lists = annotation(self.onset_s + record * self.record_s, "")
        while self.talk and len(lists) + len(self.talk[0]) <= self.talk_bytes:
            lists += self.talk.popleft()
        return padded(lists, self.talk_bytes)

    def finish(self) -> None:
        """Writes what is left, records for annotations that found no room, and the header anew now that it is known."""
        lasting = max((-(-signal.grid.until // signal.head.samples) for signal in self.signals), default=0)
        self.flush(max(0, lasting - self.done))
        while self.talk or not self.records:
            width = sum(signal.head.samples for signal in self.signals)
            empty = np.full(width, MISSING_SAMPLE, "<i2")
            self.file.write(np.concatenate((empty, self._talk(self.done))).astype("<i2").data)
            self.records += 1
            self.done += 1
        self.file.seek(0)
        self.file.write(self.head())
        self.file.close()
        self.digest = digest_of(self.path)

    def head(self) -> bytes:
        setup = self.source.history.setup
        begins = self.source.clock.local_datetime(self.source.history.started)
        date = f"{begins:%d}-{MONTHS[begins.month - 1]}-{begins:%Y}"
        label = "_".join(ascii_of(self.source.veil.words(setup.patient.label)).split()) or "X"
        sex = {"f": "F", "m": "M"}.get(setup.patient.sex[:1].lower(), "X") if label != "X" else "X"
        talk = SignalHead(label=ANNOTATIONS, source="", dimension="", low="-1", high="1", samples=self.talk_bytes // 2)
        return header(
            FileHead(
                patient=f"X {sex} X {label}",
                recording=f"Startdate {date} X X Bedside{'_SIMULATED' if setup.simulated else ''}",
                begins=begins,
                continuous=not self.left_out,
                records=self.records,
                seconds=eight(self.record_s).rstrip("0").rstrip("."),
                signals=[*(signal.head for signal in self.signals), talk],
            )
        )


def _numeric_signal(track: SecondTrack, record_s: float, window: int) -> _Signal:
    dimension, low, high = scaled(_unit(track.metric.unit.ucum), 1 / track.steps_per_unit, 0.0)
    named = f"{track.metric.id} {track.channel}"
    return _signal(track.metric, named, (dimension, low, high), _NUMERICS_HZ, size=round(record_s), window=window)


def _wave_signal(channel: WaveformChannel, record_s: float, window: int) -> _Signal:
    scale = scaled(_unit(channel.metric.unit.ucum), channel.unit_per_step, channel.unit_at_zero)
    named = f"{channel.metric.id} {channel.channel} {channel.device}"
    signal = _signal(channel.metric, named, scale, channel.rate_hz, size=round(channel.rate_hz * record_s), window=window)
    signal.key = channel.number
    return signal


def _signal(metric: Metric, named: str, scale: tuple[str, str, str], rate_hz: float, *, size: int, window: int) -> _Signal:
    dimension, low, high = scale
    head = SignalHead(label=metric.label, source=" ".join(named.split()), dimension=dimension, low=low, high=high, samples=size)
    return _Signal(head=head, grid=Grid(rate_hz, 0), held=np.full(window * size, MISSING_SAMPLE, np.int16))


def _unit(ucum: str) -> str:
    return {"mm[Hg]": "mmHg", "Cel": "degC", "1": ""}.get(ucum, ucum)


def _grouped(channels: Sequence[WaveformChannel]) -> tuple[float, list[WaveformChannel], list[WaveformChannel]]:
    """The length of a record, the sources that fit it, and those that fit none."""
    fitting = [one for one in channels if any(_fits(one.rate_hz, length) for length in RECORD_S)]
    best = max(RECORD_S, key=lambda length: (sum(_fits(one.rate_hz, length) for one in fitting), -length))
    chosen = [one for one in fitting if _fits(one.rate_hz, best)]
    return float(best), chosen, [one for one in channels if one not in chosen]


def _fits(rate_hz: float, length_s: int) -> bool:
    samples = rate_hz * length_s
    return abs(samples - round(samples)) < 1e-9 and round(samples) >= 1


def _talk_of(source: Source) -> deque[bytes]:
    started, onset_s = source.history.started, _onset_s(source)
    return deque(
        annotation(max(0.0, note.at.since(started) + onset_s), piece, note.lasts_s)
        for note in notes_of(source)
        for piece in pieces(note.text, _LONGEST_TEXT)
    )


def _onset_s(source: Source) -> float:
    """The case begins this long after the whole second that the header can tell."""
    return source.clock.local_datetime(source.history.started).microsecond / 1e6


def _opened(path: Path, source: Source, record_s: float, signals: list[_Signal], window: int, *, talks: bool) -> _File:
    talk = _talk_of(source) if talks else deque()
    lasts_s = max(1.0, source.history.last().since(source.history.started))
    spread = 2 * sum(map(len, talk)) / max(1.0, lasts_s / record_s)
    size = -(-int(max(48, spread + 48, 48 + max(map(len, talk), default=0))) // 2) * 2
    made = _File(path, source, record_s, signals, talk, size, window, path.open("wb"), onset_s=_onset_s(source))
    made.by_key = {signal.key: signal for signal in signals if signal.key is not None}
    for signal in signals:
        signal.grid.begin_mono_ns = source.history.started.monotonic_ns
    made.file.write(made.head())
    return made


def _files(folder: Path, source: Source, tracks: list[SecondTrack]) -> Iterator[_File]:
    record_s, fitting, odd = _grouped(list(channels_of(source).values()))
    window = max(8, _WINDOW_S // int(record_s))
    signals = [_wave_signal(one, record_s, window) for one in fitting] + [_numeric_signal(one, record_s, window) for one in tracks]
    yield _opened(folder / "case.edf", source, record_s, signals, window, talks=True)
    for number, channel in enumerate(odd, start=2):
        samples = max(1, round(channel.rate_hz))
        own_s = float(eight(samples / channel.rate_hz))
        yield _opened(folder / f"case_{number}.edf", source, own_s, [_wave_signal(channel, own_s, _WINDOW_S)], _WINDOW_S, talks=False)


def _write(folder: Path, source: Source, told: Told) -> Written:
    tracks = second_tracks(source)
    files = list(_files(folder, source, tracks))
    try:
        numerics = [signal for signal in files[0].signals if signal.key is None]
        _feed(source, files, list(zip(numerics, tracks, strict=True)), part_of(told, 0.1, 0.95))
        for file in files:
            file.finish()
    finally:
        for file in files:
            file.file.close()
    late = sum(file.late for file in files)
    lost = (f"{late} samples of a clock that was set back, which would lie on others",) if late else ()
    written = [WrittenFile(name=file.path.name, rows=file.records, sha256=file.digest) for file in files]
    return Written(files=written, not_held=(*_NOT_HELD, *lost))


_NOT_HELD = (
    seconds.HELD,
    notes.HELD,
    "scales are rounded to eight characters, by less than a tenth of a step; the exact ones stand in this manifest",
    "the header tells local time without its zone",
    "device alerts, states of lines and raw pump reports",
)


def _feed(source: Source, files: list[_File], numerics: list[tuple[_Signal, SecondTrack]], told: Told) -> None:
    """Gives runs and numerics to the files side by side, so that neither runs away from the other."""
    main, begun = files[0], source.history.started.monotonic_ns
    given = 0
    for run in raw_runs(source.history, told):
        second = (run.mono_ns - begun) // NS_PER_S
        if second - given >= _GIVE_EVERY_S:
            given = _give(main, numerics, given, second)
        for file in files:
            file.take(run)
    _give(main, numerics, given, max((len(track.steps) for _, track in numerics), default=0))


def _give(main: _File, numerics: list[tuple[_Signal, SecondTrack]], begin: int, end: int) -> int:
    for signal, track in numerics:
        main.put(signal, begin, track.steps[begin:end])
    return end


EDF = Format(name="edf", title="EDF+ (European Data Format)", write=_write)
