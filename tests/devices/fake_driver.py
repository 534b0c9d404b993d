"""A driver of a device that does not exist: one line of text a frame, asked for with GO. For tests of everything round drivers.

    host    GO\n                         the device answers with a frame each 20 ms for two seconds
    device  R 72 123.50*5A\n             heart rate, infused mL, XOR of all before the asterisk

Variant "forbidden" wants to send what it may not; "faulty" raises on each good frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce

from clinical.instant import Instant
from clinical.metrics import HEART_RATE
from clinical.observations import Numeric, Observation, PumpState, PumpStatus
from devices.driver import DeviceKind, Driver, Proof, SerialSettings, SimulatedBedside

FRAME = re.compile(rb"R (\d{1,3}) (\d+\.\d\d)\*([0-9A-F]{2})")
ASK = b"GO\n"
ASK_EVERY_S = 0.5
FRAME_EVERY_S = 0.02
ASKED_FOR_S = 2.0
LONGEST = 64


def frame(heart_rate: int, infused_ml: float) -> bytes:
    body = b"R %d %.2f" % (heart_rate, infused_ml)
    return b"%s*%02X\n" % (body, reduce(lambda a, b: a ^ b, body))


class FakeProtocol:
    identity = "Fake 1"

    def __init__(self, variant: str) -> None:
        self._variant = variant
        self._rest = b""
        self.bad_frames = 0
        self.due: Instant | None = None

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._rest = self._rest[-LONGEST:]
        return [observation for line in lines for observation in self._read(line, now)]

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        if self.due is not None and now < self.due:
            return ()
        self.due = now.plus(ASK_EVERY_S)
        return (b"SET RATE 100\n", ASK) if self._variant == "forbidden" else (ASK,)

    def _read(self, line: bytes, now: Instant) -> list[Observation]:
        match = FRAME.fullmatch(line)
        if match is None or frame(int(match[1]), float(match[2])) != line + b"\n":
            self.bad_frames += 1
            return []
        if self._variant == "faulty":
            raise ZeroDivisionError("the driver's fault")
        pump = PumpStatus(at=now, channel="1", state=PumpState.INFUSING, infused_ml=float(match[2]))
        return [Numeric(at=now, metric=HEART_RATE, value=float(match[1])), pump]


class FakeSimulator:
    def __init__(self, bedside: SimulatedBedside, variant: str) -> None:
        self._bedside = bedside
        self._asked_at: Instant | None = None
        self.due: Instant | None = None

    def receive(self, data: bytes, now: Instant) -> None:
        if ASK in data:
            self._asked_at = now
            self.due = self.due or now

    def outgoing(self, now: Instant) -> bytes:
        said = b""
        while self.due is not None and self.due <= now:
            said += frame(round(self._bedside.value(HEART_RATE) or 0), self._bedside.pump.infused_ml)
            self.due = self.due.plus(FRAME_EVERY_S)
            if self._asked_at is not None and self.due.since(self._asked_at) > ASKED_FOR_S:
                self.due = None
        return said


DRIVER = Driver(
    name="fake",
    title="Fake device",
    kind=DeviceKind.PUMP,
    proof=Proof.EXPERIMENTAL,
    standing="does not exist",
    serial=SerialSettings(baud=19_200),
    tcp_port=None,
    metrics=(HEART_RATE,),
    silent_after_s=0.3,
    may_send=lambda message: message == ASK,
    protocol=FakeProtocol,
    simulator=FakeSimulator,
    variants=("forbidden", "faulty"),
)
