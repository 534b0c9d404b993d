"""Conditions of the program itself: a row for each part that may fail and says so (``SelfReport``)."""

from __future__ import annotations

from types import MappingProxyType

from clinical.alarm_model import Kind
from clinical.alarms.finding import Condition
from clinical.alarms.wording import joined
from clinical.observations import Priority

_HIGH, _MEDIUM, _LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


def _row(part: str, title: str, priority: Priority, *, latching: bool = False) -> Condition:
    return Condition(
        name=part,
        id="self:{code}",
        kind=Kind.TECHNICAL,
        priority=priority,
        title=lambda _found: title,
        detail=lambda found: joined(found.text, found.note),
        latching=latching,
        outside_case=True,
    )


SELF_REPORTS = MappingProxyType(
    {
        "recorder": _row("recorder", "NOT RECORDING", _HIGH),
        "disk": _row("disk", "Disk nearly full", _MEDIUM),
        "display": _row("display", "Screen does not answer", _HIGH),
        "sound": _row("sound", "CANNOT SOUND", _HIGH),
        "watch": _row("watch", "ALARMS MAY BE MISSING", _HIGH, latching=True),
        "late": _row("late", "ALARMS COME LATE", _HIGH),
        "fault": _row("fault", "Fault in the program", _MEDIUM, latching=True),
        "power": _row("power", "Watch was interrupted", _LOW, latching=True),
        "disk budget": _row("disk budget", "Disk may not last for this case", _LOW),
        "database": _row("database", "Stored record damaged", _MEDIUM),
        "server": _row("server", "Server away, recorded here", _LOW),
        "drafts": _row("drafts", "Forms under way not kept", _LOW),
        "bed": _row("bed", "Bed not shown at the station", _LOW),
    }
)
"""By ``SelfReport.part``; a part that is not here is told as a fault."""
