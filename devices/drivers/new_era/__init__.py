"""New Era NE-1000 family and Aladdin laboratory pumps: what the program needs to know before it opens their line."""

from __future__ import annotations

from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.new_era.protocol import NewEraProtocol
from devices.drivers.new_era.requests import may_send
from devices.drivers.new_era.simulator import NewEraSimulator

DRIVER = Driver(
    name="new-era",
    title="New Era NE-1000 family / WPI Aladdin (laboratory pump)",
    kind=DeviceKind.PUMP,
    proof=Proof.BENCH_ONLY,
    standing=(
        "The maker's manual says: not for clinical use on humans. Complete after that manual, read by an independent client. "
        "READING AN ALARM ACKNOWLEDGES IT at the pump: it is kept standing here until the pump runs again."
    ),
    serial=SerialSettings(baud=19_200),
    tcp_port=None,
    metrics=(),
    silent_after_s=5.0,
    may_send=may_send,
    protocol=NewEraProtocol,
    simulator=NewEraSimulator,
    other_settings=tuple(SerialSettings(baud=baud) for baud in (9600, 2400, 1200, 300)),
)
