"""The table of conditions, row by row: each appears with its words, its priority and its delay, and ends."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from clinical.alarm_model import AlarmLimit, AlarmPreset, ConditionSetting, Kind, Presence, SlopeRule
from clinical.alarms.conditions import CONDITIONS
from clinical.commands import Acknowledge, EventKind, RecordEvent
from clinical.metrics import HEART_RATE, NIBP_SYS, RESP_RATE, SPO2
from clinical.observations import LinkState, Priority, PumpState, PumpStatus, Validity
from tests.clinical.alarms.test_case_conditions import ROWS as CASE_ROWS
from tests.clinical.bed import LIMITS, Bed, preset

MEDIUM, LOW, HIGH = Priority.MEDIUM, Priority.LOW, Priority.HIGH


def _sensor_off(bed: Bed) -> None:
    bed.hold(SPO2, 97, 1)
    bed.hold(SPO2, None, 8)


def _sensor_on(bed: Bed) -> None:
    bed.numeric(SPO2, 97)


def _first_choice_off(bed: Bed) -> None:
    bed.numeric(SPO2, 96, device="oximeter", interval_s=4000)
    bed.hold(SPO2, 97, 2)
    bed.hold(SPO2, None, 8, reason="finger out")


def _first_choice_back(bed: Bed) -> None:
    bed.hold(SPO2, 97, 11)


def _silent(bed: Bed) -> None:
    bed.numeric(SPO2, 97)
    bed.each_second(4)


def _link(state: LinkState, device: str):
    return lambda bed: bed.link(state, device, "unplugged")


def _live(device: str):
    return lambda bed: bed.link(LinkState.LIVE, device)


def _infusing(bed: Bed, **fields: object) -> None:
    bed.pump(rate_ml_per_h=5.0, **fields)


def _paused(bed: Bed) -> None:
    _infusing(bed)
    bed.each_second(125, lambda: bed.pump(PumpState.PAUSED, rate_ml_per_h=0.0))


def _flat(bed: Bed) -> None:
    bed.each_second(190, lambda: _infusing(bed, infused_ml=3.0))


def _rate(rate_ml_per_h: float):
    def tell(bed: Bed) -> None:
        _infusing(bed)
        bed.each_second(65, lambda: bed.pump(rate_ml_per_h=rate_ml_per_h))

    return tell


def _past(bed: Bed) -> None:
    _infusing(bed)
    bed.now = bed.now.plus(240 * 60)
    bed.each_second(125, lambda: bed.pump(rate_ml_per_h=12.5))


def _due_while_the_cuff_inflates(bed: Bed) -> None:
    """On the probe's arm: the saturation falls with the pulse under the cuff."""
    bed.end()
    bed.start(preset=preset((AlarmLimit(metric=SPO2, low=90, high=None, priority=HIGH, delay_s=3, hysteresis=0, cuff_wait_s=60),)))
    bed.numeric(NIBP_SYS, None, validity=Validity.ONGOING)
    bed.hold(SPO2, 84, 5)


def _off_while_the_cuff_inflates(bed: Bed) -> None:
    _due_while_the_cuff_inflates(bed)
    bed.hold(SPO2, None, 22)


def _with_trends(bed: Bed) -> None:
    bed.end()
    slope = SlopeRule(metric=SPO2, by=-4, within_s=60, priority=LOW)
    bed.start(preset=AlarmPreset(name="t", source="tests", limits=(), slopes=(slope,), fused=("breathing and saturation fall",)))


def _breathing(bed: Bed, rate: float, spo2: float, seconds: float) -> None:
    bed.each_second(seconds, lambda: (bed.numeric(RESP_RATE, rate), bed.numeric(SPO2, spo2)))


def _jumped_back(bed: Bed) -> None:
    _infusing(bed)
    bed.tell(PumpStatus(at=bed.now.plus(-30), channel="", state=PumpState.INFUSING, rate_ml_per_h=5.0), "pump")


def _counting(bed: Bed, seconds: int, ml_per_s: float, **fields: object) -> None:
    begun = bed.dose.pump.infused_ml if bed.dose and bed.dose.pump and bed.dose.pump.infused_ml else 0.0
    for second in range(1, seconds + 1):
        bed.each_second(1)
        _infusing(bed, infused_ml=begun + second * ml_per_s, **fields)


def _two_pumps(bed: Bed) -> None:
    def both() -> None:
        _infusing(bed, drug="Ketamine")
        _infusing(bed, device="rack", drug="Ketamin")

    bed.each_second(12, both)


def _rest_falls_faster(bed: Bed) -> None:
    for second in range(300):
        bed.each_second(1)
        _infusing(bed, infused_ml=second * 5 / 3600, remaining_ml=50 - second * 20 / 3600)


@dataclass(frozen=True)
class Row:
    name: str
    id: str
    cause: object
    cure: object
    priority: Priority
    title: str
    detail: str = ""


ROWS = [
    Row(
        "other source shown",
        "source:MDC_PULS_OXIM_SAT_O2",
        _first_choice_off,
        _first_choice_back,
        LOW,
        "SpO₂ from oximeter, not monitor",
        "monitor: finger out · shown again after 10 s of good readings",
    ),
    Row("sensor off", "sensor:MDC_PULS_OXIM_SAT_O2", _sensor_off, _sensor_on, MEDIUM, "SpO₂ sensor off", "its limits cannot be judged"),
    Row(
        "waits for the cuff",
        "wait:MDC_PULS_OXIM_SAT_O2",
        _due_while_the_cuff_inflates,
        _sensor_on,
        LOW,
        "SpO₂ alarm waits: cuff inflating",
        "SpO₂ 84 < 90 · waits at most 60 s",
    ),
    Row(
        "sensor waits for the cuff",
        "wait:sensor:MDC_PULS_OXIM_SAT_O2",
        _off_while_the_cuff_inflates,
        _sensor_on,
        LOW,
        "SpO₂ sensor alarm waits: cuff inflating",
        "waits at most 60 s",
    ),
    Row(
        "slope",
        "slope:MDC_PULS_OXIM_SAT_O2",
        lambda bed: (_with_trends(bed), bed.hold(SPO2, 97, 20), bed.hold(SPO2, 92, 6)),
        lambda bed: bed.hold(SPO2, 97, 6),
        LOW,
        "SpO₂ fell 5 % in 2 s",
        "SpO₂ 97 → 92 in 2 s",
    ),
    Row(
        "fused",
        "fused:breathing and saturation fall",
        lambda bed: (_with_trends(bed), _breathing(bed, 14, 97, 20), _breathing(bed, 6, 92, 6)),
        lambda bed: _breathing(bed, 14, 97, 6),
        MEDIUM,
        "Breathing and SpO₂ both fall",
        "RR 14 → 6 in 2 s · SpO₂ 97 → 92 in 2 s",
    ),
    Row("no data", "nodata:MDC_PULS_OXIM_SAT_O2", _silent, _sensor_on, MEDIUM, "SpO₂ no data"),
    Row(
        "monitor line lost", "link:monitor:lost", _link(LinkState.LOST, "monitor"), _live("monitor"), HIGH, "Monitor line lost", "unplugged"
    ),
    Row("monitor line silent", "link:monitor:silent", _link(LinkState.SILENT, "monitor"), _live("monitor"), HIGH, "Monitor line silent"),
    Row(
        "monitor line garbled", "link:monitor:garbled", _link(LinkState.GARBLED, "monitor"), _live("monitor"), HIGH, "Monitor line garbled"
    ),
    Row(
        "pump line lost",
        "link:pump:lost",
        _link(LinkState.LOST, "pump"),
        _live("pump"),
        MEDIUM,
        "Pump line lost",
        "look at the pump itself",
    ),
    Row("pump line silent", "link:pump:silent", _link(LinkState.SILENT, "pump"), _live("pump"), MEDIUM, "Pump line silent"),
    Row("pump line garbled", "link:pump:garbled", _link(LinkState.GARBLED, "pump"), _live("pump"), MEDIUM, "Pump line garbled"),
    Row(
        "device alarm",
        "device:monitor:apnea",
        lambda bed: bed.alert("apnea", HIGH, device="monitor"),
        lambda bed: bed.alert("apnea", HIGH, active=False, device="monitor"),
        HIGH,
        "MONITOR: Apnea",
    ),
    Row(
        "device message",
        "device:pump:occlusion",
        lambda bed: (_infusing(bed), bed.alert("occlusion")),
        lambda bed: bed.alert("occlusion", active=False),
        MEDIUM,
        "PUMP: Occlusion",
    ),
    Row(
        "pump in alarm",
        "pump:pump:alarm",
        lambda bed: bed.each_second(3, lambda: bed.pump(PumpState.ALARM)),
        _infusing,
        MEDIUM,
        "PUMP: in alarm",
    ),
    Row("pump not infusing", "pump:pump:not-infusing", _paused, _infusing, MEDIUM, "Pump paused", "the order still runs"),
    Row(
        "volume not rising",
        "pump:pump:not-rising",
        _flat,
        lambda bed: _infusing(bed, infused_ml=3.1),
        MEDIUM,
        "Pump says infusing, volume not rising",
        "5 mL/h",
    ),
    Row(
        "concentration differs",
        "dose:pump:concentration",
        lambda bed: _infusing(bed, concentration_mg_per_ml=20.0),
        lambda bed: _infusing(bed, concentration_mg_per_ml=2.0),
        MEDIUM,
        "Concentration at the pump differs",
        "20 mg/mL at the pump, 2 mg/mL in the case",
    ),
    Row(
        "drug differs",
        "dose:pump:drug",
        lambda bed: _infusing(bed, drug="S-Ketamin"),
        lambda bed: _infusing(bed, drug="Ketamin"),
        MEDIUM,
        "Drug at the pump differs",
        "S-Ketamin at the pump, ketamine in the order",
    ),
    Row(
        "weight differs",
        "dose:pump:weight",
        lambda bed: _infusing(bed, dose_rate=0.1, dose_unit="mg/kg/h"),
        lambda bed: _infusing(bed, dose_rate=0.143, dose_unit="mg/kg/h"),
        LOW,
        "Weight at the pump differs",
        "the pump reckons with 100 kg, the case with 70 kg",
    ),
    Row("rate above the order", "dose:rate:above", _rate(7.5), _infusing, MEDIUM, "Rate 15 > 10 mg/h ordered"),
    Row("rate below the order", "dose:rate:below", _rate(4.0), _infusing, LOW, "Rate 8 < 10 mg/h ordered"),
    Row(
        "infusing past the end",
        "dose:past-the-end",
        _past,
        lambda bed: bed.pump(PumpState.STOPPED),
        MEDIUM,
        "Infusing past the ordered end",
        "240 min",
    ),
    Row(
        "rate cannot be",
        "pump:pump:rate-absurd",
        lambda bed: bed.pump(rate_ml_per_h=-5.0),
        _infusing,
        MEDIUM,
        "Pump reports a rate that cannot be",
        "-5 mL/h; possible is 0 to 2000: taken as not known",
    ),
    Row(
        "pump's time backward",
        "pump:pump:time",
        _jumped_back,
        lambda bed: bed.each_second(70, lambda: _infusing(bed)),
        LOW,
        "Pump jumped back in time",
        "30 s older than the last came after it: left out",
    ),
    Row(
        "free flow",
        "pump:pump:free-flow",
        lambda bed: _counting(bed, 20, 0.05),
        lambda bed: _counting(bed, 250, 5 / 3600),
        HIGH,
        "More was given than the rate explains",
        "look for free flow",
    ),
    Row(
        "counter reset",
        "pump:pump:counter",
        lambda bed: (_infusing(bed, infused_ml=10.0), _infusing(bed, infused_ml=1.0)),
        lambda bed: bed.each_second(65, lambda: _infusing(bed, infused_ml=1.0)),
        LOW,
        "Pump's volume counter fell",
        "from 10 to 1 mL: counted anew, nothing is taken back",
    ),
    Row(
        "counter wrapped",
        "pump:pump:wrap",
        lambda bed: (_infusing(bed, infused_ml=999.95), bed.each_second(30), _infusing(bed, infused_ml=0.0)),
        lambda bed: bed.each_second(65, lambda: _infusing(bed, infused_ml=0.0)),
        LOW,
        "Pump's volume counter began at 0 again",
        "went over 1000 mL, from 999.95 to 0: counted on, nothing is lost",
    ),
    Row(
        "dose differs",
        "dose:pump:dose",
        lambda bed: _infusing(bed, dose_rate=25.0, dose_unit="mg/h"),
        lambda bed: _infusing(bed, dose_rate=10.0, dose_unit="mg/h"),
        MEDIUM,
        "Dose at the pump differs",
        "the pump shows 25 mg/h; its rate gives 10 mg/h",
    ),
    Row(
        "dose unit unknown",
        "dose:pump:unit",
        lambda bed: _infusing(bed, dose_rate=25.0, dose_unit="mU/h"),
        _infusing,
        LOW,
        "Pump shows its dose in another unit",
        "mU/h",
    ),
    Row(
        "two pumps of one drug",
        "dose:two-pumps",
        _two_pumps,
        lambda bed: bed.pump(PumpState.STOPPED, device="rack", drug="Ketamin"),
        LOW,
        "Two pumps infuse ketamine",
        "pump and rack infuse ketamine at once: rates and doses are added",
    ),
    Row(
        "sources disagree",
        "dose:pump:sources",
        _rest_falls_faster,
        lambda bed: bed.end(),
        MEDIUM,
        "Sources of the given dose disagree",
        "by its rest: 1.56 to 1.76 mL",
    ),
    *(
        Row(
            part,
            f"self:{part}",
            lambda bed, part=part: bed.report(part, text="what to do"),
            lambda bed, part=part: bed.report(part, ok=True),
            priority,
            title,
            "what to do",
        )
        for part, priority, title in (
            ("recorder", HIGH, "NOT RECORDING"),
            ("disk", MEDIUM, "Disk nearly full"),
            ("display", HIGH, "Screen does not answer"),
            ("sound", HIGH, "CANNOT SOUND"),
            ("watch", HIGH, "ALARMS MAY BE MISSING"),
            ("late", HIGH, "ALARMS COME LATE"),
            ("drafts", LOW, "Forms under way not kept"),
            ("fault", MEDIUM, "Fault in the program"),
            ("power", LOW, "Watch was interrupted"),
            ("disk budget", LOW, "Disk may not last for this case"),
            ("database", MEDIUM, "Stored record damaged"),
            ("server", LOW, "Server away, recorded here"),
            ("bed", LOW, "Bed not shown at the station"),
        )
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(row):
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


def test_every_row_of_the_table_has_a_row_here():
    assert {row.name for row in ROWS} | {row.name for row in CASE_ROWS} | {"limit low", "limit high"} == set(CONDITIONS)


@pytest.mark.parametrize("row", [CONDITIONS[row.name] for row in ROWS if CONDITIONS[row.name].delay_s], ids=lambda row: row.name)
def test_a_preset_may_change_priority_and_delay(row):
    case = next(each for each in ROWS if each.name == row.name)
    bed = Bed()
    bed.start(preset=preset(LIMITS, ConditionSetting(name=row.name, priority=HIGH, delay_s=3600)))
    case.cause(bed)
    assert case.id not in bed.alarms
    bed.now = bed.now.plus(3600)
    bed.numeric(SPO2, None)  # still off, or it would be silent by now
    bed.each_second(1)
    assert bed.alarms[case.id].priority is HIGH


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
