"""A case with all that a report tells: steps, a hold, alarms, rounds, corrections, a ledger, a cuff, gaps, names as long as names get."""

from collections.abc import Iterator
from dataclasses import replace

from clinical.alarm_model import Alarm, AlarmLimit, AlarmPreset, AlarmTransition, Kind, Presence
from clinical.commands import (
    CorrectDose,
    EventKind,
    LedgerAct,
    Patient,
    RecordAssessment,
    RecordEvent,
    SetLimit,
    SignLedger,
    StartCase,
)
from clinical.messages import DoseReport, FromDevice, Gap, Outcome, Tick
from clinical.metrics import ETCO2, HEART_RATE, NIBP_DIA, NIBP_MEAN, NIBP_SYS, RESP_RATE, SPO2, TEMPERATURE, Metric
from clinical.observations import Numeric, Priority, PumpState, PumpStatus, Validity
from tests.storage.made_case import START, command, end, made_setup

LONG = "Wilhelmina-Charlotte Maximiliane von und zu Hohenstaufen-Waldburg-Wolfegg-Waldsee the Younger of Northumberland"
EVERY_S = 5


def setup(*, long_names: bool = False, simulated: bool = True):
    made = made_setup(simulated=simulated)
    limits = (
        AlarmLimit(metric=SPO2, low=90, high=None, priority=Priority.HIGH, delay_s=10, hysteresis=1),
        AlarmLimit(metric=HEART_RATE, low=50, high=120, priority=Priority.MEDIUM, delay_s=10, hysteresis=1),
        AlarmLimit(metric=NIBP_SYS, low=90, high=160, priority=Priority.MEDIUM, delay_s=10, hysteresis=1),
        AlarmLimit(metric=RESP_RATE, low=8, high=24, priority=Priority.MEDIUM, delay_s=10, hysteresis=1),
    )
    made = replace(made, preset=AlarmPreset(name="adult", source="test", limits=limits), baseline_sbp_mmhg=125.0)
    if long_names:
        made = replace(made, patient=Patient(label=LONG, age_years=101, sex="f", diagnosis=f"CRPS I of {LONG}"), bed=LONG[:60])
    return made


def outcomes(minutes: float, *, alarms_per_hour: int = 4, long_names: bool = False, gaps: bool = True, closed: bool = True):
    """The case as the recorder is told it, a number of each metric every five seconds."""
    begun, nurse = setup(long_names=long_names), LONG[:44] if long_names else "Nurse A"
    happened = sorted(_happenings(minutes, nurse, alarms_per_hour, gaps=gaps), key=lambda one: one[0])
    yield command(0, StartCase(setup=begun, by=nurse), setup=begun)
    for number in range(round(minutes * 60 / EVERY_S)):
        second = number * EVERY_S
        while happened and happened[0][0] <= second:
            yield happened.pop(0)[1]
        if not (gaps and _is_gap(second)):
            yield from _numbers(second)
        yield _pump(second)
    yield from (one for _, one in happened)
    if closed:
        yield end(minutes * 60)


def _is_gap(second: float) -> bool:
    return second % 3600 in range(1500, 1860)


def _numbers(second: float) -> Iterator[Outcome]:
    wave = (second // 5 * 7919) % 11
    yield _number(second, HEART_RATE, 72 + wave + (40 if 2400 < second % 3600 < 2520 else 0))
    yield _number(second, SPO2, 84.0 if 2400 < second % 3600 < 2460 else 96 + wave % 3)
    doubtful = Validity.QUESTIONABLE if 600 < second % 3600 < 700 else Validity.VALID
    yield _number(second, RESP_RATE, 12 + wave % 5, doubtful)
    yield _number(second, ETCO2, 36 + wave % 4)
    yield _number(second, TEMPERATURE, 36.6)
    if second % 900 == 0:
        for metric, value in ((NIBP_SYS, 124 + wave), (NIBP_DIA, 72 + wave), (NIBP_MEAN, 89 + wave)):
            yield _number(second, metric, value)


def _number(second: float, metric: Metric, value: float, validity: Validity = Validity.VALID) -> Outcome:
    shown = Numeric(at=START.plus(second), metric=metric, value=float(value), validity=validity)
    return Outcome(message=FromDevice("monitor", shown), shown=shown)


def _rate_ml_per_h(second: float) -> float:
    if second < 60 or 3000 <= second < 3300:
        return 0.0
    return 5.0 if second < 1860 else 7.5


def _pump(second: float) -> Outcome:
    """5 mL/h of 2 mg/mL for half an hour, then 7.5; a rest of five minutes in the first hour."""
    rate, at = _rate_ml_per_h(second), START.plus(second)
    infused = sum(_rate_ml_per_h(begin) * EVERY_S / 3600 for begin in range(0, int(second), EVERY_S)) if second % 60 == 0 else None
    state = PumpState.INFUSING if rate else PumpState.STOPPED if second < 60 else PumpState.PAUSED
    status = PumpStatus(at=at, channel="7", state=state, rate_ml_per_h=rate, infused_ml=infused, drug="Ketamine")
    given = 0.0 if infused is None else 2 * infused
    dose = DoseReport(
        at=at,
        pump=status,
        pump_device="pump",
        rate_mg_per_h=2 * rate,
        rate_mg_per_kg_h=2 * rate / 68.5,
        given_mg=given,
        given_at_most_mg=given,
        planned_mg_per_h=None if second < 60 else 10.0 if second < 1860 else 15.0,
        predicted_ng_per_ml=(40.0, 120.0),
    )
    return Outcome(message=FromDevice("pump", status), dose=dose if infused is not None or second in {60, 1860, 3000, 3300} else None)


def _happenings(minutes: float, nurse: str, alarms_per_hour: int, *, gaps: bool) -> Iterator[tuple[float, Outcome]]:
    length = minutes * 60
    for number in range(int(alarms_per_hour * minutes / 60)):
        yield from _alarm(30 + number * 3600 / alarms_per_hour, number)
    for number in range(int(minutes // 15) + 1):
        yield _round(number * 900.0 + 40, nurse, pain=max(0, 8 - number))
    for second in (1500.0 + 3600 * hour for hour in range(int((minutes - 31) // 60) + 1)) if gaps else ():
        gap = Gap(device="monitor", what="line", reason="unplugged", since=START.plus(second), until=START.plus(second + 360))
        yield second + 360, Outcome(message=Tick(START.plus(second + 360)), gaps=(gap,))
    for second, made in _entered(nurse):
        if second < length:
            yield second, command(second, made)


def _entered(nurse: str) -> Iterator[tuple[float, object]]:
    yield 20.0, SignLedger(act=LedgerAct.OPENED, mg=100, by=nurse, witness="B")
    yield 60.0, RecordEvent(kind=EventKind.DOSE_STEP, event_at=START.plus(60), text="10 mg/h", by=nurse)
    wrong = RecordEvent(kind=EventKind.MEDICATION, event_at=START.plus(700), text="ondansetron 8 mg IV", by=nurse)
    yield 710.0, wrong
    right = RecordEvent(
        kind=EventKind.CORRECTION, event_at=START.plus(700), text="ondansetron 4 mg IV", corrects=2, by=nurse, reason="misread"
    )
    yield 800.0, right
    yield 900.0, SetLimit(metric=SPO2, low=88, high=None, reason="usual for this patient", by=nurse)
    yield 1000.0, RecordEvent(kind=EventKind.SIDE_EFFECT, event_at=START.plus(990), text="nausea, mild", by=nurse)
    yield 1100.0, RecordAssessment(event_at=START.plus(40), scores=(("pain at rest", 9),), by=nurse, corrects=1, reason="misheard")
    yield 3010.0, RecordEvent(kind=EventKind.HOLD, event_at=START.plus(3010), text="patient asked for a rest", by=nurse)
    yield 3400.0, CorrectDose(weight_kg=70.0, reason="weighed again", by=nurse, witness="B")
    yield 3500.0, RecordEvent(kind=EventKind.NOTE, event_at=START.plus(2000), text=f"a long note on {LONG} " * 3, by=nurse)


def _round(second: float, nurse: str, pain: int) -> tuple[float, Outcome]:
    scores = (
        ("pain at rest", pain),
        ("pain on movement", min(10, pain + 1)),
        ("RASS", -1),
        ("dissociation", 2),
        ("nausea", 1),
        ("dizzy", 2),
    )
    vitals = ((HEART_RATE, 74.0), (SPO2, 97.0))
    return second, command(second, RecordAssessment(event_at=START.plus(second), scores=scores, vitals=vitals, by=nurse))


def _alarm(second: float, number: int) -> Iterator[tuple[float, Outcome]]:
    """Patient's and equipment's, of every priority; each third is answered."""
    priority = (Priority.HIGH, Priority.MEDIUM, Priority.LOW)[number % 3]
    kind = Kind.TECHNICAL if number % 4 == 3 else Kind.PHYSIOLOGICAL
    shown = Alarm(
        condition=f"limit:MDC_PULS_OXIM_SAT_O2:low{number}",
        kind=kind,
        priority=priority,
        presence=Presence.ON,
        title=f"SpO₂ {84 - number % 5} < 90, probe on the left hand",
        detail="saturation, low",
        since=START.plus(second),
        metric=SPO2,
        device="monitor",
        value=84.0 - number % 5,
        limit=90.0,
    )
    yield second, _transition(second, Presence.OFF, shown)
    before = Presence.ON
    if number % 3 == 0:
        yield second + 8, _transition(second + 8, Presence.ON, replace(shown, presence=Presence.ACKNOWLEDGED), "Nurse A")
        before = Presence.ACKNOWLEDGED
    yield second + 20, _transition(second + 20, before, replace(shown, presence=Presence.OFF))


def _transition(second: float, before: Presence, alarm: Alarm, by: str = "") -> Outcome:
    at = START.plus(second)
    return Outcome(message=Tick(at), transitions=(AlarmTransition(at=at, before=before, alarm=alarm, by=by),))
