"""GE / Datex-Ohmeda S/5 Computer Interface (DRI): displayed values, waveforms and alarms of S/5, Cardiocap 5, B-series and CARESCAPE."""

from __future__ import annotations

from clinical.metrics import (
    ART_DIA,
    ART_MEAN,
    ART_SYS,
    CO2,
    CO2_RESP_RATE,
    CVP_MEAN,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    IMPEDANCE_RESP_RATE,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    PLETH,
    PULSE_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
)
from devices.driver import DeviceKind, Driver, Proof, SerialSettings, SimulatedBedside
from devices.drivers.dri.protocol import REQUESTS, DriProtocol
from devices.drivers.dri.simulator import DriSimulator


def _protocol(_variant: str) -> DriProtocol:
    return DriProtocol()


def _simulator(bedside: SimulatedBedside, _variant: str) -> DriSimulator:
    return DriSimulator(bedside)


def _may_send(message: bytes) -> bool:
    return message in REQUESTS


DRIVER = Driver(
    name="dri",
    title="GE / Datex-Ohmeda S/5 (DRI)",
    kind=DeviceKind.MONITOR,
    proof=Proof.EXACT,
    standing=(
        "Written to the maker's two specifications; checked against their request examples and two recorded records; "
        "alarm records and the cuff's time are unproven on a real line."
    ),
    serial=SerialSettings(baud=19200, parity="E", stop_bits=1, rts_cts=True),
    tcp_port=None,
    metrics=(
        HEART_RATE,
        IMPEDANCE_RESP_RATE,
        SPO2,
        PULSE_RATE,
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
    ),
    silent_after_s=15.0,
    may_send=_may_send,
    protocol=_protocol,
    simulator=_simulator,
)
