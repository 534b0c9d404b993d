"""What the packets of a CMS50 tell, over time: packets → observations. Cuts no bytes and sends nothing.

A number is told once two packets in a row agree on it: without a check sum this is what keeps a bit that fell over on the line
from being shown as a saturation. Sixty packets come each second, so it costs a sixtieth of one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clinical.instant import Instant
from clinical.metrics import PLETH
from clinical.observations import MISSING_SAMPLE, Observation, Validity, WaveformBlock, read_only_steps
from devices.alert_book import AlertBook, AlertRow, by_code
from devices.drivers.contec.frames import LIVE, SPO2_MISSING, Lost, Packet, Speech
from devices.drivers.contec.mapping import PULSE_MISSING, SILENT_SIGNS, Sample, Sign, alerts, notice, numerics, sample
from devices.sample_clock import SampleClock

RATE_HZ = 60.0
PACKETS_BETWEEN_NUMERICS = 60
FULL_SCALE = 127
NO_FINGER = frozenset({Sign.PROBE, Sign.FINGER})

Word = tuple[int, int, int | None, frozenset[Sign]]
"""What two packets must agree on: saturation, pulse rate, perfusion, and all signs but those that come with each beat."""


def _missing(word: Word) -> tuple[bool, bool]:
    """Whether saturation and pulse rate are without a number, in either protocol's way of saying so."""
    return word[0] in {0, SPO2_MISSING}, word[1] in {0, PULSE_MISSING}


class LiveStream:
    """Pleth as it comes, numbers once a second, and at once when what the device says of the finger changes.

    Attributes:
        live_at: when the last live packet came; None before the first.
    """

    def __init__(self) -> None:
        self.live_at: Instant | None = None
        self._clock = SampleClock(RATE_HZ)
        self._alerts = AlertBook()
        self._notices: dict[str, AlertRow] = {}
        self._last: Word | None = None
        self._told: Word | None = None
        self._packets_since = PACKETS_BETWEEN_NUMERICS

    def take(self, packets: Sequence[Packet | Lost], now: Instant) -> list[Observation]:
        """What these packets tell; their pleth as one block that ends now."""
        told: list[Observation] = []
        samples: list[int] = []
        for packet in packets:
            if isinstance(packet, Lost):
                self._packets_since += 1
                self._last = None
                samples.append(MISSING_SAMPLE)
            elif packet.speech is Speech.OLD or packet.body[0] == LIVE:
                samples.append(self._live(sample(packet), told, now))
            else:
                told += self._answer(packet, now)
        return [self._block(samples, now), *told] if samples else told

    def _live(self, read: Sample, told: list[Observation], now: Instant) -> int:
        self.live_at = now
        self._packets_since += 1
        word = (read.spo2, read.pulse, read.perfusion, read.signs - {Sign.BEEP})
        if word == self._last and (self._packets_since >= PACKETS_BETWEEN_NUMERICS or self._is_news(word)):
            told += self._report(read, word, now)
        self._last = word
        return MISSING_SAMPLE if read.signs & NO_FINGER else read.pleth

    def _is_news(self, word: Word) -> bool:
        """Whether a sign changed, or a number appeared or vanished; a number that only moved waits for its second."""
        told = self._told
        return told is None or bool(self._notices) or told[3] != word[3] or _missing(told) != _missing(word)

    def _report(self, read: Sample, word: Word, now: Instant) -> list[Observation]:
        self._told = word
        self._packets_since = 0
        self._notices.clear()
        return [*numerics(read, now), *self._alerts.update(by_code(alerts(read.signs - SILENT_SIGNS)), now)]

    def _answer(self, packet: Packet, now: Instant) -> list[Observation]:
        """What the device answered stands until it sends live data again."""
        row = notice(packet)
        if row is None:
            return []
        self._notices[row.code] = row
        signs = self._told[3] if self._told else frozenset[Sign]()
        return [*self._alerts.update(by_code([*alerts(signs), *self._notices.values()]), now)]

    def _block(self, samples: list[int], now: Instant) -> WaveformBlock:
        steps = np.array(samples, dtype=np.int16)
        off = self._last is not None and bool(self._last[3] & NO_FINGER) and bool((steps == MISSING_SAMPLE).all())
        return WaveformBlock(
            at=self._clock.place(len(samples), now),
            metric=PLETH,
            rate_hz=RATE_HZ,
            steps=read_only_steps(steps),
            unit_per_step=1 / FULL_SCALE,
            validity=Validity.INVALID if off else Validity.VALID,
        )
