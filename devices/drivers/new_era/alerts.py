"""Alarms and errors of New Era pumps, as rows. Keeps no state, knows no bytes and no dialogue.

Codes and texts are the manual's. THE PRIORITIES ARE PROPOSALS; ``NewEraProtocol(priorities=…)`` replaces any of them by code.
"""

from __future__ import annotations

from collections.abc import Mapping

from clinical.observations import Priority
from devices.alert_book import AlertRow, Source

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


def _row(code: str, text: str, priority: Priority) -> AlertRow:
    return AlertRow(code=code, text=text, priority=priority, source=Source.VENDOR)


ROWS = {
    row.code: row
    for row in (
        _row("A?R", "pump was reset (power lost)", HIGH),
        _row("A?S", "motor stalled: occlusion or end stop", HIGH),
        _row("A?T", "safe-mode communication time-out", HIGH),
        _row("A?E", "program error", MEDIUM),
        _row("A?O", "program phase out of range", MEDIUM),
        _row("?", "the pump does not know a question", LOW),
        _row("?NA", "a question is not applicable now", LOW),
        _row("?OOR", "a question is out of range", LOW),
        _row("?COM", "the pump received a damaged packet", LOW),
        _row("?IGN", "the pump ignored a question", LOW),
    )
}
SAFE_MODE = AlertRow(
    code="SAFE",
    text="the pump is in safe mode and is not asked, as its watchdog would stop it: set it to basic mode at the pump",
    priority=MEDIUM,
    source=Source.OURS,
)
WITHDRAWS = _row("W", "the pump withdraws", MEDIUM)
PROPOSED_PRIORITIES: Mapping[str, Priority] = {row.code: row.priority for row in (*ROWS.values(), SAFE_MODE, WITHDRAWS)}


def alert_row(code: str) -> AlertRow:
    """The row of an alarm ("A?S") or an error ("?OOR")."""
    unknown = AlertRow(code=code, text=f"unknown code {code}", priority=MEDIUM, source=Source.NOWHERE)
    return ROWS.get(code, unknown)
