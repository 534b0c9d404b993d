"""Alarms of the AP-4000, a row for each code, and which of them stand. Knows no frame and no dialogue.

Codes and texts are the MDDT project's. The pump tells a priority with each alarm, and that counts; where it does not, THE
PRIORITIES HERE ARE PROPOSALS, to be confirmed by your clinicians. ``Ap4000Protocol(priorities=…)`` overrules both, by code.
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

    IMPLEMENTATION = "an independent implementation"
    NOWHERE = "not documented"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    code: str
    text: str
    priority: Priority
    source: Source = Source.IMPLEMENTATION


ROWS = {
    row.code: row
    for row in (
        AlertRow(code="PA.01", text="air", priority=HIGH),
        AlertRow(code="PA.02", text="downstream occlusion", priority=HIGH),
        AlertRow(code="PA.03", text="upstream occlusion", priority=HIGH),
        AlertRow(code="PA.04", text="motor stall", priority=HIGH),
        AlertRow(code="PA.05", text="set not installed", priority=MEDIUM),
        AlertRow(code="PA.06", text="cartridge disengaged", priority=HIGH),
        AlertRow(code="PA.07", text="reservoir nearly empty", priority=LOW),
        AlertRow(code="PA.08", text="end of infusion", priority=MEDIUM),
        AlertRow(code="PA.09", text="no action", priority=LOW),
        AlertRow(code="BA.01", text="on battery", priority=LOW),
        AlertRow(code="BA.02", text="battery low", priority=MEDIUM),
        AlertRow(code="BA.03", text="battery depleted", priority=HIGH),
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
        return AlertRow(code=code, text=f"{family[0]} {code}", priority=family[1])
    unknown = AlertRow(code=code, text=f"pump alarm: unknown code {code}", priority=MEDIUM, source=Source.NOWHERE)
    return ROWS.get(code, unknown)


class AlertBook:
    """Which alarms stand, so that each is told when it comes and when it goes. ``overruling`` sets priorities by code."""

    def __init__(self, overruling: Mapping[str, Priority]) -> None:
        self._overruling = overruling
        self._standing: dict[tuple[str, str], DeviceAlert] = {}

    def update(self, alarms: Iterable[Alarm], channels: Mapping[str, str], now: Instant) -> list[DeviceAlert]:
        """These stand now, and no others. ``channels`` says what the pumps they name are called."""
        before, told = self._standing, {(alarm.code, alarm.pump): alarm for alarm in alarms}
        begun = {key: self._alert(alarm, channels, now) for key, alarm in told.items() if key not in before}
        ended = [replace(alert, at=now, active=False) for key, alert in before.items() if key not in told]
        self._standing = {**{key: alert for key, alert in before.items() if key in told}, **begun}
        return [*ended, *begun.values()]

    def _alert(self, alarm: Alarm, channels: Mapping[str, str], now: Instant) -> DeviceAlert:
        row = alert_row(alarm.code)
        priority = self._overruling.get(row.code, _TOLD.get(alarm.priority.upper(), row.priority))
        channel = channels.get(alarm.pump, "")
        return DeviceAlert(at=now, code=row.code, text=row.text, priority=priority, technical=True, channel=channel)
