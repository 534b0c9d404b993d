"""IEEE 11073 SDC: metrics, waveforms and alerts of a service-oriented medical device, by the extra package ``sdc11073``."""

from __future__ import annotations

from clinical.metrics import (
    CO2,
    CO2_RESP_RATE,
    ECG_II,
    ETCO2,
    FICO2,
    HEART_RATE,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    PERFUSION_INDEX,
    PLETH,
    PULSE_RATE,
    RESP_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
)
from devices.driver import DeviceKind, Driver, Proof, SerialSettings, SimulatedBedside
from devices.drivers.sdc.protocol import SdcProtocol
from devices.drivers.sdc.simulator import SdcSimulator


def _protocol(_variant: str) -> SdcProtocol:
    return SdcProtocol()


def _simulator(bedside: SimulatedBedside, _variant: str) -> SdcSimulator:
    return SdcSimulator(bedside)


def _may_send(_message: bytes) -> bool:
    return False


DRIVER = Driver(
    name="sdc",
    title="IEEE 11073 SDC (network)",
    kind=DeviceKind.MONITOR,
    proof=Proof.UNVERIFIED,
    standing=(
        "By the library sdc11073, whose makers say that it is not intended for use in medical products, clinical trials, clinical "
        "studies, or in clinical routine; read from that library's own provider, never from a device."
    ),
    serial=SerialSettings(baud=115_200),
    tcp_port=None,
    metrics=(
        HEART_RATE,
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
        RESP_RATE,
        TEMPERATURE,
        SKIN_TEMPERATURE,
        ECG_II,
        PLETH,
        CO2,
    ),
    silent_after_s=15.0,
    may_send=_may_send,
    protocol=_protocol,
    simulator=_simulator,
    network_only=True,
)
