"""The oximeter's side of the line: speaks data formats 7 (unless asked otherwise), 2, 8, 1 and 13. Hears nothing.

The stretches of time are the maker's (display values held 10 s after removal, perfusion bits for 12 frames a pulse); the
perfusion index at which this one turns yellow or red is its own.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import PERFUSION_INDEX, PLETH, PULSE_RATE, SPO2
from devices.driver import SimulatedBedside
from devices.drivers.nonin.frames import PACKET, PLETH_LAYOUTS, SYNC, DataFormat, PlethFrame, PlethLayout, pack_spot
from devices.drivers.nonin.mapping import HR_MISSING, SPO2_MISSING

RATE_HZ = 75
BUNCH = 5
"""Frames that are sent together, 15 times a second: at 9600 baud they take 26 ms."""
LONGEST_BACKLOG_S = 9.0
"""The bedside keeps its samples for 10 s; a line not read for longer has lost the rest."""
HELD_S = 10.0
PERFUSION_FRAMES = 12
REVISION = 48
SPOT_FIRST_S = 5.0
SPOT_EVERY_S = 60.0
RED_BELOW, YELLOW_BELOW = 0.3, 0.6


class _Finger:
    """What the device measures, as counts on the wire: now, and as held on its display."""

    def __init__(self, bedside: SimulatedBedside) -> None:
        self._bedside = bedside
        self._held: tuple[int, int] = (SPO2_MISSING, HR_MISSING)
        self._seen_at: Instant | None = None

    def counts(self) -> tuple[int, int]:
        """Saturation and pulse rate; both missing with the sensor off."""
        spo2, pulse = self._bedside.value(SPO2), self._bedside.value(PULSE_RATE)
        if spo2 is None:
            return SPO2_MISSING, HR_MISSING
        self._held = (min(round(spo2), 100), HR_MISSING if pulse is None else min(round(pulse), HR_MISSING - 1))
        self._seen_at = self._bedside.now
        return self._held

    def display(self) -> tuple[int, int]:
        """The same, held for 10 s after the finger left."""
        present = self.counts()
        if present[0] != SPO2_MISSING or self._seen_at is None or self._bedside.now.since(self._seen_at) > HELD_S:
            return present
        return self._held

    def perfusion(self) -> int:
        """STATUS bits of a pulse: green, yellow or red."""
        index = self._bedside.value(PERFUSION_INDEX)
        if index is None or index >= YELLOW_BELOW:
            return 0x02
        return 0x06 if index >= RED_BELOW else 0x04


class _PlethTalker:
    """Formats 2 and 7: five frames each fifteenth of a second."""

    every_s = BUNCH / RATE_HZ
    first_s = every_s

    def __init__(self, bedside: SimulatedBedside, layout: PlethLayout) -> None:
        self._bedside = bedside
        self._layout = layout
        self._finger = _Finger(bedside)
        self._slots = [0] * PACKET
        self._place = 0
        self._packets = 0
        self._beat = 0.0

    def speak(self, at: Instant) -> bytes:
        """The frames whose samples end at ``at``."""
        since = at.plus(-BUNCH / RATE_HZ)
        samples = np.clip(np.nan_to_num(self._bedside.samples(PLETH, since, BUNCH, float(RATE_HZ)), nan=0.5), 0.0, 1.0)
        counts = np.rint(samples * self._layout.full_scale).astype(int).tolist()
        if self._place == 0:
            self._slots = self._packet()
        spo2, pulse = self._finger.counts()
        off = spo2 == SPO2_MISSING
        rate = 0 if pulse == HR_MISSING else pulse
        light = self._finger.perfusion()
        return b"".join(self._layout.pack(self._frame(count, rate, light, off=off)) for count in counts)

    def _frame(self, count: int, rate: int, light: int, *, off: bool) -> PlethFrame:
        status = 0x80 | (SYNC if self._place == 0 else 0) | (0x08 if off else 0)
        self._beat = (self._beat + rate / 60 / RATE_HZ) % 1.0
        if rate and self._beat * RATE_HZ * 60 / rate < PERFUSION_FRAMES:
            status |= light
        value = self._slots[self._place]
        self._place = (self._place + 1) % PACKET
        return PlethFrame(status, count, value)

    def _packet(self) -> list[int]:
        """The 25 slots of a packet. Those without a meaning hold arbitrary bytes, as the maker says they may."""
        spo2, pulse = self._finger.counts()
        shown_spo2, shown_pulse = self._finger.display()
        rate, shown = (pulse >> 7, pulse & 0x7F), (shown_pulse >> 7, shown_pulse & 0x7F)
        self._packets = (self._packets + 1) & 0x3FFF
        told = {
            **_pair(1, rate),
            **_pair(14, rate),
            **_pair(20, shown),
            **_pair(22, shown),
            **_pair(6, (self._packets >> 7, self._packets & 0x7F)),
            **dict.fromkeys((3, 10, 11, 16), spo2),
            **dict.fromkeys((9, 17), shown_spo2),
            4: REVISION,
            8: 0x20,
        }
        return [told.get(slot, (slot * 37 + self._packets) & 0xFF) for slot in range(1, PACKET + 1)]


class _SlowTalker:
    """Formats 1 and 8: display averages, a frame a second."""

    every_s = 1.0
    first_s = every_s

    def __init__(self, bedside: SimulatedBedside, form: DataFormat) -> None:
        self._finger = _Finger(bedside)
        self._form = form

    def speak(self, at: Instant) -> bytes:  # noqa: ARG002  says what is measured now, whenever it is asked
        spo2, pulse = self._finger.display()
        off = self._finger.counts()[0] == SPO2_MISSING
        light = {0x04: 0x10, 0x06: 0x08}.get(self._finger.perfusion(), 0)
        frame = bytes((0x80 | (0 if off else light) | pulse >> 7, pulse & 0x7F, spo2))
        if self._form is DataFormat.DF8:
            return frame + bytes((0x20 | (0x08 if off else 0),))
        return bytes((frame[0] | (0x40 if off else 0),)) + frame[1:]


class _SpotTalker:
    """Format 13: a reading now and then, none without a finger."""

    first_s = SPOT_FIRST_S
    every_s = SPOT_EVERY_S

    def __init__(self, bedside: SimulatedBedside) -> None:
        self._finger = _Finger(bedside)

    def speak(self, at: Instant) -> bytes:
        spo2, pulse = self._finger.counts()
        if spo2 == SPO2_MISSING:
            return b""
        stamp = datetime.fromtimestamp(at.utc_ns // NS_PER_S, tz=UTC).strftime("%Y%m%d%H%M%S")
        return pack_spot(bytes.fromhex(stamp) + bytes((0, 0x02, 0x00, pulse >> 8, pulse & 0xFF, 0, spo2)))


def _pair(slot: int, pair: tuple[int, int]) -> dict[int, int]:
    return {slot: pair[0], slot + 1: pair[1]}


def _talker(bedside: SimulatedBedside, form: DataFormat) -> _PlethTalker | _SlowTalker | _SpotTalker:
    if form in PLETH_LAYOUTS:
        return _PlethTalker(bedside, PLETH_LAYOUTS[form])
    return _SpotTalker(bedside) if form is DataFormat.DF13 else _SlowTalker(bedside, form)


class NoninSimulator:
    """A Nonin oximeter on the simulated patient's finger. Raises ValueError for a variant that is none of the formats."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "") -> None:
        self._talker = _talker(bedside, DataFormat(variant or DataFormat.DF7.value))
        self._start = bedside.now
        self._said = 0

    @property
    def due(self) -> Instant:
        return self._start.plus(self._talker.first_s + self._said * self._talker.every_s)

    def receive(self, data: bytes, now: Instant) -> None:
        """A Nonin in the field may be set up over the line; this one cannot, so that nothing sent to it changes anything."""

    def outgoing(self, now: Instant) -> bytes:
        self._drop_backlog(now)
        said = bytearray()
        while (at := self.due) <= now:
            said += self._talker.speak(at)
            self._said += 1
        return bytes(said)

    def _drop_backlog(self, now: Instant) -> None:
        late_s = now.since(self.due) - LONGEST_BACKLOG_S
        if late_s > 0:
            self._said += int(late_s / self._talker.every_s) + 1
