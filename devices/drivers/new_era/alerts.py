"""Alarms and errors of New Era pumps, and which of them stand. Knows no bytes and no dialogue.

Codes and texts are the manual's. THE PRIORITIES ARE PROPOSALS; ``NewEraProtocol(priorities=…)`` replaces any of them by code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Priority

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


class Source(Enum):
    """Where a row's meaning comes from."""

    VENDOR = "vendor document"
    NOWHERE = "not documented"
    OURS = "said by this program"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    code: str
    text: str
    priority: Priority
    source: Source = Source.VENDOR


ROWS = {
    row.code: row
    for row in (
        AlertRow(code="A?R", text="pump was reset (power lost)", priority=HIGH),
        AlertRow(code="A?S", text="motor stalled: occlusion or end stop", priority=HIGH),
        AlertRow(code="A?T", text="safe-mode communication time-out", priority=HIGH),
        AlertRow(code="A?E", text="program error", priority=MEDIUM),
        AlertRow(code="A?O", text="program phase out of range", priority=MEDIUM),
        AlertRow(code="?", text="the pump does not know a question", priority=LOW),
        AlertRow(code="?NA", text="a question is not applicable now", priority=LOW),
        AlertRow(code="?OOR", text="a question is out of range", priority=LOW),
        AlertRow(code="?COM", text="the pump received a damaged packet", priority=LOW),
        AlertRow(code="?IGN", text="the pump ignored a question", priority=LOW),
    )
}
SAFE_MODE = AlertRow(
    code="SAFE",
    text="the pump is in safe mode and is not asked, as its watchdog would stop it: set it to basic mode at the pump",
    priority=MEDIUM,
    source=Source.OURS,
)
WITHDRAWS = AlertRow(code="W", text="the pump withdraws", priority=MEDIUM)
PROPOSED_PRIORITIES: Mapping[str, Priority] = {row.code: row.priority for row in (*ROWS.values(), SAFE_MODE, WITHDRAWS)}


def alert_row(code: str) -> AlertRow:
    """The row of an alarm ("A?S") or an error ("?OOR")."""
    unknown = AlertRow(code=code, text=f"unknown code {code}", priority=MEDIUM, source=Source.NOWHERE)
    return ROWS.get(code, unknown)


class AlertBook:
    """Which alerts stand, so that each is told once when it comes and once when it goes."""

    def __init__(self, priorities: Mapping[str, Priority]) -> None:
        self._priorities = priorities
        self._standing: dict[str, AlertRow] = {}

    def begin(self, row: AlertRow, channel: str, now: Instant) -> list[DeviceAlert]:
        """It stands from now on."""
        if row.code in self._standing:
            return []
        self._standing[row.code] = row
        return [self._alert(row, channel, now, active=True)]

    def end(self, codes: tuple[str, ...], channel: str, now: Instant) -> list[DeviceAlert]:
        """Those whose code begins with one of these stand no longer."""
        ended = [row for code, row in self._standing.items() if code.startswith(codes)]
        for row in ended:
            del self._standing[row.code]
        return [self._alert(row, channel, now, active=False) for row in ended]

    def _alert(self, row: AlertRow, channel: str, now: Instant, *, active: bool) -> DeviceAlert:
        priority = self._priorities.get(row.code, row.priority)
        return DeviceAlert(at=now, code=row.code, text=row.text, priority=priority, active=active, technical=True, channel=channel)
