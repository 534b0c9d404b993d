"""Capnostat 5, LoFlo and compatible modules: what the program needs to know before it opens the line of one."""

from __future__ import annotations

from clinical.metrics import CO2
from devices.driver import DeviceKind, Driver, Proof, SerialSettings, SimulatedBedside
from devices.drivers.capnostat.mapping import METRICS
from devices.drivers.capnostat.protocol import CapnostatProtocol
from devices.drivers.capnostat.requests import may_send
from devices.drivers.capnostat.simulator import CapnostatSimulator


def _protocol(_variant: str) -> CapnostatProtocol:
    return CapnostatProtocol()


def _simulator(bedside: SimulatedBedside, _variant: str) -> CapnostatSimulator:
    return CapnostatSimulator(bedside)


DRIVER = Driver(
    name="capnostat",
    title="Capnostat 5 / LoFlo and compatible modules (UN600)",
    kind=DeviceKind.CAPNOGRAPH,
    proof=Proof.PROVISIONAL,
    standing=(
        "After an open library for a compatible module; the maker's document and a real module's bytes were not at hand. CO₂ numbers are "
        "always questionable: the module wants ambient pressure and gas compensation from its host, and this program sets nothing."
    ),
    serial=SerialSettings(baud=19200),
    tcp_port=None,
    metrics=(*METRICS, CO2),
    silent_after_s=5.0,
    may_send=may_send,
    protocol=_protocol,
    simulator=_simulator,
)
