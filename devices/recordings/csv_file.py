"""CSV files: a time column and a column a track, or one row a value (time, track, value; VSCapture's without a heading), gzipped or not."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices.recordings.inflated import require_inflated_within
from devices.recordings.names import metric_of, readings
from devices.recordings.recording import NumericTrack, Recording, RecordingError, Track, in_a_line, quantised

SECONDS_COLUMNS = ("t_s", "elapsed_s", "time [s]")
CLOCK_COLUMNS = ("time", "utc", "timestamp")
NAME_COLUMNS = ("metric", "track")
HEADLESS = ("time", "metric", "value")
_HEADLESS_ROW = re.compile(rb"\d\d-\d\d-\d{4} \d\d:\d\d:\d\d,[A-Za-z_0-9]+,[^,]*\r?\n")
LONGEST_WAVE_STEP_S = 0.1
LARGEST_BYTES = 512 * 2**20


def read_csv(path: Path) -> Recording:
    """A .csv or .csv.gz file. Raises RecordingError."""
    import pandas as pd  # noqa: PLC0415 (0.3 s to import; only a replay needs it)

    if path.stat().st_size > LARGEST_BYTES:
        raise RecordingError(f"{path.name} is larger than {LARGEST_BYTES >> 20} MB; cut it into pieces")
    if path.name.endswith(".gz"):
        require_inflated_within(path, LARGEST_BYTES)
    try:
        names = list(HEADLESS) if _is_headless(path) else None
        table = pd.read_csv(path, skipinitialspace=True, low_memory=False, names=names)
    except (OSError, ValueError, EOFError, UnicodeDecodeError) as error:
        raise RecordingError(f"{path.name} cannot be read as a CSV file ({in_a_line(error)})") from error
    table.columns = [str(column).strip() for column in table.columns]
    times_s = _times(path, table)
    name = next((column for column in table.columns if column.lower() in NAME_COLUMNS), None)
    pairs = _tidy(table, times_s, name) if name is not None else _wide(table, times_s)
    tracks = [(column, _track(column, times, values)) for column, times, values in pairs]
    known = tuple(track for _, track in tracks if track is not None)
    if not known:
        raise RecordingError(f"{path.name} has no column that is known. Known are names such as HR, SpO2, PULSE, RESP, NIBP_SYS, PLETH, II")
    unknown = tuple(column for column, track in tracks if track is None)
    return Recording(title=path.name.removesuffix(".gz").removesuffix(".csv"), tracks=known, unknown=unknown)


def _is_headless(path: Path) -> bool:
    """VSCapture's rows of moment, name and value begin at once, without a heading."""
    with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as file:
        return _HEADLESS_ROW.match(file.readline(512)) is not None


def _times(path: Path, table: Any) -> NDArray[np.float64]:
    """Seconds from the file's own zero, or from its first clock time."""
    import pandas as pd  # noqa: PLC0415 (as above)

    for column in table.columns:
        if column.lower() in SECONDS_COLUMNS:
            seconds: NDArray[np.float64] = pd.to_numeric(table[column], errors="coerce").to_numpy(np.float64)
            return seconds
    for column in table.columns:
        if column.lower() in CLOCK_COLUMNS:
            stamps = pd.to_datetime(table[column], errors="coerce", dayfirst=True, format="mixed", utc=True)
            since: NDArray[np.float64] = (stamps - stamps.min()).dt.total_seconds().to_numpy(np.float64)
            return since
    raise RecordingError(f"{path.name} has no time column; expected one of {', '.join(SECONDS_COLUMNS + CLOCK_COLUMNS)}")


Column = tuple[str, NDArray[np.float64], NDArray[np.float64]]


def _wide(table: Any, times_s: NDArray[np.float64]) -> list[Column]:
    import pandas as pd  # noqa: PLC0415 (as above)

    timing = {*SECONDS_COLUMNS, *CLOCK_COLUMNS, "local"}
    return [
        (column, times_s, pd.to_numeric(table[column], errors="coerce").to_numpy(np.float64))
        for column in table.columns
        if column.lower() not in timing
    ]


def _tidy(table: Any, times_s: NDArray[np.float64], name: str) -> list[Column]:
    import pandas as pd  # noqa: PLC0415 (as above)

    values = pd.to_numeric(table["value"], errors="coerce").to_numpy(np.float64)
    devices = _words(table["device"]) if "device" in table.columns else pd.Series("", index=table.index)
    names = (devices + "/" + _words(table[name])).to_numpy()
    return [(str(one), times_s[names == one], values[names == one]) for one in sorted(set(names))]


def _words(column: Any) -> Any:
    """As text, also where a cell is empty."""
    return column.astype(str).fillna("")


def _track(name: str, times_s: NDArray[np.float64], values: NDArray[np.float64]) -> Track | None:
    """A waveform where the rows come fast, a numeric otherwise; rows without a time are dropped."""
    timed = np.isfinite(times_s)
    times_s, values = times_s[timed], values[timed]
    if not np.isfinite(values).any():
        return None
    usual_s = _step_s(times_s)
    waveform = 0 < usual_s <= LONGEST_WAVE_STEP_S
    metric = metric_of(name, waveform=waveform)
    if metric is None:
        return None
    if waveform:
        return quantised(metric, float(times_s[0]), 1 / usual_s, values)
    if not np.isfinite(values).all() and np.isfinite(values).mean() < 0.5:  # a sparse column: a cuff among faster values
        times_s, values = times_s[np.isfinite(values)], values[np.isfinite(values)]
    order = np.argsort(times_s, kind="stable")
    return NumericTrack(metric=metric, times_s=times_s[order], values=readings(values[order]))


def _step_s(times_s: NDArray[np.float64]) -> float:
    """Seconds between rows. Times are often printed with too few digits, so a row without a gap counts by its whole length."""
    if len(times_s) < 2:
        return 1.0
    steps = np.diff(times_s)
    median_s = float(np.median(steps))
    unbroken = float(steps.max()) <= 5 * median_s
    return float(times_s[-1] - times_s[0]) / len(steps) if unbroken else median_s
