"""Masimo oximeters by serial line (Rad-8, Rad-87, Radical-7, Radical-5): what the program needs to know before it opens one."""

from __future__ import annotations

from clinical.metrics import PERFUSION_INDEX, PULSE_RATE, SPO2
from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.masimo.protocol import VARIANTS, MasimoProtocol
from devices.drivers.masimo.simulator import MasimoSimulator


def may_send(message: bytes) -> bool:  # noqa: ARG001  the contract hands over the message; no message whatever is allowed
    """Nothing is ever sent: in ASCII 1 a Masimo talks by itself, and the query of its other modes is not documented."""
    return False


DRIVER = Driver(
    name="masimo",
    title="Masimo oximeter (serial ASCII 1)",
    kind=DeviceKind.OXIMETER,
    proof=Proof.EXACT,
    standing=(
        "Live lines after the Rad-8 and Rad-87 manuals, checked against lines captured from Rad-8 and Radical-7; trend lines after the "
        "manual's examples. Exceptions above 0x800 are another program's reading. A line has no check sum. ASCII 2 is not read."
    ),
    serial=SerialSettings(baud=9600),
    tcp_port=None,
    metrics=(SPO2, PULSE_RATE, PERFUSION_INDEX),
    silent_after_s=5.0,
    may_send=may_send,
    protocol=MasimoProtocol,
    simulator=MasimoSimulator,
    variants=VARIANTS,
)
