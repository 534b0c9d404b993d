"""A case as Parquet files: a table for each CSV sheet with typed columns, and one for each waveform. Needs pyarrow (extra ``parquet``)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from clinical.instant import NS_PER_S
from clinical.metrics import CATALOGUE
from clinical.observations import MISSING_SAMPLE as MISSING
from storage.errors import ExportError
from storage.export.arrow_columns import moments, named, numbers, texts
from storage.export.case_folder import Format, Written
from storage.export.clinical_sheets import CLINICAL_SHEETS
from storage.export.sheet import Sheet, Source, WrittenFile, columns, digest_of
from storage.export.told import Told, part_of
from storage.export.wave_runs import Grid, RawRun, channels_of, raw_runs
from storage.history import WaveformChannel
from storage.schema import NUMERICS

_GROUP = 1 << 20
_TEXTS = ("metric", "validity", "device", "channel", "reason")
_KINDS = (np.int64, np.int64, np.float64, np.int64, np.bool_, np.int32)
"""Of UTC and monotonic ns, value, UTC ns of the measurement (0: the device says none), whether it was shown, and place among the texts."""


def _arrow() -> tuple[Any, Any]:
    """pyarrow, which has no types. Raises ExportError where it is not installed."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise ExportError("Parquet needs the package pyarrow: install bedside[parquet]") from error


def _numerics(pa: Any, source: Source) -> Iterator[Any]:
    """Every numeric of every source by the order of arrival, so many in a table; at least one table."""
    table, history = NUMERICS.c, source.history
    measured = func.coalesce(table.measured_utc_ns, 0)
    query = select(table.at_utc_ns, table.at_mono_ns, table.value, measured, table.shown, *(getattr(table, name) for name in _TEXTS))
    query = query.where(table.case_id == history.case_id).order_by(table.id)
    told: dict[tuple[str, ...], int] = {}
    held: list[tuple[NDArray[Any], ...]] = []
    for *numeric, metric, validity, device, channel, reason in history.driver_columns(query):
        places = [told.setdefault(key, len(told)) for key in zip(metric, validity, device, channel, reason, strict=True)]
        held.append(tuple(np.array(column, kind) for column, kind in zip((*numeric, places), _KINDS, strict=True)))
        if len(held) * len(places) >= _GROUP:
            yield _numerics_table(pa, source, held, list(told))
            held.clear()
    if held or not told:
        yield _numerics_table(pa, source, held, list(told))


def _numerics_table(pa: Any, source: Source, held: list[tuple[NDArray[Any], ...]], told: list[tuple[str, ...]]) -> Any:
    nothing = tuple(np.empty(0, kind) for kind in _KINDS)
    utc, mono, values, measured, shown, places = (np.concatenate(parts) for parts in zip(nothing, *held, strict=True))
    moved_ns, veil = source.clock.moved_ns, source.veil
    metric, validity, device, channel, reason = zip(*told, strict=True) if told else ((),) * len(_TEXTS)
    arrays = {
        "utc": moments(pa, utc - moved_ns),
        "elapsed_s": numbers(pa, (mono - source.history.started.monotonic_ns) / NS_PER_S),
        "metric": named(pa, places, metric),
        "value": numbers(pa, values, np.isnan(values)),
        "unit": named(pa, places, [CATALOGUE[one].unit.ucum for one in metric]),
        "validity": named(pa, places, validity),
        "device": named(pa, places, [veil.device(one) for one in device]),
        "channel": named(pa, places, [veil.channel(one) for one in channel]),
        "reason": named(pa, places, [veil.words(one) for one in reason]),
        "measured_utc": moments(pa, measured - moved_ns, measured == 0),
        "shown": numbers(pa, shown),
    }
    return _table(pa, arrays)


def _table(pa: Any, arrays: dict[str, Any]) -> Any:
    return pa.Table.from_arrays(list(arrays.values()), names=list(arrays))


def _sheet(pa: Any, sheet: Sheet, source: Source) -> Any:
    """A CSV sheet with its columns typed: moments, numbers where the dictionary names a unit, else text."""
    heading = sheet.columns(source)
    rows = list(csv.reader(_lines(sheet.lines(source))))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(heading)
    arrays = {}
    for meant, column in zip(heading, columns, strict=True):
        if meant.meaning.startswith("ISO 8601") or meant.name.endswith("utc"):
            arrays[meant.name] = texts(pa, column, np.array([not one for one in column], bool)).cast(pa.timestamp("ms", "UTC"))
        elif meant.unit:
            values = np.array([float(one or "nan") for one in column], np.float64)
            arrays[meant.name] = numbers(pa, values, np.isnan(values))
        else:
            arrays[meant.name] = texts(pa, column)
    return _table(pa, arrays)


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
        column = numbers(self._pa, steps, missing)
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


def _write_tables(parquet: Any, path: Path, groups: Iterator[Any], source: Source) -> WrittenFile:
    """One file of tables that have the same columns."""
    first = next(groups)
    said = {"simulated": str(source.history.setup.simulated).lower()}
    rows = 0
    with parquet.ParquetWriter(path, first.schema.with_metadata(said)) as writer:
        for table in chain([first], groups):
            writer.write_table(table.replace_schema_metadata(said))
            rows += table.num_rows
    return WrittenFile(name=path.name, rows=rows, sha256=digest_of(path))


def _write(folder: Path, source: Source, told: Told) -> Written:
    libraries = pa, parquet = _arrow()
    tables = {"numerics": _numerics(pa, source)}
    tables |= {sheet.name.removesuffix(".csv"): iter([_sheet(pa, sheet, source)]) for sheet in CLINICAL_SHEETS}
    files = [_write_tables(parquet, folder / f"{name}.parquet", groups, source) for name, groups in tables.items()]
    files += _write_waves(libraries, folder, source, part_of(told, 0.2, 1.0))
    return Written(
        files=files, not_held=("device alerts, states of lines and raw pump reports", "local times: UTC and the offset are held")
    )


PARQUET = Format(name="parquet", title="Parquet", write=_write, extra="parquet")
