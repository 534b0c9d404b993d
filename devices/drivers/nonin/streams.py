"""What the frames of each data format tell, over time: frames → observations. Cuts no bytes and guesses no format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from clinical.instant import NS_PER_S, Instant, utc_ns_of
from clinical.metrics import PLETH
from clinical.observations import MISSING_SAMPLE, Observation, Validity, WaveformBlock, read_only_steps
from devices.alert_book import AlertBook
from devices.drivers.nonin.frames import PACKET, SYNC, DataFormat, Lost, PlethFrame, PlethLayout
from devices.drivers.nonin.mapping import (
    HR_MISSING,
    PERFUSION_BITS,
    PLETH_PERFUSION,
    PLETH_STATUS,
    SENSOR_BITS,
    SLOT_STATUS,
    SLOW_STATUS,
    SLOW_STATUS_2,
    SPO2_MISSING,
    SPOT_INTERVAL_S,
    Sign,
    alerts,
    heart_rate,
    numerics,
    signs_in,
)
from devices.sample_clock import SampleClock

PLETH_RATE_HZ = 75.0
FRAMES_BETWEEN_NUMERICS = 3 * PACKET - 5
"""Three packets, a second; five frames less, so that a frame lost or found on the way does not cost a whole packet."""
HIGHEST_STEP = 0x7FFF
"""Full scale of format 7 is one count above it and is kept as it: a saturated pulse stays saturated."""
SLOT_HR_MSB, SLOT_HR_LSB, SLOT_SPO2, SLOT_REVISION, SLOT_STAT2 = 1, 2, 3, 4, 8


class PlethStream:
    """Formats 2 and 7: pleth as it comes, numbers once a second, and at once when the finger leaves or returns.

    The numbers are the recording values (slots 1 to 3), which go missing at once; those for display are held for 10 s.

    Attributes:
        revision: of the device's firmware, as a number; None until it was told.
    """

    def __init__(self, layout: PlethLayout) -> None:
        self.revision: int | None = None
        self._layout = layout
        self._clock = SampleClock(PLETH_RATE_HZ)
        self._alerts = AlertBook()
        self._slots: dict[int, int] = {}
        self._place: int | None = None
        self._seen_status = 0
        self._perfusion = 0
        self._sensor_off = False
        self._was_reading: bool | None = None
        self._frames_since = FRAMES_BETWEEN_NUMERICS

    def take(self, frames: Sequence[PlethFrame | Lost], now: Instant) -> list[Observation]:
        """What these frames tell; their pleth as one block that ends now."""
        told: list[Observation] = []
        samples = []
        for frame in frames:
            if frame is Lost.PLACE:
                self._place = None
            else:
                samples.append(self._sample(frame, told, now))
        return [self._block(samples, now), *told] if samples else told

    def _sample(self, frame: PlethFrame | Lost, told: list[Observation], now: Instant) -> int:
        self._frames_since += 1
        if isinstance(frame, Lost):
            self._lose(frame)
            return MISSING_SAMPLE
        status, pleth, value = frame
        self._seen_status |= status
        if status & PERFUSION_BITS:
            self._perfusion = status & PERFUSION_BITS
        off = bool(status & SENSOR_BITS)
        if off != self._sensor_off:
            self._sensor_off = off
            if off:
                told += self._report(SPO2_MISSING, HR_MISSING, now)
        self._advance(sync=bool(status & SYNC))
        if self._place is not None and self._place <= SLOT_STAT2:
            told += self._slot(self._place, value, now)
        return MISSING_SAMPLE if off else min(pleth - self._layout.zero_count, HIGHEST_STEP)

    def _lose(self, lost: Lost) -> None:
        """A frame lost in its place costs its slot; where the place itself is in doubt, the rest of the packet goes."""
        if lost is Lost.ONE:
            self._advance(sync=self._place == PACKET)
        else:
            self._place = None

    def _advance(self, *, sync: bool) -> None:
        if sync:
            self._place = 1
            self._slots.clear()
        elif self._place is not None:
            self._place = self._place + 1 if self._place < PACKET else None

    def _slot(self, place: int, value: int, now: Instant) -> list[Observation]:
        self._slots[place] = value
        if place == SLOT_SPO2:
            return self._numbers(now)
        if place == SLOT_REVISION:
            self.revision = value
        if place == SLOT_STAT2:
            return [*alerts(self._alerts, SLOT_STATUS.values(), signs_in(value, SLOT_STATUS), now)]
        return []

    def _numbers(self, now: Instant) -> list[Observation]:
        """Numbers of this packet, if they are due or came back and none of their slots was lost."""
        if SLOT_HR_MSB not in self._slots or SLOT_HR_LSB not in self._slots:
            return []
        spo2 = self._slots[SLOT_SPO2] & 0x7F
        pulse = heart_rate(self._slots[SLOT_HR_MSB], self._slots[SLOT_HR_LSB])
        reading = not self._sensor_off and spo2 != SPO2_MISSING and pulse != HR_MISSING
        if reading == self._was_reading and self._frames_since < FRAMES_BETWEEN_NUMERICS:
            return []
        return self._report(spo2, pulse, now)

    def _report(self, spo2: int, pulse: int, now: Instant) -> list[Observation]:
        signs = signs_in(self._seen_status & ~SENSOR_BITS, PLETH_STATUS)
        if self._sensor_off:
            # Without a finger neither track nor perfusion is news.
            signs = signs_in(self._seen_status & SENSOR_BITS, PLETH_STATUS)
            self._perfusion = 0
        elif self._perfusion in PLETH_PERFUSION:
            signs |= {PLETH_PERFUSION[self._perfusion]}
        self._was_reading = not self._sensor_off and spo2 != SPO2_MISSING and pulse != HR_MISSING
        self._seen_status = 0
        self._frames_since = 0
        told = (Sign.OUT_OF_TRACK, Sign.LOW_PERFUSION, Sign.MARGINAL_PERFUSION)
        return [*numerics(spo2, pulse, signs, now), *alerts(self._alerts, told, signs, now)]

    def _block(self, samples: list[int], now: Instant) -> WaveformBlock:
        steps = np.array(samples, dtype=np.int16)
        off = self._sensor_off and bool((steps == MISSING_SAMPLE).all())
        layout = self._layout
        return WaveformBlock(
            at=self._clock.place(len(samples), now),
            metric=PLETH,
            rate_hz=PLETH_RATE_HZ,
            steps=read_only_steps(steps),
            unit_per_step=1 / layout.full_scale,
            unit_at_zero=layout.zero_count / layout.full_scale,
            validity=Validity.INVALID if off else Validity.VALID,
        )


class SlowStream:
    """Formats 1 and 8: display averages once a second. They are held after the finger left, so the sensor's word rules."""

    revision: int | None = None

    def __init__(self, form: DataFormat) -> None:
        self._has_second_status = form is DataFormat.DF8
        self._alerts = AlertBook()

    def take(self, frames: Sequence[bytes], now: Instant) -> list[Observation]:
        told: list[Observation] = []
        for frame in frames:
            signs = signs_in(frame[0], SLOW_STATUS)
            asked = list(SLOW_STATUS.values())
            if self._has_second_status:
                signs |= signs_in(frame[3], SLOW_STATUS_2)
                asked += SLOW_STATUS_2.values()
            if signs & {Sign.DISCONNECTED, Sign.SENSOR_OFF}:
                signs -= {Sign.OUT_OF_TRACK, Sign.LOW_PERFUSION, Sign.MARGINAL_PERFUSION}
            told += numerics(frame[2] & 0x7F, heart_rate(frame[0], frame[1]), signs, now)
            told += alerts(self._alerts, asked, signs, now)
        return told


class SpotStream:
    """Format 13: single readings, each with the time it was taken by the device's own clock."""

    revision: int | None = None

    def __init__(self) -> None:
        self._alerts = AlertBook()

    def take(self, frames: Sequence[bytes], now: Instant) -> list[Observation]:
        told: list[Observation] = []
        for body in frames:
            signs = spot_signs(body)
            pulse = (body[10] & 0x01) << 8 | body[11]
            taken = spot_time(body, now) if body[9] & 0x10 else now
            told += numerics(body[13], pulse, signs, now, measured_at=taken, interval_s=SPOT_INTERVAL_S)
            told += alerts(self._alerts, (Sign.LOW_BATTERY,), signs, now)
        return told


def spot_signs(body: bytes) -> frozenset[Sign]:
    """What both status bytes of a spot check say."""
    signs = signs_in(body[9], {0x01: Sign.LOW_BATTERY}) | signs_in(body[8], {0x01: Sign.NO_SPOT})
    return signs if body[8] & 0x02 else signs | {Sign.NO_SPOT_QUALITY}


def spot_time(body: bytes, now: Instant) -> Instant | None:
    """When a remembered reading was taken, by the device's clock read as UTC (it knows no zone and may be wrong); None if it tells none."""
    digits = body[:8].hex()
    if not digits.isdecimal():
        return None
    try:
        stamp = datetime.strptime(digits[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return now.plus((utc_ns_of(stamp) - now.utc_ns) / NS_PER_S)
