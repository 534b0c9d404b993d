"""WFDB records: a header and its signal files, read by the wfdb library."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clinical.observations import MISSING_SAMPLE
from devices.recordings.names import metric_of, readings
from devices.recordings.recording import MOST_SAMPLES, NumericTrack, Recording, RecordingError, Track, WaveTrack, in_a_line, quantised

SLOWEST_WAVE_HZ = 10.0


def read_wfdb(header: Path) -> Recording:
    """A record by its .hea file. Raises RecordingError."""
    try:
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # the library's own, about its own libraries
            import wfdb  # noqa: PLC0415 (brings pandas and scipy; only a replay needs it)

            name = str(header.with_suffix(""))
            _require_few_enough(header, wfdb.rdheader(name))
            record = wfdb.rdrecord(name, physical=False, smooth_frames=False)
    except RecordingError:
        raise
    except Exception as error:
        raise RecordingError(
            f"{header.name} cannot be read as a WFDB record ({in_a_line(error)}). Are its signal files beside it?"
        ) from error
    tracks: list[Track] = []
    unknown: list[str] = []
    for index, told in enumerate(record.sig_name or ()):
        label = told or f"signal {index + 1}"  # a header need not name it
        track = _track(record, index, label)
        tracks.append(track) if track is not None else unknown.append(label)
    began = record.base_datetime
    return Recording(
        title=header.stem,
        tracks=tuple(tracks),
        unknown=tuple(unknown),
        starts_at_unix_s=None if began is None else began.timestamp(),
    )


def _require_few_enough(header: Path, said: Any) -> None:
    """Before the library makes room for what the header says. Raises RecordingError."""
    frames = said.sig_len or 0
    samples = frames * sum(getattr(said, "samps_per_frame", None) or [said.n_sig])
    if samples > MOST_SAMPLES:
        raise RecordingError(f"{header.name} says that it holds {samples:,} samples: it is damaged, or too long to be played")


def _track(record: Any, index: int, name: str) -> Track | None:
    rate_hz = float(record.fs) * record.samps_per_frame[index]
    waveform = rate_hz >= SLOWEST_WAVE_HZ
    metric = metric_of(name, waveform=waveform)
    if metric is None:
        return None
    counts = np.asarray(record.e_d_signal[index], dtype=np.int64)
    gain, zero = float(record.adc_gain[index]) or 200.0, float(record.baseline[index])
    values = np.where(_missing(counts, str(record.fmt[index])), np.nan, (counts - zero) / gain)
    if not waveform:
        times_s = np.arange(len(values)) / rate_hz
        return NumericTrack(metric=metric, times_s=times_s, values=readings(values))
    if np.nanmax(np.abs(counts), initial=0) <= -MISSING_SAMPLE:  # fits: keep the digitiser's own steps
        steps = np.where(np.isnan(values), MISSING_SAMPLE, counts).astype(np.int16)
        return WaveTrack(metric=metric, start_s=0.0, rate_hz=rate_hz, steps=steps, unit_per_step=1 / gain, unit_at_zero=-zero / gain)
    return quantised(metric, 0.0, rate_hz, values)


_INVALID_COUNT = {"8": -128, "16": -32768, "24": -8388608, "32": -2147483648, "61": -32768, "80": -128, "160": -32768, "212": -2048}
"""The count that stands for "no sample" in each format, by the WFDB documentation."""


def _missing(counts: NDArray[np.int64], fmt: str) -> NDArray[np.bool_]:
    missing: NDArray[np.bool_] = counts == _INVALID_COUNT.get(fmt, -32768)
    return missing
