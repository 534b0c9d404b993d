"""Simulated monitor and protocol on one virtual line, moved on together."""

from __future__ import annotations

import numpy as np

from clinical.metrics import IMPEDANCE, PLETH
from clinical.observations import DeviceAlert, Numeric, WaveformBlock
from devices.drivers.intellivue import DRIVER
from tests.devices.fake_bedside import START, FakeBedside


class Bedside(FakeBedside):
    """With breathing by impedance as well, a still line at 0.5 Ω, and a pleth in the middle of its range."""

    def samples(self, metric, since, count, rate_hz):
        if metric is IMPEDANCE:
            return np.full(count, np.nan if metric in self.off else 0.5)
        middle = 0.5 if metric is PLETH else 0.0
        return super().samples(metric, since, count, rate_hz) + middle


class Line:
    """Both ends of the wire and the bedside. ``heard`` keeps what the host was given."""

    def __init__(self, variant: str = "") -> None:
        self.bedside = Bedside()
        self.variant = variant
        self.simulator = DRIVER.simulator(self.bedside, variant)
        self.heard: list = []
        self.sent: list[bytes] = []
        self.begin()

    def begin(self):
        """A fresh host on the same line."""
        self.protocol = DRIVER.protocol(self.variant)
        self.ask(self.bedside.now)

    def ask(self, now):
        for message in self.protocol.outgoing(now):
            assert DRIVER.may_send(message)
            self.sent.append(message)
            self.simulator.receive(message, now)

    def run(self, seconds, step=0.064):
        end, told = self.bedside.now.plus(seconds), []
        while self.bedside.now < end:
            self.bedside.now = now = min(self.bedside.now.plus(step), end)
            while data := self.simulator.outgoing(now):
                self.heard.append((now, data))
                told += self.protocol.receive(data, now)
                self.ask(now)
            self.ask(now)
        return told


def last(told, metric, channel=""):
    return [o for o in told if isinstance(o, Numeric) and o.metric is metric and o.channel == channel][-1]


def blocks(told, metric):
    return [o for o in told if isinstance(o, WaveformBlock) and o.metric is metric]


def alerts(told):
    return [(o.text, o.active) for o in told if isinstance(o, DeviceAlert)]


def comparable(observation):
    if isinstance(observation, WaveformBlock):
        return (observation.at, observation.metric, observation.steps.tolist(), observation.unit_per_step, observation.validity)
    return observation


__all__ = ["START", "Bedside", "Line", "alerts", "blocks", "comparable", "last"]
