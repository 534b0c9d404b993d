"""What a device's alarm code means, and which of its alarms stand, so that each is told once when it comes and once when it goes.

Holds no table of its own: those are in each driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One alert as it stands: what ``DeviceAlert`` says of it besides its code and its moment."""

    text: str
    priority: Priority
    technical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alarm or technical message of a device, as a row of its driver's table.

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


def by_code(rows: Iterable[AlertRow]) -> dict[str, Standing]:
    """Rows that stand now, for the book."""
    return {row.code: Standing(text=row.text, priority=row.priority, technical=row.technical) for row in rows}


@dataclass(slots=True)
class AlertBook:
    """What stood last, by code, in the order of its telling."""

    _standing: dict[str, Standing] = field(default_factory=dict)

    def update(self, standing: Mapping[str, Standing], at: Instant) -> list[DeviceAlert]:
        """Alerts that went, then those that came or changed, against what stood before."""
        gone = [_alert(code, alert, at, active=False) for code, alert in self._standing.items() if code not in standing]
        come = [_alert(code, alert, at, active=True) for code, alert in standing.items() if self._standing.get(code) != alert]
        self._standing = dict(standing)
        return gone + come


def _alert(code: str, alert: Standing, at: Instant, *, active: bool) -> DeviceAlert:
    return DeviceAlert(at=at, code=code, text=alert.text, priority=alert.priority, active=active, technical=alert.technical)
