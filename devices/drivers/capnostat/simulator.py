"""A Capnostat 5 on the simulated patient: silent until started, then a sample each 10 ms, with numbers and states in turn."""

from __future__ import annotations

import numpy as np

from clinical.instant import Instant
from clinical.metrics import CO2, CO2_RESP_RATE
from devices.driver import SimulatedBedside
from devices.drivers.capnostat.frames import Reader, packed
from devices.drivers.capnostat.mapping import DATA, NUMBERS, STATUS

STOP = 0xC9
RATE_HZ = 100
BUNCH = 5
"""Packets handed out at a time."""
TURN = (STATUS, *NUMBERS)
"""What a packet carries besides its sample, each in its turn within a second."""
NO_BREATH, CHECK_ADAPTER, TUBE_OFF = 0x40, 0x02, 0x01
LONGEST_BACKLOG_S = 5.0
_HIGHEST = 0x3FFF


class CapnostatSimulator:
    def __init__(self, bedside: SimulatedBedside) -> None:
        self._bedside = bedside
        self._reader = Reader()
        self._start: Instant | None = None
        self._sent = 0

    @property
    def due(self) -> Instant | None:
        return None if self._start is None else self._start.plus((self._sent + BUNCH) / RATE_HZ)

    def receive(self, data: bytes, now: Instant) -> None:
        for packet in self._reader.feed(data):
            if packet.command == DATA and self._start is None:
                self._start, self._sent = now, 0
            elif packet.command == STOP:
                self._start = None

    def outgoing(self, now: Instant) -> bytes:
        if self._start is not None and now.since(self._start.plus(self._sent / RATE_HZ)) > LONGEST_BACKLOG_S:
            self._start, self._sent = now, 0
        said = bytearray()
        while self._start is not None and self._start.plus((self._sent + BUNCH) / RATE_HZ) <= now:
            since = self._start.plus(self._sent / RATE_HZ)
            values = self._bedside.samples(CO2, since, BUNCH, float(RATE_HZ))
            for value in np.nan_to_num(values, nan=0.0).tolist():
                said += self._packet(value)
        return bytes(said)

    def _packet(self, value: float) -> bytes:
        count = min(max(round(value * 100) + 1000, 0), _HIGHEST)
        place, rest = divmod(self._sent % RATE_HZ, RATE_HZ // len(TURN))
        data = bytes((self._sent & 0x7F, *_halves(count)))
        self._sent += 1
        return packed(DATA, data if rest else data + self._carried(TURN[place]))

    def _carried(self, index: int) -> bytes:
        if index == STATUS:
            return bytes((STATUS, *self._status()))
        scale = NUMBERS[index]
        value = self._bedside.value(scale.metric)
        return bytes((index, *_halves(min(max(round((value or 0.0) * scale.per_unit), 0), _HIGHEST))))

    def _status(self) -> tuple[int, int, int, int, int]:
        rate = self._bedside.value(CO2_RESP_RATE)
        if rate is None:
            return (CHECK_ADAPTER, 0, 0, TUBE_OFF, 0)
        return (NO_BREATH if rate == 0 else 0, 0, 0, 0, 0)


def _halves(count: int) -> tuple[int, int]:
    return count >> 7, count & 0x7F
