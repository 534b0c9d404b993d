"""The whole contract between Bedside and a device, on one page.

A driver is a folder in ``devices/drivers/`` with ``frames.py`` (bytes ↔ frames), ``protocol.py`` (dialogue: frames ↔
observations), ``mapping.py`` (the maker's codes ↔ the catalogue, as tables) and ``simulator.py`` (the device's side of the
wire), and one entry point in the group ``bedside.drivers`` that names a ``Driver``. Protocols and simulators are sans-IO:
they are given bytes and instants, and give back bytes and observations. They open nothing, wait for nothing, know no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol as Interface

import numpy as np
from numpy.typing import NDArray

from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Observation, PumpState


class Protocol(Interface):
    """The host's side of a device's line."""

    @property
    def bad_frames(self) -> int:
        """Frames dropped because they were damaged. Only rises."""

    @property
    def identity(self) -> str:
        """What the device says it is; empty until it has said so."""

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        """Takes whatever arrived, of any length; gives what became whole by it. Noise is counted, never raised."""

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        """Messages to be sent now, each whole. Asked once after opening, after each ``receive``, and at ``due``."""

    @property
    def due(self) -> Instant | None:
        """When ``outgoing`` should next be asked though nothing arrived; None if never."""


class Simulator(Interface):
    """The device's side of its line, fed by the simulated bedside."""

    def receive(self, data: bytes, now: Instant) -> None:
        """Takes what the host sent, of any length."""

    def outgoing(self, now: Instant) -> bytes:
        """Everything the device puts on the line up to ``now``. ``now`` never falls. Asked at ``due`` or a little later."""

    @property
    def due(self) -> Instant | None:
        """When the device will next have something to say by itself; None before it was asked anything it waits for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CuffReading:
    """A finished cuff measurement, mmHg and /min."""

    sys: float
    dia: float
    mean: float
    pulse: float
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpMechanics:
    """The simulated pump as it stands. Volumes in mL, rate in mL/h, pressure in per cent of the occlusion limit.

    Attributes:
        alarms: standing ones, from "occlusion", "syringe empty", "near empty", "battery low", "paused too long".
    """

    serial: str
    state: PumpState
    rate_ml_per_h: float
    infused_ml: float
    to_infuse_ml: float
    remaining_ml: float
    syringe_ml: float
    pressure_percent: float
    drug: str
    concentration_mg_per_ml: float
    battery_min: float
    alarms: frozenset[str] = frozenset()


class SimulatedBedside(Interface):
    """What a simulated device measures: one patient, one cuff, one pump, all at one moment.

    Whoever drives the simulation has advanced it to ``now`` before it asks a simulator for bytes.
    """

    @property
    def now(self) -> Instant:
        """The moment it stands at."""

    def value(self, metric: Metric, channel: str = "") -> float | None:
        """The patient's present value as an ideal sensor reads it; None: sensor off, or no such thing at this bedside."""

    def samples(self, metric: Metric, since: Instant, count: int, rate_hz: float) -> NDArray[np.float64]:
        """``count`` samples from ``since`` on, not reaching beyond ``now``; shape (count,), metric's unit, NaN where off.

        Pure in its arguments for the last 10 s: two devices asking for the same stretch see the same heart.
        """

    @property
    def cuff(self) -> CuffReading | None:
        """The last finished cuff measurement."""

    @property
    def cuff_inflating(self) -> bool:
        """A cuff measurement is under way."""

    @property
    def pump(self) -> PumpMechanics:
        """The pump at the bedside."""


class DeviceKind(Enum):
    MONITOR = "monitor"
    OXIMETER = "oximeter"
    CAPNOGRAPH = "capnograph"
    PUMP = "pump"


class Proof(Enum):
    """How well a driver is proven, in a word; ``Driver.standing`` says by what."""

    EXACT = "exact"
    UNVERIFIED = "not verified on hardware"
    PROVISIONAL = "provisional"
    EXPERIMENTAL = "experimental"
    BENCH_ONLY = "bench only: not for people"


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialSettings:
    """How the line is set. ``parity`` is "N", "E" or "O"; ``data_bits`` 7 or 8."""

    baud: int
    parity: str = "N"
    stop_bits: int = 1
    rts_cts: bool = False
    xon_xoff: bool = False
    data_bits: int = 8

    @property
    def words(self) -> str:
        """As in "19200 8E1 RTS/CTS"."""
        flow = " RTS/CTS" * self.rts_cts + " XON/XOFF" * self.xon_xoff
        return f"{self.baud} {self.data_bits}{self.parity}{self.stop_bits:g}{flow}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A device on the network that said of itself that it is there.

    Attributes:
        address: where it is read ("udp:10.0.0.5:24105").
        identity: what it says it is.
    """

    address: str
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcing:
    """How devices of a make announce themselves on the network.

    Attributes:
        udp_port: the port they announce to, by broadcast.
        groups: multicast groups they announce to as well.
        variant: the driver's variant that reads such a device.
        read: what a datagram and its sender's address announce; None for any other datagram. Never raises.
    """

    udp_port: int
    groups: tuple[str, ...]
    variant: str
    read: Callable[[bytes, str], Announced | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One model of device that can be read.

    Attributes:
        name: on the command line.
        title: for people: "GE / Datex-Ohmeda S/5 (DRI)".
        proof: how well it is proven, in a word. A device that is BENCH_ONLY cannot be part of a case.
        standing: by what it is proven and what is unknown, in a sentence.
        serial: how its line is set as delivered.
        other_settings: further settings that devices of this make are met with, tried in this order after ``serial``.
        variants: what may stand after a colon in the name ("nonin:df8"); empty if there are none.
        silent_after_s: no observation for this long means that nobody answers.
        may_send: the exact allow-list. The link sends a message only if this says so; all else is a fault.
        protocol: makes the host's side; takes a variant or "".
        simulator: makes the device's side; takes the bedside it measures and a variant or "".
        announcing: how such devices announce themselves on the network; None if they do not.
        network_only: it has no serial line: ``serial`` means nothing, and serial ports are never tried for it.
        technical_variants: those of ``variants`` that the device's side alone differs by: nobody need choose them to read one.
    """

    name: str
    title: str
    kind: DeviceKind
    proof: Proof
    standing: str
    serial: SerialSettings
    tcp_port: int | None
    metrics: tuple[Metric, ...]
    silent_after_s: float
    may_send: Callable[[bytes], bool]
    protocol: Callable[[str], Protocol]
    simulator: Callable[[SimulatedBedside, str], Simulator]
    variants: tuple[str, ...] = ()
    other_settings: tuple[SerialSettings, ...] = ()
    announcing: Announcing | None = None
    network_only: bool = False
    technical_variants: tuple[str, ...] = ()
