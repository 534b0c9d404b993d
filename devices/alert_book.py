"""Which alerts of a device stand, so that each is told once when it comes and once when it goes. Knows no device and no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clinical.instant import Instant
from clinical.observations import DeviceAlert, Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One alert as it stands: what ``DeviceAlert`` says of it besides its code and its moment."""

    text: str
    priority: Priority
    technical: bool = False


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
