"""A preset of alarm limits out of a mapping (a TOML file's content). Reads no file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from clinical.alarm_model import AlarmLimit, AlarmPreset, ConditionSetting, SensorRule, SlopeRule
from clinical.alarms.conditions import CONDITIONS
from clinical.alarms.fused import ROWS
from clinical.alarms.relative import WITH_BASELINE
from clinical.metrics import CATALOGUE, Metric
from clinical.observations import Priority
from clinical.site_values import SiteTable

LONGEST_DELAY_S = 60.0
LONGEST_CONDITION_DELAY_S = 3600.0
LONGEST_SMOOTHING_S = 30.0
LONGEST_RETURN_S = 60.0
LONGEST_REJOIN_S = 600.0
LONGEST_EXTREME_DELAY_S = 5.0
LONGEST_CUFF_WAIT_S = 60.0
LONGEST_LOW_S = 120.0
SHORTEST_SLOPE_S, LONGEST_SLOPE_S = 10.0, 3600.0

_TOP = ("name", "source", "limit", "condition", "slope", "fused", "sensor")
_SENSE_S = MappingProxyType(
    {
        "smoothing_s": LONGEST_SMOOTHING_S,
        "return_s": LONGEST_RETURN_S,
        "rejoin_s": LONGEST_REJOIN_S,
        "extreme_delay_s": LONGEST_EXTREME_DELAY_S,
        "cuff_wait_s": LONGEST_CUFF_WAIT_S,
    }
)
"""What may stand in a limit, in seconds, with its longest; 0 where it is missing."""

_OF_BASELINE = MappingProxyType({"low_percent_of_baseline": (10.0, 99.0), "high_percent_of_baseline": (101.0, 300.0)})
_LIMIT = ("metric", "low", "high", "priority", "delay_s", "low_delay_s", "hysteresis")
_SENSE = ("worse_by", "extreme_low", "extreme_high", *_SENSE_S, *_OF_BASELINE)
_CONDITION = ("name", "priority", "delay_s", "latching")
_SLOPE = ("metric", "by", "within_s", "priority")
_FUSED = ("name",)
_SENSOR = MappingProxyType({"hold_s": LONGEST_RETURN_S, "rejoin_s": LONGEST_REJOIN_S, "rises_after_s": LONGEST_LOW_S})
"""What may stand in [[sensor]], in seconds, with its longest; 0 where it is missing."""

_PRIORITIES = tuple(priority.value for priority in Priority)
_LIMITABLE = tuple(metric.id for metric in CATALOGUE.values() if not metric.waveform)


def preset_from(mapping: Mapping[str, object]) -> AlarmPreset:
    """The preset. A limit without ``low`` or ``high`` has that side off.

    Raises:
        SiteValueError: names the key, what is there and what is allowed.
    """
    top = SiteTable(mapping, _TOP)
    limits = tuple(_limit(row) for row in top.tables("limit", _LIMIT + _SENSE))
    if not limits:
        raise top.error("limit", "missing; a preset needs at least one [[limit]]")
    for number, limit in enumerate(limits):
        if any(other.metric is limit.metric for other in limits[:number]):
            raise top.error("limit", f"{limit.metric.id} stands twice; allowed is one [[limit]] for each metric")
    return AlarmPreset(
        name=top.text("name"),
        limits=limits,
        source=top.text("source"),
        conditions=tuple(_condition(row) for row in top.tables("condition", _CONDITION)),
        slopes=_slopes(top),
        fused=tuple(dict.fromkeys(row.choice("name", tuple(ROWS)) for row in top.tables("fused", _FUSED))),
        sensors=_sensors(top),
    )


def _sensors(top: SiteTable) -> SensorRule:
    rules = top.tables("sensor", tuple(_SENSOR))
    if len(rules) > 1:
        raise top.error("sensor", "stands twice; allowed is one [[sensor]] for all of them")
    return SensorRule(**{key: row.number_or_none(key, 0, longest) or 0.0 for row in rules for key, longest in _SENSOR.items()})


def _limit(row: SiteTable) -> AlarmLimit:
    metric = CATALOGUE[row.choice("metric", _LIMITABLE)]
    low = row.number_or_none("low", metric.low, metric.high)
    high = row.number_or_none("high", metric.low, metric.high)
    if low is not None and high is not None and low >= high:
        raise row.error("low", f"is {low:g}; allowed is below high, which is {high:g}")
    half = (metric.high - metric.low) / 2
    return AlarmLimit(
        metric=metric,
        low=low,
        high=high,
        priority=Priority(row.choice("priority", _PRIORITIES)),
        delay_s=row.number("delay_s", 0, LONGEST_DELAY_S),
        low_delay_s=row.number_or_none("low_delay_s", 0, LONGEST_DELAY_S),
        hysteresis=row.number("hysteresis", 0, half),
        worse_by=row.number_or_none("worse_by", 0, half) or 0.0,
        extreme_low=_extreme(row, "extreme_low", metric, low, -1),
        extreme_high=_extreme(row, "extreme_high", metric, high, 1),
        **{key: row.number_or_none(key, 0, longest) or 0.0 for key, longest in _SENSE_S.items()},
        low_percent_of_baseline=_of_baseline(row, "low_percent_of_baseline", metric),
        high_percent_of_baseline=_of_baseline(row, "high_percent_of_baseline", metric),
    )


def _extreme(row: SiteTable, key: str, metric: Metric, limit: float | None, sign: int) -> float | None:
    """An extreme stands beyond its limit, or it would be no extreme."""
    value = row.number_or_none(key, metric.low, metric.high)
    if value is None:
        return None
    side = "low" if sign < 0 else "high"
    if limit is None:
        raise row.error(key, f"is {value:g}, and there is no {side} limit; give one")
    if value * sign < limit * sign:
        raise row.error(key, f"is {value:g}; allowed is {'at or below low' if sign < 0 else 'at or above high'}, which is {limit:g}")
    return value


def _of_baseline(row: SiteTable, key: str, metric: Metric) -> float | None:
    """A side relative to the case's baseline, only for what has one."""
    percent = row.number_or_none(key, *_OF_BASELINE[key])
    if percent is not None and metric not in WITH_BASELINE:
        raise row.error(key, f"{metric.id} has no baseline in a case; allowed for {', '.join(one.id for one in WITH_BASELINE)}")
    side = key.split("_", 1)[0]
    if percent is not None and not row.has(side):
        raise row.error(key, f"needs {side} too, for a case without a baseline")
    return percent


def _slopes(top: SiteTable) -> tuple[SlopeRule, ...]:
    rules = tuple(_slope(row) for row in top.tables("slope", _SLOPE))
    if len({rule.metric for rule in rules}) < len(rules):
        raise top.error("slope", "a metric stands twice; allowed is one [[slope]] for each metric")
    return rules


def _slope(row: SiteTable) -> SlopeRule:
    metric = CATALOGUE[row.choice("metric", _LIMITABLE)]
    span = metric.high - metric.low
    by = row.number("by", -span, span)
    if by == 0:
        raise row.error("by", "is 0; allowed is a fall (below 0) or a rise (above 0)")
    return SlopeRule(
        metric=metric,
        by=by,
        within_s=row.number("within_s", SHORTEST_SLOPE_S, LONGEST_SLOPE_S),
        priority=Priority(row.choice("priority", _PRIORITIES)),
    )


def _condition(row: SiteTable) -> ConditionSetting:
    return ConditionSetting(
        name=row.choice("name", tuple(CONDITIONS)),
        priority=Priority(row.choice("priority", _PRIORITIES)) if row.has("priority") else None,
        delay_s=row.number_or_none("delay_s", 0, LONGEST_CONDITION_DELAY_S),
        latching=row.truth_or_none("latching"),
    )
