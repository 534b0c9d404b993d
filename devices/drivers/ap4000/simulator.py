"""The pump's side of an AP-4000 line, with the simulated pump as the first of its two. Nothing it hears changes that pump.

What would take control of it is not answered. Fields whose meaning nobody knows are 0.
"""

from __future__ import annotations

from collections import deque

from clinical.instant import Instant
from clinical.observations import PumpState
from devices.driver import PumpMechanics, SimulatedBedside
from devices.drivers.ap4000.frames import Frame, FrameReader, encode

ANSWERS_AFTER_S = 0.05
VERSION, SYSTEM_ID = "0.1", "032-19-50-014"
FIELDS = 100
ALARMS = {
    "occlusion": ("PA.02", "HIGH"),
    "syringe empty": ("PA.08", "MEDIUM"),
    "battery low": ("BA.02", "MEDIUM"),
    "near empty": ("PA.07", "LOW"),
    "paused too long": ("PA.09", "LOW"),
}


def _plain(text: str) -> str:
    return "".join(" " if character in "!|^\r\n" else character for character in text)


def _clock(now: Instant) -> tuple[str, str]:
    day, time = now.iso().removesuffix("Z").split("T")
    return day, time


def _alarms(pump: PumpMechanics) -> dict[int, str]:
    standing = [row for name, row in ALARMS.items() if name in pump.alarms][:4]
    fields = {12: str(len(standing) or -1), 13: "1" if standing else "0"}
    for place, (code, priority) in enumerate(standing):
        fields |= dict(enumerate((code, "PUMP1", priority, "HP_PUMP"), start=14 + 4 * place))
    return fields


def status_fields(pump: PumpMechanics, now: Instant) -> tuple[str, ...]:
    """The whole reply; the second pump is not set up."""
    day, time = _clock(now)
    told = {
        **dict(enumerate(("STATREQ", VERSION, SYSTEM_ID, day, time, "", "CASE1", "70", "175", "40", "M", "0"))),
        **_alarms(pump),
        34: _plain(pump.serial),
        37: _plain(pump.drug),
        38: f"{pump.concentration_mg_per_ml:g}",
        39: "mg/mL",
        42: f"{pump.to_infuse_ml:.2f}",
        56: f"{pump.infused_ml:.2f}",
        58: f"{max(0.0, pump.to_infuse_ml - pump.infused_ml):.2f}",
        61: f"{pump.rate_ml_per_h:.2f}",
        67: "-1",
    }
    return tuple(told.get(place, "0") for place in range(FIELDS))


class Ap4000Simulator:
    """One system. Raises ValueError for a variant."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "") -> None:
        if variant:
            raise ValueError(f"ap4000: there is no variant {variant!r}")
        self._bedside = bedside
        self._reader = FrameReader()
        self._queue: deque[tuple[Instant, bytes]] = deque()

    @property
    def due(self) -> Instant | None:
        return self._queue[0][0] if self._queue else None

    def receive(self, data: bytes, now: Instant) -> None:
        for frame in self._reader.feed(data):
            reply = self._reply(frame, now)
            if reply is not None:
                self._queue.append((now.plus(ANSWERS_AFTER_S), reply))

    def outgoing(self, now: Instant) -> bytes:
        said = bytearray()
        while self._queue and self._queue[0][0] <= now:
            said += self._queue.popleft()[1]
        return bytes(said)

    def _reply(self, frame: Frame, now: Instant) -> bytes | None:
        if self._bedside.pump.state is PumpState.OFF:
            return None
        if frame.fields == ("CONNREQ",):
            return encode("CONNREQ", VERSION, SYSTEM_ID, *_clock(now))
        return encode(*status_fields(self._bedside.pump, now)) if frame.fields == ("STATREQ", SYSTEM_ID) else None
