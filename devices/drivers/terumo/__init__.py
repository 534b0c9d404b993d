"""Terumo Terufusion TE-SS syringe pumps: what the program needs to know before it opens their line."""

from __future__ import annotations

from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.terumo.protocol import TerumoProtocol
from devices.drivers.terumo.requests import may_send
from devices.drivers.terumo.simulator import TerumoSimulator

DRIVER = Driver(
    name="terumo",
    title="Terumo Terufusion TE-SS730 / TE-SS830 / TE-SS830P",
    kind=DeviceKind.PUMP,
    proof=Proof.UNVERIFIED,
    standing=(
        "THE PORT'S SETTINGS ARE NOT KNOWN: speed and parity are guesses, to be taken from the pump's manual. Packet, check and "
        "status record exact on four frames printed in the maker's manual; the byte order of the alarm bits is assumed. Priorities "
        "are proposals, to be confirmed by your clinicians."
    ),
    serial=SerialSettings(baud=9600),
    tcp_port=None,
    metrics=(),
    silent_after_s=8.0,
    may_send=may_send,
    protocol=TerumoProtocol,
    simulator=TerumoSimulator,
    other_settings=(
        SerialSettings(baud=9600, parity="E"),
        SerialSettings(baud=19_200),
        SerialSettings(baud=38_400),
        SerialSettings(baud=115_200),
    ),
)
