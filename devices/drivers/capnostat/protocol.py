"""The host's side of a Capnostat's line: starts it, and gives each part of a packet to its reader. No layouts and no bits."""

from __future__ import annotations

from collections.abc import Sequence

from clinical.instant import Instant
from clinical.observations import Observation
from devices.alert_book import AlertBook
from devices.doubt import Doubt
from devices.drivers.capnostat.alerts import Status, standing_in
from devices.drivers.capnostat.frames import Packet, Reader
from devices.drivers.capnostat.mapping import (
    DATA,
    HARDWARE,
    NUMBERS,
    STATUS,
    Content,
    content_of,
    fault,
    numeric,
    sample_step,
    status_with,
    unusable,
)
from devices.drivers.capnostat.requests import START_WAVEFORM
from devices.drivers.capnostat.waves import WaveReader

START_AFTER_S = 2.0
"""Silence after which the waveform is asked for again; the wait doubles while nothing comes."""
LONGEST_WAIT_S = 16.0
REPEAT_FAULT_S = 1.0


class CapnostatProtocol:
    """CO₂ waveform, and the numbers and states that its packets carry in turn."""

    identity = ""
    """A module is not asked who it is: the codes for that are not publicly documented."""

    def __init__(self) -> None:
        self._reader = Reader()
        self._waves = WaveReader()
        self._book = AlertBook()
        self._status = Status()
        self._fault: Doubt | None = None
        self._fault_told: Instant | None = None
        self._malformed = 0
        self._wait_s = START_AFTER_S
        self._next_start: Instant | None = None

    @property
    def bad_frames(self) -> int:
        return self._reader.bad + self._malformed

    @property
    def due(self) -> Instant | None:
        return self._next_start

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        if self._next_start is not None and now < self._next_start:
            return ()
        self._next_start = now.plus(self._wait_s)
        self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)
        return (START_WAVEFORM,)

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        told = [observation for packet in self._reader.feed(data) for observation in self._take(packet, now)]
        block = self._waves.block(now)
        return told if block is None else [block, *told]

    def _take(self, packet: Packet, now: Instant) -> Sequence[Observation]:
        """Packets of other commands answer what this host never asks, and are not ours to read."""
        if packet.command != DATA:
            return ()
        told = content_of(packet.data)
        if told is None:
            self._malformed += 1
            return ()
        self._wait_s, self._next_start = START_AFTER_S, now.plus(START_AFTER_S)
        if not self._waves.is_new(told.number):
            return ()
        observations = self._read(told, now)
        self._waves.take(sample_step(told), usable=self._fault is None)
        return observations

    def _read(self, told: Content, now: Instant) -> Sequence[Observation]:
        if told.index in NUMBERS:
            return [numeric(told, self._status, now)]
        if told.index in {STATUS, HARDWARE}:
            self._status = status_with(self._status, told)
            return [*self._faults(now), *self._book.update(standing_in(self._status), now)]
        return ()

    def _faults(self, now: Instant) -> Sequence[Observation]:
        """A module with nothing to measure may send no numbers: that they are gone is told at once, and each second."""
        found, before = fault(self._status), self._fault
        self._fault = found
        if found is None or (found == before and self._fault_told is not None and now.since(self._fault_told) < REPEAT_FAULT_S):
            return ()
        self._fault_told = now
        return unusable(found, now)
