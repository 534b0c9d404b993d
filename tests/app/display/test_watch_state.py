"""What several widgets ask of the case together."""

from __future__ import annotations

from app.display.watch_state import WatchState
from clinical import metrics
from clinical.alarm_model import Alarm, Kind, Presence
from clinical.commands import RecordAssessment
from clinical.instant import Instant
from clinical.messages import DoseReport
from clinical.metrics import Metric
from clinical.observations import Priority

NOW = Instant(0, 0)


def alarm(condition: str, priority: Priority, metric: Metric | None = None, presence: Presence = Presence.ON, device: str = "") -> Alarm:
    return Alarm(
        condition=condition, kind=Kind.PHYSIOLOGICAL, priority=priority, presence=presence, title=condition, detail="", since=NOW,
        metric=metric, device=device,
    )  # fmt: skip


def test_a_tile_takes_the_highest_alarm_and_of_equals_its_own(qapp: object) -> None:
    state = WatchState()
    mean = alarm("mean", Priority.MEDIUM, metrics.NIBP_MEAN)
    systolic = alarm("systolic", Priority.MEDIUM, metrics.NIBP_SYS)
    state.take_alarms((mean, systolic), NOW)
    cuff = (metrics.NIBP_SYS, metrics.NIBP_DIA, metrics.NIBP_MEAN)
    assert state.alarm_about(cuff) is systolic
    high = alarm("high", Priority.HIGH, metrics.NIBP_DIA)
    state.take_alarms((high, mean, systolic), NOW)
    assert state.alarm_about(cuff) is high
    assert state.alarm_about((metrics.SPO2,)) is None


def test_the_infusion_takes_alarms_of_its_pump_and_of_the_order(qapp: object) -> None:
    state = WatchState()
    line = alarm("link:pump:lost", Priority.MEDIUM, device="pump")
    state.take_alarms((alarm("limit", Priority.HIGH, metrics.SPO2), line), NOW)
    assert state.alarm_of_infusion() is line


def test_acknowledged_alarms_are_not_new(qapp: object) -> None:
    state = WatchState()
    state.take_alarms((alarm("a", Priority.LOW), alarm("b", Priority.LOW, presence=Presence.ACKNOWLEDGED)), NOW)
    assert state.unacknowledged == 1


def test_a_round_is_due_from_the_start_of_the_infusion_on(qapp: object) -> None:
    state = WatchState()
    assert state.round_due() is None
    state.take_dose(DoseReport(at=NOW, started_at=NOW, rate_mg_per_h=10))
    assert state.round_due() == (NOW.plus(900), "")
    state.take_entry(NOW.plus(4200), RecordAssessment(event_at=NOW.plus(4200), scores=()))
    state.take_dose(DoseReport(at=NOW.plus(4260), started_at=NOW, rate_mg_per_h=15))
    assert state.round_due() == (NOW.plus(4260 + 900), "after the dose step")


def test_a_fault_of_a_part_is_told_by_its_title(qapp: object) -> None:
    state = WatchState()
    state.take_alarms((alarm("self:recorder", Priority.HIGH),), NOW)
    assert state.fault_of("recorder") == "self:recorder"
    assert state.fault_of("sound") == ""
