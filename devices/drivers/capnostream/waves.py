"""The CO₂ waveform, a sample a frame: counted by the device's own counter, blanked where its status says there is none."""

from __future__ import annotations

import numpy as np

from clinical.instant import Instant
from clinical.metrics import CO2
from clinical.observations import MISSING_SAMPLE, Validity, WaveformBlock, read_only_steps
from devices.drivers.capnostream.mapping import BLANKED_BY
from devices.sample_clock import SampleClock

RATE_HZ = 20.0
STEPS_PER_MMHG = 256
ZERO_STEP = 0x7FFF
"""The count kept as step 0, so that every count but the highest (which is kept as the one below it) fits 16 signed bits."""
MOST_FILLED = 20
"""A second of lost samples is shown as missing; after more the count begins anew."""


class WaveReader:
    """Collects samples of a stretch of bytes into one block."""

    def __init__(self) -> None:
        self._clock = SampleClock(RATE_HZ)
        self._number: int | None = None
        self._steps: list[int] = []

    def take(self, number: int, count: int, status: int) -> None:
        """One frame: its number of 0 to 255, CO₂ in 1/256 mmHg, fast status. A frame that is repeated is dropped."""
        lost = 0 if self._number is None else (number - self._number - 1) % 256
        if lost == 255:
            return
        self._number = number
        if lost <= MOST_FILLED:
            self._steps += [MISSING_SAMPLE] * lost
        step = min(count - ZERO_STEP, 0x7FFF)
        self._steps.append(MISSING_SAMPLE if status & BLANKED_BY else step)

    def block(self, now: Instant, *, in_mmhg: bool) -> WaveformBlock | None:
        """All that was taken since this was asked last, as a block that ends now; None if there was nothing.

        What the waveform is counted in while the monitor shows kPa or per cent is not documented: it is then told as invalid.
        """
        if not self._steps:
            return None
        steps = np.array(self._steps, dtype=np.int16)
        self._steps = []
        off = not in_mmhg or bool((steps == MISSING_SAMPLE).all())
        return WaveformBlock(
            at=self._clock.place(len(steps), now),
            metric=CO2,
            rate_hz=RATE_HZ,
            steps=read_only_steps(steps),
            unit_per_step=1 / STEPS_PER_MMHG,
            unit_at_zero=ZERO_STEP / STEPS_PER_MMHG,
            validity=Validity.INVALID if off else Validity.VALID,
        )
