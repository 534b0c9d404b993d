"""B. Braun Space and Compact plus pumps through BCC: what the program needs to know before it opens their line."""

from __future__ import annotations

from devices.driver import DeviceKind, Driver, Proof, SerialSettings
from devices.drivers.bcc.protocol import BccProtocol
from devices.drivers.bcc.requests import may_send
from devices.drivers.bcc.simulator import BccSimulator
from devices.drivers.bcc.variants import TECHNICAL, VARIANTS

DRIVER = Driver(
    name="bcc",
    title="B. Braun Perfusor / Infusomat Space, Compact plus (BCC)",
    kind=DeviceKind.PUMP,
    proof=Proof.EXACT,
    standing=(
        "After the vendor's specification of BCC 3.25 to 3.36 and its printed frames; not yet proven on a device. "
        "The priorities of pump alarms are proposals, to be confirmed by your clinicians."
    ),
    serial=SerialSettings(baud=9600),
    tcp_port=4001,
    metrics=(),
    silent_after_s=10.0,
    may_send=may_send,
    protocol=BccProtocol,
    simulator=BccSimulator,
    variants=VARIANTS,
    technical_variants=TECHNICAL,
    other_settings=tuple(SerialSettings(baud=baud) for baud in (115_200, 57_600, 38_400, 19_200)),
)
