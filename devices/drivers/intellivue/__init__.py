"""Philips IntelliVue (Data Export): numerics, waveforms and alerts of MP, MX and X2/X3 monitors, by serial line or network."""

from __future__ import annotations

from clinical.metrics import (
    ART,
    ART_DIA,
    ART_MEAN,
    ART_SYS,
    CO2,
    CO2_RESP_RATE,
    CVP,
    CVP_MEAN,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    IMPEDANCE,
    IMPEDANCE_RESP_RATE,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    PERFUSION_INDEX,
    PLETH,
    PULSE_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
)
from devices.driver import Announcing, DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.intellivue.announcing import GROUP, PORT, announced
from devices.drivers.intellivue.protocol import LAN, VARIANTS, IntellivueProtocol
from devices.drivers.intellivue.requests import may_send
from devices.drivers.intellivue.simulator import IntellivueSimulator

DRIVER = Driver(
    name="intellivue",
    title="Philips IntelliVue (Data Export)",
    kind=DeviceKind.MONITOR,
    proof=Proof.EXACT,
    standing=(
        "Numerics, waveforms and the association are checked against a recorded monitor and requests that other programs use; "
        "alerts, enumerations and the cuff while measuring are not verified: no recorded bytes of them are at hand."
    ),
    serial=SerialSettings(baud=115_200),
    tcp_port=None,
    metrics=(
        HEART_RATE,
        IMPEDANCE_RESP_RATE,
        SPO2,
        PULSE_RATE,
        PERFUSION_INDEX,
        NIBP_SYS,
        NIBP_DIA,
        NIBP_MEAN,
        NIBP_PULSE_RATE,
        ETCO2,
        FICO2,
        CO2_RESP_RATE,
        TEMPERATURE,
        SKIN_TEMPERATURE,
        ART_SYS,
        ART_DIA,
        ART_MEAN,
        CVP_MEAN,
        ECG_II,
        PLETH,
        CO2,
        IMPEDANCE,
        ART,
        CVP,
    ),
    silent_after_s=10.0,
    may_send=may_send,
    protocol=IntellivueProtocol,
    simulator=IntellivueSimulator,
    variants=VARIANTS,
    announcing=Announcing(udp_port=PORT, groups=(GROUP,), variant=LAN, read=announced),
)
