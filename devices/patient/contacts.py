"""Which sensors touch the patient and which plugs are in, and since when. Knows no value and no wire."""

from __future__ import annotations

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from devices.patient.events import SENSORS, PlugIn, SensorOff, SensorOn, Unplug

KEPT = 4  # stretches without a sensor that are remembered: more than the last seconds can hold

ContactEvent = SensorOff | SensorOn | Unplug | PlugIn


class Contacts:
    """All on and plugged in at first. Times are seconds since the bedside's start."""

    def __init__(self) -> None:
        self.unplugged: frozenset[str] = frozenset()
        self._off_since: dict[str, float] = {}
        self._was_off: dict[str, list[tuple[float, float]]] = {sensor: [] for sensor in SENSORS}

    def happen(self, event: ContactEvent, now_s: float) -> None:
        """Takes a change; one that changes nothing is no fault."""
        match event:
            case SensorOff(sensor=sensor):
                self._off_since.setdefault(sensor, now_s)
            case SensorOn(sensor=sensor):
                if sensor in self._off_since:
                    self._was_off[sensor] = [*self._was_off[sensor][1 - KEPT :], (self._off_since.pop(sensor), now_s)]
            case Unplug(line=line):
                self.unplugged |= {line}
            case PlugIn(line=line):
                self.unplugged -= {line}
            case _:
                assert_never(event)

    def touching(self, sensor: str) -> bool:
        """It is on the patient now."""
        return sensor not in self._off_since

    def blank(self, sensor: str, t: NDArray[np.float64], values: NDArray[np.float64]) -> None:
        """Makes NaN of the values at those of ``t`` at which the sensor was off; both shape (n,)."""
        for off, on in self._was_off[sensor]:
            values[(t >= off) & (t < on)] = np.nan
        if sensor in self._off_since:
            values[t >= self._off_since[sensor]] = np.nan
