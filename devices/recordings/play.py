"""A recording as observations in the order of time, with the instants of a case that begins now."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from clinical import metrics
from clinical.instant import Instant
from clinical.messages import FromDevice
from clinical.observations import DeviceAlert, Numeric, Observation, Priority, Validity, WaveformBlock, read_only_steps
from devices.recordings.recording import DEVICE, NumericTrack, Recording, Told, Track, WaveTrack

BLOCK_S = 0.25
CUFF = (metrics.NIBP_SYS, metrics.NIBP_DIA, metrics.NIBP_MEAN)
CUFF_INTERVAL_S = 1800.0
"""A cuff reading stands, with the time it was measured, for three of these."""


def play(recording: Recording, start: Instant) -> Iterator[FromDevice]:
    """Every observation of a recording, by rising instant; before them what is left out of it, as alerts that stay."""
    for number, problem in enumerate(recording.problems, start=1):
        alert = DeviceAlert(at=start, code=f"left-out-{number}", text=f"Left out: {problem}", priority=Priority.LOW, technical=True)
        yield FromDevice(DEVICE, alert)
    for one in recording.told:
        yield FromDevice(DEVICE, _moved(one, start))
    for _, observation in heapq.merge(*(_stream(track, start) for track in recording.tracks), key=lambda pair: pair[0]):
        yield FromDevice(DEVICE, observation)


def _moved(one: Told, start: Instant) -> Observation:
    """The observation with its instants on the clock of the case that begins at ``start``: all differences stay."""
    observation, at = one.observation, start.plus(one.observation.at.since(one.origin))
    if isinstance(observation, Numeric) and observation.measured_at is not None:
        return replace(observation, at=at, measured_at=start.plus(observation.measured_at.since(one.origin)))
    return replace(observation, at=at)


Timed = Iterator[tuple[float, Numeric | WaveformBlock]]


def _stream(track: Track, start: Instant) -> Timed:
    if isinstance(track, WaveTrack):
        return _blocks(track, start)
    return _cuff_readings(track, start) if track.metric in CUFF else _numerics(track, start)


def _cuff_readings(track: NumericTrack, start: Instant) -> Timed:
    """Recorders repeat the last cuff reading until the next: only a change is a measurement, and its row has its time."""
    last = math.nan
    for time_s, value in zip(track.times_s.tolist(), track.values.tolist(), strict=True):
        if math.isnan(value) or value == last:
            continue
        last = value
        at = start.plus(time_s)
        yield time_s, Numeric(at=at, metric=track.metric, channel=track.channel, value=value, interval_s=CUFF_INTERVAL_S, measured_at=at)


def _numerics(track: NumericTrack, start: Instant) -> Timed:
    steps = np.diff(track.times_s)
    usual_s = float(np.median(steps)) if len(steps) else 1.0
    for time_s, value in zip(track.times_s.tolist(), track.values.tolist(), strict=True):
        at = start.plus(time_s)
        missing = math.isnan(value)
        yield (
            time_s,
            Numeric(
                at=at,
                metric=track.metric,
                channel=track.channel,
                value=None if missing else value,
                validity=Validity.INVALID if missing else Validity.VALID,
                reason="no reading in the recording" if missing else "",
                interval_s=max(usual_s, 1.0),
            ),
        )


def _blocks(track: WaveTrack, start: Instant) -> Timed:
    """Blocks arrive when their last sample has been taken, as a monitor would send them."""
    size = max(1, round(BLOCK_S * track.rate_hz))
    for first in range(0, len(track.steps), size):
        begin_s = track.start_s + first / track.rate_hz
        steps = track.steps[first : first + size]
        yield (
            begin_s + len(steps) / track.rate_hz,
            WaveformBlock(
                at=start.plus(begin_s),
                metric=track.metric,
                channel=track.channel,
                rate_hz=track.rate_hz,
                steps=read_only_steps(steps.copy()),
                unit_per_step=track.unit_per_step,
                unit_at_zero=track.unit_at_zero,
            ),
        )
