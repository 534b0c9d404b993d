"""Waveforms of a case as Parquet files, one for each source: packed by another thread than the one that reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clinical.instant import NS_PER_S
from clinical.observations import MISSING_SAMPLE as MISSING
from storage.export.arrow_columns import numbers
from storage.export.behind import Behind
from storage.export.sheet import Source, WrittenFile, columns, digest_of
from storage.export.told import Told
from storage.export.wave_runs import Grid, RawRun, channels_of, raw_runs
from storage.history import WaveformChannel

GROUP = 1 << 20
"""Rows that are packed at once."""


@dataclass(frozen=True, slots=True)
class _Making:
    """What every file of an export is made with."""

    libraries: tuple[Any, Any]
    folder: Path
    source: Source
    behind: Behind


class WaveFile:
    """One source's file: int16 steps on an even grid, as in a WFDB record."""

    def __init__(self, making: _Making, path: Path, channel: WaveformChannel, run: RawRun) -> None:
        self._pa, parquet = making.libraries
        self._behind, source = making.behind, making.source
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
        """Gives on what is held."""
        if self._size:
            self._behind.do(self._pack, self._held)
        self._held, self._size = [], 0

    def _pack(self, held: list[NDArray[np.int16]]) -> None:
        steps = np.concatenate(held)
        column = numbers(self._pa, steps, steps == MISSING)
        self._writer.write_batch(self._pa.record_batch([column], schema=self._schema))

    def close(self) -> None:
        self._writer.close()


@contextmanager
def packed_waves(libraries: tuple[Any, Any], folder: Path, source: Source, told: Told) -> Iterator[list[WaveFile]]:
    """Reads all of them; they are packed by the end of the block, and what is done in it goes on meanwhile."""
    waves: list[WaveFile] = []
    try:
        with Behind() as behind:
            _read(_Making(libraries, folder, source, behind), told, waves)
            yield waves
    finally:
        for wave in waves:
            wave.close()


def _read(making: _Making, told: Told, waves: list[WaveFile]) -> None:
    channels = channels_of(making.source)
    if channels:
        (making.folder / "waveforms").mkdir()
    open_now: dict[int, WaveFile] = {}
    names: set[str] = set()
    for run in raw_runs(making.source.history, told):
        wave = open_now.get(run.channel)
        place = 0 if wave is None else wave.grid.place_of(run.mono_ns)
        if wave is None or place < wave.grid.until:
            path = making.folder / "waveforms" / f"{_free_name(channels[run.channel], names)}.parquet"
            wave, place = WaveFile(making, path, channels[run.channel], run), 0
            open_now[run.channel] = wave
            waves.append(wave)
        wave.add(place, run)
    for wave in waves:
        wave.flush()


def _free_name(channel: WaveformChannel, names: set[str]) -> str:
    words = (re.sub(r"[^A-Za-z0-9-]+", "-", word) for word in (channel.device, channel.channel) if word)
    base = name = "_".join((channel.metric.id, *words))
    part = 1
    while name.lower() in names:
        part += 1
        name = f"{base}_{part}"
    names.add(name.lower())
    return name


def written(folder: Path, wave: WaveFile) -> WrittenFile:
    """What the manifest says of a file that is closed."""
    one = wave.channel
    meaning = f"{one.metric.title}; {one.rate_hz!r} samples a second; value = {one.unit_at_zero!r} + {one.unit_per_step!r} × step"
    meant = columns(("step", one.metric.unit.ucum, meaning))
    name = wave.path.relative_to(folder).as_posix()
    return WrittenFile(name=name, rows=wave.grid.until, sha256=digest_of(wave.path), columns=meant)
