"""Alarm bursts as WAV files: what both the display and the core hand to a player."""

from __future__ import annotations

import io
import wave

import numpy as np
from numpy.typing import NDArray

from clinical.alarms.bursts import BURSTS, MELODIES, RATE_HZ, Burst, Category, burst_samples
from clinical.observations import Priority

LOUDEST = 0.9
"""Of what 16 bits hold: a loudspeaker's own filters may add a little."""


def steps_of(priority: Priority, category: Category | None = None, rate_hz: int = RATE_HZ) -> NDArray[np.int16]:
    """The burst of a priority, with the notes of what the alarm is about where ``category`` is given; int16, shape (n,)."""
    return _steps(BURSTS[priority], LOUDEST, rate_hz, () if category is None else MELODIES[category])


def _steps(burst: Burst, volume: float, rate_hz: int, melody: tuple[float, ...]) -> NDArray[np.int16]:
    return np.round(burst_samples(burst, rate_hz, melody) * volume * 32767).astype("<i2")


def wav_of(burst: Burst, volume: float = LOUDEST, rate_hz: int = RATE_HZ, melody: tuple[float, ...] = ()) -> bytes:
    """A burst as a WAV file, 16 bit, one channel; ``volume`` from 0 to 1; ``melody`` as in ``burst_samples``."""
    return _wav(_steps(burst, volume, rate_hz, melody), rate_hz)


def _wav(steps: NDArray[np.int16], rate_hz: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate_hz)
        writer.writeframes(steps.tobytes())
    return file.getvalue()


def burst_wav(priority: Priority) -> bytes:
    """The burst of a priority as a WAV file."""
    return wav_of(BURSTS[priority])


def repeat_s(priority: Priority) -> float:
    """Seconds from the start of a burst to the start of the next."""
    return BURSTS[priority].repeat_s
