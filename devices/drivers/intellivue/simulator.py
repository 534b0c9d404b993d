"""The monitor's side of the line: associates, tells of itself, answers polls in its own time, fed by the simulated bedside.

On the network each message is a datagram, so ``outgoing`` then gives one message a call and is due again at once while more
wait. What a monitor does with a second request for an association is not known; this one refuses it, the harder case.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clinical.instant import Instant
from devices.driver import SimulatedBedside
from devices.drivers.intellivue.association import NUMERICS_EVERY_S, association_ends_after_s
from devices.drivers.intellivue.attributes import TICKS_PER_S, MalformedError, attribute_bytes, counted, date_bytes, model_bytes, text_bytes
from devices.drivers.intellivue.mapping import BED_LABEL, MODEL, SYSTEM_ID, TICKS_NOW, TIME_NOW
from devices.drivers.intellivue.messages import (
    ALERTS,
    CONFIRMED_ACTION,
    CONFIRMED_EVENT,
    CONFIRMED_SET,
    ENUMERATIONS,
    EXTENDED_POLL,
    FAILURE,
    INVOKE,
    MDS,
    MDS_CREATED,
    NUMERICS,
    RESULT,
    SINGLE_POLL,
    WAVES,
    Invocation,
    Message,
    Part,
    Result,
    Session,
    contexts_bytes,
    linked_bytes,
    message_of,
    operation_bytes,
)
from devices.drivers.intellivue.protocol import LAN, wire
from devices.drivers.intellivue.requests import MIN_POLL_PERIOD_TICKS, POLL_OPTIONS, POLL_PROFILE, RELEASED
from devices.drivers.intellivue.simulated_values import PACKET_S, SimulatedValues, monitor_date

MTU = 996
TICKS_AT_START = 1_954_816
LONGEST_BACKLOG_S = 5.0
TOLD_EVERY = 8
"""Each so many packets a wave says again how it is to be read."""

_CONTEXT = 1
_NO_SUCH_ACTION = 9
_POLL_HEADER = 8 + 8 + 6 + 10 + 22 + 4
_SHELL = bytes.fromhex(
    "3180a0808001010000a280a003000001a580308080010081025101000030808001"
    "00810c2a8648ce14020100000002010000000061803080020101a0806180a18006"
    "0c2a8648ce14020100000003010000a203020100a305a103020100be8028800201"
    "02"
)
"""The shell of an acceptance, fixed by the protocol, up to its user data."""

REFUSED = bytes.fromhex("0c18c11661803080020101a08064808001000000000000000000")
ABORTED = bytes.fromhex("1918c11661803080020101a08064808001000000000000000000")
"""Clients go by the first byte; what follows is modelled on a release and is ours."""


def acceptance(poll_options: int = POLL_OPTIONS, min_poll_period_ticks: int = MIN_POLL_PERIOD_TICKS) -> bytes:
    """The acceptance of an association."""
    package = attribute_bytes([(0xF001, struct.pack(">II", poll_options, 0))])
    profile = struct.pack(">IIIIII", 0x80000000, min_poll_period_ticks, MTU, MTU, 0xFFFFFFFF, 0x60000000) + package
    info = struct.pack(">IIIII", 0x80000000, 0x40000000, 0, 0x00800000, 0x80000000) + attribute_bytes([])
    info += attribute_bytes([(POLL_PROFILE, profile)])
    presentation = _SHELL + b"\x81" + bytes((len(info),)) + info + bytes(16)
    body = bytes.fromhex("0508130100160102800014020002") + b"\xc1" + bytes((len(presentation),)) + presentation
    return b"\x0e" + bytes((len(body),)) + body


@dataclass(slots=True)
class _Stream:
    """An extended poll that is being answered: from ``start``, each ``every_s``, for ``lasts_s``."""

    invoke_id: int
    number: int
    start: Instant
    every_s: float
    lasts_s: float
    sent: int = 0

    @property
    def due(self) -> Instant | None:
        at = (self.sent + 1) * self.every_s
        return self.start.plus(at) if at <= self.lasts_s else None


class IntellivueSimulator:
    """A monitor on the wire. Silent until asked. Raises ValueError for a variant that there is not."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "") -> None:
        self._bedside = bedside
        self._start = bedside.now
        self._deframer, self._frame = wire(variant)
        self._one_by_one = variant == LAN
        self._values = SimulatedValues(bedside)
        self._said: deque[bytes] = deque()
        self._heard_at: Instant | None = None
        self._created = False
        self._streams: dict[int, _Stream] = {}
        self._polled: dict[int, Callable[[], list[bytes]]] = {
            NUMERICS: self._values.numerics,
            ALERTS: self._values.alerts,
            ENUMERATIONS: self._values.enumerations,
        }

    @property
    def _associated(self) -> bool:
        return self._heard_at is not None

    @property
    def _ends_at(self) -> Instant | None:
        ends_s = association_ends_after_s(MIN_POLL_PERIOD_TICKS / TICKS_PER_S)
        return None if self._heard_at is None else self._heard_at.plus(ends_s)

    @property
    def due(self) -> Instant | None:
        if self._said:
            return self._bedside.now
        moments = [stream.due for stream in self._streams.values()] + [self._ends_at]
        return min((moment for moment in moments if moment is not None), default=None)

    def receive(self, data: bytes, now: Instant) -> None:
        for payload in self._deframer.push(data):
            try:
                self._hear(message_of(payload), now)
            except (MalformedError, struct.error):
                continue

    def outgoing(self, now: Instant) -> bytes:
        self._speak(now)
        if self._one_by_one:
            return self._said.popleft() if self._said else b""
        said = b"".join(self._said)
        self._said.clear()
        return said

    def _say(self, payload: bytes) -> None:
        self._said.append(self._frame(payload))

    def _hear(self, message: Message, now: Instant) -> None:
        if message is Session.ASKED:
            self._associate(now)
        elif not self._associated:
            return
        elif message is Session.RELEASE_ASKED:
            self._say(RELEASED)
            self._end()
        elif isinstance(message, Result) and message.command == CONFIRMED_EVENT:
            self._created, self._heard_at = True, now
        elif isinstance(message, Invocation) and self._created:
            self._heard_at = now
            self._answer(message, now)

    def _associate(self, now: Instant) -> None:
        if self._associated:
            self._say(REFUSED)
            return
        self._heard_at = now
        self._say(acceptance())
        self._say(self._mds_created(now))

    def _end(self) -> None:
        self._heard_at, self._created = None, False
        self._streams.clear()

    def _ticks(self, at: Instant) -> int:
        return (TICKS_AT_START + round(at.since(self._start) * TICKS_PER_S)) % 2**32

    def _mds_created(self, now: Instant) -> bytes:
        attributes = attribute_bytes(
            [
                (SYSTEM_ID, bytes.fromhex("00060009fb000001")),
                (MODEL, model_bytes("Philips", "M8000")),
                (BED_LABEL, text_bytes("SIM 1")),
                (TIME_NOW, date_bytes(monitor_date(now))),
                (TICKS_NOW, struct.pack(">I", self._ticks(now))),
            ]
        )
        created = struct.pack(">HHH", MDS, 0, 0) + attributes
        event = struct.pack(">HHHIHH", MDS, 0, 0, self._ticks(now), MDS_CREATED, len(created))
        return operation_bytes(INVOKE, 1, CONFIRMED_EVENT, event + created)

    def _answer(self, asked: Invocation, now: Instant) -> None:
        if asked.command == CONFIRMED_SET:
            self._say(operation_bytes(RESULT, asked.invoke_id, CONFIRMED_SET, asked.body[:6] + asked.body[10:14] + asked.body[16:]))
            return
        if asked.command != CONFIRMED_ACTION:
            self._say(operation_bytes(FAILURE, asked.invoke_id, _NO_SUCH_ACTION, b""))
            return
        action, _, number, _, object_class, _ = struct.unpack_from(">HHHHHH", asked.body, 10)
        if action == SINGLE_POLL and object_class in self._polled:
            self._say_objects(asked.invoke_id, SINGLE_POLL, struct.pack(">H", number), object_class, self._polled[object_class](), now)
        elif action == EXTENDED_POLL and object_class in {NUMERICS, WAVES}:
            lasts_s = struct.unpack_from(">I", asked.body, 30)[0] / TICKS_PER_S
            every_s = NUMERICS_EVERY_S if object_class == NUMERICS else PACKET_S
            self._streams[object_class] = _Stream(asked.invoke_id, number, now, every_s, lasts_s)
        else:
            self._say(operation_bytes(FAILURE, asked.invoke_id, _NO_SUCH_ACTION, b""))

    def _speak(self, now: Instant) -> None:
        """Everything that fell due, in the order of its time."""
        for stream in self._streams.values():
            if stream.due is not None and now.since(stream.due) > LONGEST_BACKLOG_S:
                stream.lasts_s -= now.since(stream.start)
                stream.start, stream.sent = now, 0
        while True:
            waiting = [(due, object_class) for object_class, stream in self._streams.items() if (due := stream.due) is not None]
            if not waiting or min(waiting)[0] > now:
                break
            self._send(*min(waiting))
        if self._ends_at is not None and now >= self._ends_at:
            self._say(ABORTED)
            self._end()

    def _send(self, at: Instant, object_class: int) -> None:
        stream = self._streams[object_class]
        head = struct.pack(">HH", stream.number, stream.sent % 2**16)
        if object_class == WAVES:
            since = at.plus(-PACKET_S)
            objects = self._values.waves(since, told=stream.sent % TOLD_EVERY == 0)
            self._say_objects(stream.invoke_id, EXTENDED_POLL, head, WAVES, objects, since)
        else:
            self._say_objects(stream.invoke_id, EXTENDED_POLL, head, NUMERICS, self._values.numerics(), at)
        stream.sent += 1

    def _say_objects(  # noqa: PLR0917  the fields of one answer
        self, invoke_id: int, action: int, head: bytes, object_class: int, objects: Sequence[bytes], at: Instant
    ) -> None:
        """An answer, in linked parts where it does not fit one message."""
        parts = _parts(objects)
        fields = head + struct.pack(">I8sHHH", self._ticks(at), b"\xff" * 8, 1, object_class, 0)
        for place, part in enumerate(parts if len(parts) > 1 else []):
            kind = Part.FIRST if place == 0 else Part.LAST if place == len(parts) - 1 else Part.MIDDLE
            self._say(linked_bytes(invoke_id, CONFIRMED_ACTION, _result(action, fields, part), kind, place + 1))
        whole = _result(action, fields, parts[0] if len(parts) == 1 else [])
        self._say(operation_bytes(RESULT, invoke_id, CONFIRMED_ACTION, whole))


def _parts(objects: Sequence[bytes]) -> list[list[bytes]]:
    parts: list[list[bytes]] = [[]]
    for item in objects:
        if parts[-1] and _POLL_HEADER + sum(map(len, parts[-1])) + len(item) > MTU:
            parts.append([])
        parts[-1].append(item)
    return parts


def _result(action: int, fields: bytes, objects: Sequence[bytes]) -> bytes:
    listed = contexts_bytes([(_CONTEXT, objects)]) if objects else counted([])
    return struct.pack(">HHHHH", MDS, 0, 0, action, len(fields) + len(listed)) + fields + listed
