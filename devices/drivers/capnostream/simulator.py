"""A Capnostream on the simulated patient: silent until enabled, then a CO₂ sample each 50 ms and numbers each second.

The limits of its alarms stand in this table for the simulation alone.
"""

from __future__ import annotations

import struct

import numpy as np

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import CO2, CO2_RESP_RATE, ETCO2, FICO2, PULSE_RATE, SPO2, Metric
from devices.driver import SimulatedBedside
from devices.drivers.capnostream import alerts
from devices.drivers.capnostream.frames import Reader, framed
from devices.drivers.capnostream.mapping import METRICS, MMHG, NOT_AVAILABLE

DEVICE_ID = b"V45.67 02/24/2008 B355987654  "
RATE_HZ = 20
NO_BREATH_S = 20
ENABLE, DISABLE, START, STOP, ALIVE = 1, 2, 4, 5, 6
INTERRUPTED_AFTER_S = 10.0
"""Two keep-alives of 5 s missed: the monitor announces it as a low-priority alarm."""
LONGEST_BACKLOG_S = 5.0
LIMITS: tuple[tuple[Metric, int, int | None, int, int | None], ...] = (
    (ETCO2, 60, 0x02, 15, 0x04),
    (CO2_RESP_RATE, 30, 0x08, 5, 0x10),
    (FICO2, 8, 0x20, 0, None),
    (SPO2, 100, 0x02, 85, 0x04),
    (PULSE_RATE, 120, 0x08, 50, 0x10),
)
"""Metric, high limit and its bit, low limit and its bit."""
_MASIMO, _LOW_ALARM = 0x80, 0x10
_NUMERICS = struct.Struct(">I5B B3x 3B 9B 2B")


class CapnostreamSimulator:
    def __init__(self, bedside: SimulatedBedside) -> None:
        self._bedside = bedside
        self._reader = Reader()
        self._replies = b""
        self._enabled = False
        self._start: Instant | None = None
        self._sent = 0
        self._alive_at = bedside.now

    @property
    def due(self) -> Instant | None:
        if self._replies:
            return self._bedside.now
        return None if self._start is None else self._start.plus((self._sent + 1) / RATE_HZ)

    def receive(self, data: bytes, now: Instant) -> None:
        for frame in self._reader.feed(data):
            if frame.code == ENABLE:
                self._enabled, self._alive_at = True, now
                self._replies += framed(4, DEVICE_ID)
            elif frame.code in {DISABLE, STOP}:
                self._start = None
                self._enabled = self._enabled and frame.code != DISABLE
            elif frame.code == START and self._enabled and self._start is None:
                self._start, self._sent = now, 0
            elif frame.code == ALIVE:
                self._alive_at = now

    def outgoing(self, now: Instant) -> bytes:
        said, self._replies = bytearray(self._replies), b""
        if self._start is not None and now.since(self._start.plus(self._sent / RATE_HZ)) > LONGEST_BACKLOG_S:
            self._start, self._sent = now, 0
        while self._start is not None and self._start.plus((self._sent + 1) / RATE_HZ) <= now:
            said += self._wave(self._start.plus(self._sent / RATE_HZ))
            self._sent += 1
            if self._sent % RATE_HZ == 0:
                said += self._numbers(self._start.plus(self._sent / RATE_HZ))
        return bytes(said)

    def _wave(self, at: Instant) -> bytes:
        """With the FilterLine off a sample is sent all the same: the last number of a line that ends in air."""
        value = float(self._bedside.samples(CO2, at, 1, float(RATE_HZ))[0])
        off = bool(np.isnan(value))
        count = 0 if off else min(max(round(value * 256), 0), 0xFFFF)
        return framed(0, bytes((self._sent & 0xFF, count >> 8, count & 0xFF, alerts.NOT_CONNECTED if off else 0)))

    def _numbers(self, at: Instant) -> bytes:
        counts = [self._count(metric) for metric in METRICS]
        co2, spo2 = self._alarms((ETCO2, FICO2, CO2_RESP_RATE)), self._alarms((SPO2, PULSE_RATE))
        if self._bedside.value(CO2_RESP_RATE) == 0:
            co2 |= alerts.NO_BREATH
        if self._bedside.value(SPO2) is None:
            spo2 |= alerts.SENSOR_OFF
        slow = _MASIMO | (_LOW_ALARM if at.since(self._alive_at) > INTERRUPTED_AFTER_S else 0)
        limits = [LIMITS[0][1], LIMITS[0][3], LIMITS[1][1], LIMITS[1][3], LIMITS[2][1], *_pair(3), *_pair(4)]
        return framed(1, _NUMERICS.pack(at.utc_ns // NS_PER_S, *counts, slow, co2, spo2, NO_BREATH_S, *limits, MMHG, 0))

    def _count(self, metric: Metric) -> int:
        value = self._bedside.value(metric)
        return NOT_AVAILABLE if value is None else min(max(round(value), 0), NOT_AVAILABLE - 1)

    def _alarms(self, metrics: tuple[Metric, ...]) -> int:
        bits = 0
        for metric, high, high_bit, low, low_bit in LIMITS:
            value = self._bedside.value(metric) if metric in metrics else None
            if value is not None:
                bits |= (high_bit or 0) if value > high else (low_bit or 0) if value < low else 0
        return bits


def _pair(row: int) -> tuple[int, int]:
    return LIMITS[row][1], LIMITS[row][3]
