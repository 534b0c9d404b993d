"""A case as Parquet files: a table for each CSV sheet with typed columns, and one for each waveform. Needs pyarrow (extra ``parquet``)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from clinical.instant import NS_PER_S
from clinical.metrics import CATALOGUE
from clinical.observations import MISSING_SAMPLE as MISSING
from storage.errors import ExportError
from storage.export.case_folder import Format, Written
from storage.export.clinical_sheets import CLINICAL_SHEETS
from storage.export.sheet import Sheet, Source, WrittenFile, columns, digest_of
from storage.export.told import Told, part_of
from storage.export.wave_runs import Grid, RawRun, channels_of, raw_runs
from storage.history import WaveformChannel
from storage.schema import NUMERICS

_GROUP = 1 << 20
_TEXTS = ("metric", "validity", "device", "channel", "reason")


def _arrow() -> tuple[Any, Any]:
    """pyarrow, which has no types. Raises ExportError where it is not installed."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise ExportError("Parquet needs the package pyarrow: install bedside[parquet]") from error


def _numerics(pa: Any, source: Source) -> Any:
    """Every numeric of every source, by the order of arrival."""
    table, history, moved_ns = NUMERICS.c, source.history, source.clock.moved_ns
    texts = [getattr(table, name) for name in _TEXTS]
    query = select(table.at_utc_ns, table.at_mono_ns, table.value, table.measured_utc_ns, table.shown, *texts)
    rows = list(history.driver_rows(query.where(table.case_id == history.case_id).order_by(table.id)))
    utc, mono, values, measured, shown, *words = zip(*rows, strict=True) if rows else ((),) * 10
    metric, validity, device, channel, reason = (pa.array(list(column), pa.string()).dictionary_encode() for column in words)
    utc_ns = np.array(utc, np.int64) - moved_ns
    stamp = pa.timestamp("ns", "UTC")
    arrays = {
        "utc": pa.array(utc_ns).cast(stamp),
        "elapsed_s": pa.array((np.array(mono, np.int64) - history.started.monotonic_ns) / NS_PER_S),
        "metric": metric,
        "value": pa.array(list(values), pa.float64()),
        "unit": _mapped(pa, metric, lambda one: CATALOGUE[one].unit.ucum),
        "validity": validity,
        "device": _mapped(pa, device, source.veil.device),
        "channel": _mapped(pa, channel, source.veil.channel),
        "reason": _mapped(pa, reason, source.veil.words),
        "measured_utc": pa.array([None if one is None else one - moved_ns for one in measured], pa.int64()).cast(stamp),
        "shown": pa.array(np.array(shown, bool)),
    }
    return pa.table(arrays)


def _mapped(pa: Any, column: Any, told: Any) -> Any:
    """A dictionary column with each of its few different words told anew."""
    words = pa.array([told(word) for word in column.dictionary.to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(column.indices, words)


def _sheet(pa: Any, sheet: Sheet, source: Source) -> Any:
    """A CSV sheet with its columns typed: moments, numbers where the dictionary names a unit, else text."""
    heading = sheet.columns(source)
    rows = list(csv.reader(_lines(sheet.lines(source))))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(heading)
    arrays = {}
    for meant, column in zip(heading, columns, strict=True):
        if meant.meaning.startswith("ISO 8601") or meant.name.endswith("utc"):
            arrays[meant.name] = pa.array([one or None for one in column], pa.string()).cast(pa.timestamp("ms", "UTC"))
        elif meant.unit:
            arrays[meant.name] = pa.array([float(one) if one else None for one in column], pa.float64())
        else:
            arrays[meant.name] = pa.array(list(column), pa.string())
    return pa.table(arrays)


def _lines(lines: Iterable[str]) -> Iterable[str]:
    return (part for line in lines for part in f"{line}\n".splitlines(keepends=True))


class _Wave:
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
        self._held: list[Any] = []
        self._size = 0

    def add(self, place: int, run: RawRun) -> None:
        missing = place - self.grid.until
        while missing > 0:
            filled = min(missing, _GROUP)
            self._hold(np.full(filled, MISSING, np.int16))
            missing -= filled
        self._hold(run.steps)
        self.grid.until = place + len(run.steps)

    def _hold(self, steps: Any) -> None:
        self._held.append(steps)
        self._size += len(steps)
        if self._size >= _GROUP:
            self.flush()

    def flush(self) -> None:
        if not self._size:
            return
        steps = np.concatenate(self._held)
        self._held.clear()
        self._size = 0
        missing = steps == MISSING
        column = self._pa.array(steps, mask=missing if missing.any() else None)
        self._writer.write_batch(self._pa.record_batch([column], schema=self._schema))

    def close(self) -> None:
        self.flush()
        self._writer.close()


def _write_waves(libraries: tuple[Any, Any], folder: Path, source: Source, told: Told) -> list[WrittenFile]:
    channels = channels_of(source)
    if not channels:
        return []
    (folder / "waveforms").mkdir()
    open_now: dict[int, _Wave] = {}
    finished: list[_Wave] = []
    names: set[str] = set()
    try:
        for run in raw_runs(source.history, told):
            wave = open_now.get(run.channel)
            place = 0 if wave is None else wave.grid.place_of(run.mono_ns)
            if wave is None or place < wave.grid.until:
                finished += [wave] if wave is not None else []
                path = folder / "waveforms" / f"{_free_name(channels[run.channel], names)}.parquet"
                wave, place = _Wave(libraries, path, channels[run.channel], run, source), 0
                open_now[run.channel] = wave
            wave.add(place, run)
    finally:
        for wave in (*finished, *open_now.values()):
            wave.close()
    made = sorted((*finished, *open_now.values()), key=lambda wave: wave.path.name)
    return [_told(folder, wave) for wave in made]


def _free_name(channel: WaveformChannel, names: set[str]) -> str:
    words = (re.sub(r"[^A-Za-z0-9-]+", "-", word) for word in (channel.device, channel.channel) if word)
    base = name = "_".join((channel.metric.id, *words))
    part = 1
    while name.lower() in names:
        part += 1
        name = f"{base}_{part}"
    names.add(name.lower())
    return name


def _told(folder: Path, wave: _Wave) -> WrittenFile:
    one = wave.channel
    meaning = f"{one.metric.title}; {one.rate_hz!r} samples a second; value = {one.unit_at_zero!r} + {one.unit_per_step!r} × step"
    meant = columns(("step", one.metric.unit.ucum, meaning))
    name = wave.path.relative_to(folder).as_posix()
    return WrittenFile(name=name, rows=wave.grid.until, sha256=digest_of(wave.path), columns=meant)


def _write(folder: Path, source: Source, told: Told) -> Written:
    libraries = pa, parquet = _arrow()
    tables = {"numerics": _numerics(pa, source)}
    tables |= {sheet.name.removesuffix(".csv"): _sheet(pa, sheet, source) for sheet in CLINICAL_SHEETS}
    files = []
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        parquet.write_table(table.replace_schema_metadata({"simulated": str(source.history.setup.simulated).lower()}), path)
        files.append(WrittenFile(name=path.name, rows=table.num_rows, sha256=digest_of(path)))
    files += _write_waves(libraries, folder, source, part_of(told, 0.2, 1.0))
    return Written(
        files=files, not_held=("device alerts, states of lines and raw pump reports", "local times: UTC and the offset are held")
    )


PARQUET = Format(name="parquet", title="Parquet", write=_write, extra="parquet")
