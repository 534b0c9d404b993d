"""Polled waveforms → blocks in the monitor's own steps, placed in time. Whole arrays; no loop over samples.

A monitor tells how its samples are to be read (array, scale, period, marks) only now and then; what it told last holds.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clinical.instant import Instant
from clinical.observations import MISSING_SAMPLE, Validity, WaveformBlock, read_only_steps
from clinical.units import ONE
from devices.drivers.intellivue.attributes import TICKS_PER_S, MalformedError, float_of, items_of
from devices.drivers.intellivue.mapping import (
    ARRAY,
    COMPOUND_SAMPLES,
    DEMO,
    FIXED_VALUES,
    PERIOD,
    SAMPLES,
    SCALE,
    UNIT_CODE,
    UNITS,
    WAVE_ROWS,
    Row,
)
from devices.drivers.intellivue.messages import PolledObject
from devices.drivers.intellivue.numerics import MOST_OBJECTS, doubt_of
from devices.sample_clock import SampleClock

SLOWEST_HZ, FASTEST_HZ = 1.0, 2000.0
_ARRAY = struct.Struct(">HBBH")
_SCALE = struct.Struct(">IIHH")
_SAMPLES = struct.Struct(">HHH")
_FIXED = struct.Struct(">HH")
_UNSIGNED = {8: ">u1", 16: ">u2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How an object's samples are to be read; None where it was not told yet.

    Attributes:
        bits: of a sample; significant: how many of them count, the others are flags.
        lower, upper: the samples that stand for ``low`` and ``high`` (NaN: the wave has no scale).
        marks: samples that are no amplitude but a mark (invalid, pacer, defibrillator, saturation, QRS).
    """

    bits: int | None = None
    significant: int = 0
    rate_hz: float | None = None
    lower: int = 0
    upper: int = 0
    low: float = math.nan
    high: float = math.nan
    unit: int | None = None
    marks: tuple[int, ...] = ()

    def told(self, attributes: dict[int, bytes]) -> Reading:
        """The same with what these attributes tell. Raises MalformedError for what no monitor sends."""
        reading = self
        for name, value in attributes.items():
            if name in _TELLING:
                reading = _TELLING[name](reading, value)
        return reading


def _array(reading: Reading, raw: bytes) -> Reading:
    _, bits, significant, _ = _ARRAY.unpack_from(raw)
    if bits not in _UNSIGNED or not 0 < significant <= bits:
        raise MalformedError("sample array")
    return replace(reading, bits=bits, significant=significant)


def _scale(reading: Reading, raw: bytes) -> Reading:
    low, high, lower, upper = _SCALE.unpack_from(raw)
    if lower == upper:
        raise MalformedError("scale")
    return replace(reading, low=float_of(low), high=float_of(high), lower=lower, upper=upper)


def _period(reading: Reading, raw: bytes) -> Reading:
    (ticks,) = struct.unpack_from(">I", raw)
    if not ticks or not SLOWEST_HZ <= TICKS_PER_S / ticks <= FASTEST_HZ:
        raise MalformedError("sample period")
    return replace(reading, rate_hz=TICKS_PER_S / ticks)


def _marks(reading: Reading, raw: bytes) -> Reading:
    return replace(reading, marks=tuple(_FIXED.unpack(item)[1] for item in items_of(raw, _FIXED.size)))


def _unit(reading: Reading, raw: bytes) -> Reading:
    (code,) = struct.unpack_from(">H", raw)
    return replace(reading, unit=code)


_TELLING = {ARRAY: _array, SCALE: _scale, PERIOD: _period, FIXED_VALUES: _marks, UNIT_CODE: _unit}


@dataclass(slots=True)
class _Track:
    """A wave's place in time: its sample clock, and the monitor's own time at which its next samples are due."""

    rate_hz: float
    clock: SampleClock
    next_ticks: float | None = None

    def place(self, count: int, ticks: int, now: Instant) -> Instant:
        """A jump in the monitor's own time is a gap, told at once."""
        span = count * TICKS_PER_S / self.rate_hz
        if self.next_ticks is not None and abs(ticks - self.next_ticks) > span / 2:
            self.clock.reset()
        self.next_ticks = (ticks + span) % 2**32
        return self.clock.place(count, now)


class WaveReader:
    """Reads the waveforms of one association.

    Attributes:
        unmapped: how often each physiological id came that has no place in the catalogue.
        unreadable: runs of samples whose array, period, scale or unit was not told, or cannot be used.
        demo: the message last read held demonstration data.
    """

    def __init__(self) -> None:
        self._readings: dict[tuple[int, int], Reading] = {}
        self._tracks: dict[tuple[int, int, int], _Track] = {}
        self.unmapped: dict[int, int] = {}
        self.unreadable = 0
        self.demo = False

    def read(self, objects: Sequence[PolledObject], ticks: int, now: Instant) -> Iterator[WaveformBlock]:
        """The blocks of a message, in the order sent."""
        self.demo = False
        if len(self._readings) > MOST_OBJECTS:
            self._readings.clear()
            self._tracks.clear()
        for item in objects:
            key = (item.context, item.handle)
            reading = self._readings[key] = self._readings.get(key, Reading()).told(item.attributes)
            for physio, state, raw in _runs(item.attributes):
                row = WAVE_ROWS.get(physio)
                if row is None:
                    self.unmapped[physio] = self.unmapped.get(physio, 0) + 1
                    continue
                place = self._track((*key, physio), reading)
                block = None if place is None else _block(row, state, raw, reading)
                if block is None or place is None:
                    self.unreadable += 1
                    continue
                self.demo = self.demo or bool(state & DEMO)
                yield replace(block, at=place.place(len(block.steps), ticks, now))

    def _track(self, key: tuple[int, int, int], reading: Reading) -> _Track | None:
        if reading.rate_hz is None:
            return None
        track = self._tracks.get(key)
        if track is None or track.rate_hz != reading.rate_hz:
            track = self._tracks[key] = _Track(reading.rate_hz, SampleClock(reading.rate_hz))
        return track


def _runs(attributes: dict[int, bytes]) -> Iterator[tuple[int, int, bytes]]:
    """(physiological id, state, samples) of a simple or a compound wave."""
    if SAMPLES in attributes:
        yield _run(attributes[SAMPLES], 0)[0]
    if COMPOUND_SAMPLES in attributes:
        raw = attributes[COMPOUND_SAMPLES]
        (count,) = struct.unpack_from(">H", raw)
        at = 4
        for _ in range(count):
            run, at = _run(raw, at)
            yield run


def _run(raw: bytes, at: int) -> tuple[tuple[int, int, bytes], int]:
    physio, state, length = _SAMPLES.unpack_from(raw, at)
    end = at + _SAMPLES.size + length
    if end > len(raw):
        raise MalformedError("samples")
    return (physio, state, raw[at + _SAMPLES.size : end]), end


def _steps(raw: bytes, bits: int, reading: Reading) -> tuple[NDArray[np.int16], int]:
    """Samples as steps, marks as MISSING_SAMPLE, and what was taken off each so that 16 unsigned bits fit."""
    sent = np.frombuffer(raw, dtype=_UNSIGNED[bits]).astype(np.int32)
    zero = 0x8000 if reading.significant == 16 else 0
    steps = (sent & ((1 << reading.significant) - 1)) - zero
    np.maximum(steps, MISSING_SAMPLE + 1, out=steps)
    if reading.marks:
        steps[np.isin(sent, reading.marks)] = MISSING_SAMPLE
    return steps.astype(np.int16), zero


def _block(row: Row, state: int, raw: bytes, reading: Reading) -> WaveformBlock | None:
    """A block not yet placed in time; None where the samples cannot be read."""
    scale = _per_step(row, reading)
    if scale is None or reading.bits is None or reading.rate_hz is None or not raw or len(raw) % (reading.bits // 8):
        return None
    steps, zero = _steps(raw, reading.bits, reading)
    per_step, at_lower = scale
    doubt = doubt_of(state)
    return WaveformBlock(
        at=_NOWHERE,
        metric=row.metric,
        rate_hz=reading.rate_hz,
        steps=read_only_steps(steps),
        unit_per_step=per_step,
        unit_at_zero=at_lower + (zero - reading.lower) * per_step,
        validity=doubt.validity if doubt else Validity.VALID,
        channel=row.channel,
    )


_NOWHERE = Instant(0, 0)


def _per_step(row: Row, reading: Reading) -> tuple[float, float] | None:
    """(metric's units for one step, value at ``lower``); a wave without a scale is drawn as a fraction of its range if it has no unit."""
    if reading.upper == reading.lower:
        return None
    span = reading.upper - reading.lower
    if not (math.isfinite(reading.low) and math.isfinite(reading.high)):
        return (1 / span, 0.0) if row.metric.unit is ONE else None
    conversion = UNITS.get(reading.unit) if reading.unit is not None else None
    if conversion is None or conversion.to is not row.metric.unit or reading.high == reading.low:
        return None
    per_step = (reading.high - reading.low) * conversion.factor / span
    return per_step, (reading.low + conversion.shift) * conversion.factor
