"""The pump's side of a Dianet-Star line, fed by the simulated pump: a Perfusor fm in documentation mode, which only reads."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

from clinical.instant import NS_PER_S, Instant
from clinical.observations import PumpState
from devices.driver import PumpMechanics, SimulatedBedside
from devices.drivers.dianet.frames import ACK, NAK, Frame, FrameReader, encode

ANSWERS_AFTER_S = 0.06
PERFUSOR_FM = 1019
WRONG_SEGMENT, WRONG_MODE, WRONG_LENGTH = 3, 9, 7
STATE_BITS = {
    PumpState.INFUSING: 1 << 7 | 1 << 11,
    PumpState.BOLUS: 1 << 7 | 1 << 10 | 1 << 11,
    PumpState.KVO: 1 << 7 | 1 << 11 | 1 << 13,
    PumpState.STANDBY: 1 << 5,
}
DOCUMENTATION, MAINS, READY = 1 << 1, 1 << 4, 1 << 6
ALARM_BITS = {"occlusion": 3, "syringe empty": 2, "near empty": 1, "battery low": 7, "paused too long": 10}
MG_PER_ML, MG_PER_KG_PER_H = 0x28, 0x33
WEIGHT_KG = 70.0
COMMANDING = range(0x10, 0x16)


def _uint(value: float, size: int) -> bytes:
    return max(0, min(round(value), (1 << 8 * size) - 2)).to_bytes(size, "big")


def _ident(pump: PumpMechanics, now: Instant) -> bytes:
    serial = int(re.sub(r"[^0-9]", "", pump.serial) or 0) & 0x3FFFF
    return _uint(PERFUSOR_FM << 18 | serial, 4) + _uint(1, 2) + b"PFM0120   " + _uint(now.utc_ns // NS_PER_S, 4)


def _status(pump: PumpMechanics, _: Instant) -> bytes:
    alarms = sum(1 << bit for name, bit in ALARM_BITS.items() if name in pump.alarms)
    state = STATE_BITS.get(pump.state, READY) | DOCUMENTATION | (0 if "battery low" in pump.alarms else MAINS)
    left_ml = max(0.0, pump.to_infuse_ml - pump.infused_ml)
    minutes = left_ml / pump.rate_ml_per_h * 60 if pump.rate_ml_per_h > 0 else None
    left = b"\xff\xff" if minutes is None else _uint(minutes, 2)
    return b"\0" + _uint(alarms, 4) + _uint(state, 4) + _uint(pump.rate_ml_per_h * 100, 4) + _uint(left_ml * 10, 4) + left


def _actual(pump: PumpMechanics, _: Instant) -> bytes:
    unset = b"\xff\xff"
    return b"".join(
        (
            _uint(pump.pressure_percent, 1),
            _uint(int(pump.infused_ml * 10), 4),
            unset,
            unset,
            _uint(pump.battery_min, 2),
            unset,
            _uint(pump.syringe_ml, 2),
            unset * 3,
        )
    )


def _settings(pump: PumpMechanics, _: Instant) -> bytes:
    drug = pump.drug.encode("latin-1", "replace")[:20].ljust(20, b" ") if pump.drug else b"\xff" * 20
    unset = b"\xff" * 8
    return _uint(pump.rate_ml_per_h * 100, 4) + _uint(pump.to_infuse_ml * 10, 4) + unset + b"\x05" + b"\0\0" + drug


def _dose(pump: PumpMechanics, _: Instant) -> bytes:
    strength = pump.concentration_mg_per_ml
    return b"".join(
        (
            _uint(WEIGHT_KG * 100, 2),
            _uint(strength * 1000, 4),
            bytes((MG_PER_ML,)),
            _uint(pump.rate_ml_per_h * strength / WEIGHT_KG * 1000, 4),
            bytes((MG_PER_KG_PER_H,)),
            _uint(pump.syringe_ml * 100, 4),
            _uint(pump.syringe_ml * strength * 1000, 4),
            b"\x20",
        )
    )


ANSWERS: dict[int, Callable[[PumpMechanics, Instant], bytes]] = {0x01: _ident, 0x02: _status, 0x03: _actual, 0x04: _settings, 0x07: _dose}


class DianetSimulator:
    """One pump at address 0. Raises ValueError for a variant."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "") -> None:
        if variant:
            raise ValueError(f"dianet: there is no variant {variant!r}")
        self._bedside = bedside
        self._reader = FrameReader()
        self._queue: deque[tuple[Instant, bytes]] = deque()

    @property
    def due(self) -> Instant | None:
        return self._queue[0][0] if self._queue else None

    def receive(self, data: bytes, now: Instant) -> None:
        for frame in self._reader.feed(data):
            if frame.address == 0 and self._bedside.pump.state is not PumpState.OFF:
                reply = Frame(0, frame.segment, self._reply(frame, now))
                self._queue.append((now.plus(ANSWERS_AFTER_S), encode(reply)))

    def outgoing(self, now: Instant) -> bytes:
        said = bytearray()
        while self._queue and self._queue[0][0] <= now:
            said += self._queue.popleft()[1]
        return bytes(said)

    def _reply(self, frame: Frame, now: Instant) -> bytes:
        if frame.segment in COMMANDING:
            return bytes((NAK, WRONG_MODE))
        answer = ANSWERS.get(frame.segment)
        if answer is None:
            return bytes((NAK, WRONG_SEGMENT))
        return bytes((NAK, WRONG_LENGTH)) if frame.data else bytes((ACK,)) + answer(self._bedside.pump, now)
