"""The SpaceCom's side of the line: a rack with the simulated pump in slot 1.1. Nothing it hears changes a pump.

In request mode it answers; in cyclic mode ("cyclic") it pushes all pumps each five seconds, and at once a pump whose state or alarms
changed, and goes on only when each block is acknowledged. "single-bits" sends keys of one bit instead of words.

It is as strict as the vendor's document: an ACK that comes within 0.1 s of the block, and a MEM:GET within 0.5 s of the last
one's end, are not heard; a request with a wrong bedId or a wrong check gets its GNERR.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence

from clinical.instant import Instant
from devices.driver import PumpMechanics, SimulatedBedside
from devices.drivers.bcc.frames import FIRST_BED, RS, Answer, Damaged, Frame, FrameReader, encode
from devices.drivers.bcc.requests import ALIVE, GET_ALL, VERSION
from devices.drivers.bcc.simulated_pumps import parameters
from devices.drivers.bcc.variants import Variant, variant_named

BED_ID = "SpaceCOM"
ANSWERS_AFTER_S = 0.05
DEAF_TO_ACK_S = 0.1
DEAF_TO_GET_S = 0.5
HASTE_S = 1e-6
"""Rounding of instants is no haste."""
ON_SINCE_S = 200
SLOT_LETTERS = "0123456789ABCDEFGHIJKLMNO"
GET_SLOT = re.compile(rb"MEM:GETSLOT#1([1-9A-O])")

PUSH_EVERY_S = 5.0
CHANGES_LOOKED_FOR_EVERY_S = 1.0
"""In cyclic mode; both are what the device is delivered with."""


class BccSimulator:
    """A rack that answers. ``neighbours`` are other pumps in the slots above. Raises ValueError for an unknown variant."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "", neighbours: Sequence[PumpMechanics] = ()) -> None:
        chosen = variant_named(variant)
        self._bedside = bedside
        self._neighbours = tuple(neighbours)
        self._stuffed = chosen is Variant.STUFFED
        self._single_bits = chosen is Variant.SINGLE_BITS
        self._push_at = bedside.now.plus(PUSH_EVERY_S) if chosen is Variant.CYCLIC else None
        self._look_at = bedside.now.plus(CHANGES_LOOKED_FOR_EVERY_S)
        self._looks: dict[str, tuple[object, ...]] = {}
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
        pushing = () if self._push_at is None or self._awaits_ack else (self._push_at, self._look_at)
        return min([*pushing, *(at for at, _ in self._queue)], default=None)

    @property
    def _awaits_ack(self) -> bool:
        """A pushed block was not acknowledged: nothing more is pushed."""
        return self._getting

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
        self._push(now)
        said = bytearray()
        while self._queue and self._queue[0][0] <= now:
            at, message = self._queue.popleft()
            self._said = (at, message)
            said += message
        return bytes(said)

    def _push(self, now: Instant) -> None:
        """In cyclic mode: what is due by itself. What was missed while nobody acknowledged is not made up for."""
        if self._push_at is None or self._awaits_ack:
            return
        changed = []
        if self._look_at <= now:
            self._look_at = now.plus(CHANGES_LOOKED_FOR_EVERY_S)
            changed = [pair for pair in self._pumps() if self._looks.get(pair[1].serial, _look(pair[1])) != _look(pair[1])]
        if self._push_at <= now:
            self._push_at = now.plus(PUSH_EVERY_S)
            changed = self._pumps()
        self._looks = {pump.serial: _look(pump) for _, pump in self._pumps()}
        if changed:
            self._getting = True
            self._say([self._block(slot, pump, now) for slot, pump in changed], now)

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
        elif self._push_at is not None:
            return  # in cyclic mode nothing is to be asked for
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
        return RS.join(f"{head},{key},{value}".encode() for key, value in parameters(pump, new=new, single_bits=self._single_bits).items())


def _look(pump: PumpMechanics) -> tuple[object, ...]:
    """What, when it changes, is pushed at once."""
    return (pump.state, pump.alarms)
