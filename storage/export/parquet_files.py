"""A case as Parquet files: a table for each CSV sheet with typed columns, and one for each waveform. Needs pyarrow (extra ``parquet``).

Waveforms are packed by another thread while the tables are made, so the two take the time of the longer one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from clinical.instant import NS_PER_S
from clinical.metrics import CATALOGUE
from storage.errors import ExportError
from storage.export.arrow_columns import moments, named, numbers, texts
from storage.export.case_folder import Format, Written
from storage.export.clinical_sheets import CLINICAL_SHEETS
from storage.export.parquet_waves import GROUP, WaveFiles, packed_meanwhile
from storage.export.sheet import Sheet, Source, WrittenFile, digest_of
from storage.export.told import Told
from storage.export.wave_runs import raw_blobs
from storage.schema import NUMERICS

_TEXTS = ("metric", "validity", "device", "channel", "reason")
_KINDS = (np.int64, np.int64, np.float64, np.int64, np.bool_, np.int32)
"""Of UTC and monotonic ns, value, UTC ns of the measurement (0: the device says none), whether it was shown, and place among the texts."""


class _Places(dict[tuple[str, ...], int]):
    """The place of each that was ever asked for, in the order in which they first were."""

    def __missing__(self, key: tuple[str, ...]) -> int:
        place = self[key] = len(self)
        return place


def _arrow() -> tuple[Any, Any]:
    """pyarrow, which has no types. Raises ExportError where it is not installed."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise ExportError("Parquet needs the package pyarrow: install bedside[parquet]") from error


def _numerics(pa: Any, source: Source, meanwhile: Callable[[], None]) -> Iterator[Any]:
    """Every numeric of every source by the order of arrival, so many in a table; at least one table."""
    table, history = NUMERICS.c, source.history
    measured = func.coalesce(table.measured_utc_ns, 0)
    query = select(table.at_utc_ns, table.at_mono_ns, table.value, measured, table.shown, *(getattr(table, name) for name in _TEXTS))
    query = query.where(table.case_id == history.case_id).order_by(table.id)
    told = _Places()
    held: list[tuple[NDArray[Any], ...]] = []
    for *numeric, metric, validity, device, channel, reason in history.driver_columns(query):
        meanwhile()
        places = map(told.__getitem__, zip(metric, validity, device, channel, reason, strict=True))
        held.append(tuple(np.array(column, kind) for column, kind in zip((*numeric, list(places)), _KINDS, strict=True)))
        if len(held) * len(metric) >= GROUP:
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
    waves = WaveFiles(libraries, folder, source)
    with packed_meanwhile(waves, raw_blobs(source.history, told)) as hand_on:
        hand_on()
        tables = {"numerics": _numerics(pa, source, hand_on)}
        tables |= {sheet.name.removesuffix(".csv"): iter([_sheet(pa, sheet, source)]) for sheet in CLINICAL_SHEETS}
        files = [_write_tables(parquet, folder / f"{name}.parquet", groups, source) for name, groups in tables.items()]
    files += waves.written()
    told(1.0)
    return Written(
        files=files,
        not_held=("device alerts, states of lines and raw pump reports", "local times: UTC and the offset are held"),
    )


PARQUET = Format(name="parquet", title="Parquet", write=_write, extra="parquet")
