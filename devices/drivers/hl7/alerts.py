"""Alarms of pumps and monitors: PCD-04 messages (ORU^R40) and the standing conditions that pumps list in PCD-01.

One alarm may be told both ways: it goes when neither tells it. Events nobody has documented are alerts as well. Priorities that
a message does not give are proposals, to be confirmed by your clinicians. Sources: messages of a B. Braun gateway as described
in public; the words of PCD-04 by IHE's names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Priority
from devices.alert_book import Key, Standing
from devices.drivers.hl7.rows import Group, Row

EVENT, SOURCE, PHASE, STATE, PRIORITY, TYPE, TEXT, CONDITION = 196616, 68480, 68481, 68482, 68484, 68485, 68546, 68012
"""MDC: the event, its source, start/update/end, active/inactive/latched, priority, type, text; and the condition in PCD-01."""

PRIORITIES: Mapping[str, Priority] = {"PH": Priority.HIGH, "PM": Priority.MEDIUM, "PL": Priority.LOW, "PN": Priority.LOW}
UNTOLD_PRIORITY = Priority.MEDIUM
PHYSIOLOGICAL = "SP"
OVER = frozenset({"end", "inactive"})
"""Either word, in phase or state, ends it. Paused sound or a latched alarm does not."""

DEVICES = frozenset({"69986", "70049", "70050", "70053", "70054", "70067", "70071", "70091"})
"""Sources that are the device itself or a part of it; any other names what was measured."""
MOST_STANDING = 256
LONGEST_TEXT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """A documented event."""

    text: str
    priority: Priority


EVENTS: Mapping[str, EventRow] = {
    "197334": EventRow(text="infusion near end", priority=Priority.LOW),
    "197218": EventRow(text="syringe holder open", priority=Priority.HIGH),
}
PRIVATE = "0"
"""A maker's own event: its name is its number."""


def condition_of(value: tuple[str, ...], channel: str) -> tuple[Key, Standing] | None:
    """A condition that a pump lists as standing; None for an empty row."""
    event, name, *_ = (*value, "", "")
    if not (event or name):
        return None
    row = EVENTS.get(event)
    said = (row.text, row.priority) if row else (_unknown(event, name), UNTOLD_PRIORITY)
    return (_code(event, name), channel), Standing(*said, technical=True)


def told_in(group: Group) -> tuple[Key, Standing, bool] | None:
    """The alarm that a PCD-04 group tells of, and whether it stands; None if it names no event."""
    rows: dict[int, Row] = {}
    for row in group.rows:
        if row.mdc is not None:
            rows.setdefault(row.mdc, row)
    if EVENT not in rows:
        return None
    event, name, *_ = (*rows[EVENT].values[0], "", "")
    if not (event or name):
        return None
    source = rows[SOURCE].values[0][0] if SOURCE in rows else ""
    known = EVENTS.get(event)
    text = _text(rows, TEXT) or (known.text if known else _unknown(event, name))
    told = Standing(
        text=text[:LONGEST_TEXT],
        priority=PRIORITIES.get(_text(rows, PRIORITY).upper(), known.priority if known else UNTOLD_PRIORITY),
        technical=_text(rows, TYPE).upper() != PHYSIOLOGICAL,
    )
    code = _code(event, name) + ("" if source in DEVICES or not source else f"@{source}")
    channel = next((row.device for row in group.rows if row.device), "")
    return (code, channel), told, not {_text(rows, PHASE).lower(), _text(rows, STATE).lower()} & OVER


def _text(rows: Mapping[int, Row], code: int) -> str:
    return rows[code].value if code in rows else ""


def _code(event: str, name: str) -> str:
    return f"MDC:{event}" if event not in {PRIVATE, ""} else f"MDC:0:{name}"[:LONGEST_TEXT]


def _unknown(event: str, name: str) -> str:
    return f"unknown code {event} {name}".strip()[:LONGEST_TEXT]


class TwoWays:
    """Which alarms stand by which of the two ways; tells when one appears and when it goes."""

    def __init__(self) -> None:
        self._listed: dict[Key, Standing] = {}
        self._reported: dict[Key, Standing] = {}

    def take_list(self, channel: str, listed: Mapping[Key, Standing], now: Instant) -> list[DeviceAlert]:
        """A pump lists all that stands on it."""
        before = self._listed
        self._listed = {key: told for key, told in before.items() if key[1] != channel} | dict(listed)
        gone = [key for key in before if key not in self._listed and key not in self._reported]
        new = [key for key in listed if key not in before and key not in self._reported]
        return [_alert(key, before[key], now, active=False) for key in gone] + [_alert(key, listed[key], now, active=True) for key in new]

    def take_report(self, key: Key, told: Standing, now: Instant, *, stands: bool) -> list[DeviceAlert]:
        """A message tells of one alarm. One that changed its text or priority is told again."""
        before = self._reported.pop(key, None)
        if not stands:
            known = before is not None and key not in self._listed
            return [_alert(key, told, now, active=False)] if known else []
        if len(self._reported) < MOST_STANDING:
            self._reported[key] = told
        return [] if told == before else [_alert(key, told, now, active=True)]


def _alert(key: Key, told: Standing, now: Instant, *, active: bool) -> DeviceAlert:
    code, channel = key
    return DeviceAlert(at=now, code=code, text=told.text, priority=told.priority, active=active, technical=told.technical, channel=channel)
