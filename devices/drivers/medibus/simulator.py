"""A Capnosat on the simulated patient: the device's side of a MEDIBUS line, with its opening, alarms, refusals and realtime data.

A cannula that is off is told as a Capnosat sees it: no breath, no value. The limits of its alarms stand in this table for the
simulation alone.
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime

import numpy as np

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import CO2, CO2_RESP_RATE, ETCO2, FICO2, PLETH, PULSE_RATE, SPO2, Metric
from devices.driver import SimulatedBedside
from devices.drivers.medibus import requests
from devices.drivers.medibus.alerts import PAGE_1
from devices.drivers.medibus.frames import NAK, Command, Reader, Realtime, command, response
from devices.drivers.medibus.mapping import date_text
from devices.drivers.medibus.realtime import Stream, enabled_in, record
from devices.drivers.medibus.requests import ICC, IDENTIFY, NOP, REALTIME_CHOICE, STOP

IDENTITY = b"8300'Capnosat'01.00:04.03"
OFFER = (
    Stream(code=0x06, interval_us=16000, low=-20, high=100, bins=0x460),
    Stream(code=0x02, interval_us=16000, low=0, high=100, bins=0x3E8),
)
METRIC_OF = {0x06: (CO2, 1.0), 0x02: (PLETH, 100.0)}
DATA = ((0xE6, ETCO2), (0xE5, FICO2), (0xD5, CO2_RESP_RATE), (0xEB, SPO2), (0xE1, PULSE_RATE))
LIMITS = ((ETCO2, 0x27, 15.0, 0x28, 60.0), (SPO2, 0x07, 85.0, 0x22, 101.0), (PULSE_RATE, 0x02, 50.0, 0x1E, 130.0))
"""Metric, code below, code above."""
LOUDEST = 31

KNOCK_EVERY_S = 3.0
LOST_AFTER_S = 3.0
ALIVE_EVERY_S = 2.0
INTERVAL_S = OFFER[0].interval_us / 1e6
BUNCH = 4
"""Realtime records handed out at a time."""
BYTES_BETWEEN = 9
"""Characters of a message between two realtime records: what 9600 baud leaves of 16 ms."""
LONGEST_BACKLOG_S = 5.0


class _Sender:
    """The realtime records since they were enabled."""

    def __init__(self, bedside: SimulatedBedside, streams: list[Stream], start: Instant) -> None:
        self.streams = streams
        self._bedside = bedside
        self._start = start
        self._sent = 0

    @property
    def due(self) -> Instant:
        return self._start.plus((self._sent + BUNCH) * INTERVAL_S)

    def records(self, now: Instant) -> list[bytes]:
        if now.since(self.due) > LONGEST_BACKLOG_S:
            self._start, self._sent = now.plus(-BUNCH * INTERVAL_S), 0
        found: list[bytes] = []
        while self.due <= now:
            found += self._bunch()
            self._sent += BUNCH
        return found

    def _bunch(self) -> list[bytes]:
        since = self._start.plus(self._sent * INTERVAL_S)
        raws = [self._raw(stream, since) for stream in self.streams]
        return [record({place: raw[n] for place, raw in enumerate(raws) if raw[n] >= 0}) for n in range(BUNCH)]

    def _raw(self, stream: Stream, since: Instant) -> list[int]:
        """Twelve-bit values, −1 where there is nothing to measure."""
        metric, per_unit = METRIC_OF[stream.code]
        values = self._bedside.samples(metric, since, BUNCH, stream.rate_hz) * per_unit
        raw = np.clip(np.rint((values - stream.low) / stream.unit_per_step), 0, stream.bins)
        return [-1 if np.isnan(value) else int(value) for value in raw]


class MedibusSimulator:
    """Knocks each 3 s until it is answered; then answers."""

    def __init__(self, bedside: SimulatedBedside) -> None:
        self._bedside = bedside
        self._reader = Reader()
        self._bad_before = 0
        self._talking = False
        self._next_knock = bedside.now
        self._heard_at = bedside.now
        self._said_at = bedside.now
        self._say: deque[int] = deque()
        self._choice: list[Stream] = []
        self._sender: _Sender | None = None

    @property
    def due(self) -> Instant:
        if self._say and self._sender is None:
            return self._said_at
        if not self._talking:
            return self._next_knock
        quiet = min(self._said_at.plus(ALIVE_EVERY_S), self._heard_at.plus(LOST_AFTER_S))
        return min(quiet, self._sender.due) if self._sender else quiet

    def receive(self, data: bytes, now: Instant) -> None:
        for item in self._reader.feed(data):
            self._heard_at = now
            if isinstance(item, Command):
                self._answer(item, now)
            elif isinstance(item, Realtime):
                self._enable(enabled_in(item.data), now)
            elif getattr(item, "code", None) == ICC:
                self._open(now)
        if self._reader.bad > self._bad_before:
            self._bad_before = self._reader.bad
            self._put(response(NAK), now)

    def outgoing(self, now: Instant) -> bytes:
        said = bytearray()
        if not self._talking and now >= self._next_knock:
            self._next_knock = now.plus(KNOCK_EVERY_S)
            said += command(ICC)
        elif self._talking and now.since(self._heard_at) >= LOST_AFTER_S:
            self._talking, self._sender, self._next_knock = False, None, now
            self._say.clear()
        elif self._talking and now.since(self._said_at) >= ALIVE_EVERY_S:
            self._put(command(NOP), now)
        return bytes(said) + self._line(now)

    def _line(self, now: Instant) -> bytes:
        """Messages with the realtime records that fall due within them."""
        said = bytearray()
        for one in self._sender.records(now) if self._sender else ():
            said += one
            said += bytes(self._say.popleft() for _ in range(min(BYTES_BETWEEN, len(self._say))))
        if self._sender is None:
            said += bytes(self._say)
            self._say.clear()
        return bytes(said)

    def _put(self, message: bytes, now: Instant) -> None:
        """One after the other: the next begins when the last is out."""
        self._say.extend(message)
        self._said_at = now

    def _open(self, now: Instant) -> None:
        if not self._talking:
            self._put(command(IDENTIFY), now)
        self._talking = True
        self._sender, self._choice = None, []

    def _answer(self, asked: Command, now: Instant) -> None:
        if asked.code == ICC:
            self._sender, self._choice, self._talking = None, [], True
        elif asked.code == STOP:
            self._talking, self._sender = False, None
            self._next_knock = now.plus(KNOCK_EVERY_S)
        elif asked.code == REALTIME_CHOICE:
            self._choose(asked.argument)
        self._put(response(asked.code, self._told(asked.code, now)), now)
        if asked.code == ICC:
            self._put(command(IDENTIFY), now)

    def _told(self, code: int, now: Instant) -> bytes:
        """What is told of a code; nothing of those a Capnosat does not know."""
        match code:
            case requests.IDENTIFY:
                return IDENTITY
            case requests.DATA_1:
                return self._data()
            case requests.ALARMS_1:
                return self._alarms()
            case requests.DATE_TIME:
                return date_text(datetime.fromtimestamp(now.utc_ns // NS_PER_S, tz=UTC))
            case requests.REALTIME_OFFER:
                return b"".join(stream.entry() for stream in OFFER)
            case _:
                return b""

    def _choose(self, argument: bytes) -> None:
        codes = [int(argument[at : at + 2], 16) for at in range(0, len(argument), 4)]
        self._choice = [stream for code in codes for stream in OFFER if stream.code == code]

    def _enable(self, streams: int | None, now: Instant) -> None:
        if streams is None:
            return
        wanted = [stream for place, stream in enumerate(self._choice) if streams >> place & 1]
        if wanted and (self._sender is None or self._sender.streams != wanted):
            self._sender = _Sender(self._bedside, wanted, now)

    def _data(self) -> bytes:
        told = ((code, self._value(metric)) for code, metric in DATA)
        return b"".join(f"{code:02X}{value:4.0f}".encode("ascii") for code, value in told if value is not None)

    def _value(self, metric: Metric) -> float | None:
        value = self._bedside.value(metric)
        return None if value is None else min(max(value, -99.0), 999.0)

    def _alarms(self) -> bytes:
        codes = [0x35] if self._value(SPO2) is None else []
        codes += [] if self._value(CO2_RESP_RATE) else [0x0D]
        for metric, low_code, low, high_code, high in LIMITS:
            value = self._value(metric)
            if value is not None and not low <= value <= high:
                codes.append(low_code if value < low else high_code)
        return b"".join(_alarm(code) for code in codes)


def _alarm(code: int) -> bytes:
    row = PAGE_1[code]
    return bytes((0x30 + (row.level or LOUDEST),)) + f"{code:02X}{row.text.upper():12.12}".encode("ascii", "replace")
