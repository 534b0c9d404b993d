"""A preset of alarm limits out of a mapping (a TOML file's content). Reads no file."""

from __future__ import annotations

from collections.abc import Mapping

from clinical.alarm_model import AlarmLimit, AlarmPreset, ConditionSetting
from clinical.alarms.conditions import CONDITIONS
from clinical.metrics import CATALOGUE
from clinical.observations import Priority
from clinical.site_values import SiteTable

LONGEST_DELAY_S = 60.0
LONGEST_CONDITION_DELAY_S = 3600.0

_TOP = ("name", "source", "limit", "condition")
_LIMIT = ("metric", "low", "high", "priority", "delay_s", "low_delay_s", "hysteresis")
_CONDITION = ("name", "priority", "delay_s", "latching")
_PRIORITIES = tuple(priority.value for priority in Priority)
_LIMITABLE = tuple(metric.id for metric in CATALOGUE.values() if not metric.waveform)


def preset_from(mapping: Mapping[str, object]) -> AlarmPreset:
    """The preset. A limit without ``low`` or ``high`` has that side off.

    Raises:
        SiteValueError: names the key, what is there and what is allowed.
    """
    top = SiteTable(mapping, _TOP)
    limits = tuple(_limit(row) for row in top.tables("limit", _LIMIT))
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
    )


def _limit(row: SiteTable) -> AlarmLimit:
    metric = CATALOGUE[row.choice("metric", _LIMITABLE)]
    low = row.number_or_none("low", metric.low, metric.high)
    high = row.number_or_none("high", metric.low, metric.high)
    if low is not None and high is not None and low >= high:
        raise row.error("low", f"is {low:g}; allowed is below high, which is {high:g}")
    return AlarmLimit(
        metric=metric,
        low=low,
        high=high,
        priority=Priority(row.choice("priority", _PRIORITIES)),
        delay_s=row.number("delay_s", 0, LONGEST_DELAY_S),
        low_delay_s=row.number_or_none("low_delay_s", 0, LONGEST_DELAY_S),
        hysteresis=row.number("hysteresis", 0, (metric.high - metric.low) / 2),
    )


def _condition(row: SiteTable) -> ConditionSetting:
    return ConditionSetting(
        name=row.choice("name", tuple(CONDITIONS)),
        priority=Priority(row.choice("priority", _PRIORITIES)) if row.has("priority") else None,
        delay_s=row.number_or_none("delay_s", 0, LONGEST_CONDITION_DELAY_S),
        latching=row.truth_or_none("latching"),
    )
