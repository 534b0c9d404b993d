"""The pump's side of a TE-SS line, fed by the simulated pump. Nothing it hears changes that pump: it knows one command, and that reads."""

from __future__ import annotations

import re
from collections import deque

from clinical.instant import Instant
from clinical.observations import PumpState
from devices.driver import PumpMechanics, SimulatedBedside
from devices.drivers.terumo.frames import REPLY, REQUEST, Packet, PacketReader, encode

ANSWERS_AFTER_S = 0.1
RECORD_BYTES = 87
"""Length of the record the manual prints; from byte 34 on this one is empty, as nobody knows what stands there."""
STATUS = bytes.fromhex("010000")
STATES = {
    PumpState.INFUSING: 1,
    PumpState.KVO: 1,
    PumpState.STANDBY: 2,
    PumpState.PURGING: 3,
    PumpState.BOLUS: 5,
}
"""Every other state is 0, stop; a pump that is off says nothing."""
ALARM_BITS = {"occlusion": 3, "syringe empty": 2, "near empty": 8, "battery low": 19, "paused too long": 20}
SYRINGES = {5.0: 2, 10.0: 3, 20.0: 4, 30.0: 5, 50.0: 6}
MG_PER_KG_PER_H = 0x08
WEIGHT_KG = 70.0


def _uint(value: float, size: int) -> bytes:
    return max(0, min(round(value), (1 << 8 * size) - 2)).to_bytes(size, "big")


def record(pump: PumpMechanics) -> bytes:
    """The status as the pump stands, from its fifth byte on."""
    low = "battery low" in pump.alarms
    alarms = sum(1 << bit for name, bit in ALARM_BITS.items() if name in pump.alarms)
    known = b"".join(
        (
            bytes.fromhex("0403"),
            bytes((STATES.get(pump.state, 0) << 4, 0, 0)),
            alarms.to_bytes(3, "big"),
            bytes(((1 if low else 5) | (0 if low else 1) << 4 | 1 << 6, min(3, int(pump.pressure_percent // 25)))),
            bytes((SYRINGES.get(pump.syringe_ml, 0),)),
            _uint(pump.rate_ml_per_h * 100, 3),
            _uint(pump.infused_ml * 100, 3),
            _uint(pump.to_infuse_ml * 10, 3),
            _uint(pump.rate_ml_per_h * pump.concentration_mg_per_ml / WEIGHT_KG * 100, 3),
            bytes((MG_PER_KG_PER_H,)),
            _uint(WEIGHT_KG * 10, 2),
            _uint(pump.concentration_mg_per_ml * 100, 3),
        )
    )
    return known.ljust(RECORD_BYTES - 5, b"\0")


class TerumoSimulator:
    """One pump. Its number of 24 digits ends in the digits of the simulated pump's serial number. Raises ValueError for a variant."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "") -> None:
        if variant:
            raise ValueError(f"terumo: there is no variant {variant!r}")
        self._bedside = bedside
        self._reader = PacketReader()
        self._queue: deque[tuple[Instant, bytes]] = deque()

    @property
    def due(self) -> Instant | None:
        return self._queue[0][0] if self._queue else None

    def receive(self, data: bytes, now: Instant) -> None:
        for packet in self._reader.feed(data):
            reply = self._reply(packet)
            if reply is not None:
                self._queue.append((now.plus(ANSWERS_AFTER_S), encode(reply)))

    def outgoing(self, now: Instant) -> bytes:
        said = bytearray()
        while self._queue and self._queue[0][0] <= now:
            said += self._queue.popleft()[1]
        return bytes(said)

    def _reply(self, packet: Packet) -> Packet | None:
        """Nothing to a packet for another pump."""
        pump = self._bedside.pump
        own_id = re.sub(r"[^0-9]", "", pump.serial)[-24:].zfill(24)
        if packet.kind != REQUEST or packet.device_id not in {"", own_id} or pump.state is PumpState.OFF:
            return None
        command = None if packet.command is None else self._answer(packet.command, pump)
        return Packet(kind=REPLY, device_id=own_id, command=command)

    def _answer(self, command: bytes, pump: PumpMechanics) -> bytes:
        if len(command) < 4:
            return command.ljust(4, b"\0") + b"\x13"
        head = command[:4]
        if head[1:] != STATUS:
            return head + b"\x11"
        return head + (b"\x14" if len(command) > 4 else b"\0" + record(pump))
