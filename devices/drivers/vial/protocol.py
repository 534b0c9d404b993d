"""The host's side of a Vial line: joins frames, dialogue, mapping and alerts. Knows no byte layout and no table of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Observation, Priority
from devices.alert_book import AlertBook, AlertRow, by_code
from devices.drivers.vial.alerts import PROPOSED_PRIORITIES, WORDS, link_row, refusal_row, word_row
from devices.drivers.vial.dialogue import ROUND_EVERY_S, Dialogue
from devices.drivers.vial.frames import Frame, FrameReader, Item, Refused
from devices.drivers.vial.mapping import RATE, VOLUME, ModuleState, Reply, reply_of, values_of
from devices.drivers.vial.requests import BASE

STANDALONE = "standalone"


class VialProtocol:
    """Opens sessions and reads rate and volume. Variant "standalone": a pump without a base.

    ``priorities`` replaces what ``alerts.py`` proposes, by alert code, or by "a" and "e" for the alarm and error words.
    """

    def __init__(self, variant: str = "", priorities: Mapping[str, Priority] = PROPOSED_PRIORITIES) -> None:
        if variant not in {"", STANDALONE}:
            raise ValueError(f"vial: there is no variant {variant!r}; there is {STANDALONE!r}")
        self._alone = variant == STANDALONE
        self._reader = FrameReader()
        self._dialogue = Dialogue(alone=self._alone)
        self._alerts = AlertBook(priorities)
        self._pumps: dict[str, ModuleState] = {}
        self._malformed = 0

    @property
    def bad_frames(self) -> int:
        return self._reader.bad + self._malformed

    @property
    def identity(self) -> str:
        """What has spoken: "Fresenius Vial base: module 1, module 3"."""
        pumps = ", ".join(_channel(address) for address in self._pumps)
        if not pumps:
            return ""
        return "Fresenius Vial pump" if self._alone else f"Fresenius Vial base: {pumps}"

    @property
    def due(self) -> Instant | None:
        return self._dialogue.due

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        return self._dialogue.outgoing(now)

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        return [observation for item in self._reader.feed(data) for observation in self._item(item, now)]

    def _item(self, item: Item, now: Instant) -> Sequence[Observation]:
        self._dialogue.heard(item, now)
        if isinstance(item, Refused):
            return self._told("link", link_row(item.error.value if item.error else "?"), "", now)
        return self._frame(item, now) if isinstance(item, Frame) else ()

    def _frame(self, frame: Frame, now: Instant) -> Sequence[Observation]:
        reply = reply_of(frame.message)
        if reply is None:
            self._malformed += 1
            return ()
        if reply.status in {"C", "I"}:
            self._dialogue.replied(frame.address, reply, now)
        channel = _channel(frame.address)
        told: list[Observation] = [*self._told("link", None, "", now)]
        if reply.status == "I":
            return [*told, *self._told("refusal", refusal_row(reply.data), channel, now)]
        if reply.status == "C" and reply.data:
            told += self._told("refusal", None, channel, now)
        return told if frame.address == BASE else [*told, *self._values(frame.address, reply, now)]

    def _told(self, teller: str, row: AlertRow | None, channel: str, now: Instant) -> list[DeviceAlert]:
        return self._alerts.update(by_code([row]), now, teller=f"{channel} {teller}", channel=channel)

    def _values(self, address: str, reply: Reply, now: Instant) -> list[Observation]:
        values = values_of(reply.data)
        told: list[Observation] = []
        if RATE in values or VOLUME in values:
            pump = self._pumps.setdefault(address, ModuleState())
            pump.take(values, now)
            told.append(pump.status(_channel(address), now, ROUND_EVERY_S))
        return [*told, *self._words(values, _channel(address), now)]

    def _words(self, values: Mapping[str, int], channel: str, now: Instant) -> list[DeviceAlert]:
        told = [self._told(letter, word_row(letter, values[letter]), channel, now) for letter in WORDS if letter in values]
        return [alert for alerts in told for alert in alerts]


def _channel(address: str) -> str:
    """What a pump is called: "module 1", or "pump" for one alone; "base" for the base itself."""
    if address == BASE:
        return "base"
    return f"module {address}" if address else "pump"
