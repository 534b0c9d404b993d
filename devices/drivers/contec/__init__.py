"""Contec CMS50 finger oximeters (D+, E, F) by their serial cable: what the program needs to know before it opens one."""

from __future__ import annotations

from clinical.metrics import PERFUSION_INDEX, PLETH, PULSE_RATE, SPO2
from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.contec.protocol import REQUESTS, VARIANTS, ContecProtocol
from devices.drivers.contec.simulator import ContecSimulator


def may_send(message: bytes) -> bool:
    """Two messages of nine bytes: begin live data, go on with live data. None that sets the clock or touches the memory."""
    return message in REQUESTS


DRIVER = Driver(
    name="contec",
    title="Contec CMS50 oximeter (consumer grade)",
    kind=DeviceKind.OXIMETER,
    proof=Proof.EXACT,
    standing=(
        "Consumer grade: made for single readings at home, for the bench or as a fallback, never as the only monitor. Its bytes are "
        "read exactly: V7 after the maker's document and packets of a real CMS50E, the old protocol after two independent programs."
    ),
    # XON/XOFF stays off though one program opens the old protocol with it: pleth and saturation may be 0x11 and 0x13.
    serial=SerialSettings(baud=115200),
    tcp_port=None,
    metrics=(SPO2, PULSE_RATE, PERFUSION_INDEX, PLETH),
    silent_after_s=5.0,
    may_send=may_send,
    protocol=ContecProtocol,
    simulator=ContecSimulator,
    variants=VARIANTS,
    other_settings=(SerialSettings(baud=19200, parity="O"),),
)
