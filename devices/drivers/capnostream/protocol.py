"""The host's side of a Capnostream's line: opens it, keeps it alive, and gives each frame to its reader. No bits and no places."""

from __future__ import annotations

from collections.abc import Sequence

from clinical.instant import Instant
from clinical.observations import Observation
from devices.alert_book import AlertBook
from devices.drivers.capnostream.alerts import Word, standing_in
from devices.drivers.capnostream.device_clock import DeviceClock
from devices.drivers.capnostream.frames import Frame, Reader
from devices.drivers.capnostream.mapping import MMHG, WAVE_BYTES, Numbers, identity_in, numbers_in, numerics, words_of
from devices.drivers.capnostream.requests import ENABLE, LINK_IS_ACTIVE, START_REAL_TIME
from devices.drivers.capnostream.waves import WaveReader

WAVE, NUMERICS, IDENTITY = 0, 1, 4
ALIVE_EVERY_S = 4.0
"""The monitor wants it each 5 s."""
OPEN_AFTER_S = 2.0
"""Silence after which the line is opened anew; a monitor that sends at all sends 20 frames a second."""
LONGEST_WAIT_S = 16.0
"""Between two openings; the wait doubles, so that a monitor which is set to another report is not pestered."""


class CapnostreamProtocol:
    """Full Binary Continuous Transfer: CO₂ waveform 20 times, numbers once a second."""

    def __init__(self) -> None:
        self._reader = Reader()
        self._waves = WaveReader()
        self._clock = DeviceClock()
        self._book = AlertBook()
        self._numbers: Numbers | None = None
        self._fast = 0
        self._malformed = 0
        self._identity = ""
        self._start_wanted = False
        self._streaming = False
        self._wait_s = OPEN_AFTER_S
        self._next_open: Instant | None = None
        self._next_alive: Instant | None = None

    @property
    def bad_frames(self) -> int:
        return self._reader.bad + self._malformed

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def due(self) -> Instant | None:
        return min((moment for moment in (self._next_open, self._next_alive) if moment is not None), default=None)

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        messages = []
        if self._next_open is None or now >= self._next_open:
            self._streaming = False
            self._next_open = now.plus(self._wait_s)
            self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)
            messages.append(ENABLE)
        if self._start_wanted:
            self._start_wanted = False
            messages.append(START_REAL_TIME)
        if self._next_alive is None or now >= self._next_alive:
            self._next_alive = now.plus(ALIVE_EVERY_S)
            messages.append(LINK_IS_ACTIVE)
        return messages

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        told = [observation for frame in self._reader.feed(data) for observation in self._take(frame, now)]
        block = self._waves.block(now, in_mmhg=self._numbers is None or self._numbers.units == MMHG)
        return told if block is None else [block, *told]

    def _take(self, frame: Frame, now: Instant) -> Sequence[Observation]:
        """Frames of other codes (patient, events, trends) are not asked for, and are not ours to read."""
        if frame.code == WAVE:
            return self._take_wave(frame.payload, now)
        if frame.code == NUMERICS:
            return self._take_numbers(frame.payload, now)
        if frame.code == IDENTITY:
            self._identity = identity_in(frame.payload)
            self._start_wanted = not self._streaming
        return ()

    def _take_wave(self, payload: bytes, now: Instant) -> Sequence[Observation]:
        if len(payload) < WAVE_BYTES:
            self._malformed += 1
            return ()
        number, whole, fraction, fast = payload[:WAVE_BYTES]
        self._heard(now)
        self._waves.take(number, whole << 8 | fraction, fast)
        if fast == self._fast:
            return ()
        self._fast = fast
        return self._alerts(now)

    def _take_numbers(self, payload: bytes, now: Instant) -> Sequence[Observation]:
        told = numbers_in(payload)
        if told is None:
            self._malformed += 1
            return ()
        self._heard(now)
        self._numbers = told
        measured_at = self._clock.measured_at(told.time_s, now)
        return [*numerics(told, self._fast, now, measured_at), *self._alerts(now)]

    def _alerts(self, now: Instant) -> Sequence[Observation]:
        if self._numbers is None:
            return self._book.update(standing_in({Word.FAST: self._fast}), now)
        return self._book.update(standing_in(words_of(self._numbers, self._fast), self._numbers.no_breath_s), now)

    def _heard(self, now: Instant) -> None:
        self._streaming = True
        self._wait_s = OPEN_AFTER_S
        self._next_open = now.plus(OPEN_AFTER_S)
