"""The oximeter's side of the line: a CMS50 that speaks V7 when asked, or the old protocol by itself.

Packets, their pace and the answers are the maker's; how long it goes on without a sign of life from the host, and the saturation
it calls low, are its own. Nothing sent to it sets or erases anything: such commands are answered "not supported".
"""

from __future__ import annotations

import numpy as np

from clinical.instant import Instant
from clinical.metrics import PERFUSION_INDEX, PLETH, PULSE_RATE, SPO2
from devices.driver import SimulatedBedside
from devices.drivers.contec.frames import (
    DEVICE_ID,
    FEEDBACK,
    FREE_FEEDBACK,
    KEEP_ALIVE,
    LIVE,
    PERFUSION_KNOWN,
    SPO2_MISSING,
    SPO2_MOST,
    START,
    STOP,
    Speech,
    pack,
)
from devices.drivers.contec.mapping import PERFUSION_MISSING, PULSE_MISSING, Sign, bits_of

RATE_HZ = 60
BUNCH = 4
"""Packets that are sent together, 15 times a second."""
EVERY_S = BUNCH / RATE_HZ
LONGEST_BACKLOG_S = 9.0
"""The bedside keeps its samples for 10 s; a line not read for longer has lost the rest."""
LIVE_FOR_S = 10.0
"""Live data stops so long after the host's last word."""
LOW_SPO2 = 90
PLETH_MOST, PLETH_WITHOUT_FINGER = 127, 64
BEEP_FROM = 0.95
COMMAND_LENGTH = 9
USER = (0x75, 0x73, 0x65, 0x72, 0x20, 0x20, 0x20)
ANSWERS = {
    STOP: pack(FREE_FEEDBACK, ()),
    0xA7: pack(FREE_FEEDBACK, ()),
    0xAA: pack(DEVICE_ID, USER),
    0xAC: pack(PERFUSION_KNOWN, (0,)),
}
NOT_SUPPORTED = 0x05
LIVE_COMMANDS = frozenset({START, KEEP_ALIVE})


class _Finger:
    """Live packets of the finger at the bedside."""

    def __init__(self, bedside: SimulatedBedside, speech: Speech) -> None:
        self._bedside = bedside
        self._speech = speech
        self._beat = 0.0

    def packets(self, at: Instant) -> bytes:
        """Those whose samples end at ``at``."""
        samples = self._bedside.samples(PLETH, at.plus(-EVERY_S), BUNCH, float(RATE_HZ))
        off = bool(np.isnan(samples).all())
        counts = np.rint(np.clip(np.nan_to_num(samples, nan=0.5), 0.0, 1.0) * PLETH_MOST).astype(int).tolist()
        spo2, pulse, perfusion = (self._bedside.value(metric) for metric in (SPO2, PULSE_RATE, PERFUSION_INDEX))
        signs = _signs(spo2, off=off)
        said = bytearray()
        for count in counts:
            beating = signs | {Sign.BEEP} if self._beats(pulse) else signs
            pleth = PLETH_WITHOUT_FINGER if off else count
            said += _v7(pleth, spo2, pulse, perfusion, beating) if self._speech is Speech.V7 else _old(pleth, spo2, pulse, beating)
        return bytes(said)

    def _beats(self, pulse: float | None) -> bool:
        if pulse is None:
            return False
        self._beat = (self._beat + pulse / 60 / RATE_HZ) % 1.0
        return self._beat >= BEEP_FROM


def _signs(spo2: float | None, *, off: bool) -> frozenset[Sign]:
    if off:
        return frozenset({Sign.PROBE})
    if spo2 is None:
        return frozenset({Sign.SEARCHING})
    return frozenset({Sign.SPO2_LOW, Sign.SPO2_FALLING}) if spo2 < LOW_SPO2 else frozenset()


def _v7(pleth: int, spo2: float | None, pulse: float | None, perfusion: float | None, signs: frozenset[Sign]) -> bytes:
    index = PERFUSION_MISSING if perfusion is None or spo2 is None else round(perfusion * 100)
    signs |= {Sign.NO_PERFUSION} if index == PERFUSION_MISSING else frozenset()
    bits = bits_of(signs, Speech.V7)
    strength = 0 if spo2 is None else 4
    count = SPO2_MISSING if spo2 is None else min(round(spo2), SPO2_MOST)
    rate = PULSE_MISSING if pulse is None else min(round(pulse), PULSE_MISSING - 1)
    bar = bits.get(4, 0) | pleth >> 3
    return pack(LIVE, (bits.get(2, 0) | strength, bits.get(3, 0) | pleth, bar, rate, count, index & 0xFF, index >> 8))


def _old(pleth: int, spo2: float | None, pulse: float | None, signs: frozenset[Sign]) -> bytes:
    """A missing number is 0 here."""
    bits = bits_of(signs, Speech.OLD)
    rate = 0 if pulse is None else min(round(pulse), 0xFF)
    count = 0 if spo2 is None else min(round(spo2), SPO2_MOST)
    strength = 0 if spo2 is None else 4
    return bytes((0x80 | bits.get(0, 0) | strength, pleth, bits.get(2, 0) | (rate & 0x80) >> 1 | pleth >> 3, rate & 0x7F, count))


class ContecSimulator:
    """A CMS50 on the simulated patient's finger. Raises ValueError for a variant that is neither "v7" nor "old"."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "") -> None:
        self._speech = Speech(variant or Speech.V7.value)
        self._finger = _Finger(bedside, self._speech)
        self._heard = bytearray()
        self._answers = bytearray()
        self._next: Instant | None = bedside.now.plus(EVERY_S) if self._speech is Speech.OLD else None
        self._until: Instant | None = None

    @property
    def due(self) -> Instant | None:
        return self._next

    def receive(self, data: bytes, now: Instant) -> None:
        """The old protocol hears no live-data command at all."""
        if self._speech is Speech.OLD:
            return
        self._heard += data
        while (at := self._heard.find(b"\x7d\x81")) >= 0 and len(self._heard) >= at + COMMAND_LENGTH:
            self._obey(self._heard[at + 2], now)
            del self._heard[: at + COMMAND_LENGTH]
        del self._heard[:-COMMAND_LENGTH]

    def _obey(self, number: int, now: Instant) -> None:
        if number in LIVE_COMMANDS:
            if number == START and self._next is None:
                self._next = now.plus(EVERY_S)
            self._until = now.plus(LIVE_FOR_S)
            return
        if number == STOP:
            self._next = None
        self._answers += ANSWERS.get(number) or pack(FEEDBACK, (number, NOT_SUPPORTED))

    def outgoing(self, now: Instant) -> bytes:
        said, self._answers = self._answers, bytearray()
        self._drop_backlog(now)
        while self._next is not None and self._next <= now:
            if self._until is not None and self._next > self._until:
                self._next = None
                break
            said += self._finger.packets(self._next)
            self._next = self._next.plus(EVERY_S)
        return bytes(said)

    def _drop_backlog(self, now: Instant) -> None:
        if self._next is not None and (late_s := now.since(self._next) - LONGEST_BACKLOG_S) > 0:
            self._next = self._next.plus((int(late_s / EVERY_S) + 1) * EVERY_S)
