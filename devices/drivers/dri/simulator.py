"""The monitor's side of the line: answers requests as a real one does, fed by the simulated bedside. Speaks interface level 8 ('03)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clinical.instant import NS_PER_S, Instant
from devices.driver import SimulatedBedside
from devices.drivers.dri.displayed import SUBRECORD_BYTES
from devices.drivers.dri.frames import PHDB, WAVE, Deframer, Record, Subrecord, framed, record_bytes
from devices.drivers.dri.groups import Wave
from devices.drivers.dri.mapping import INVALID_CODE, WAVES
from devices.drivers.dri.requests import INTERVAL_S, ValueKind, ValuesAsked, WavesAsked, asked
from devices.drivers.dri.simulated_values import AMBIENT_MMHG, HIGHEST, LOWEST, SimulatedValues
from devices.drivers.dri.waves import GAP, HEADER, LEAD_OFF

LEVEL = 8
PLUG_ID = 35042
PACKET_S = 0.25
GRANTED_SAMPLES_PER_S = 600
_LONGEST_BACKLOG_S = 5.0
"""The bedside remembers its waveforms for 10 s; what was not fetched in half of that is left out and flagged as a gap."""

_LEVEL_IN_CLASS_WORD = 0x81
"""Low byte of the class word as captured from a monitor of this level."""
_LABELS = {1: 2}
_FITTED = (1, 8, 9, 15)
"""Waves of the modules that this monitor has."""


class WaveSender:
    """Sends the waves asked for, a packet each quarter of a second."""

    def __init__(self, bedside: SimulatedBedside, waves: Sequence[Wave], start: Instant) -> None:
        self._bedside = bedside
        self._waves = waves
        self._gap = True
        self._begin(start)

    def _begin(self, start: Instant) -> None:
        self._start, self._packets = start, 0

    @property
    def due(self) -> Instant:
        """When the next packet is complete."""
        return self._start.plus((self._packets + 1) * PACKET_S)

    def packets(self, now: Instant) -> list[tuple[Instant, tuple[Subrecord, ...]]]:
        """Packets complete by ``now``, each with its moment."""
        if now.since(self.due) > _LONGEST_BACKLOG_S:
            self._begin(now.plus(-PACKET_S))
            self._gap = True
        found = []
        while self.due <= now:
            found.append((self.due, tuple(self._subrecord(wave) for wave in self._waves)))
            self._packets += 1
            self._gap = False
        return found

    def _subrecord(self, wave: Wave) -> Subrecord:
        first = int(self._packets * PACKET_S * wave.rate_hz)
        count = int((self._packets + 1) * PACKET_S * wave.rate_hz) - first
        values = self._bedside.samples(wave.metric, self._start.plus(first / wave.rate_hz), count, wave.rate_hz)
        step = wave.unit_per_step * (AMBIENT_MMHG if wave.of_ambient else 1.0)
        off = np.isnan(values)
        numbers = np.clip(np.rint(values / step), LOWEST, HIGHEST)
        numbers[off] = INVALID_CODE
        status = (GAP if self._gap else 0) | (LEAD_OFF if off.all() else 0)
        return Subrecord(wave.id, HEADER.pack(count, status, _LABELS.get(wave.id, 0)) + numbers.astype("<i2").tobytes())


class DriSimulator:
    """A monitor on the wire. Silent until asked."""

    def __init__(self, bedside: SimulatedBedside) -> None:
        self._bedside = bedside
        self._deframer = Deframer()
        self._values = SimulatedValues(bedside)
        self._records = 0
        self._every_s = INTERVAL_S
        self._classes = 0
        self._next_values: Instant | None = None
        self._next_aux: Instant | None = None
        self._trend = (ValueKind.TREND_10_S, INTERVAL_S)
        self._next_trend: Instant | None = None
        self._sender: WaveSender | None = None

    def receive(self, data: bytes, now: Instant) -> None:
        for record in self._deframer.push(data):
            request = asked(record)
            if isinstance(request, ValuesAsked):
                self._take_values(request, now)
            elif isinstance(request, WavesAsked):
                self._take_waves(request, now)

    def _take_values(self, request: ValuesAsked, now: Instant) -> None:
        if request.kind == ValueKind.AUX_INFO:
            self._next_aux = now
        elif request.kind in {ValueKind.TREND_10_S, ValueKind.TREND_60_S}:
            self._take_trend(request, now)
        elif request.kind == ValueKind.DISPLAYED:
            self._every_s, self._classes = request.interval_s, request.classes
            self._next_values = now if request.interval_s == -1 or request.interval_s >= INTERVAL_S else None

    def _take_trend(self, request: ValuesAsked, now: Instant) -> None:
        """Only to who has asked for displayed values; the first is complete after one interval."""
        if self._next_values is not None and request.interval_s > 0:
            self._trend = (ValueKind(request.kind), request.interval_s)
            self._next_trend = now.plus(request.interval_s)
        else:
            self._next_trend = None

    def _take_waves(self, request: WavesAsked, now: Instant) -> None:
        """Waves beyond the limit of samples a second are dropped without a word, in the order asked."""
        known, granted, samples = {wave.id: wave for wave in WAVES if wave.id in _FITTED}, [], 0
        for wave in (known[number] for number in request.waves if number in known):
            samples += wave.rate_hz
            if samples <= GRANTED_SAMPLES_PER_S:
                granted.append(wave)
        self._sender = WaveSender(self._bedside, granted, now) if granted else None

    @property
    def due(self) -> Instant | None:
        moments = (self._next_values, self._next_trend, self._next_aux, self._sender.due if self._sender else None)
        return min((moment for moment in moments if moment is not None), default=None)

    def outgoing(self, now: Instant) -> bytes:
        frames = [self._record(WAVE, parts, at) for at, parts in self._sender.packets(now)] if self._sender else []
        if self._next_values is not None and self._next_values <= now:
            frames.append(self._displayed(self._next_values, now))
        if self._next_trend is not None and self._next_trend <= now:
            kind, every_s = self._trend
            self._next_trend = now.plus(every_s)
            frames.append(self._record(PHDB, self._subrecords(kind, now), now))
        if self._next_aux is not None and self._next_aux <= now:
            self._next_aux = None
            frames.append(self._record(PHDB, [Subrecord(ValueKind.AUX_INFO, self._values.aux_info())], now))
        return b"".join(frames)

    def _displayed(self, was_due: Instant, now: Instant) -> bytes:
        late = now.since(was_due) >= self._every_s
        self._next_values = None if self._every_s < 0 else (now if late else was_due).plus(self._every_s)
        return self._record(PHDB, self._subrecords(ValueKind.DISPLAYED, now), now)

    def _subrecords(self, kind: ValueKind, now: Instant) -> list[Subrecord]:
        return [self._subrecord(kind, subclass, union, now) for subclass, union in self._values.unions(self._classes, now)]

    @staticmethod
    def _subrecord(kind: ValueKind, subclass: int, union: bytes, now: Instant) -> Subrecord:
        body = (now.utc_ns // NS_PER_S).to_bytes(4, "little") + union + bytes((0, 0, _LEVEL_IN_CLASS_WORD, subclass))
        if len(body) != SUBRECORD_BYTES:
            raise ValueError(f"a subrecord of displayed values has {SUBRECORD_BYTES} bytes, not {len(body)}")
        return Subrecord(kind, body)

    def _record(self, main_type: int, parts: Sequence[Subrecord], at: Instant) -> bytes:
        self._records = (self._records + 1) % 256
        record = Record(
            main_type=main_type,
            subrecords=tuple(parts),
            number=self._records,
            level=LEVEL,
            plug_id=PLUG_ID,
            time_s=at.utc_ns // NS_PER_S,
        )
        return framed(record_bytes(record))
