"""Capnostream 20 and 20p: what the program needs to know before it opens the line of one."""

from __future__ import annotations

from clinical.metrics import CO2
from devices.driver import DeviceKind, Driver, Proof, SerialSettings, SimulatedBedside
from devices.drivers.capnostream.mapping import METRICS
from devices.drivers.capnostream.protocol import CapnostreamProtocol
from devices.drivers.capnostream.requests import may_send
from devices.drivers.capnostream.simulator import CapnostreamSimulator


def _protocol(_variant: str) -> CapnostreamProtocol:
    return CapnostreamProtocol()


def _simulator(bedside: SimulatedBedside, _variant: str) -> CapnostreamSimulator:
    return CapnostreamSimulator(bedside)


DRIVER = Driver(
    name="capnostream",
    title="Capnostream 20 / 20p (Microstream)",
    kind=DeviceKind.CAPNOGRAPH,
    proof=Proof.UNVERIFIED,
    standing=(
        "After one open implementation of the maker's protocol, whose document was not at hand; no byte of a real monitor was seen. "
        "The priorities of its alarms are proposals, to be confirmed by your clinicians."
    ),
    serial=SerialSettings(baud=115200),
    tcp_port=None,
    metrics=(*METRICS, CO2),
    silent_after_s=5.0,
    may_send=may_send,
    protocol=_protocol,
    simulator=_simulator,
)
