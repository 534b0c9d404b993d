"""The oximeter's side of the line: a Rad-8 that sends a live line each second, or now and then its memory. Hears nothing.

Form and pace of the lines are the maker's; how long a number is held with the sensor off, the alarm limits, and the perfusion
at which this one complains are its own.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import PERFUSION_INDEX, PLETH, PULSE_RATE, SPO2
from devices.driver import SimulatedBedside
from devices.drivers.masimo.frames import Record, live_line, trend_line
from devices.drivers.masimo.mapping import (
    ALARM_ACTIVE,
    LOW_PERFUSION,
    LOW_SIGNAL_IQ,
    PULSE_HIGH,
    PULSE_LOW,
    PULSE_SEARCH,
    SENSOR_OFF,
    SET_MODE,
    SPO2_LOW,
)
from devices.drivers.masimo.protocol import TREND_VARIANT, VARIANTS

SERIAL = "0000012345"
LIVE_EVERY_S = 1.0
TREND_EVERY_S = 2.0
TREND_LINES = 30
"""So many lines of memory are sent together, a minute's."""
HELD_S = 15.0
LONGEST_BACKLOG_S = 9.0
WEAK_BELOW, FAINT_BELOW = 0.6, 0.3
LOWEST_SPO2, LOWEST_PULSE, HIGHEST_PULSE = 88, 50, 140
NAMES = ((PULSE_SEARCH, "Search"), (SENSOR_OFF, "OffPat"), (LOW_SIGNAL_IQ, "LowSigIQ"), (SET_MODE, "SET"))
"""The manual prints these names only; a trend line here tells of no other exception."""
NAMED = PULSE_SEARCH | SENSOR_OFF | LOW_SIGNAL_IQ | SET_MODE


class _Finger:
    """What the device makes of the finger in it."""

    def __init__(self, bedside: SimulatedBedside) -> None:
        self._bedside = bedside
        self._held: tuple[int | None, int | None] = (None, None)
        self._seen_at: Instant | None = None

    def record(self) -> Record:
        """A live line's content at the bedside's moment."""
        spo2, pulse = self._bedside.value(SPO2), self._bedside.value(PULSE_RATE)
        if spo2 is None:
            return self._without()
        self._held = (min(round(spo2), 100), None if pulse is None else min(round(pulse), 240))
        self._seen_at = self._bedside.now
        index = self._bedside.value(PERFUSION_INDEX)
        limits = _limits(*self._held)
        return Record(
            spo2=self._held[0],
            pulse=self._held[1],
            perfusion=None if index is None else min(round(index, 2), 20.0),
            alarm=limits | (ALARM_ACTIVE if limits else 0),
            exceptions=SET_MODE | _perfusion_bits(index),
            serial=SERIAL,
        )

    def _without(self) -> Record:
        """Numbers are held for a while, as the real one does; only the exceptions tell."""
        now = self._bedside.now
        fresh = self._seen_at is not None and now.since(self._seen_at) <= HELD_S
        spo2, pulse = self._held if fresh else (None, None)
        beating = not np.isnan(self._bedside.samples(PLETH, now, 1, 1.0)).any()
        exceptions = SET_MODE | LOW_PERFUSION | (PULSE_SEARCH if beating else SENSOR_OFF)
        return Record(spo2=spo2, pulse=pulse, perfusion=None, alarm=ALARM_ACTIVE, exceptions=exceptions, serial=SERIAL)


def _limits(spo2: int | None, pulse: int | None) -> int:
    low = SPO2_LOW if spo2 is not None and spo2 < LOWEST_SPO2 else 0
    if pulse is None:
        return low
    return low | (PULSE_LOW if pulse < LOWEST_PULSE else 0) | (PULSE_HIGH if pulse > HIGHEST_PULSE else 0)


def _perfusion_bits(index: float | None) -> int:
    if index is None or index >= WEAK_BELOW:
        return 0
    return LOW_SIGNAL_IQ if index >= FAINT_BELOW else LOW_SIGNAL_IQ | LOW_PERFUSION


class MasimoSimulator:
    """A Rad-8 on the simulated patient's finger. Raises ValueError for a variant other than "trend"."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "") -> None:
        if variant not in {"", *VARIANTS}:
            raise ValueError(f"a Masimo line has no variant {variant}")
        self._bedside = bedside
        self._finger = _Finger(bedside)
        self._trend = variant == TREND_VARIANT
        self._every_s = TREND_EVERY_S if self._trend else LIVE_EVERY_S
        self._memory: list[bytes] = []
        self._start = bedside.now
        self._said = 0

    @property
    def due(self) -> Instant:
        return self._start.plus((self._said + 1) * self._every_s)

    def receive(self, data: bytes, now: Instant) -> None:
        """In this output mode a Masimo hears nothing."""

    def outgoing(self, now: Instant) -> bytes:
        late_s = now.since(self.due) - LONGEST_BACKLOG_S
        if late_s > 0:
            self._said += int(late_s / self._every_s) + 1
        said = bytearray()
        while (at := self.due) <= now:
            said += self._speak(at)
            self._said += 1
        return bytes(said)

    def _speak(self, at: Instant) -> bytes:
        record, clock = self._finger.record(), datetime.fromtimestamp(at.utc_ns // NS_PER_S, tz=UTC)
        return self._remember(record, clock) if self._trend else live_line(record, clock)

    def _remember(self, record: Record, clock: datetime) -> bytes:
        """Nothing, or the whole memory once it is full. What was held was not measured, and is remembered as 0."""
        kept = record.exceptions & NAMED
        measured = not kept & (SENSOR_OFF | PULSE_SEARCH)
        names = ",".join(name for bit, name in NAMES if kept & bit)
        noted = Record(
            spo2=record.spo2 if measured else None,
            pulse=record.pulse if measured else None,
            perfusion=record.perfusion if measured else None,
            exceptions=kept,
        )
        self._memory.append(trend_line(noted, clock, names))
        if len(self._memory) < TREND_LINES:
            return b""
        said, self._memory = b"".join(self._memory), []
        return said
