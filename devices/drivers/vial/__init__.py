"""Fresenius Vial pumps in a Base Primea / Orchestra, or a Pilote C alone: what the program needs to know before it opens the line."""

from __future__ import annotations

from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.vial.protocol import STANDALONE, VialProtocol
from devices.drivers.vial.requests import may_send
from devices.drivers.vial.simulator import VialSimulator

DRIVER = Driver(
    name="vial",
    title="Fresenius Vial / Orchestra base, Pilote C",
    kind=DeviceKind.PUMP,
    proof=Proof.EXPERIMENTAL,
    standing=(
        "Framing, handshake, rate and volume after one independent implementation and one printed checksum; what the alarm and "
        "mode words mean is not known: a word that is not zero is shown as a number. Not the Agilia. Priorities are proposals, "
        "to be confirmed by your clinicians."
    ),
    serial=SerialSettings(baud=19_200, parity="E", data_bits=7),
    tcp_port=None,
    metrics=(),
    silent_after_s=8.0,
    may_send=may_send,
    protocol=VialProtocol,
    simulator=VialSimulator,
    variants=(STANDALONE,),
)
