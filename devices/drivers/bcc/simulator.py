"""The SpaceCom's side of the line: a rack with the simulated pump in slot 1.1, in request mode. Nothing it hears changes a pump.

It is as strict as the vendor's document: an ACK that comes within 0.1 s of the block, and a MEM:GET within 0.5 s of the last
one's end, are not heard; a request with a wrong bedId or a wrong check gets its GNERR.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence

from clinical.instant import Instant
from clinical.observations import PumpState
from devices.driver import PumpMechanics, SimulatedBedside
from devices.drivers.bcc.frames import FIRST_BED, RS, Answer, Damaged, Frame, FrameReader, encode
from devices.drivers.bcc.requests import ALIVE, GET_ALL, VERSION

BED_ID = "SpaceCOM"
ANSWERS_AFTER_S = 0.05
DEAF_TO_ACK_S = 0.1
DEAF_TO_GET_S = 0.5
HASTE_S = 1e-6
"""Rounding of instants is no haste."""
ON_SINCE_S = 200
MODEL = "688F030006"
DEVICE_TYPE = 6144
LONGEST_TIME_S = 65535
SLOT_LETTERS = "0123456789ABCDEFGHIJKLMNO"
GET_SLOT = re.compile(rb"MEM:GETSLOT#1([1-9A-O])")

RUN_STATE = {
    PumpState.INFUSING: 0x02,
    PumpState.PAUSED: 0x01,
    PumpState.STOPPED: 0x01,
    PumpState.STANDBY: 0x01,
    PumpState.BOLUS: 0x02,
    PumpState.KVO: 0x0A,
    PumpState.PURGING: 0x02,
    PumpState.ALARM: 0x01,
}
STATUS1 = {
    PumpState.INFUSING: 1 << 7 | 1 << 8,
    PumpState.PAUSED: 1 << 6 | 1 << 8,
    PumpState.STOPPED: 1 << 6,
    PumpState.STANDBY: 1 << 2,
    PumpState.BOLUS: 1 << 7 | 1 << 8 | 1 << 10,
    PumpState.KVO: 1 << 7 | 1 << 8 | 1 << 13,
    PumpState.PURGING: 1 << 4,
    PumpState.ALARM: 1 << 8,
}
"""States that are missing here (off, unknown) are sent as no value."""
ALARM1 = {"occlusion": 1 << 10, "syringe empty": 1 << 9, "paused too long": 1 << 12}
PREALARM = {"near empty": 1 << 2, "battery low": 1 << 4}


def _bits(names: frozenset[str], table: dict[str, int]) -> int:
    return sum(bit for name, bit in table.items() if name in names)


def _hex(word: int | None) -> str:
    return "_NV" if word is None else f"0x{word:08X}h"


def _time_left(pump: PumpMechanics) -> int:
    left_ml = min(pump.to_infuse_ml - pump.infused_ml, pump.remaining_ml)
    seconds = left_ml / pump.rate_ml_per_h * 3600 if pump.rate_ml_per_h > 0 else LONGEST_TIME_S
    return int(max(0, min(seconds, LONGEST_TIME_S)))


def _words(pump: PumpMechanics) -> dict[str, str]:
    alarm, early = _bits(pump.alarms, ALARM1), _bits(pump.alarms, PREALARM)
    run, status = RUN_STATE.get(pump.state), STATUS1.get(pump.state)
    if run is not None:
        run |= (0x04 if alarm or pump.state is PumpState.ALARM else 0) | (0x20 if early else 0)
    if status is not None:
        status |= 0x01 | (0 if "battery low" in pump.alarms else 0x02)
    return {"RUNSTATE": _hex(run), "ALARM1": _hex(alarm), "ALARM2": _hex(0), "PREALARM": _hex(early), "STATUS1": _hex(status)}


def _numbers(pump: PumpMechanics) -> dict[str, str]:
    strength = pump.concentration_mg_per_ml
    return {
        "INRT": f"{pump.rate_ml_per_h:.2f}",
        "INVI": f"{min(pump.infused_ml, 9999.9):.1f}",
        "INVTB": f"{pump.to_infuse_ml:.1f}",
        "INRMT": f"{_time_left(pump)}",
        "INVOLACT": f"{pump.remaining_ml:.2f}",
        "INSYR": f"{pump.syringe_ml:.0f}",
        "INP2": f"{pump.pressure_percent:.0f}",
        "INAKKU": f"{min(pump.battery_min, 1440):.0f}",
        "INDCON": f"{strength:g}",
        "INDCONU": "31" if strength else "32",
        "INDORT": f"{pump.rate_ml_per_h * strength:.3f}",
        "INDORTU": "48" if strength else "50",
        "INDOCAL": "1" if strength else "0",
        "INSTBY": "0",
        "INBOCNT": "0",
    }


def _identity(pump: PumpMechanics) -> dict[str, str]:
    serial = re.sub(r"[^0-9A-Za-z-]", "", pump.serial)[:12]
    combined = f"{DEVICE_TYPE << 18 | int(serial):08X}" if serial.isdecimal() and int(serial) < 1 << 18 else "_NV"
    return {"INNR": combined, "INSERNUM": serial or "_NV", "INDTNR": str(DEVICE_TYPE)}


def _drug(pump: PumpMechanics) -> dict[str, str]:
    return {"INSOL": pump.drug[:25] or "_NV", "INSOLSN": pump.drug[:8] or "_NV", "INSOLID": "_NV"}


def _parameters(pump: PumpMechanics, *, new: bool) -> dict[str, str]:
    """All that is sent of one pump. One that is off tells its name and that."""
    name = {"GNNEW" if new else "GNMODEL": MODEL}
    if pump.state is PumpState.OFF:
        return {**name, **_identity(pump), "DSSTATUS": "00050", **dict.fromkeys(_numbers(pump), "_NV")}
    return {**name, **_identity(pump), "DSSTATUS": "00051", **_drug(pump), **_numbers(pump), **_words(pump)}


class BccSimulator:
    """A rack that answers. ``neighbours`` are other pumps in the slots above. Raises ValueError for an unknown variant."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "", neighbours: Sequence[PumpMechanics] = ()) -> None:
        if variant not in {"", "stuffed"}:
            raise ValueError(f"bcc: there is no variant {variant!r}; there is 'stuffed'")
        self._bedside = bedside
        self._neighbours = tuple(neighbours)
        self._stuffed = variant == "stuffed"
        self._reader = FrameReader(stuffed=self._stuffed)
        self._start = bedside.now
        self._queue: deque[tuple[Instant, bytes]] = deque()
        self._blocks: deque[bytes] = deque()
        self._said: tuple[Instant, bytes] | None = None
        self._getting = False
        self._round_ended: Instant | None = None
        self._known: set[str] = set()

    @property
    def due(self) -> Instant | None:
        return self._queue[0][0] if self._queue else None

    def receive(self, data: bytes, now: Instant) -> None:
        for item in self._reader.feed(data):
            match item:
                case Frame():
                    self._request(item, now)
                case Damaged():
                    self._error(68, now)
                case Answer(good=good):
                    self._answered(now, good=good)

    def outgoing(self, now: Instant) -> bytes:
        said = bytearray()
        while self._queue and self._queue[0][0] <= now:
            at, message = self._queue.popleft()
            self._said = (at, message)
            said += message
        return bytes(said)

    def _request(self, frame: Frame, now: Instant) -> None:
        greeting = frame.information == ALIVE
        if frame.bed_id != BED_ID and not (greeting and frame.bed_id == FIRST_BED):
            self._error(811, now)
            return
        self._blocks.clear()
        self._getting = False
        slot = GET_SLOT.fullmatch(frame.information)
        if greeting:
            self._say([self._general(now, "GNACK,0")], now)
        elif frame.information == VERSION:
            self._say([self._general(now, "V3.30")], now)
        elif frame.information == GET_ALL:
            self._get(self._pumps(), now)
        elif slot is not None:
            self._get([pair for pair in self._pumps() if SLOT_LETTERS[pair[0]] == slot[1].decode()], now)
        else:
            self._error(68, now)

    def _pumps(self) -> list[tuple[int, PumpMechanics]]:
        return list(enumerate((self._bedside.pump, *self._neighbours), start=1))

    def _get(self, pumps: list[tuple[int, PumpMechanics]], now: Instant) -> None:
        if self._round_ended is not None and now.since(self._round_ended) < DEAF_TO_GET_S - HASTE_S:
            return
        self._getting = True
        if pumps:
            self._say([self._block(slot, pump, now) for slot, pump in pumps], now)
        else:
            self._error(11, now)

    def _answered(self, now: Instant, *, good: bool) -> None:
        """ACK brings the next block, NAK the same again."""
        if self._said is None or now.since(self._said[0]) < DEAF_TO_ACK_S - HASTE_S:
            return
        if not good:
            self._put(self._said[1], now)
        elif self._blocks:
            self._put(self._blocks.popleft(), now)
        elif self._getting:
            self._getting = False
            self._round_ended = now

    def _error(self, number: int, now: Instant) -> None:
        self._say([self._general(now, f"GNERR,{number}")], now)

    def _say(self, blocks: list[bytes], now: Instant) -> None:
        """Blocks one after another, each but the last ending in ETB."""
        self._queue.clear()
        last = len(blocks) - 1
        self._blocks = deque(encode(BED_ID, block, last=place == last, stuffed=self._stuffed) for place, block in enumerate(blocks))
        self._put(self._blocks.popleft(), now)

    def _put(self, message: bytes, now: Instant) -> None:
        self._queue.append((now.plus(ANSWERS_AFTER_S), message))

    def _uptime(self, now: Instant) -> int:
        return ON_SINCE_S + int(now.since(self._start))

    def _general(self, now: Instant, text: str) -> bytes:
        return f"{self._uptime(now)},50100,{text}".encode()

    def _block(self, slot: int, pump: PumpMechanics, now: Instant) -> bytes:
        head = f"{self._uptime(now)},5011{SLOT_LETTERS[slot]}"
        new = pump.serial not in self._known
        self._known.add(pump.serial)
        return RS.join(f"{head},{key},{value}".encode() for key, value in _parameters(pump, new=new).items())
