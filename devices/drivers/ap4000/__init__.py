"""NeuroWave AP-4000, a pump with two channels: what the program needs to know before it opens its line."""

from __future__ import annotations

from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.ap4000.protocol import Ap4000Protocol
from devices.drivers.ap4000.requests import may_send
from devices.drivers.ap4000.simulator import Ap4000Simulator

DRIVER = Driver(
    name="ap4000",
    title="NeuroWave AP-4000",
    kind=DeviceKind.PUMP,
    proof=Proof.EXPERIMENTAL,
    standing=(
        "After one independent implementation; framing verified on three of its frames, the places of the status fields on none. "
        "The pump's state is inferred from its volume. Priorities it does not tell are proposals, to be confirmed by your clinicians."
    ),
    serial=SerialSettings(baud=115_200),
    tcp_port=None,
    metrics=(),
    silent_after_s=10.0,
    may_send=may_send,
    protocol=Ap4000Protocol,
    simulator=Ap4000Simulator,
)
