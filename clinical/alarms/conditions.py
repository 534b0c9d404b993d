"""THE TABLE of conditions: a row for each kind. To add an alarm: add a row here and a test. Of the program itself: self_conditions.py.

A row (finding.py) knows what its condition is called, how urgent it is, how long it must last before it counts, whether it
stays until it is acknowledged, and its words. When a condition is true is found by the
file of its subject: limits.py, standstill.py, sensors.py, lines.py, infusion.py, pump_watch.py and their neighbours.
Priorities and delays are proposals, to be confirmed by your clinicians; a preset may change each of them by the row's name.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from clinical.alarm_model import Kind
from clinical.alarms.finding import Condition, Finding
from clinical.alarms.self_conditions import SELF_REPORTS
from clinical.alarms.wording import crossed, device_title, joined
from clinical.observations import Priority


def _crossed(*, low: bool) -> Callable[[Finding], str]:
    def title(found: Finding) -> str:
        if found.metric is None or found.value is None or found.limit is None:
            raise ValueError(f"{found.row.name}: a crossing needs metric, value and limit")
        return crossed(found.metric, found.value, found.limit, low=low)

    return title


def _said(text: str) -> Callable[[Finding], str]:
    return lambda _found: text


def _note(found: Finding) -> str:
    return found.note


def _text_alone(found: Finding) -> str:
    return found.text


def _text(found: Finding) -> str:
    return joined(found.text, found.note)


def _line(what: str) -> Callable[[Finding], str]:
    return lambda found: f"{device_title(found.device)} line {what}"


def _told_with(meaning: str) -> Callable[[Finding], str]:
    return lambda found: joined(found.text, meaning)


_NUMBERS_MISSING = "its numbers are missing until it returns"
_LOOK_AT_PUMP = "look at the pump itself: it may be infusing"

_PHY, _TEC = Kind.PHYSIOLOGICAL, Kind.TECHNICAL
_HIGH, _MEDIUM, _LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW

LIMIT_LOW = Condition(
    name="limit low", id="limit:{metric}:low:{channel}", kind=_PHY, priority=_MEDIUM, title=_crossed(low=True), detail=_note
)
LIMIT_HIGH = Condition(
    name="limit high", id="limit:{metric}:high:{channel}", kind=_PHY, priority=_MEDIUM, title=_crossed(low=False), detail=_note
)

SLOPE = Condition(
    name="slope",
    id="slope:{metric}:{channel}",
    kind=_PHY,
    priority=_MEDIUM,
    title=lambda found: found.text,
    detail=_note,
)
FUSED = Condition(
    name="fused",
    id="fused:{code}",
    kind=_PHY,
    priority=_MEDIUM,
    title=lambda found: found.text,
    detail=_note,
)
WAITS_FOR_CUFF = Condition(
    name="waits for the cuff",
    id="wait:{metric}:{channel}",
    kind=_TEC,
    priority=_LOW,
    title=lambda found: f"{found.label} alarm waits: cuff inflating",
    detail=_note,
)

SENSOR_OFF = Condition(
    name="sensor off",
    id="sensor:{metric}",
    kind=_TEC,
    priority=_LOW,
    delay_s=5.0,
    title=lambda found: f"{found.label} {found.text or 'sensor off'}",
    detail=_note,
)
NO_DATA = Condition(
    name="no data",
    id="nodata:{metric}",
    kind=_TEC,
    priority=_LOW,
    title=lambda found: f"{found.label} {found.text or 'no data'}",
    detail=_note,
)
SENSOR_WAITS = Condition(
    name="sensor waits for the cuff",
    id="wait:sensor:{metric}",
    kind=_TEC,
    priority=_LOW,
    title=lambda found: f"{found.label} sensor alarm waits: cuff inflating",
    detail=_note,
)
OTHER_SOURCE = Condition(
    name="other source shown",
    id="source:{code}",
    kind=_TEC,
    priority=_LOW,
    delay_s=5.0,
    title=_text_alone,
    detail=_note,
)


def _line_row(what: str, who: str, priority: Priority, meaning: str) -> Condition:
    return Condition(
        name=f"{who} line {what}",
        id="link:{device}:" + what,
        kind=_TEC,
        priority=priority,
        title=_line(what),
        detail=_told_with(meaning),
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
    detail=_note,
)
DEVICE_MESSAGE = Condition(
    name="device message", id=DEVICE_ALARM.id, kind=_TEC, priority=_LOW, title=DEVICE_ALARM.title, detail=DEVICE_ALARM.detail
)

PUMP_ALARM = Condition(
    name="pump in alarm",
    id="pump:{device}:{channel}:alarm",
    kind=_TEC,
    priority=_MEDIUM,
    delay_s=2.0,  # the pump's own alert usually follows and says more
    title=lambda found: f"{found.device.upper()}: in alarm",
    detail=_said("the pump gives no reason on the line; read its display"),
)
PUMP_NOT_INFUSING = Condition(
    name="pump not infusing",
    id="pump:{device}:{channel}:not-infusing",
    kind=_TEC,
    priority=_MEDIUM,
    delay_s=120.0,
    title=lambda found: f"Pump {found.text}",
    detail=_said("the order still runs"),
)
VOLUME_NOT_RISING = Condition(
    name="volume not rising",
    id="pump:{device}:{channel}:not-rising",
    kind=_TEC,
    priority=_MEDIUM,
    title=_said("Pump says infusing, volume not rising"),
    detail=_text,
)
CONCENTRATION_DIFFERS = Condition(
    name="concentration differs",
    id="dose:{device}:{channel}:concentration",
    kind=_TEC,
    priority=_MEDIUM,
    title=_said("Concentration at the pump differs"),
    detail=_text,
)
DRUG_DIFFERS = Condition(
    name="drug differs",
    id="dose:{device}:{channel}:drug",
    kind=_TEC,
    priority=_MEDIUM,
    title=_said("Drug at the pump differs"),
    detail=_text,
)
WEIGHT_DIFFERS = Condition(
    name="weight differs",
    id="dose:{device}:{channel}:weight",
    kind=_TEC,
    priority=_LOW,
    title=_said("Weight at the pump differs"),
    detail=_text,
)
RATE_ABOVE_ORDER = Condition(
    name="rate above the order", id="dose:rate:above", kind=_TEC, priority=_MEDIUM, delay_s=60.0, title=_text, detail=_said("off the order")
)
RATE_BELOW_ORDER = Condition(
    name="rate below the order", id="dose:rate:below", kind=_TEC, priority=_LOW, delay_s=60.0, title=_text, detail=_said("off the order")
)
PAST_THE_END = Condition(
    name="infusing past the end",
    id="dose:past-the-end",
    kind=_TEC,
    priority=_MEDIUM,
    delay_s=120.0,
    title=_said("Infusing past the ordered end"),
    detail=_text,
)

RATE_ABSURD = Condition(
    name="rate cannot be",
    id="pump:{device}:{channel}:rate-absurd",
    kind=_TEC,
    priority=_MEDIUM,
    title=_said("Pump reports a rate that cannot be"),
    detail=_text,
)
TIME_BACKWARD = Condition(
    name="pump's time backward",
    id="pump:{device}:{channel}:time",
    kind=_TEC,
    priority=_LOW,
    title=_said("Pump jumped back in time"),
    detail=_text,
)
FREE_FLOW = Condition(
    name="free flow",
    id="pump:{device}:{channel}:free-flow",
    kind=_TEC,
    priority=_HIGH,
    title=_said("More was given than the rate explains"),
    detail=_text,
)
COUNTER_RESET = Condition(
    name="counter reset",
    id="pump:{device}:{channel}:counter",
    kind=_TEC,
    priority=_LOW,
    title=_said("Pump's volume counter fell"),
    detail=_text,
    latching=True,
)
COUNTER_WRAPPED = Condition(
    name="counter wrapped",
    id="pump:{device}:{channel}:wrap",
    kind=_TEC,
    priority=_LOW,
    title=_said("Pump's volume counter began at 0 again"),
    detail=_text,
)
DOSE_DIFFERS = Condition(
    name="dose differs",
    id="dose:{device}:{channel}:dose",
    kind=_TEC,
    priority=_MEDIUM,
    title=_said("Dose at the pump differs"),
    detail=_text,
)
UNIT_UNKNOWN = Condition(
    name="dose unit unknown",
    id="dose:{device}:{channel}:unit",
    kind=_TEC,
    priority=_LOW,
    title=_said("Pump shows its dose in another unit"),
    detail=_text,
)
TWO_PUMPS = Condition(
    name="two pumps of one drug",
    id="dose:two-pumps",
    kind=_TEC,
    priority=_LOW,
    delay_s=10.0,
    title=_said("Two pumps infuse ketamine"),
    detail=_text,
)
SOURCES_DISAGREE = Condition(
    name="sources disagree",
    id="dose:{device}:{channel}:sources",
    kind=_TEC,
    priority=_MEDIUM,
    title=_said("Sources of the given dose disagree"),
    detail=_text,
)


def _zero(found: Finding) -> str:
    return f"{found.row.name.upper()}: {found.label} 0"


APNOEA = Condition(name="apnoea", id="apnoea:{metric}", kind=_PHY, priority=_HIGH, delay_s=10.0, title=_zero, detail=_note)
NO_PULSE = Condition(name="no pulse", id="no-pulse:{metric}", kind=_PHY, priority=_HIGH, delay_s=4.0, title=_zero, detail=_note)
POOR_SIGNAL = Condition(
    name="poor signal",
    id="signal:{metric}",
    kind=_TEC,
    priority=_LOW,
    delay_s=30.0,
    title=lambda found: f"{found.label} poor signal",
    detail=_note,
)
CUFF_OVERDUE = Condition(
    name="cuff overdue", id="cuff:overdue", kind=_TEC, priority=_LOW, delay_s=20 * 60.0, title=_said("Cuff pressure overdue"), detail=_note
)
ROUND_OVERDUE = Condition(
    name="round overdue",
    id="round:overdue",
    kind=_TEC,
    priority=_LOW,
    delay_s=10 * 60.0,
    title=_said("Round overdue"),
    detail=_note,
    sounds_once=True,
)
CLOCK_STEPPED = Condition(
    name="clock stepped",
    id="clock:stepped",
    kind=_TEC,
    priority=_LOW,
    title=_said("Clock of this computer stepped"),
    detail=_note,
    latching=True,
    outside_case=True,
)

PUMP_NEAR_END = Condition(
    name="near end",
    id="pump:{device}:{channel}:near-end",
    kind=_TEC,
    priority=_LOW,
    title=_said("Syringe or bag near its end"),
    detail=_note,
)
PUMP_ALMOST_EMPTY = Condition(
    name="almost empty",
    id="pump:{device}:{channel}:almost-empty",
    kind=_TEC,
    priority=_MEDIUM,
    title=_said("Syringe or bag almost empty"),
    detail=_note,
)
PUMP_ON_BATTERY = Condition(
    name="pump on battery",
    id="pump:{device}:{channel}:on-battery",
    kind=_TEC,
    priority=_LOW,
    delay_s=300.0,
    title=_said("Pump runs on its battery"),
    detail=_note,
)
PUMP_BATTERY_LOW = Condition(
    name="pump battery low",
    id="pump:{device}:{channel}:battery",
    kind=_TEC,
    priority=_MEDIUM,
    title=_said("Pump battery low"),
    detail=_note,
)
PUMP_FORGOTTEN = Condition(
    name="pump paused and forgotten",
    id="pump:{device}:{channel}:forgotten",
    kind=_TEC,
    priority=_MEDIUM,
    delay_s=15 * 60.0,
    title=_said("Pump paused and forgotten?"),
    detail=_note,
)
RATE_ABOVE_CEILING = Condition(
    name="rate above the ceiling", id="dose:rate:ceiling", kind=_TEC, priority=_HIGH, delay_s=10.0, title=_text_alone, detail=_note
)
DOSE_OVER_HOUR = Condition(
    name="dose over the hour's cap",
    id="dose:over:hour",
    kind=_TEC,
    priority=_MEDIUM,
    title=_said("Dose of the last hour over the cap"),
    detail=_note,
)
DOSE_OVER_CASE = Condition(
    name="dose over the order's whole",
    id="dose:over:case",
    kind=_TEC,
    priority=_MEDIUM,
    title=_said("Dose over the whole order"),
    detail=_note,
)
PRESET_REFUSED = Condition(
    name="preset refused",
    id="preset:refused",
    kind=_TEC,
    priority=_LOW,
    title=_said("Site's alarm preset NOT used"),
    detail=_note,
)


CONDITIONS = MappingProxyType({row.name: row for row in (*list(vars().values()), *SELF_REPORTS.values()) if isinstance(row, Condition)})
"""Every row, by name."""
