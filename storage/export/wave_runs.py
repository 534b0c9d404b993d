"""The waveforms of a case as runs of samples on even grids, one grid for each source: what every format of samples begins with.

A source is a device, metric, channel, rate and scale. Sample n of its grid lies n / rate after the first; a run that follows within
one sample joins the one before. Invalid samples are MISSING_SAMPLE here; the database keeps them as they came. Reads blobs straight
from the driver: of a long case the samples are nearly all there is. Knows no format.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from clinical.instant import NS_PER_S
from clinical.observations import MISSING_SAMPLE
from storage.errors import StoreDamagedError
from storage.export.sheet import Source
from storage.export.told import Told
from storage.history import CaseHistory, WaveformChannel
from storage.overview import SHOWN
from storage.schema import WAVEFORMS
from storage.waveform_blob import BlobError, Segment, unpack

_TELL_EVERY = 64


@dataclass(frozen=True, slots=True)
class RawRun:
    """Samples as they came: int16 ``steps``, shape (n,), read-only; the first at these moments."""

    channel: int
    mono_ns: int
    utc_ns: int
    steps: NDArray[np.int16]


def raw_runs(history: CaseHistory, told: Told) -> Iterator[RawRun]:
    """Every run as stored, in the order it was. Raises StoreDamagedError."""
    for blob in raw_blobs(history, told):
        yield from runs_of(blob, history.case_id)


def raw_blobs(history: CaseHistory, told: Told) -> Iterator[bytes]:
    """What ``runs_of`` unpacks, in its order."""
    table = WAVEFORMS.c
    mine = table.case_id == history.case_id
    (count,) = next(iter(history.driver_rows(select(func.count()).where(mine))))
    for number, (blob,) in enumerate(history.driver_rows(select(table.blob).where(mine).order_by(table.id))):
        if number % _TELL_EVERY == 0:
            told(number / count)
        yield blob


def runs_of(blob: bytes, case_id: int) -> Iterator[RawRun]:
    """The runs of one blob. Raises StoreDamagedError."""
    try:
        for segment in unpack(blob):
            yield _run(segment)
    except BlobError as error:
        raise StoreDamagedError(f"waveforms of case {case_id} are damaged: {error}; restore a copy") from error


def _run(segment: Segment) -> RawRun:
    steps = segment.steps if segment.validity in SHOWN else np.full(len(segment.steps), MISSING_SAMPLE, np.int16)
    return RawRun(segment.channel, segment.at_mono_ns, segment.at_utc_ns, steps)


@dataclass(slots=True)
class Grid:
    """The even grid of one source, which begins at a moment; ``until`` is the first place that nothing was put on yet."""

    rate_hz: float
    begin_mono_ns: int
    until: int = 0

    def place_of(self, mono_ns: int) -> int:
        """The place a run begins on: where the last one ended if that is a sample away or less."""
        place = round((mono_ns - self.begin_mono_ns) * self.rate_hz / NS_PER_S)
        return self.until if self.until and abs(place - self.until) <= 1 else place


def channels_of(source: Source) -> dict[int, WaveformChannel]:
    """The sources by number, with the names that may be written."""
    veil = source.veil
    return {
        one.number: replace(one, device=veil.device(one.device), channel=veil.channel(one.channel))
        for one in source.history.waveform_channels()
    }
