"""The host's side of a TE-SS line: who is it, then how does it stand, every two seconds. Knows no byte layout and no table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clinical.instant import Instant
from clinical.observations import Observation, Priority
from devices.alert_book import AlertBook, by_code
from devices.drivers.terumo.alerts import PROPOSED_PRIORITIES, SUB_BATTERY, alarm_row, result_row
from devices.drivers.terumo.frames import REPLY, Packet, PacketReader
from devices.drivers.terumo.mapping import Record, record_of, status_of
from devices.drivers.terumo.requests import ASK_ID, BASIC_STATUS, ask_status

ASK_EVERY_S = 2.0
"""How often a pump may be asked is not documented."""
TRIES = 3
_COMMAND = BASIC_STATUS[1:]


class TerumoProtocol:
    """Polls one pump. ``priorities`` replaces, by alert code, what ``alerts.py`` proposes."""

    def __init__(self, variant: str = "", priorities: Mapping[str, Priority] = PROPOSED_PRIORITIES) -> None:
        if variant:
            raise ValueError(f"terumo: there is no variant {variant!r}")
        self._reader = PacketReader()
        self._alerts = AlertBook(priorities)
        self._device_id = ""
        self._software = ""
        self._unanswered = 0
        self._ask_at: Instant | None = None
        self._malformed = 0

    @property
    def bad_frames(self) -> int:
        return self._reader.bad + self._malformed

    @property
    def identity(self) -> str:
        """Number and software: "Terufusion 000100700000001201000001, software 0403"."""
        software = f", software {self._software}" if self._software else ""
        return f"Terufusion {self._device_id}{software}" if self._device_id else ""

    @property
    def due(self) -> Instant | None:
        return self._ask_at

    def outgoing(self, now: Instant) -> Sequence[bytes]:
        if self._ask_at is not None and now < self._ask_at:
            return ()
        self._ask_at = now.plus(ASK_EVERY_S)
        self._unanswered += 1
        if not self._device_id or self._unanswered > TRIES:
            return (ASK_ID,)
        return (ask_status(self._device_id),)

    def receive(self, data: bytes, now: Instant) -> Sequence[Observation]:
        return [observation for packet in self._reader.feed(data) for observation in self._packet(packet, now)]

    def _packet(self, packet: Packet, now: Instant) -> Sequence[Observation]:
        if packet.kind != REPLY:  # our own question, echoed by the line
            return ()
        self._unanswered = 0
        if packet.device_id and packet.device_id != self._device_id:
            self._device_id = packet.device_id
            self._ask_at = now
        return () if packet.command is None else self._answer(packet.command, now)

    def _answer(self, answer: bytes, now: Instant) -> Sequence[Observation]:
        result = answer[4] if len(answer) > 4 and answer[1:4] == _COMMAND else None
        if result:
            return self._alerts.update(by_code([result_row(result)]), now, channel=self._device_id)
        record = record_of(answer) if result == 0 else None
        if record is None:
            self._malformed += 1
            return ()
        return self._status(record, now)

    def _status(self, record: Record, now: Instant) -> Sequence[Observation]:
        self._software = record.software
        rows = [alarm_row(bit) for bit in record.alarm_bits] + ([SUB_BATTERY] if record.sub_battery_bad else [])
        return [status_of(record, self._device_id, now, ASK_EVERY_S), *self._alerts.update(by_code(rows), now, channel=self._device_id)]
