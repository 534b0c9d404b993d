"""Conditions that meet: a lost line and what it hides, alerts from before, a stop that was recorded."""

from __future__ import annotations

from clinical.alarm_model import Kind, Presence
from clinical.commands import Acknowledge, EventKind, RecordEvent
from clinical.metrics import HEART_RATE, SPO2
from clinical.observations import LinkState, Priority, PumpState, Validity
from tests.clinical.alarms.condition_row import infusing
from tests.clinical.bed import Bed

MEDIUM, LOW, HIGH = Priority.MEDIUM, Priority.LOW, Priority.HIGH


def _paused(bed: Bed) -> None:
    infusing(bed)
    bed.each_second(125, lambda: bed.pump(PumpState.PAUSED, rate_ml_per_h=0.0))


def test_a_line_lost_is_told_once_and_not_for_each_metric():
    bed = Bed()
    bed.start()
    bed.each_second(2, lambda: (bed.numeric(SPO2, 97), bed.numeric(HEART_RATE, 80)))
    bed.link(LinkState.LOST)
    bed.each_second(60)
    assert list(bed.alarms) == ["link:monitor:lost"]
    bed.link(LinkState.CONNECTING)  # a try is no success
    assert list(bed.alarms) == ["link:monitor:lost"]
    bed.link(LinkState.LIVE)
    bed.each_second(1)
    assert not bed.alarms
    bed.each_second(5)  # live, and yet nothing comes
    assert set(bed.alarms) == {"nodata:MDC_PULS_OXIM_SAT_O2", "nodata:MDC_ECG_HEART_RATE"}


def test_acknowledging_the_line_leaves_what_comes_behind_it_to_be_heard():
    bed = Bed()
    bed.start()
    bed.hold(SPO2, 97, 2)
    bed.link(LinkState.LOST)
    bed.do(Acknowledge(conditions=("link:monitor:lost",)))
    assert bed.audio.sounding is None
    bed.link(LinkState.LIVE)
    bed.hold(SPO2, 84, 12)
    assert bed.audio.sounding is HIGH


def test_alerts_from_before_a_lost_line_stay_until_someone_has_looked():
    bed = Bed()
    bed.start()
    bed.pump()
    bed.alert("occlusion")
    bed.alert("battery")
    bed.link(LinkState.LOST, "pump")
    assert bed.alarms["device:pump:occlusion"].presence is Presence.ON
    bed.link(LinkState.LIVE, "pump")
    assert bed.alarms["device:pump:occlusion"].presence is Presence.LATCHED
    bed.alert("occlusion")  # told again: it stands
    bed.do(Acknowledge())
    assert bed.alarms["device:pump:occlusion"].presence is Presence.ACKNOWLEDGED
    assert "device:pump:battery" not in bed.alarms


def test_an_alert_told_again_just_before_its_line_counts_as_live_stands():
    bed = Bed()
    bed.start()
    bed.alert("occlusion")
    bed.link(LinkState.LOST, "pump")
    bed.now = bed.now.plus(5)
    bed.alert("occlusion")
    bed.link(LinkState.LIVE, "pump")
    assert bed.alarms["device:pump:occlusion"].presence is Presence.ON


def test_a_high_priority_limit_that_nothing_feeds_is_told():
    bed = Bed()
    bed.start()
    bed.each_second(29)
    assert not bed.alarms
    bed.each_second(2)
    assert list(bed.alarms) == ["nodata:MDC_PULS_OXIM_SAT_O2"]


def test_a_sensor_that_was_never_used_is_not_missed():
    bed = Bed()
    bed.hold(SPO2, 97, 1)
    bed.start()
    bed.each_second(30, lambda: (bed.numeric(SPO2, 97), bed.numeric(HEART_RATE, None, validity=Validity.NOT_AVAILABLE)))
    assert not bed.alarms


def test_a_device_alert_from_before_the_case_counts_from_its_start():
    bed = Bed()
    bed.pump()
    bed.alert("occlusion")
    assert not bed.alarms
    bed.start()
    assert bed.alarms["device:pump:occlusion"].kind is Kind.TECHNICAL


def test_a_pumps_own_alert_replaces_the_nameless_one():
    bed = Bed()
    bed.start()
    bed.each_second(3, lambda: bed.pump(PumpState.ALARM))
    bed.alert("occlusion")
    assert list(bed.alarms) == ["device:pump:occlusion"]


def test_a_recorded_stop_ends_what_the_order_expects():
    bed = Bed()
    bed.start()
    _paused(bed)
    bed.do(RecordEvent(kind=EventKind.STOP, event_at=bed.now, text="patient's wish"))
    bed.pump(PumpState.STOPPED)
    assert "pump:pump:not-infusing" not in bed.alarms


def test_a_part_without_a_row_is_told_as_a_fault():
    bed = Bed()
    bed.report("clock", text="stepped back 40 s")
    assert bed.alarms["self:clock"].title == "Fault in the program"
