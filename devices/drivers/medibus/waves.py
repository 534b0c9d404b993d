"""Realtime streams → waveform blocks in the device's own steps. Knows no command; is made anew for each choice of streams."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clinical.instant import Instant
from clinical.observations import MISSING_SAMPLE, Validity, WaveformBlock, read_only_steps
from devices.drivers.medibus.displayed import DisplayedValues
from devices.drivers.medibus.mapping import WAVES, Row
from devices.drivers.medibus.realtime import SampleReader, Stream
from devices.sample_clock import SampleClock

Wave = tuple[Row, Stream]


def wanted(offered: Sequence[Stream]) -> list[Wave]:
    """Of each metric the first of its streams that the device offers."""
    by_code = {stream.code: stream for stream in offered}
    found: dict[str, Wave] = {}
    for row in WAVES:
        if row.code in by_code:
            found.setdefault(row.metric.id, (row, by_code[row.code]))
    return list(found.values())


class WaveReader:
    """Reads the streams of one choice, in its order."""

    def __init__(self, waves: Sequence[Wave], displayed: DisplayedValues) -> None:
        self._waves = waves
        self._displayed = displayed
        self._reader = SampleReader([stream for _, stream in waves])
        self._clocks = [SampleClock(stream.rate_hz) for _, stream in waves]
        self._samples: list[list[int]] = [[] for _ in waves]

    @property
    def bad(self) -> int:
        return self._reader.bad

    def feed(self, data: bytes) -> None:
        """Takes realtime bytes, with which a message may have been mixed."""
        for kept, new in zip(self._samples, self._reader.feed(data), strict=True):
            kept.extend(new)

    def blocks(self, now: Instant) -> list[WaveformBlock]:
        """All that was fed since this was asked last, as blocks that end now."""
        samples, self._samples = self._samples, [[] for _ in self._waves]
        return [
            self._block(row, stream, clock, steps, now)
            for (row, stream), clock, steps in zip(self._waves, self._clocks, samples, strict=True)
            if steps
        ]

    def _block(self, row: Row, stream: Stream, clock: SampleClock, samples: list[int], now: Instant) -> WaveformBlock:
        steps = np.array(samples, dtype=np.int16)
        factor = row.scale.factor(self._displayed.ambient_mmhg)
        off = bool((steps == MISSING_SAMPLE).all())
        return WaveformBlock(
            at=clock.place(len(samples), now),
            metric=row.metric,
            rate_hz=stream.rate_hz,
            steps=read_only_steps(steps),
            unit_per_step=stream.unit_per_step * factor,
            unit_at_zero=stream.low * factor,
            validity=Validity.INVALID if off else self._displayed.wave_validity(row.metric),
        )
