"""Alarm bursts as WAV files: what both the display and the core hand to a player."""

from __future__ import annotations

import io
import wave

import numpy as np
from numpy.typing import NDArray

from clinical.alarms.bursts import BURSTS, MELODIES, RATE_HZ, Burst, Category, burst_samples
from clinical.observations import Priority


def wav_of(burst: Burst, volume: float = 0.9, rate_hz: int = RATE_HZ, melody: tuple[float, ...] = ()) -> bytes:
    """A burst as a WAV file, 16 bit, one channel; ``volume`` from 0 to 1; ``melody`` as in ``burst_samples``."""
    steps = np.round(burst_samples(burst, rate_hz, melody) * volume * 32767).astype("<i2")
    return _wav(steps, rate_hz)


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


def melody_wav(priority: Priority, category: Category) -> bytes:
    """The same with the notes of what the alarm is about."""
    return wav_of(BURSTS[priority], melody=MELODIES[category])


def silent_wav(seconds: float, rate_hz: int = RATE_HZ) -> bytes:
    """So much silence as a WAV file."""
    return _wav(np.zeros(round(seconds * rate_hz), "<i2"), rate_hz)


def repeat_s(priority: Priority) -> float:
    """Seconds from the start of a burst to the start of the next."""
    return BURSTS[priority].repeat_s
