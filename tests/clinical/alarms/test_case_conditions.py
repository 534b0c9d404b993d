"""The conditions of breath, beat, signal, cuff, round, clock, pump and dose: each appears with its words and delay, and ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from clinical.alarm_model import ConditionSetting, Kind, Presence
from clinical.alarms.conditions import CONDITIONS
from clinical.alarms.lines import priority_of
from clinical.commands import Acknowledge, EventKind, RecordAssessment, RecordEvent
from clinical.instant import Instant
from clinical.messages import Tick
from clinical.metrics import CO2_RESP_RATE, HEART_RATE, NIBP_SYS, PERFUSION_INDEX, PULSE_RATE, SPO2
from clinical.observations import DeviceAlert, LinkState, Priority, PumpState, Validity
from clinical.orders import RoundInterval
from tests.clinical.bed import ORDER, Bed, preset

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
QUIET = preset(())
Act = Callable[[Bed], object]


def _breathes(bed: Bed) -> None:
    bed.numeric(CO2_RESP_RATE, 12)


def _stops_breathing(bed: Bed) -> None:
    _breathes(bed)
    bed.hold(CO2_RESP_RATE, 0, 12)


def _beats(bed: Bed) -> None:
    bed.numeric(HEART_RATE, 80)


def _stops_beating(bed: Bed) -> None:
    _beats(bed)
    bed.hold(HEART_RATE, 0, 6)


def _doubtful(bed: Bed) -> None:
    bed.hold(SPO2, 95, 32, validity=Validity.QUESTIONABLE)


def _cuff(bed: Bed) -> None:
    bed.numeric(NIBP_SYS, 128, measured_at=bed.now, interval_s=5)


def _cuff_stops(bed: Bed) -> None:
    _cuff(bed)
    bed.each_second(1)
    measured = bed.now.plus(-1)
    bed.now = bed.now.plus(20 * 60)
    bed.numeric(NIBP_SYS, 128, measured_at=measured, interval_s=5)  # the same reading once more is no new one
    bed.each_second(1)


def _infuse(bed: Bed, **fields: object) -> None:
    bed.pump(**({"rate_ml_per_h": 5.0, "interval_s": 4000.0} | fields))


def _round_late(bed: Bed) -> None:
    _infuse(bed)
    bed.now = bed.now.plus(15 * 60)
    bed.each_second(1)
    bed.now = bed.now.plus(10 * 60)
    bed.each_second(1)


def _round(bed: Bed) -> None:
    bed.do(RecordAssessment(event_at=bed.now, scores=(("pain at rest", 4),)))
    bed.each_second(1)


def _step_clock(bed: Bed) -> None:
    bed.each_second(1)
    bed.now = Instant(bed.now.monotonic_ns, bed.now.utc_ns + 40 * 10**9)
    bed.each_second(1)


def _minute(bed: Bed) -> None:
    bed.each_second(62)


def _held(seconds: float, **fields: object) -> Act:
    return lambda bed: bed.each_second(seconds, lambda: _infuse(bed, **fields))


def _forgotten(bed: Bed) -> None:
    _infuse(bed)
    bed.pump(PumpState.PAUSED, rate_ml_per_h=0.0, interval_s=4000.0)
    bed.now = bed.now.plus(15 * 60)
    bed.each_second(1)


def _give(mg_in_hour: float) -> Act:
    """A pump whose counter rises so much within 50 min, at no rate above the ceiling."""

    def act(bed: Bed) -> None:
        for minute in range(51):
            _infuse(bed, infused_ml=minute / 50 * mg_in_hour / 2, rate_ml_per_h=12.0)
            bed.now = bed.now.plus(60)
            bed.step(Tick(bed.now))

    return act


def _give_all(bed: Bed) -> None:
    """The order gives 85 mg: 44 mL are more."""
    for minute in range(231):
        _infuse(bed, infused_ml=minute / 5, rate_ml_per_h=11.5)
        bed.now = bed.now.plus(60)
        bed.step(Tick(bed.now))


def _hour_passes(bed: Bed) -> None:
    bed.now = bed.now.plus(3700)
    bed.each_second(1)
    bed.now = bed.now.plus(3700)
    bed.each_second(1)


@dataclass(frozen=True)
class Row:
    name: str
    id: str
    cause: Act
    cure: Act | None
    priority: Priority
    title: str
    detail: str


ROWS = [
    Row("apnoea", "apnoea:MDC_CO2_RESP_RATE", _stops_breathing, _breathes, HIGH, "APNOEA: RR 0", "no breath is counted"),
    Row("no pulse", "no-pulse:MDC_ECG_HEART_RATE", _stops_beating, _beats, HIGH, "NO PULSE: HR 0", "no beat is counted"),
    Row(
        "poor signal",
        "signal:MDC_PULS_OXIM_SAT_O2",
        _doubtful,
        lambda bed: bed.numeric(SPO2, 95),
        LOW,
        "SpO₂ poor signal",
        "the device doubts its own value",
    ),
    Row("cuff overdue", "cuff:overdue", _cuff_stops, _cuff, LOW, "Cuff pressure overdue", "last 128 mmHg at 08:00:00"),
    Row("round overdue", "round:overdue", _round_late, _round, LOW, "Round overdue", "was due at 08:15:00"),
    Row("clock stepped", "clock:stepped", _step_clock, _minute, LOW, "Clock of this computer stepped", "40 s forward"),
    Row(
        "near end",
        "pump:pump:near-end",
        lambda bed: _infuse(bed, remaining_ml=1.0),
        lambda bed: _infuse(bed, remaining_ml=50.0),
        LOW,
        "Syringe or bag near its end",
        "have the next one ready",
    ),
    Row(
        "almost empty",
        "pump:pump:almost-empty",
        lambda bed: _infuse(bed, remaining_ml=0.3),
        lambda bed: _infuse(bed, remaining_ml=50.0),
        MEDIUM,
        "Syringe or bag almost empty",
        "have the next one ready",
    ),
    Row(
        "pump on battery",
        "pump:pump:on-battery",
        _held(302, on_mains=False),
        lambda bed: _infuse(bed, on_mains=True),
        LOW,
        "Pump runs on its battery",
        "plug the pump into the mains",
    ),
    Row(
        "pump battery low",
        "pump:pump:battery",
        lambda bed: _infuse(bed, battery_min=29.0),
        lambda bed: _infuse(bed, battery_min=29.0, on_mains=True),
        MEDIUM,
        "Pump battery low",
        "less than 30 min left",
    ),
    Row(
        "pump paused and forgotten",
        "pump:pump:forgotten",
        _forgotten,
        _infuse,
        MEDIUM,
        "Pump paused and forgotten?",
        "the order still runs",
    ),
    Row(
        "rate above the ceiling",
        "dose:rate:ceiling",
        _held(12, rate_ml_per_h=14.0),
        _infuse,
        HIGH,
        "Rate 28 > 25 mg/h, the order's ceiling",
        "look at the pump",
    ),
    Row(
        "dose over the hour's cap", "dose:over:hour", _give(30), _hour_passes, MEDIUM, "Dose of the last hour over the cap", "25 mg within"
    ),
    Row("dose over the order's whole", "dose:over:case", _give_all, None, MEDIUM, "Dose over the whole order", "more than 85 mg"),
    Row(
        "preset refused",
        "preset:refused",
        lambda bed: None,
        None,
        LOW,
        "Site's alarm preset NOT used",
        "line 7",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(row):
    bed = Bed()
    bed.start(preset=replace(QUIET, refused="adult.toml, line 7: low" if row.name == "preset refused" else ""))
    row.cause(bed)
    alarm = bed.alarms[row.id]
    assert (alarm.title, alarm.priority, alarm.presence) == (row.title, row.priority, Presence.ON)
    assert row.detail in alarm.detail
    assert alarm.kind is CONDITIONS[row.name].kind
    if row.cure is None:
        return
    row.cure(bed)
    if CONDITIONS[row.name].latching:
        assert bed.alarms[row.id].presence is Presence.LATCHED
        bed.do(Acknowledge())
    assert row.id not in bed.alarms


@pytest.mark.parametrize("row", [row for row in ROWS if CONDITIONS[row.name].delay_s], ids=lambda row: row.name)
def test_a_site_may_ask_for_more_patience(row):
    bed = Bed()
    bed.start(preset=preset((), ConditionSetting(name=row.name, delay_s=3600)))
    row.cause(bed)
    assert row.id not in bed.alarms


def test_zero_of_what_never_breathed_is_a_device_that_waits():
    bed = Bed()
    bed.start(preset=QUIET)
    bed.hold(CO2_RESP_RATE, 0, 60)
    assert not bed.alarms


def test_one_zero_is_no_standstill():
    bed = Bed()
    bed.start(preset=QUIET)
    for _ in range(10):
        bed.hold(HEART_RATE, 80, 3)
        bed.hold(HEART_RATE, 0, 3)
    assert not bed.transitions


def test_a_standstill_is_not_over_because_the_sensor_went():
    bed = Bed()
    bed.start(preset=QUIET)
    _stops_breathing(bed)
    bed.hold(CO2_RESP_RATE, None, 60)
    bed.link(LinkState.LOST)
    assert bed.alarms["apnoea:MDC_CO2_RESP_RATE"].presence is Presence.ON


def test_a_pulse_at_the_finger_makes_it_a_question_of_the_electrodes_until_it_goes():
    bed = Bed()
    bed.start(preset=QUIET)
    bed.numeric(HEART_RATE, 80)
    bed.each_second(6, lambda: (bed.numeric(PULSE_RATE, 78, device="oximeter"), bed.numeric(HEART_RATE, 0)))
    alarm = bed.alarms["no-pulse:MDC_ECG_HEART_RATE"]
    assert alarm.priority is MEDIUM
    assert "pulse of 78" in alarm.detail
    bed.do(Acknowledge())
    bed.numeric(PULSE_RATE, None, device="oximeter")
    assert bed.alarms[alarm.condition].priority is HIGH
    assert bed.audio.sounding is HIGH


def test_low_perfusion_makes_the_saturation_doubtful():
    bed = Bed()
    bed.start(preset=QUIET)
    bed.hold(PERFUSION_INDEX, 0.2, 32)
    assert bed.alarms["signal:MDC_PULS_OXIM_SAT_O2"].detail == "hardly any pulse under the probe: perfusion 0.2 %"
    bed.numeric(PERFUSION_INDEX, 0.9)
    assert not bed.alarms


def test_a_doubt_of_the_perfusion_index_alone_is_no_poor_signal():
    bed = Bed()
    bed.start(preset=QUIET)
    doubt = {"validity": Validity.QUESTIONABLE, "reason": "unit not told"}
    bed.hold(PERFUSION_INDEX, 0.9, 32, **doubt)
    assert not bed.alarms
    bed.hold(PERFUSION_INDEX, 0.2, 32, **doubt)
    assert list(bed.alarms) == ["signal:MDC_PULS_OXIM_SAT_O2"]


def test_a_cuff_that_was_never_used_is_not_missed():
    bed = Bed()
    bed.start(preset=QUIET)
    bed.now = bed.now.plus(7200)
    bed.each_second(1)
    assert not bed.alarms


def test_an_overdue_round_sounds_once():
    bed = Bed()
    bed.start(preset=QUIET)
    _round_late(bed)
    assert bed.audio.sounding is LOW
    assert not bed.audio.repeats


def test_a_round_is_overdue_by_the_orders_own_schedule():
    bed = Bed()
    bed.start(preset=QUIET, order=replace(ORDER, rounds=(RoundInterval(every_min=40),)))
    _round_late(bed)
    assert "round:overdue" not in bed.alarms
    for minutes in (15, 10):
        bed.now = bed.now.plus(minutes * 60)
        bed.each_second(1)
    assert bed.alarms["round:overdue"].detail == "was due at 08:40:00"


def test_a_clock_that_is_led_gently_is_no_step():
    bed = Bed()
    for _ in range(100):
        bed.each_second(1)
        bed.now = Instant(bed.now.monotonic_ns, bed.now.utc_ns + 10**9)
    assert not bed.transitions


def test_what_lasts_to_the_orders_end_is_not_near_its_end():
    bed = Bed()
    bed.start(preset=QUIET)
    _infuse(bed, rate_ml_per_h=12.5)
    bed.now = bed.now.plus(235 * 60)
    _infuse(bed, rate_ml_per_h=12.5, remaining_ml=2.0)  # for 9.6 min, and the order ends in 5
    assert not any(name.startswith("pump:") for name in bed.alarms)


def test_a_recorded_stop_is_not_forgetting():
    bed = Bed()
    bed.start(preset=QUIET)
    _forgotten(bed)
    bed.do(RecordEvent(kind=EventKind.STOP, event_at=bed.now, text="patient's wish"))
    bed.each_second(1)
    assert "pump:pump:forgotten" not in bed.alarms


def test_a_pump_that_is_not_heard_keeps_what_stood():
    bed = Bed()
    bed.start(preset=QUIET)
    _infuse(bed, battery_min=10.0)
    bed.link(LinkState.LOST, "pump")
    bed.each_second(30)
    assert bed.alarms["pump:pump:battery"].presence is Presence.ON


@pytest.mark.parametrize(
    ("text", "told", "heard"),
    [("Apnoea (CO2)", MEDIUM, HIGH), ("V-FIB", LOW, HIGH), ("SpO2 low", MEDIUM, MEDIUM), ("Low battery", LOW, LOW)],
)
def test_a_devices_own_standstill_is_high(text, told, heard):
    assert priority_of(DeviceAlert(at=Instant(0, 0), code="x", text=text, priority=told)) is heard


def test_a_technical_word_of_apnoea_is_not_a_standstill():
    bed = Bed()
    bed.start(preset=QUIET)
    bed.tell(DeviceAlert(at=bed.now, code="a", text="Apnoea alarm switched off", priority=LOW, technical=True))
    (alarm,) = bed.alarms.values()
    assert (alarm.priority, alarm.kind) == (LOW, Kind.TECHNICAL)
