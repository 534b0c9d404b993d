"""Alarms of the AP-4000, a row for each code. Keeps no state, knows no frame and no dialogue.

Codes and texts are the MDDT project's. The pump tells a priority with each alarm, and that counts; where it does not, THE
PRIORITIES HERE ARE PROPOSALS, to be confirmed by your clinicians. ``Ap4000Protocol(priorities=…)`` overrules both, by code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clinical.observations import Priority
from devices.alert_book import AlertRow, Source, Standing

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


def _row(code: str, text: str, priority: Priority) -> AlertRow:
    return AlertRow(code=code, text=text, priority=priority, source=Source.IMPLEMENTATION)


ROWS = {
    row.code: row
    for row in (
        _row("PA.01", "air", HIGH),
        _row("PA.02", "downstream occlusion", HIGH),
        _row("PA.03", "upstream occlusion", HIGH),
        _row("PA.04", "motor stall", HIGH),
        _row("PA.05", "set not installed", MEDIUM),
        _row("PA.06", "cartridge disengaged", HIGH),
        _row("PA.07", "reservoir nearly empty", LOW),
        _row("PA.08", "end of infusion", MEDIUM),
        _row("PA.09", "no action", LOW),
        _row("BA.01", "on battery", LOW),
        _row("BA.02", "battery low", MEDIUM),
        _row("BA.03", "battery depleted", HIGH),
    )
}
_FAMILIES = {"PE": ("pump error", HIGH), "SE": ("software error", HIGH), "DAE": ("software error", HIGH)}
"""By what stands before the point; their numbers are not explained."""
_TOLD = {"HIGH": HIGH, "MEDIUM": MEDIUM, "LOW": LOW}
PROPOSED_PRIORITIES: Mapping[str, Priority] = {row.code: row.priority for row in ROWS.values()}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm as the pump told it. ``pump`` is "PUMP1" or the like."""

    code: str
    pump: str
    priority: str


def alert_row(code: str) -> AlertRow:
    """The row of a code. One that nobody documents is still an alarm."""
    family = _FAMILIES.get(code.partition(".")[0])
    if family is not None:
        return _row(code, f"{family[0]} {code}", family[1])
    unknown = AlertRow(code=code, text=f"pump alarm: unknown code {code}", priority=MEDIUM, source=Source.NOWHERE)
    return ROWS.get(code, unknown)


def standing_of(alarm: Alarm) -> Standing:
    """The row of an alarm, with the priority the pump told where it told one."""
    row = alert_row(alarm.code)
    return Standing(row.text, _TOLD.get(alarm.priority.upper(), row.priority), row.technical)
