"""The monitor's own alerts, patient and technical, from polls of its alert monitor. Told when they appear and when they go.

Structures as open programs read them; no recorded bytes prove them. Where the monitor sends a text it is in its own language
and passed on as it stands. An alert that is silenced, latched or suspended at the monitor is still told: it still stands there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Priority
from devices.alert_book import AlertBook, Key, Standing
from devices.drivers.intellivue.alert_codes import ALERT_CODES
from devices.drivers.intellivue.attributes import MalformedError, text_of
from devices.drivers.intellivue.mapping import (
    PATIENT_ALERTS,
    PATIENT_TYPES,
    SOURCES,
    TECHNICAL_ALERTS,
    TECHNICAL_TYPES,
    UNKNOWN_TYPE,
)
from devices.drivers.intellivue.messages import Part, PolledObject, Result

DEMO_HELD_S = 5.0
WITH_TEXT = 516
"""Information id of an entry that carries a text: instance, text id, priority, flags, string."""

_ENTRY = struct.Struct(">HHHH6xHH")
_TEXT_AT = 10


def _entries(raw: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """(source, code, type, text information) of each entry of a list."""
    count, length = struct.unpack_from(">HH", raw)
    at = 4
    if at + length != len(raw):
        raise MalformedError("alert list")
    for _ in range(count):
        source, code, kind, _, info, size = _ENTRY.unpack_from(raw, at)
        at += _ENTRY.size + size
        if at > len(raw):
            raise MalformedError("alert")
        yield source, code, kind, raw[at - size + _TEXT_AT : at] if info == WITH_TEXT and size > _TEXT_AT else b""


def _said(source: int, code: int, text: bytes) -> str:
    told = text_of(text) if text else ""
    if told:
        return told
    name = SOURCES.get(source, f"source 0x{source:04X}")
    return f"{name}: {ALERT_CODES.get(code, f'unknown code 0x{code:04X}')}"


def standing_of(raw: bytes, *, technical: bool) -> dict[Key, Standing]:
    """What stands by one list: our code of it → what is said. Raises MalformedError or struct.error."""
    standing: dict[Key, Standing] = {}
    for source, code, kind, text in _entries(raw):
        priority = {**TECHNICAL_TYPES, **PATIENT_TYPES}.get(kind, UNKNOWN_TYPE)
        key = (f"{'inop' if technical else 'alarm'}:0x{code:04X}@0x{source:04X}", "")
        said = Standing(_said(source, code, text), priority, technical)
        if key not in standing or priority.rank > standing[key].priority.rank:
            standing[key] = said
    return standing


class AlertReader:
    """Follows the alert lists of one association; an answer in linked parts counts only when whole."""

    def __init__(self) -> None:
        self._books = {PATIENT_ALERTS: AlertBook(), TECHNICAL_ALERTS: AlertBook()}
        self._gathered: dict[int, dict[Key, Standing]] = {}
        self._parts = 0
        self._broken = False

    def read(self, objects: Sequence[PolledObject], result: Result, now: Instant) -> Sequence[DeviceAlert]:
        """The changes, once the last part of an answer is there."""
        if result.part is Part.FIRST:
            self._begin()
        if result.part is not Part.ALONE:
            self._parts += 1
            self._broken = self._broken or result.count != self._parts
        self._gather(objects)
        return self._tell(now) if result.part is Part.ALONE else ()

    def _begin(self) -> None:
        self._gathered, self._parts, self._broken = {}, 0, False

    def _gather(self, objects: Sequence[PolledObject]) -> None:
        for item in objects:
            for name in self._books:
                if name in item.attributes:
                    standing = standing_of(item.attributes[name], technical=name == TECHNICAL_ALERTS)
                    self._gathered.setdefault(name, {}).update(standing)

    def _tell(self, now: Instant) -> Sequence[DeviceAlert]:
        """A list that was not sent says nothing: what stood in it stands."""
        gathered, broken = self._gathered, self._broken
        self._begin()
        if broken:
            return ()
        return [alert for name, standing in gathered.items() for alert in self._books[name].update(standing, now)]


_DEMO: Mapping[Key, Standing] = {("demo-data", ""): Standing("DEMO data: these numbers are from no patient", Priority.HIGH, technical=True)}


class DemoWatch:
    """Says loudly that what comes is demonstration data: a technical alert of high priority (proposed) while any does."""

    def __init__(self) -> None:
        self._book = AlertBook()
        self._seen_at: Instant | None = None

    def update(self, now: Instant, *, demo: bool) -> Sequence[DeviceAlert]:
        """The alert when it begins, and when none has come for a while. ``demo``: the present message held some."""
        if demo:
            self._seen_at = now
        standing = self._seen_at is not None and now.since(self._seen_at) < DEMO_HELD_S
        return self._book.update(_DEMO if standing else {}, now)
