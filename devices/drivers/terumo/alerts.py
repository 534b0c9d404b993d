"""Alarms of TE-SS pumps, a row for each bit, and which of them stand. Knows no packet and no dialogue.

Bits and texts are the maker's manual's; that the three bytes are ordered like its numbers is assumed, as its examples hold no
alarm. THE PRIORITIES ARE PROPOSALS, to be confirmed by your clinicians; ``TerumoProtocol(priorities=…)`` replaces any by code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Priority

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


class Source(Enum):
    """Where a row's meaning comes from."""

    VENDOR = "vendor document"
    NOWHERE = "not documented"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    code: str
    text: str
    priority: Priority
    source: Source = Source.VENDOR


_BITS = {
    0: ("shutdown", HIGH),
    1: ("link interruption", MEDIUM),
    2: ("completion", MEDIUM),
    3: ("occlusion", HIGH),
    4: ("syringe displaced", HIGH),
    5: ("plunger displaced", HIGH),
    6: ("slider displaced", HIGH),
    7: ("barrel not detected", HIGH),
    8: ("nearly empty", LOW),
    13: ("power failure", MEDIUM),
    15: ("mains detector", LOW),
    16: ("no flow rate set", LOW),
    17: ("check rate and volume to be infused", LOW),
    18: ("no volume to be infused set", LOW),
    19: ("battery", MEDIUM),
    20: ("start reminder", MEDIUM),
    21: ("pressure", HIGH),
    22: ("maintenance", LOW),
    23: ("replace the battery", LOW),
}
STOPPING = frozenset({0, 3, 4, 5, 6, 7})
"""Alarms at which a pump that says "stop" has been stopped by them: an inference from their names."""
_RESULTS = {
    0x11: "unknown command",
    0x12: "command invalid or not executable",
    0x13: "command too short",
    0x14: "command too long",
    0x15: "parameter out of range",
}
ROWS = {
    row.code: row
    for row in (
        *(AlertRow(code=f"ALARM:{bit}", text=text, priority=priority) for bit, (text, priority) in _BITS.items()),
        *(AlertRow(code=f"RESULT:{number:02X}", text=f"the pump answers: {text}", priority=LOW) for number, text in _RESULTS.items()),
    )
}
SUB_BATTERY = AlertRow(code="SUB-BATTERY", text="sub-battery bad", priority=LOW)
PROPOSED_PRIORITIES: Mapping[str, Priority] = {row.code: row.priority for row in (*ROWS.values(), SUB_BATTERY)}


def alarm_row(bit: int) -> AlertRow:
    """The row of a bit. One that nobody documents is still an alarm."""
    code = f"ALARM:{bit}"
    unknown = AlertRow(code=code, text=f"unknown code 0x{1 << bit:06X} in the alarms", priority=MEDIUM, source=Source.NOWHERE)
    return ROWS.get(code, unknown)


def result_row(result: int) -> AlertRow:
    """The row of a result that is not 00."""
    code = f"RESULT:{result:02X}"
    unknown = AlertRow(code=code, text=f"the pump answers: unknown code 0x{result:02X}", priority=LOW, source=Source.NOWHERE)
    return ROWS.get(code, unknown)


class AlertBook:
    """Which alerts stand, so that each is told when it comes and when it goes."""

    def __init__(self, priorities: Mapping[str, Priority]) -> None:
        self._priorities = priorities
        self._standing: dict[str, AlertRow] = {}

    def update(self, rows: Iterable[AlertRow], channel: str, now: Instant) -> list[DeviceAlert]:
        """These stand now, and no others."""
        before, self._standing = self._standing, {row.code: row for row in rows}
        ended = (row for code, row in before.items() if code not in self._standing)
        begun = (row for code, row in self._standing.items() if code not in before)
        changes = ((ended, False), (begun, True))
        return [self._alert(row, channel, now, active=active) for changed, active in changes for row in changed]

    def _alert(self, row: AlertRow, channel: str, now: Instant, *, active: bool) -> DeviceAlert:
        priority = self._priorities.get(row.code, row.priority)
        return DeviceAlert(at=now, code=row.code, text=row.text, priority=priority, active=active, technical=True, channel=channel)
