"""Alaris/Asena syringe pumps by serial line: what the program needs to know before it opens one."""

from __future__ import annotations

from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.alaris.protocol import AlarisProtocol
from devices.drivers.alaris.requests import may_send
from devices.drivers.alaris.simulator import AlarisSimulator

DRIVER = Driver(
    name="alaris",
    title="Alaris / Asena syringe pump (GS, GH, CC, TIVA, PK)",
    kind=DeviceKind.PUMP,
    proof=Proof.UNVERIFIED,
    standing=(
        "Frames and check exact on frames of two independent implementations, nine of them from logs of real traffic; what the "
        "alarm codes mean is inferred from their names, and whether every pump answers without remote control (which is never "
        "switched on) is not verified. Priorities are proposals, to be confirmed by your clinicians."
    ),
    serial=SerialSettings(baud=38_400),
    tcp_port=None,
    metrics=(),
    silent_after_s=12.0,
    may_send=may_send,
    protocol=AlarisProtocol,
    simulator=AlarisSimulator,
)
