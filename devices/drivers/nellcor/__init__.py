"""Nellcor oximeters by serial line (N-560, N-595, N-600x, NPB-290/295, N-395): what the program needs to know before it opens one."""

from __future__ import annotations

from clinical.metrics import PULSE_AMPLITUDE, PULSE_RATE, SPO2
from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.nellcor.protocol import REQUESTS, NellcorProtocol
from devices.drivers.nellcor.simulator import NellcorSimulator


def may_send(message: bytes) -> bool:
    """XON alone, one byte: it lets a stopped output go on and sets nothing. The menu (two bytes 03) is never entered."""
    return message in REQUESTS


DRIVER = Driver(
    name="nellcor",
    title="Nellcor oximeter (ASCII output)",
    kind=DeviceKind.OXIMETER,
    proof=Proof.EXACT,
    standing=(
        "After the manuals of NPB-290, NPB-295 and N-560, checked against a log of a real N-560. The N-600x has not been seen "
        "separately; LP, LM and AO are another program's reading. A line has no check sum. The N-200's format is not read."
    ),
    serial=SerialSettings(baud=9600),
    tcp_port=None,
    metrics=(SPO2, PULSE_RATE, PULSE_AMPLITUDE),
    silent_after_s=10.0,
    may_send=may_send,
    protocol=NellcorProtocol,
    simulator=NellcorSimulator,
    other_settings=(SerialSettings(baud=19200),),
)
