"""THE TABLE of conditions: a row for each kind. To add an alarm: add a row here and a test. Of the infusion:
infusion_conditions.py; of the program itself: self_conditions.py.

A row (finding.py) knows what its condition is called, how urgent it is, how long it must last before it counts, whether it
stays until it is acknowledged, and its words. When a condition is true is found by the
file of its subject: limits.py, standstill.py, sensors.py, lines.py, infusion.py, pump_watch.py and their neighbours.
Priorities and delays are proposals, to be confirmed by your clinicians; a preset may change each of them by the row's name.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from clinical.alarm_model import Kind
from clinical.alarms import infusion_conditions
from clinical.alarms.finding import Condition, Finding
from clinical.alarms.row_words import note, said, text_alone, told_with
from clinical.alarms.self_conditions import SELF_REPORTS
from clinical.alarms.wording import crossed, device_title
from clinical.observations import Priority


def _crossed(*, low: bool) -> Callable[[Finding], str]:
    def title(found: Finding) -> str:
        if found.metric is None or found.value is None or found.limit is None:
            raise ValueError(f"{found.row.name}: a crossing needs metric, value and limit")
        return crossed(found.metric, found.value, found.limit, low=low)

    return title


def _line(what: str) -> Callable[[Finding], str]:
    return lambda found: f"{device_title(found.device)} line {what}"


_NUMBERS_MISSING = "its numbers are missing until it returns"
_LOOK_AT_PUMP = "look at the pump itself: it may be infusing"

_PHY, _TEC = Kind.PHYSIOLOGICAL, Kind.TECHNICAL
_HIGH, _MEDIUM, _LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW

LIMIT_LOW = Condition(
    name="limit low", id="limit:{metric}:low:{channel}", kind=_PHY, priority=_MEDIUM, title=_crossed(low=True), detail=note
)
LIMIT_HIGH = Condition(
    name="limit high", id="limit:{metric}:high:{channel}", kind=_PHY, priority=_MEDIUM, title=_crossed(low=False), detail=note
)

SLOPE = Condition(
    name="slope",
    id="slope:{metric}:{channel}",
    kind=_PHY,
    priority=_MEDIUM,
    title=lambda found: found.text,
    detail=note,
)
FUSED = Condition(
    name="fused",
    id="fused:{code}",
    kind=_PHY,
    priority=_MEDIUM,
    title=lambda found: found.text,
    detail=note,
)
WAITS_FOR_CUFF = Condition(
    name="waits for the cuff",
    id="wait:{metric}:{channel}",
    kind=_TEC,
    priority=_LOW,
    title=lambda found: f"{found.label} alarm waits: cuff inflating",
    detail=note,
)

SENSOR_OFF = Condition(
    name="sensor off",
    id="sensor:{metric}",
    kind=_TEC,
    priority=_LOW,
    delay_s=5.0,
    title=lambda found: f"{found.label} {found.text or 'sensor off'}",
    detail=note,
)
NO_DATA = Condition(
    name="no data",
    id="nodata:{metric}",
    kind=_TEC,
    priority=_LOW,
    title=lambda found: f"{found.label} {found.text or 'no data'}",
    detail=note,
)
SENSOR_WAITS = Condition(
    name="sensor waits for the cuff",
    id="wait:sensor:{metric}",
    kind=_TEC,
    priority=_LOW,
    title=lambda found: f"{found.label} sensor alarm waits: cuff inflating",
    detail=note,
)
OTHER_SOURCE = Condition(
    name="other source shown",
    id="source:{code}",
    kind=_TEC,
    priority=_LOW,
    delay_s=5.0,
    title=text_alone,
    detail=note,
)


def _line_row(what: str, who: str, priority: Priority, meaning: str) -> Condition:
    return Condition(
        name=f"{who} line {what}",
        id="link:{device}:" + what,
        kind=_TEC,
        priority=priority,
        title=_line(what),
        detail=told_with(meaning),
        outside_case=True,
    )


MONITOR_LINE_LOST = _line_row("lost", "monitor", _HIGH, _NUMBERS_MISSING)
MONITOR_LINE_SILENT = _line_row("silent", "monitor", _HIGH, _NUMBERS_MISSING)
MONITOR_LINE_GARBLED = _line_row("garbled", "monitor", _HIGH, _NUMBERS_MISSING)
PUMP_LINE_LOST = _line_row("lost", "pump", _MEDIUM, _LOOK_AT_PUMP)
PUMP_LINE_SILENT = _line_row("silent", "pump", _MEDIUM, _LOOK_AT_PUMP)
PUMP_LINE_GARBLED = _line_row("garbled", "pump", _MEDIUM, _LOOK_AT_PUMP)

DEVICE_ALARM = Condition(
    name="device alarm",
    id="device:{device}:{channel}:{code}",
    kind=_PHY,
    priority=_MEDIUM,
    title=lambda found: f"{found.device.upper()}: {found.text or found.code}",
    detail=note,
)
DEVICE_MESSAGE = Condition(
    name="device message", id=DEVICE_ALARM.id, kind=_TEC, priority=_LOW, title=DEVICE_ALARM.title, detail=DEVICE_ALARM.detail
)


def _zero(found: Finding) -> str:
    return f"{found.row.name.upper()}: {found.label} 0"


APNOEA = Condition(name="apnoea", id="apnoea:{metric}", kind=_PHY, priority=_HIGH, delay_s=10.0, title=_zero, detail=note)
NO_PULSE = Condition(name="no pulse", id="no-pulse:{metric}", kind=_PHY, priority=_HIGH, delay_s=4.0, title=_zero, detail=note)
POOR_SIGNAL = Condition(
    name="poor signal",
    id="signal:{metric}",
    kind=_TEC,
    priority=_LOW,
    delay_s=30.0,
    title=lambda found: f"{found.label} poor signal",
    detail=note,
)
CUFF_OVERDUE = Condition(
    name="cuff overdue", id="cuff:overdue", kind=_TEC, priority=_LOW, delay_s=20 * 60.0, title=said("Cuff pressure overdue"), detail=note
)
ROUND_OVERDUE = Condition(
    name="round overdue",
    id="round:overdue",
    kind=_TEC,
    priority=_LOW,
    delay_s=10 * 60.0,
    title=said("Round overdue"),
    detail=note,
    sounds_once=True,
)
CLOCK_STEPPED = Condition(
    name="clock stepped",
    id="clock:stepped",
    kind=_TEC,
    priority=_LOW,
    title=said("Clock of this computer stepped"),
    detail=note,
    latching=True,
    outside_case=True,
)
PRESET_REFUSED = Condition(
    name="preset refused",
    id="preset:refused",
    kind=_TEC,
    priority=_LOW,
    title=said("Site's alarm preset NOT used"),
    detail=note,
)


_ROWS = (*list(vars().values()), *vars(infusion_conditions).values(), *SELF_REPORTS.values())
CONDITIONS = MappingProxyType({row.name: row for row in _ROWS if isinstance(row, Condition)})
"""Every row, by name."""
