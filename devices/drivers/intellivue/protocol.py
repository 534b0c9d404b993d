"""The host's side of IntelliVue Data Export: the frames' payloads go to the association and to the reader of their kind."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from clinical.instant import Instant
from clinical.observations import Observation
from devices.drivers.intellivue.alerts import AlertReader, DemoWatch
from devices.drivers.intellivue.association import Association
from devices.drivers.intellivue.attributes import MalformedError, attributes_at, date_of, model_of, text_of
from devices.drivers.intellivue.enumerations import EnumerationReader
from devices.drivers.intellivue.frames import DatagramDeframer, Deframer, SerialDeframer, framed
from devices.drivers.intellivue.mapping import BED_LABEL, MODEL, TIME_NOW
from devices.drivers.intellivue.messages import (
    ALERTS,
    CONFIRMED_ACTION,
    CONFIRMED_EVENT,
    ENUMERATIONS,
    MDS_CREATED,
    NUMERICS,
    WAVES,
    Invocation,
    Message,
    Poll,
    Result,
    message_of,
    poll_of,
)
from devices.drivers.intellivue.numerics import MonitorClock, NumericReader
from devices.drivers.intellivue.waves import WaveReader

LAN = "lan"
VARIANTS = (LAN,)


def wire(variant: str) -> tuple[Deframer, Callable[[bytes], bytes]]:
    """How payloads are cut from what arrives and made ready to be sent. Raises ValueError for a variant that there is not."""
    if variant == "":
        return SerialDeframer(), framed
    if variant == LAN:
        return DatagramDeframer(), bytes
    raise ValueError(f"intellivue has no variant {variant}: intellivue for the serial line, intellivue:{LAN} for the network")


class IntellivueProtocol:
    """Reads one monitor.

    Attributes:
        enumerations: the states that have a word; no observation carries them yet.
        numerics, waves: what came that has no place in the catalogue is counted there.
    """

    def __init__(self, variant: str = "") -> None:
        self._deframer, self._frame = wire(variant)
        self._association = Association()
        self._clock = MonitorClock()
        self._alerts = AlertReader()
        self._demo = DemoWatch()
        self._malformed = 0
        self._identity = ""
        self.numerics = NumericReader(self._clock)
        self.waves = WaveReader()
        self.enumerations = EnumerationReader()

    @property
    def bad_frames(self) -> int:
        return self._deframer.bad_frames + self._malformed

    @property
    def identity(self) -> str:
        """Maker, model and bed, once the monitor has told of itself."""
        return self._identity

    @property
    def due(self) -> Instant | None:
        return self._association.due

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        """What each message that became whole tells; one that contradicts itself is counted and tells nothing."""
        told: list[Observation] = []
        for payload in self._deframer.push(data):
            try:
                told += self._read(message_of(payload), now)
            except (MalformedError, struct.error):
                self._malformed += 1
        return told

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        return [self._frame(payload) for payload in self._association.outgoing(now)]

    def _read(self, message: Message, now: Instant) -> Sequence[Observation]:
        told: Sequence[Observation] = ()
        if isinstance(message, Result) and message.command == CONFIRMED_ACTION:
            told = self._read_poll(message, now)
        if isinstance(message, Invocation) and message.command == CONFIRMED_EVENT:
            self._read_event(message.body, now)
        self._association.hear(message, now)
        return told

    def _read_event(self, body: bytes, now: Instant) -> None:
        """The MDS create event tells what the monitor is, and its time."""
        _, event = struct.unpack_from(">IH", body, 6)
        if event != MDS_CREATED:
            return
        attributes, _ = attributes_at(body, 20)
        self._clock.set(date_of(attributes.get(TIME_NOW, b"")), now)
        bed = text_of(attributes[BED_LABEL]) if BED_LABEL in attributes else ""
        model = model_of(attributes.get(MODEL, b"")) or "IntelliVue"
        self._identity = f"{model}, bed {bed}" if bed else model

    def _read_poll(self, result: Result, now: Instant) -> Sequence[Observation]:
        poll = poll_of(result.body)
        if poll is None:
            return ()
        told = self._told(poll, result, now)
        if poll.objects:
            self._association.polled(poll.object_class, now)
        return told

    def _told(self, poll: Poll, result: Result, now: Instant) -> Sequence[Observation]:
        if poll.object_class == NUMERICS:
            numerics = list(self.numerics.read(poll.objects, self._association.numerics_every_s, now))
            return [*numerics, *self._demo.update(now, demo=self.numerics.demo)]
        if poll.object_class == WAVES:
            blocks = list(self.waves.read(poll.objects, poll.ticks, now))
            return [*blocks, *self._demo.update(now, demo=self.waves.demo)]
        if poll.object_class == ALERTS:
            return self._alerts.read(poll.objects, result, now)
        if poll.object_class == ENUMERATIONS:
            self.enumerations.read(poll.objects)
        return ()
