"""A bedside at which nothing happens but the infusion: heart rate 72, one millilitre each second."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clinical.instant import Instant
from clinical.metrics import HEART_RATE
from devices.driver import PumpMechanics
from tests.devices.fake_bedside import PUMP


class FakeBedside:
    cuff = None
    cuff_inflating = False

    def __init__(self, start: Instant) -> None:
        self._start = start
        self.now = start

    def advance(self, to: Instant) -> None:
        self.now = to

    def value(self, metric, channel=""):
        return 72.0 if metric is HEART_RATE else None

    def samples(self, metric, since, count, rate_hz):
        return np.zeros(count)

    @property
    def pump(self) -> PumpMechanics:
        return replace(
            PUMP,
            rate_ml_per_h=3600.0,
            infused_ml=self.now.since(self._start),
            remaining_ml=40.0,
            concentration_mg_per_ml=1.0,
            battery_min=120.0,
        )
