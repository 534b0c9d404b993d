"""Waveforms of a case as Parquet files, one for each source: unpacked and packed again by another thread than the one that reads.

What the record gives is handed on as there is room for it, between the rows of other tables: so the two take the time of the longer one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clinical.instant import NS_PER_S
from clinical.observations import MISSING_SAMPLE as MISSING
from storage.export.arrow_columns import numbers
from storage.export.behind import Behind
from storage.export.sheet import Source, WrittenFile, columns, digest_of
from storage.export.wave_runs import Grid, RawRun, channels_of, runs_of
from storage.history import WaveformChannel

GROUP = 1 << 20
"""Rows that are packed at once."""


class WaveFile:
    """One source's file: int16 steps on an even grid, as in a WFDB record."""

    def __init__(self, libraries: tuple[Any, Any], path: Path, channel: WaveformChannel, run: RawRun, source: Source) -> None:
        self._pa, parquet = libraries
        self.path = path
        self.channel = channel
        self.grid = Grid(channel.rate_hz, run.mono_ns)
        told = {
            "metric": channel.metric.id,
            "unit": channel.metric.unit.ucum,
            "device": channel.device,
            "channel": channel.channel,
            "rate_hz": repr(channel.rate_hz),
            "unit_per_step": repr(channel.unit_per_step),
            "unit_at_zero": repr(channel.unit_at_zero),
            "begins_utc_ns": str(run.utc_ns - source.clock.moved_ns),
            "begins_elapsed_s": repr((run.mono_ns - source.history.started.monotonic_ns) / NS_PER_S),
            "missing": "null",
        }
        self._schema = self._pa.schema([("step", self._pa.int16())], metadata=told)
        options = {"compression": "none", "use_dictionary": False, "write_statistics": False}
        self._writer = parquet.ParquetWriter(path, self._schema, column_encoding={"step": "DELTA_BINARY_PACKED"}, **options)
        self._held: list[NDArray[np.int16]] = []
        self._size = 0

    def add(self, place: int, run: RawRun) -> None:
        missing = place - self.grid.until
        while missing > 0:
            filled = min(missing, GROUP)
            self._hold(np.full(filled, MISSING, np.int16))
            missing -= filled
        self._hold(run.steps)
        self.grid.until = place + len(run.steps)

    def _hold(self, steps: Any) -> None:
        self._held.append(steps)
        self._size += len(steps)
        if self._size >= GROUP:
            self.flush()

    def flush(self) -> None:
        """Packs what is held."""
        if not self._size:
            return
        steps = np.concatenate(self._held)
        self._held, self._size = [], 0
        column = numbers(self._pa, steps, steps == MISSING)
        self._writer.write_batch(self._pa.record_batch([column], schema=self._schema))

    def close(self) -> None:
        self._writer.close()


class WaveFiles:
    """All of a case's. ``take`` and ``flush`` are for one thread, ``close`` for whoever waits for its end."""

    def __init__(self, libraries: tuple[Any, Any], folder: Path, source: Source) -> None:
        self._libraries, self._folder, self._source = libraries, folder, source
        self._channels = channels_of(source)
        self._open: dict[int, WaveFile] = {}
        self._names: set[str] = set()
        self.files: list[WaveFile] = []
        if self._channels:
            (folder / "waveforms").mkdir()

    def take(self, blob: bytes) -> None:
        """Adds what a row of the record holds. Raises StoreDamagedError."""
        for run in runs_of(blob, self._source.history.case_id):
            wave = self._open.get(run.channel)
            place = 0 if wave is None else wave.grid.place_of(run.mono_ns)
            if wave is None or place < wave.grid.until:
                wave, place = self._begin(run), 0
            wave.add(place, run)

    def _begin(self, run: RawRun) -> WaveFile:
        channel = self._channels[run.channel]
        path = self._folder / "waveforms" / f"{_free_name(channel, self._names)}.parquet"
        wave = self._open[run.channel] = WaveFile(self._libraries, path, channel, run, self._source)
        self.files.append(wave)
        return wave

    def flush(self) -> None:
        for wave in self.files:
            wave.flush()

    def close(self) -> None:
        for wave in self.files:
            wave.close()

    def written(self) -> list[WrittenFile]:
        """What the manifest says of them, once they are closed."""
        return [_told(self._folder, wave) for wave in sorted(self.files, key=lambda wave: wave.path.name)]


@contextmanager
def packed_meanwhile(waves: WaveFiles, blobs: Iterator[bytes]) -> Iterator[Callable[[], None]]:
    """At the end of the block all blobs are packed. Gives what is to be called often in it: it hands on as many as there is room for."""
    try:
        with Behind() as behind:

            def hand_on() -> None:
                while behind.has_room and (blob := next(blobs, None)) is not None:
                    behind.do(waves.take, blob)

            yield hand_on
            for blob in blobs:
                behind.do(waves.take, blob)
            behind.do(waves.flush)
    finally:
        waves.close()


def _free_name(channel: WaveformChannel, names: set[str]) -> str:
    words = (re.sub(r"[^A-Za-z0-9-]+", "-", word) for word in (channel.device, channel.channel) if word)
    base = name = "_".join((channel.metric.id, *words))
    part = 1
    while name.lower() in names:
        part += 1
        name = f"{base}_{part}"
    names.add(name.lower())
    return name


def _told(folder: Path, wave: WaveFile) -> WrittenFile:
    one = wave.channel
    meaning = f"{one.metric.title}; {one.rate_hz!r} samples a second; value = {one.unit_at_zero!r} + {one.unit_per_step!r} × step"
    meant = columns(("step", one.metric.unit.ucum, meaning))
    name = wave.path.relative_to(folder).as_posix()
    return WrittenFile(name=name, rows=wave.grid.until, sha256=digest_of(wave.path), columns=meant)
