"""Nonin oximeters by serial line (OEM III, Xpod, 3150, 4100, 9560): what the program needs to know before it opens one."""

from __future__ import annotations

from clinical.metrics import PLETH, PULSE_RATE, SPO2
from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.nonin.frames import DataFormat
from devices.drivers.nonin.protocol import NoninProtocol
from devices.drivers.nonin.simulator import NoninSimulator


def may_send(message: bytes) -> bool:  # noqa: ARG001  the contract hands over the message; no message whatever is allowed
    """Nothing is ever sent to an oximeter: it talks by itself, and its few commands set it up, which is not ours to do."""
    return False


DRIVER = Driver(
    name="nonin",
    title="Nonin oximeter (serial data formats 2, 7, 8, 13)",
    kind=DeviceKind.OXIMETER,
    proof=Proof.EXACT,
    standing=(
        "Formats 2, 7, 8 and 13 after the maker's specification of the 9560 module, proven on constructed bytes, not yet on a device; "
        "format 1 provisional. Format 13 is a spot check: its readings come singly with the time they were taken and are no watch."
    ),
    serial=SerialSettings(baud=9600),
    tcp_port=None,
    metrics=(SPO2, PULSE_RATE, PLETH),
    silent_after_s=5.0,
    may_send=may_send,
    protocol=NoninProtocol,
    simulator=NoninSimulator,
    variants=tuple(row.value for row in DataFormat),
)
