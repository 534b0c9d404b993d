"""A row of the tests of conditions, and what holds for each: it appears, it ends, a preset may change it. Has no rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clinical.alarm_model import ConditionSetting, Presence
from clinical.alarms.conditions import CONDITIONS
from clinical.commands import Acknowledge
from clinical.metrics import SPO2
from clinical.observations import Priority
from tests.clinical.bed import LIMITS, Bed, preset


@dataclass(frozen=True)
class Row:
    name: str
    id: str
    cause: Callable[[Bed], object]
    cure: Callable[[Bed], object]
    priority: Priority
    title: str
    detail: str = ""


def appears_and_ends(row: Row) -> None:
    """Its cause brings it with its words, priority and kind; its cure ends it, once it was seen where it latches."""
    bed = Bed()
    bed.start()
    row.cause(bed)
    alarm = bed.alarms[row.id]
    assert (alarm.title, alarm.priority, alarm.presence) == (row.title, row.priority, Presence.ON)
    assert row.detail in alarm.detail
    assert alarm.kind is CONDITIONS[row.name].kind
    row.cure(bed)
    if CONDITIONS[row.name].latching:
        assert bed.alarms[row.id].presence is Presence.LATCHED
        bed.do(Acknowledge())
    assert row.id not in bed.alarms


def obeys_the_preset(row: Row) -> None:
    """Priority and delay are those that a preset gives it."""
    bed = Bed()
    bed.start(preset=preset(LIMITS, ConditionSetting(name=row.name, priority=Priority.HIGH, delay_s=3600)))
    row.cause(bed)
    assert row.id not in bed.alarms
    bed.now = bed.now.plus(3600)
    bed.numeric(SPO2, None)  # still off, or it would be silent by now
    bed.each_second(1)
    assert bed.alarms[row.id].priority is Priority.HIGH


def infusing(bed: Bed, **fields: object) -> None:
    """As ordered at first."""
    bed.pump(rate_ml_per_h=5.0, **fields)
