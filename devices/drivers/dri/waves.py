"""Waveform subrecords → blocks in the monitor's own steps, placed in time. Whole arrays; no loop over samples."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from clinical.instant import Instant
from clinical.metrics import ECG_II
from clinical.observations import MISSING_SAMPLE, Validity, WaveformBlock, read_only_steps
from devices.drivers.dri.frames import Subrecord
from devices.drivers.dri.groups import Wave
from devices.drivers.dri.mapping import LEADS, NO_DATA_FROM, WAVES
from devices.sample_clock import SampleClock

HEADER = struct.Struct("<hHH")
GAP, LEAD_OFF = 1 << 0, 1 << 3
"""Status bits; 2 is a pacer spike, the others are undefined and not zero on real monitors."""

_II = 2
_BY_ID = {wave.id: wave for wave in WAVES}


def _channel(wave: Wave, label: int) -> str:
    """Empty for what the metric's name says; another lead on ECG channel 1 is named, so that it is never taken for lead II."""
    lead = label & 0xFF
    if wave.metric is ECG_II:
        return LEADS.get(lead, f"ECG{wave.id}" if wave.id > 1 else "") if lead != _II else ""
    return wave.channel


def _steps(raw: bytes) -> NDArray[np.int16]:
    """Samples, little-endian; codes become MISSING_SAMPLE."""
    steps = np.frombuffer(raw, dtype="<i2").astype(np.int16)
    steps[steps <= NO_DATA_FROM] = MISSING_SAMPLE
    return read_only_steps(steps)


class WaveReader:
    """Reads the waveforms of one line; one sample clock each."""

    def __init__(self) -> None:
        self.malformed = 0
        self._clocks = {wave.id: SampleClock(wave.rate_hz) for wave in WAVES}

    def block(self, part: Subrecord, ambient_mmhg: float, now: Instant) -> WaveformBlock | None:
        """The block in a subrecord; None for waves not asked for, empty ones, and (counted) those cut short."""
        wave = _BY_ID.get(part.type)
        if wave is None or len(part.body) < HEADER.size:
            return None
        count, status, label = HEADER.unpack_from(part.body)
        raw = part.body[HEADER.size : HEADER.size + 2 * max(0, count)]
        if count < 0 or len(raw) != 2 * count:
            self.malformed += 1
            return None
        if status & GAP:
            self._clocks[wave.id].reset()
        if not count:
            return None
        steps = _steps(raw)
        off = bool(status & LEAD_OFF) or bool((steps == MISSING_SAMPLE).all())
        return WaveformBlock(
            at=self._clocks[wave.id].place(count, now),
            metric=wave.metric if wave.by_label is None else wave.by_label.get(label, wave.metric),
            rate_hz=float(wave.rate_hz),
            steps=steps,
            unit_per_step=wave.unit_per_step * (ambient_mmhg if wave.of_ambient else 1.0),
            validity=Validity.INVALID if off else Validity.VALID,
            channel=_channel(wave, label),
        )
