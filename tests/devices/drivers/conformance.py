"""Any driver and its own simulator on one virtual line at one bedside. For what holds of every driver; knows none by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clinical.instant import Instant
from clinical.metrics import (
    CO2,
    CO2_RESP_RATE,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    IMPEDANCE,
    IMPEDANCE_RESP_RATE,
    PERFUSION_INDEX,
    PLETH,
    PULSE_RATE,
    RESP_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
    Metric,
)
from clinical.observations import DeviceAlert, Numeric, Observation, PumpStatus, WaveformBlock
from devices.driver import CuffReading, Driver, Protocol
from devices.registry import drivers
from tests.devices.fake_bedside import PUMP, START, sine

STEP_S = 0.25
"""Both ends are looked at this often at least, and whenever one of them is due."""
LEAST_MOMENTS = 4
LONGEST_S = 240.0
VALUES = {
    HEART_RATE: 72.0,
    PULSE_RATE: 71.0,
    SPO2: 97.0,
    PERFUSION_INDEX: 2.5,
    RESP_RATE: 15.0,
    IMPEDANCE_RESP_RATE: 15.0,
    CO2_RESP_RATE: 14.0,
    ETCO2: 38.0,
    FICO2: 0.0,
    TEMPERATURE: 36.8,
    SKIN_TEMPERATURE: 31.2,
}
AMPLITUDES = {ECG_II: (0.0, 1.0), PLETH: (0.5, 0.4), CO2: (20.0, 18.0), IMPEDANCE: (0.0, 0.5)}
"""Waveforms: middle and amplitude of a sine of one cycle a second."""


class StillBedside:
    """Has what the simulated patient has, standing still. ``off`` takes every sensor away; ``asked`` notes what was measured."""

    def __init__(self) -> None:
        self.now = START
        self.off = False
        self.asked: set[Metric] = set()
        self.cuff: CuffReading | None = CuffReading(sys=121.0, dia=71.0, mean=88.0, pulse=70.0, at=START.plus(-30.0))
        self.cuff_inflating = False
        self.pump = replace(PUMP, serial="12345", rate_ml_per_h=7.5, infused_ml=3.5, remaining_ml=46.5)

    def value(self, metric: Metric, channel: str = "") -> float | None:
        self.asked.add(metric)
        return None if self.off else VALUES.get(metric)

    def samples(self, metric: Metric, since: Instant, count: int, rate_hz: float) -> NDArray[np.float64]:
        if self.off or metric not in AMPLITUDES:
            return np.full(max(count, 0), np.nan)
        return sine(*AMPLITUDES[metric], since, count, rate_hz)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came from the device at one moment."""

    at: Instant
    data: bytes


Tamper = Callable[[Heard], bytes]


@dataclass
class Session:
    """Host and device talking on a virtual clock. ``tamper`` stands between the device and the host.

    Attributes:
        heard: what the host was given, in order.
        sent: every message of the host, and ``said``: when.
        told: every observation.
        bad: the count of bad frames after each step.
        identities: what the device was said to be, each time it changed.
    """

    driver: Driver
    variant: str
    bedside: StillBedside = field(default_factory=StillBedside)
    tamper: Tamper | None = None
    heard: list[Heard] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    said: list[Instant] = field(default_factory=list)
    told: list[Observation] = field(default_factory=list)
    bad: list[int] = field(default_factory=lambda: [0])
    identities: list[str] = field(default_factory=lambda: [""])

    def __post_init__(self) -> None:
        self.protocol = self.driver.protocol(self.variant)
        self.simulator = self.driver.simulator(self.bedside, self.variant)
        self._exchange(b"", self.bedside.now)

    def run(self, seconds: float) -> list[Observation]:
        """Lives on for so long; what was told meanwhile."""
        before, end = len(self.told), self.bedside.now.plus(seconds)
        while self.bedside.now < end:
            self.bedside.now = now = min(self._next(), end)
            said = self.simulator.outgoing(now)
            self._exchange(self.tamper(Heard(now, said)) if self.tamper else said, now)
        return self.told[before:]

    def run_whole(self) -> None:
        """Lives until enough was told to judge by: as long as the device may be silent and half as long again, or longer."""
        self.run(max(4.0, 1.5 * self.driver.silent_after_s))
        while not self._is_enough and self.bedside.now.since(START) < LONGEST_S:
            self.run(5.0)

    @property
    def _is_enough(self) -> bool:
        values = [one for one in self.told if isinstance(one, Numeric | PumpStatus)]
        return len(moments(values)) >= 2 and len(moments(self.told)) >= LEAST_MOMENTS

    def _next(self) -> Instant:
        now = self.bedside.now
        dues = [due for due in (self.simulator.due, self.protocol.due) if due is not None]
        return max(min([*dues, now.plus(STEP_S)]), now.plus(0.001))

    def _exchange(self, data: bytes, now: Instant) -> None:
        if data:
            self.heard.append(Heard(now, data))
            self.told += self.protocol.receive(data, now)
        due = self.protocol.due
        if data or now == START or (due is not None and due <= now):
            self._say(now)
        self.bad.append(self.protocol.bad_frames)
        if self.protocol.identity != self.identities[-1]:
            self.identities.append(self.protocol.identity)

    def _say(self, now: Instant) -> None:
        for message in self.protocol.outgoing(now):
            self.sent.append(message)
            self.said.append(now)
            self.simulator.receive(message, now)


def every_line() -> list[tuple[str, str]]:
    """Name and variant of every line that an installed driver reads."""
    return [(row.name, variant) for row in drivers() if row.driver is not None for variant in ("", *row.driver.variants)]


@cache
def driver_named(name: str) -> Driver:
    """Raises AssertionError for one that cannot be loaded."""
    (row,) = [row for row in drivers() if row.name == name]
    assert row.driver is not None, row.error
    return row.driver


@cache
def quiet(name: str, variant: str) -> Session:
    """A session at which nothing happens, already lived. For reading only."""
    session = Session(driver_named(name), variant)
    session.run_whole()
    return session


def moments(told: Iterable[Observation]) -> list[Instant]:
    """When something was told, each moment once, in order; waveforms by the end of their samples."""
    return sorted({one.end if isinstance(one, WaveformBlock) else one.at for one in told})


def longest_gap_s(told: Iterable[Observation]) -> float:
    return max((after.since(before) for before, after in pairwise(moments(told))), default=0.0)


def replay(session: Session, cut: Callable[[bytes], Sequence[bytes]]) -> tuple[list[Observation], Protocol]:
    """A fresh protocol given what another heard, each moment's bytes in pieces."""
    protocol, told = session.driver.protocol(session.variant), []
    protocol.outgoing(START)
    for heard in session.heard:
        _let_pass(protocol, heard.at)
        for piece in cut(heard.data):
            told += protocol.receive(piece, heard.at)
        protocol.outgoing(heard.at)
    return told, protocol


def _let_pass(protocol: Protocol, until: Instant) -> None:
    while (due := protocol.due) is not None and due < until:
        protocol.outgoing(due)
        if protocol.due is not None and protocol.due <= due:
            return  # it keeps saying that it is due: the next bytes will tell


def gist(told: Iterable[Observation]) -> dict[str, object]:
    """What was told, whatever blocks the samples were cut into: events by kind in order, samples joined by metric."""
    found: dict[str, list[object]] = {}
    for one in told:
        if isinstance(one, WaveformBlock):
            key = f"{one.metric.id} {one.channel} {one.rate_hz} {one.unit_per_step:.9g} {one.unit_at_zero:.9g}"
            found.setdefault(key, []).extend(one.steps.tolist())
        else:
            found.setdefault(type(one).__name__, []).append(one)
    return dict(found)


def readings(told: Iterable[Observation]) -> set[tuple[str, str, float | None, str]]:
    """Every number that was told, without its moment."""
    return {(one.metric.id, one.channel, one.value, one.validity.value) for one in told if isinstance(one, Numeric)}


def pumps(told: Iterable[Observation]) -> list[PumpStatus]:
    return [one for one in told if isinstance(one, PumpStatus)]


def alerts(told: Iterable[Observation]) -> list[DeviceAlert]:
    return [one for one in told if isinstance(one, DeviceAlert)]


def with_pump(session: Session, **changes: object) -> None:
    """The pump of the bedside, changed."""
    session.bedside.pump = replace(session.bedside.pump, **changes)  # type: ignore[arg-type]
