"""The finger and its oximeter: saturation arrives late and averaged, and not at all without a pulse. Knows no wire."""

from __future__ import annotations

import math
from collections import deque

FINGER_TIME_S = 8.0  # time constant from the lung's blood to a finger: proposed
AVERAGED_S = 8  # what most oximeters average over by default: proposed
LOST_AFTER_S = 4.0  # without a pulse
FOUND_AFTER_S = 6.0  # with one again


class FingerOximeter:
    """Fed once a second. ``reading`` is what it shows, None while it has no pulse to read."""

    def __init__(self, sao2_percent: float) -> None:
        self._finger = sao2_percent
        self._recent: deque[float] = deque([sao2_percent] * AVERAGED_S, maxlen=AVERAGED_S)
        self._without_s = 0.0
        self._with_s = FOUND_AFTER_S
        self._locked = True

    def step(self, seconds: float, sao2_percent: float, *, pulsating: bool) -> None:
        """Moves on; ``pulsating`` says whether the probe sees a pulse."""
        self._finger += (sao2_percent - self._finger) * -math.expm1(-seconds / FINGER_TIME_S)
        if pulsating:
            self._recent.append(self._finger)
            self._without_s = 0.0
            self._with_s += seconds
        else:
            self._with_s = 0.0
            self._without_s += seconds
        if self._without_s >= LOST_AFTER_S:
            self._locked = False
            self._recent.clear()
        elif not self._locked and self._with_s >= FOUND_AFTER_S:
            self._locked = True

    def drop(self) -> None:
        """The probe came off: lost at once."""
        self._locked = False
        self._recent.clear()

    @property
    def reading(self) -> float | None:
        """Per cent."""
        if not (self._locked and self._recent):
            return None
        return sum(self._recent) / len(self._recent)
