"""Alarms of Dianet-Star pumps, a row for each bit, and which of them stand. Knows no frame and no dialogue.

Bits and texts come from an implementation that carried the maker's headers. THE PRIORITIES ARE PROPOSALS, to be confirmed by
your clinicians; ``DianetProtocol(priorities=…)`` replaces any of them by code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Priority

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


class Source(Enum):
    """Where a row's meaning comes from."""

    IMPLEMENTATION = "an implementation with the maker's headers"
    NOWHERE = "not documented"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    code: str
    text: str
    priority: Priority
    source: Source = Source.IMPLEMENTATION


_ALARMS = {
    0: ("syringe", HIGH),
    1: ("syringe pre-alarm", LOW),
    2: ("syringe empty", HIGH),
    3: ("pressure", HIGH),
    4: ("air", HIGH),
    5: ("drop", MEDIUM),
    6: ("battery empty", HIGH),
    7: ("battery pre-alarm", MEDIUM),
    8: ("door open", HIGH),
    9: ("rate invalid", MEDIUM),
    10: ("reminder", LOW),
    11: ("end of standby", MEDIUM),
    12: ("volume to be delivered is complete", MEDIUM),
    13: ("end of time", MEDIUM),
    14: ("communication", MEDIUM),
    15: ("end of KVO", MEDIUM),
    16: ("remote key", MEDIUM),
    17: ("KVO pre-alarm", LOW),
    18: ("least pressure", MEDIUM),
    19: ("PCA button", LOW),
    20: ("PCA limit", MEDIUM),
}
_STATES = {
    2: ("the pump is under another computer's remote control", LOW),
    3: ("the pump is in closed-loop control by another computer", MEDIUM),
}
_REFUSALS = {
    1: "check",
    2: "frame",
    3: "segment",
    4: "user",
    5: "ident",
    6: "range",
    7: "length",
    8: "address",
    9: "mode",
}
STOPPING = frozenset({0, 2, 3, 4, 6, 8, 12, 13})
"""Alarms by which a pump that does not run has been stopped: an inference from their names."""

ROWS = {
    row.code: row
    for row in (
        *(AlertRow(code=f"ALARM:{bit}", text=text, priority=priority) for bit, (text, priority) in _ALARMS.items()),
        *(AlertRow(code=f"STATE:{bit}", text=text, priority=priority) for bit, (text, priority) in _STATES.items()),
        *(AlertRow(code=f"NAK:{reason}", text=f"the pump refuses a question: {text}", priority=LOW) for reason, text in _REFUSALS.items()),
    )
}
PROPOSED_PRIORITIES: Mapping[str, Priority] = {code: row.priority for code, row in ROWS.items()}


def rows_of(alarm: int, state: int) -> list[AlertRow]:
    """A row for each bit of the alarm word, known or not, and for those of the state word that are worth a message."""
    alarms = [_alarm_row(bit) for bit in range(32) if alarm >> bit & 1]
    return alarms + [ROWS[f"STATE:{bit}"] for bit in _STATES if state >> bit & 1]


def _alarm_row(bit: int) -> AlertRow:
    code = f"ALARM:{bit}"
    unknown = AlertRow(code=code, text=f"unknown code 0x{1 << bit:08X} in the alarms", priority=MEDIUM, source=Source.NOWHERE)
    return ROWS.get(code, unknown)


def refusal_row(reason: int) -> AlertRow:
    """The row of the byte after NAK."""
    code = f"NAK:{reason}"
    text = f"the pump refuses a question: unknown code 0x{reason:02X}"
    return ROWS.get(code, AlertRow(code=code, text=text, priority=LOW, source=Source.NOWHERE))


class AlertBook:
    """Which alerts stand, by what tells of them, so that each is told when it comes and when it goes."""

    def __init__(self, priorities: Mapping[str, Priority]) -> None:
        self._priorities = priorities
        self._standing: dict[int, dict[str, DeviceAlert]] = {}

    def update(self, segment: int, rows: Iterable[AlertRow], channel: str, now: Instant) -> list[DeviceAlert]:
        """By what this segment told, these stand now, and no others. An alert ends under the channel it began with."""
        before, told_now = self._standing.get(segment, {}), {row.code: row for row in rows}
        begun = {code: self._alert(row, channel, now) for code, row in told_now.items() if code not in before}
        ended = [replace(alert, at=now, active=False) for code, alert in before.items() if code not in told_now]
        self._standing[segment] = {**{code: alert for code, alert in before.items() if code in told_now}, **begun}
        return [*ended, *begun.values()]

    def _alert(self, row: AlertRow, channel: str, now: Instant) -> DeviceAlert:
        priority = self._priorities.get(row.code, row.priority)
        return DeviceAlert(at=now, code=row.code, text=row.text, priority=priority, technical=True, channel=channel)
