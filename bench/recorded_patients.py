"""Recorded patients for the measurement of alarms: their numerics on an even grid, from folders beside the repository.

Nothing of these recordings is copied into the tree. Zeros of a probe that is off are no values; a respiration rate of 0 is one.
"""

from __future__ import annotations

import csv
import gzip
import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.running import ROOT
from clinical.metrics import CO2_RESP_RATE, HEART_RATE, PULSE_RATE, RESP_RATE, SPO2, Metric

DATA = ROOT.parent / "shared" / "data"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecordedPatient:
    """One patient.

    Attributes:
        source: name of the set.
        step_s: seconds from one value to the next.
        values: by metric, shape (n,), NaN where there is no value.
    """

    source: str
    id: str
    step_s: float
    values: dict[Metric, NDArray[np.float64]]

    @property
    def count(self) -> int:
        return len(next(iter(self.values.values())))

    @property
    def hours(self) -> float:
        return self.count * self.step_s / 3600

    @property
    def kept(self) -> bool:
        """Whether this patient is in the half that was not looked at while anything was chosen."""
        return zlib.crc32(self.id.encode()) % 2 == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """How a set's files are read: which column is which metric, and where the time stands (None: a row a step)."""

    pattern: str
    metrics: dict[str, Metric]
    time: str | None = None
    step_s: float = 1.0


SETS: dict[str, tuple[str, _Columns]] = {
    "HFNO": ("hfno_tcco2_sedation", _Columns(pattern="P*.csv.gz", metrics={"spo2": SPO2, "pr": PULSE_RATE})),
    "IPI": (
        "ipi_capnostream_sedation",
        _Columns(pattern="E*.csv.gz", metrics={"spo2_pct": SPO2, "pr_bpm": PULSE_RATE, "rr_bpm": CO2_RESP_RATE}, time="t_s"),
    ),
    "BIDMC": (
        "bidmc_ppg_resp",
        _Columns(
            pattern="*_Numerics.csv", metrics={"HR": HEART_RATE, "PULSE": PULSE_RATE, "RESP": RESP_RATE, "SpO2": SPO2}, time="Time [s]"
        ),
    ),
    "MIMIC": (
        "mimic_s00001",
        _Columns(
            pattern="numerics_1min.csv",
            metrics={"HR_bpm": HEART_RATE, "PULSE_bpm": PULSE_RATE, "RESP_pm": RESP_RATE, "SpO2_%": SPO2},
            time="t_s",
            step_s=60.0,
        ),
    ),
    "IntelliVue": (
        "intellivue_or_case_A",
        _Columns(
            pattern="numerics_1s.csv.gz",
            metrics={"HR": HEART_RATE, "PLETH_HR": PULSE_RATE, "PLETH_SAT_O2": SPO2},
            time="t_s",
            step_s=1.024,
        ),
    ),
}
SEDATION = ("HFNO", "IPI")
_ZERO_IS_A_VALUE = frozenset({CO2_RESP_RATE})
"""Of these recordings: the capnograph writes 0 where it saw no breath, the others where a lead or a probe is off."""


def patients(folder: Path, sets: tuple[str, ...] = tuple(SETS)) -> Iterator[RecordedPatient]:
    """Every patient of the sets that are there."""
    for name in sets:
        place, columns = SETS[name]
        for path in sorted((folder / place).glob(columns.pattern)):
            yield RecordedPatient(source=name, id=path.name.split(".")[0], step_s=columns.step_s, values=_read(path, columns))


def _read(path: Path, columns: _Columns) -> dict[Metric, NDArray[np.float64]]:
    opened: Callable[..., gzip.GzipFile] = gzip.open if path.suffix == ".gz" else open  # type: ignore[assignment]
    with opened(path, "rt", encoding="utf-8") as file:
        rows = [{key.strip(): value for key, value in row.items() if key} for row in csv.DictReader(file)]  # type: ignore[arg-type]
    places = [index if columns.time is None else _place(row[columns.time], columns.step_s) for index, row in enumerate(rows)]
    first = places[0]
    values = {metric: np.full(places[-1] - first + 1, np.nan) for metric in columns.metrics.values()}
    for place, row in zip(places, rows, strict=True):
        for column, metric in columns.metrics.items():
            values[metric][place - first] = _value(row[column], metric)
    return values


def _place(time_s: str, step_s: float) -> int:
    return round(float(time_s) / step_s)


def _value(text: str, metric: Metric) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return math.nan if value == 0 and metric not in _ZERO_IS_A_VALUE else value
