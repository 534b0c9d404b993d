"""What a device's alarm code means, and which of its alarms stand, so that each is told when it comes and when it goes.

Holds no table of its own: those are in each driver's ``mapping.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alarm or technical message of a device.

    Attributes:
        code: the maker's own, as short as it can be named.
        text: in English; it says which kind of device speaks.
        priority: a proposal, to be confirmed by your clinicians: makers do not send one.
        source: where the meaning is from.
        technical: of the device and its sensor, not of the patient.
    """

    code: str
    text: str
    priority: Priority
    source: str
    technical: bool = True


def unknown_row(device: str, where: str, number: int) -> AlertRow:
    """A row for a code that no source explains: told all the same, because it may be the one that matters."""
    named = f"unknown code 0x{number:X}"
    return AlertRow(code=f"{where}-{number:X}", text=f"{device}: {named} ({where})", priority=Priority.LOW, source="not documented")


class AlertBook:
    """Remembers what stood."""

    def __init__(self) -> None:
        self._standing: dict[str, AlertRow] = {}

    def update(self, rows: Iterable[AlertRow], at: Instant) -> list[DeviceAlert]:
        """Alerts that went, then those that came, each in the order of its listing; ``rows`` are all that stand now."""
        now = {row.code: row for row in rows}
        gone = [row for code, row in self._standing.items() if now.get(code) != row]
        new = [row for code, row in now.items() if self._standing.get(code) != row]
        self._standing = now
        return [_alert(row, at, active=False) for row in gone] + [_alert(row, at, active=True) for row in new]


def _alert(row: AlertRow, at: Instant, *, active: bool) -> DeviceAlert:
    return DeviceAlert(at=at, code=row.code, text=row.text, priority=row.priority, active=active, technical=row.technical)
