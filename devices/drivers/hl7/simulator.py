"""The sender's side of the line: a monitor and its pump gateway, telling unasked each few seconds and waiting for each answer.

The waiting follows MLLP: one message at a time, sent again when no answer comes, given up after a few times. What could not be
sent meanwhile is not kept: the next message tells how things stand then. Alarms alone wait their turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from clinical.instant import Instant
from devices.driver import SimulatedBedside
from devices.drivers.hl7.frames import Deframer, framed
from devices.drivers.hl7.message import parse
from devices.drivers.hl7.simulated_messages import EVENTS, alarm_message, pump_message, vitals_message

EVERY_S = 5.0
PUMP_AFTER_S = 1.0
"""The pump's messages come between the monitor's."""
PATIENCE_S = 2.0
TRIES = 3
MOST_WAITING = 32

Make = Callable[[str, Instant], bytes]


class Hl7Simulator:
    """Speaks for the monitor and the pump; ``variant`` "vitals" or "pump" for one of them. It hears nothing but answers."""

    def __init__(self, bedside: SimulatedBedside, variant: str = "") -> None:
        self._bedside = bedside
        self._deframer = Deframer()
        self._next: dict[str, Instant] = {}
        if variant != "pump":
            self._next["vitals"] = bedside.now
        if variant != "vitals":
            self._next["pump"] = bedside.now.plus(PUMP_AFTER_S)
        self._alarms: frozenset[str] = frozenset()
        self._waiting: deque[Make] = deque(maxlen=MOST_WAITING)
        self._number = 0
        self._unanswered: tuple[str, bytes] | None = None
        self._sent_at = bedside.now
        self._tries = 0

    @property
    def due(self) -> Instant:
        """When a message is to be made, or the one that waits for its answer to be sent again."""
        if self._unanswered is not None:
            return self._sent_at.plus(PATIENCE_S)
        return self._bedside.now if self._waiting else min(self._next.values())

    def receive(self, data: bytes, now: Instant) -> None:  # noqa: ARG002  an answer is one whenever it comes
        for raw in self._deframer.push(data):
            message = parse(raw)
            told = None if message is None else message.first("MSA")
            if told is not None and self._unanswered is not None and told.field(2) == self._unanswered[0]:
                self._unanswered = None

    def outgoing(self, now: Instant) -> bytes:
        self._prepare(now)
        if self._unanswered is not None:
            return self._again(now)
        if not self._waiting:
            return b""
        self._number += 1
        number = f"{self._number:06d}"
        self._unanswered = (number, framed(self._waiting.popleft()(number, now)))
        self._tries = 0
        return self._send(now)

    def _send(self, now: Instant) -> bytes:
        self._tries += 1
        self._sent_at = now
        return b"" if self._unanswered is None else self._unanswered[1]

    def _again(self, now: Instant) -> bytes:
        if now.since(self._sent_at) < PATIENCE_S:
            return b""
        if self._tries < TRIES:
            return self._send(now)
        self._unanswered = None
        return self.outgoing(now)

    def _prepare(self, now: Instant) -> None:
        """What is to be told by now. Telling how things stand is left out while an answer is awaited."""
        if "pump" in self._next:
            self._note_alarms()
        for kind, at in self._next.items():
            if at > now:
                continue
            self._next[kind] = at.plus(EVERY_S) if now.since(at) < EVERY_S else now.plus(EVERY_S)
            if self._unanswered is None:
                self._waiting.append(self._vitals if kind == "vitals" else self._pump)

    def _note_alarms(self) -> None:
        standing = self._bedside.pump.alarms & EVENTS.keys()
        for alarm in sorted(standing ^ self._alarms):
            self._waiting.append(self._alarm(alarm, begins=alarm in standing))
        self._alarms = frozenset(standing)

    def _vitals(self, number: str, at: Instant) -> bytes:
        return vitals_message(self._bedside, number, at)

    def _pump(self, number: str, at: Instant) -> bytes:
        return pump_message(self._bedside.pump, number, at)

    def _alarm(self, alarm: str, *, begins: bool) -> Make:
        def make(number: str, at: Instant) -> bytes:
            return alarm_message(self._bedside.pump, alarm, number, at, begins=begins)

        return make
