"""Dräger MEDIBUS: what the program needs to know before it opens the line of a Capnosat, an Evita or an anaesthesia machine."""

from __future__ import annotations

from clinical.metrics import CO2, PLETH
from devices.driver import DeviceKind, Driver, Proof, SerialSettings, SimulatedBedside
from devices.drivers.medibus.mapping import METRICS
from devices.drivers.medibus.protocol import MedibusProtocol
from devices.drivers.medibus.requests import may_send
from devices.drivers.medibus.simulator import MedibusSimulator


def _protocol(_variant: str) -> MedibusProtocol:
    return MedibusProtocol()


def _simulator(bedside: SimulatedBedside, _variant: str) -> MedibusSimulator:
    return MedibusSimulator(bedside)


DRIVER = Driver(
    name="medibus",
    title="Dräger MEDIBUS (Capnosat, Evita, anaesthesia)",
    kind=DeviceKind.CAPNOGRAPH,
    proof=Proof.EXACT,
    standing=(
        "After the maker's protocol definition 4.03 and its code lists; every printed example that agrees with itself is reproduced; "
        "not yet on a device. What the device's alarm priorities mean here is a proposal, to be confirmed by your clinicians."
    ),
    serial=SerialSettings(baud=9600, parity="E"),
    other_settings=(
        SerialSettings(baud=19200, parity="E"),
        SerialSettings(baud=19200),
        SerialSettings(baud=9600),
        SerialSettings(baud=38400),
        SerialSettings(baud=38400, parity="E"),
        SerialSettings(baud=4800, parity="E"),
        SerialSettings(baud=1200, parity="E"),
    ),
    tcp_port=None,
    metrics=(*METRICS, CO2, PLETH),
    silent_after_s=10.0,
    may_send=may_send,
    protocol=_protocol,
    simulator=_simulator,
)
