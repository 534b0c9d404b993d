"""HL7 version 2 over MLLP: vital signs of bedside monitors (ORU^R01), infusions (IHE PCD-01) and alarms (IHE PCD-04)."""

from __future__ import annotations

from clinical.metrics import (
    ART_DIA,
    ART_MEAN,
    ART_SYS,
    CO2_RESP_RATE,
    ETCO2,
    FICO2,
    HEART_RATE,
    NIBP_DIA,
    NIBP_MEAN,
    NIBP_PULSE_RATE,
    NIBP_SYS,
    PERFUSION_INDEX,
    PULSE_RATE,
    RESP_RATE,
    SKIN_TEMPERATURE,
    SPO2,
    TEMPERATURE,
)
from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.hl7.acknowledge import may_send
from devices.drivers.hl7.protocol import VARIANTS, Hl7Protocol
from devices.drivers.hl7.simulator import Hl7Simulator

DRIVER = Driver(
    name="hl7",
    title="HL7 v2 over the network (MLLP; IHE PCD-01, PCD-04)",
    kind=DeviceKind.MONITOR,
    proof=Proof.EXACT,
    standing=(
        "Exact for the dialects at hand: messages of Mindray, Comen and XH80X monitors; infusions and alarms as a B. Braun gateway "
        "is described to send them. Every other sender is to be compared with its own screen first; one connection, one bed."
    ),
    serial=SerialSettings(baud=115_200),
    tcp_port=2575,
    metrics=(
        HEART_RATE,
        PULSE_RATE,
        SPO2,
        PERFUSION_INDEX,
        NIBP_SYS,
        NIBP_DIA,
        NIBP_MEAN,
        NIBP_PULSE_RATE,
        RESP_RATE,
        CO2_RESP_RATE,
        ETCO2,
        FICO2,
        TEMPERATURE,
        SKIN_TEMPERATURE,
        ART_SYS,
        ART_DIA,
        ART_MEAN,
    ),
    silent_after_s=60.0,
    may_send=may_send,
    protocol=Hl7Protocol,
    simulator=Hl7Simulator,
    variants=tuple(variant for variant in VARIANTS if variant),
    network_only=True,
)
