"""A small bedside for simulators to measure, and a line of no length between a simulator and a protocol. No patient model here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from clinical.instant import Instant
from clinical.metrics import PERFUSION_INDEX, PULSE_RATE, SPO2, Metric
from clinical.observations import Observation, WaveformBlock
from devices.driver import CuffReading, Protocol, Simulator
from tests.devices import fake_bedside
from tests.devices.fake_bedside import START, sine

T = TypeVar("T")
PUMP = replace(
    fake_bedside.PUMP, serial="40864", infused_ml=12.5, remaining_ml=37.5, pressure_percent=35.0, drug="Ketamin", battery_min=240.0
)


class FakeBedside:
    """Values are set from outside; the pleth is a sine at the pulse rate between 0.1 and 0.9."""

    def __init__(self) -> None:
        self.now = START
        self.values: dict[Metric, float | None] = {SPO2: 97.0, PULSE_RATE: 72.0, PERFUSION_INDEX: 2.0}
        self.pump = PUMP
        self.cuff: CuffReading | None = None
        self.cuff_inflating = False

    def value(self, metric: Metric, channel: str = "") -> float | None:
        return self.values.get(metric)

    def samples(self, metric: Metric, since: Instant, count: int, rate_hz: float) -> NDArray[np.float64]:
        assert since.plus((count - 1) / rate_hz) <= self.now, "a simulator asked for samples of the future"
        rate = self.values.get(PULSE_RATE)
        if self.values.get(SPO2) is None or rate is None:
            return np.full(count, np.nan)
        return sine(0.5, 0.4, since, count, rate_hz, cycle_hz=rate / 60)

    def finger_off(self) -> None:
        self.values[SPO2] = self.values[PULSE_RATE] = None

    def set_pump(self, **changes: object) -> None:
        self.pump = replace(self.pump, **changes)  # type: ignore[arg-type]


class Bench:
    """Runs a simulator against a protocol in virtual time, each asked exactly when due. Keeps all that was said."""

    def __init__(
        self,
        bedside: FakeBedside,
        simulator: Simulator,
        protocol: Protocol,
        *,
        on_line: Callable[[bytes], bytes] = lambda data: data,
        to_device: Callable[[bytes], bytes] = lambda data: data,
    ) -> None:
        self.bedside = bedside
        self.simulator = simulator
        self.protocol = protocol
        self.observations: list[Observation] = []
        self.sent: list[tuple[Instant, bytes]] = []
        self.heard: list[tuple[Instant, bytes]] = []
        self._on_line = on_line
        self._to_device = to_device
        self._send()

    def run(self, seconds: float) -> list[Observation]:
        """What came in these seconds."""
        end = self.bedside.now.plus(seconds)
        before = len(self.observations)
        while (at := min((due for due in (self.simulator.due, self.protocol.due) if due is not None), default=end)) < end:
            self.bedside.now = max(at, self.bedside.now)
            self._exchange()
        self.bedside.now = end
        return self.observations[before:]

    def _exchange(self) -> None:
        now = self.bedside.now
        said = self._on_line(self.simulator.outgoing(now))
        if said:
            self.heard.append((now, said))
            self.observations += self.protocol.receive(said, now)
        self._send()

    def _send(self) -> None:
        for message in self.protocol.outgoing(self.bedside.now):
            self.sent.append((self.bedside.now, message))
            self.simulator.receive(self._to_device(message), self.bedside.now)


def only(kind: type[T], observations: Iterable[Observation]) -> list[T]:
    return [seen for seen in observations if isinstance(seen, kind)]


def pleth_of(observations: Iterable[Observation]) -> list[int]:
    """All samples in a row, whatever the blocks they came in."""
    return [int(step) for block in only(WaveformBlock, observations) for step in block.steps]
