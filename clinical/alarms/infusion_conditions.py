"""Conditions of the infusion: pump, order, dose and what of them does not fit together. A row for each, as in conditions.py."""

from __future__ import annotations

from clinical.alarm_model import Kind
from clinical.alarms.finding import Condition
from clinical.alarms.row_words import note, said, text, text_alone
from clinical.observations import Priority

_TEC = Kind.TECHNICAL
_HIGH, _MEDIUM, _LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW

PUMP_ALARM = Condition(
    name="pump in alarm",
    id="pump:{device}:{channel}:alarm",
    kind=_TEC,
    priority=_MEDIUM,
    delay_s=2.0,  # the pump's own alert usually follows and says more
    title=lambda found: f"{found.device.upper()}: in alarm",
    detail=said("the pump gives no reason on the line; read its display"),
)
PUMP_NOT_INFUSING = Condition(
    name="pump not infusing",
    id="pump:{device}:{channel}:not-infusing",
    kind=_TEC,
    priority=_MEDIUM,
    delay_s=120.0,
    title=lambda found: f"Pump {found.text}",
    detail=said("the order still runs"),
)
VOLUME_NOT_RISING = Condition(
    name="volume not rising",
    id="pump:{device}:{channel}:not-rising",
    kind=_TEC,
    priority=_MEDIUM,
    title=said("Pump says infusing, volume not rising"),
    detail=text,
)
CONCENTRATION_DIFFERS = Condition(
    name="concentration differs",
    id="dose:{device}:{channel}:concentration",
    kind=_TEC,
    priority=_MEDIUM,
    title=said("Concentration at the pump differs"),
    detail=text,
)
DRUG_DIFFERS = Condition(
    name="drug differs",
    id="dose:{device}:{channel}:drug",
    kind=_TEC,
    priority=_MEDIUM,
    title=said("Drug at the pump differs"),
    detail=text,
)
WEIGHT_DIFFERS = Condition(
    name="weight differs",
    id="dose:{device}:{channel}:weight",
    kind=_TEC,
    priority=_LOW,
    title=said("Weight at the pump differs"),
    detail=text,
)
RATE_ABOVE_ORDER = Condition(
    name="rate above the order", id="dose:rate:above", kind=_TEC, priority=_MEDIUM, delay_s=60.0, title=text, detail=said("off the order")
)
RATE_BELOW_ORDER = Condition(
    name="rate below the order", id="dose:rate:below", kind=_TEC, priority=_LOW, delay_s=60.0, title=text, detail=said("off the order")
)
PAST_THE_END = Condition(
    name="infusing past the end",
    id="dose:past-the-end",
    kind=_TEC,
    priority=_MEDIUM,
    delay_s=120.0,
    title=said("Infusing past the ordered end"),
    detail=text,
)

RATE_ABSURD = Condition(
    name="rate cannot be",
    id="pump:{device}:{channel}:rate-absurd",
    kind=_TEC,
    priority=_MEDIUM,
    title=said("Pump reports a rate that cannot be"),
    detail=text,
)
TIME_BACKWARD = Condition(
    name="pump's time backward",
    id="pump:{device}:{channel}:time",
    kind=_TEC,
    priority=_LOW,
    title=said("Pump jumped back in time"),
    detail=text,
)
FREE_FLOW = Condition(
    name="free flow",
    id="pump:{device}:{channel}:free-flow",
    kind=_TEC,
    priority=_HIGH,
    title=said("More was given than the rate explains"),
    detail=text,
)
COUNTER_RESET = Condition(
    name="counter reset",
    id="pump:{device}:{channel}:counter",
    kind=_TEC,
    priority=_LOW,
    title=said("Pump's volume counter fell"),
    detail=text,
    latching=True,
)
COUNTER_WRAPPED = Condition(
    name="counter wrapped",
    id="pump:{device}:{channel}:wrap",
    kind=_TEC,
    priority=_LOW,
    title=said("Pump's volume counter began at 0 again"),
    detail=text,
)
DOSE_DIFFERS = Condition(
    name="dose differs",
    id="dose:{device}:{channel}:dose",
    kind=_TEC,
    priority=_MEDIUM,
    title=said("Dose at the pump differs"),
    detail=text,
)
UNIT_UNKNOWN = Condition(
    name="dose unit unknown",
    id="dose:{device}:{channel}:unit",
    kind=_TEC,
    priority=_LOW,
    title=said("Pump shows its dose in another unit"),
    detail=text,
)
TWO_PUMPS = Condition(
    name="two pumps of one drug",
    id="dose:two-pumps",
    kind=_TEC,
    priority=_LOW,
    delay_s=10.0,
    title=said("Two pumps infuse ketamine"),
    detail=text,
)
SOURCES_DISAGREE = Condition(
    name="sources disagree",
    id="dose:{device}:{channel}:sources",
    kind=_TEC,
    priority=_MEDIUM,
    title=said("Sources of the given dose disagree"),
    detail=text,
)
PUMP_NEAR_END = Condition(
    name="near end",
    id="pump:{device}:{channel}:near-end",
    kind=_TEC,
    priority=_LOW,
    title=said("Syringe or bag near its end"),
    detail=note,
)
PUMP_ALMOST_EMPTY = Condition(
    name="almost empty",
    id="pump:{device}:{channel}:almost-empty",
    kind=_TEC,
    priority=_MEDIUM,
    title=said("Syringe or bag almost empty"),
    detail=note,
)
PUMP_ON_BATTERY = Condition(
    name="pump on battery",
    id="pump:{device}:{channel}:on-battery",
    kind=_TEC,
    priority=_LOW,
    delay_s=300.0,
    title=said("Pump runs on its battery"),
    detail=note,
)
PUMP_BATTERY_LOW = Condition(
    name="pump battery low",
    id="pump:{device}:{channel}:battery",
    kind=_TEC,
    priority=_MEDIUM,
    title=said("Pump battery low"),
    detail=note,
)
PUMP_FORGOTTEN = Condition(
    name="pump paused and forgotten",
    id="pump:{device}:{channel}:forgotten",
    kind=_TEC,
    priority=_MEDIUM,
    delay_s=15 * 60.0,
    title=said("Pump paused and forgotten?"),
    detail=note,
)
RATE_ABOVE_CEILING = Condition(
    name="rate above the ceiling", id="dose:rate:ceiling", kind=_TEC, priority=_HIGH, delay_s=10.0, title=text_alone, detail=note
)
DOSE_OVER_HOUR = Condition(
    name="dose over the hour's cap",
    id="dose:over:hour",
    kind=_TEC,
    priority=_MEDIUM,
    title=said("Dose of the last hour over the cap"),
    detail=note,
)
DOSE_OVER_CASE = Condition(
    name="dose over the order's whole",
    id="dose:over:case",
    kind=_TEC,
    priority=_MEDIUM,
    title=said("Dose over the whole order"),
    detail=note,
)
