"""A bedside for driver tests: values as set, waveforms as plain sines; and what other such bedsides share. Knows no device."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clinical.instant import NS_PER_S, Instant
from clinical.metrics import (
    CO2,
    CO2_RESP_RATE,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    IMPEDANCE,
    IMPEDANCE_RESP_RATE,
    PLETH,
    PULSE_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
    Metric,
)
from clinical.observations import PumpState
from devices.driver import CuffReading, PumpMechanics

START = Instant(5 * NS_PER_S, 1_772_352_000 * NS_PER_S)
"""2026-03-01T08:00:00Z."""

QUIET = {
    (HEART_RATE, ""): 72.0,
    (SPO2, ""): 97.0,
    (PULSE_RATE, ""): 71.0,
    (ETCO2, ""): 38.0,
    (FICO2, ""): 0.0,
    (CO2_RESP_RATE, ""): 14.0,
    (IMPEDANCE_RESP_RATE, ""): 15.0,
    (SKIN_TEMPERATURE, "T1"): 31.25,
    (SKIN_TEMPERATURE, "T2"): 30.5,
    (TEMPERATURE, ""): 36.8,
}
AMPLITUDES = {ECG_II: (0.0, 1.0), PLETH: (0.0, 0.02), CO2: (20.0, 18.0), IMPEDANCE: (0.0, 0.5)}

PUMP = PumpMechanics(
    serial="1",
    state=PumpState.INFUSING,
    rate_ml_per_h=5.0,
    infused_ml=1.0,
    to_infuse_ml=50.0,
    remaining_ml=49.0,
    syringe_ml=50.0,
    pressure_percent=10.0,
    drug="ketamine",
    concentration_mg_per_ml=10.0,
    battery_min=300.0,
)


def sine(middle: float, amplitude: float, since: Instant, count: int, rate_hz: float, *, cycle_hz: float = 1.0) -> NDArray[np.float64]:
    """``count`` samples of it from ``since`` on; the same for whoever asks for the same stretch."""
    seconds = since.monotonic_ns / NS_PER_S + np.arange(count) / rate_hz
    return middle + amplitude * np.sin(2 * np.pi * cycle_hz * seconds)


class FakeBedside:
    """Stands where it is put; nothing moves by itself but ``now``."""

    def __init__(self) -> None:
        self.now = START
        self.values: dict[tuple[Metric, str], float] = dict(QUIET)
        self.off: set[Metric] = set()
        self.cuff: CuffReading | None = None
        self.cuff_inflating = False
        self.pump = PUMP

    def value(self, metric: Metric, channel: str = "") -> float | None:
        return None if metric in self.off else self.values.get((metric, channel))

    def samples(self, metric: Metric, since: Instant, count: int, rate_hz: float) -> NDArray[np.float64]:
        if metric in self.off:
            return np.full(count, np.nan)
        return sine(*AMPLITUDES[metric], since, count, rate_hz)
