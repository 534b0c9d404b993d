"""B. Braun pumps before the Space generation, by Dianet-Star: what the program needs to know before it opens their line."""

from __future__ import annotations

from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.dianet.protocol import DianetProtocol
from devices.drivers.dianet.requests import may_send
from devices.drivers.dianet.simulator import DianetSimulator

DRIVER = Driver(
    name="dianet",
    title="B. Braun Perfusor fm / compact / compact S, Infusomat fmS / P (Dianet-Star)",
    kind=DeviceKind.PUMP,
    proof=Proof.EXPERIMENTAL,
    standing=(
        "Structures and check after one implementation that was used with real pumps; no byte of a real line was ever compared. "
        "Speed to be confirmed on the device. Priorities are proposals, to be confirmed by your clinicians."
    ),
    serial=SerialSettings(baud=9600),
    tcp_port=None,
    metrics=(),
    silent_after_s=8.0,
    may_send=may_send,
    protocol=DianetProtocol,
    simulator=DianetSimulator,
    other_settings=(SerialSettings(baud=1200),),
)
