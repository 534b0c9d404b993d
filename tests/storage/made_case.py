"""A small case made of outcomes, as a monitor would give them: two waveforms, numerics, a pump, alarms, commands."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from clinical.alarm_model import Alarm, AlarmLimit, AlarmPreset, AlarmTransition, Kind, Presence
from clinical.commands import (
    Acknowledge,
    CaseSetup,
    Command,
    EndCase,
    EventKind,
    Patient,
    RecordAssessment,
    RecordEvent,
    SetLimit,
    StartCase,
)
from clinical.instant import Instant
from clinical.messages import DoseReport, FromDevice, FromOperator, Gap, Outcome, Tick
from clinical.metrics import ECG_II, HEART_RATE, PLETH, SPO2, TEMPERATURE
from clinical.observations import Numeric, Priority, PumpState, PumpStatus, Validity, WaveformBlock, read_only_steps
from clinical.orders import Order, Step
from storage.recorder import Recorder
from tests.storage.stores import address_of

START = Instant(5_000_000_000_123, 1_772_352_000_250_000_000)  # 2026-03-01T08:00:00.250Z
PRESET = AlarmPreset(
    name="adult",
    source="test",
    limits=(AlarmLimit(metric=SPO2, low=90, high=None, priority=Priority.HIGH, delay_s=10, hysteresis=1),),
)


def made_setup(*, uuid: str = "7a0c6c1e-0000-4000-8000-000000000001", simulated: bool = True) -> CaseSetup:
    steps = (Step(rate_mg_per_h=10, earliest_min=0), Step(rate_mg_per_h=15, earliest_min=30))
    return CaseSetup(
        uuid=uuid,
        patient=Patient(label="A.B.", age_years=41, sex="f", diagnosis="CRPS"),
        bed="3",
        weight_kg=68.5,
        concentration_mg_per_ml=2,
        syringe_ml=50,
        order=Order(name="ladder", drug="ketamine", steps=steps, length_min=240, ceiling_mg_per_h=40, source="test"),
        preset=PRESET,
        source_order=("monitor", "pump"),
        simulated=simulated,
        utc_offset_min=60,
    )


def command(second: float, asked: Command, *, refused: str = "", setup: CaseSetup | None = None, ended: bool = False) -> Outcome:
    return Outcome(message=FromOperator(START.plus(second), asked), refused=refused, case=setup, ended=ended)


def start(setup: CaseSetup | None = None) -> Outcome:
    setup = setup or made_setup()
    return command(0, StartCase(setup=setup, by="Nurse Canary"), setup=setup)


def end(second: float) -> Outcome:
    return command(second, EndCase(reason="finished", by="Nurse Canary"), setup=made_setup(), ended=True)


def wave_steps(number: int, size: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(number * 1000 + seed).integers(-3000, 3000, size, dtype=np.int16)


def waves(number: int) -> Iterator[Outcome]:
    begin = START.plus(number)
    for metric, rate, seed in ((ECG_II, 300, 0), (PLETH, 100, 1)):
        steps = read_only_steps(wave_steps(number, rate, seed))
        block = WaveformBlock(at=begin, metric=metric, rate_hz=rate, steps=steps, unit_per_step=0.002, unit_at_zero=0.001)
        yield Outcome(message=FromDevice("monitor", block), shown=block)


def numerics(number: int) -> Iterator[Outcome]:
    at = START.plus(number + 0.5)
    hr = Numeric(at=at, metric=HEART_RATE, value=60.4 + number % 5)
    yield Outcome(message=FromDevice("monitor", hr), shown=hr)
    if number % 10 == 3:
        spo2 = Numeric(at=at, metric=SPO2, value=None, validity=Validity.INVALID, reason="sensor off")
    else:
        spo2 = Numeric(at=at, metric=SPO2, value=97.0)
    yield Outcome(message=FromDevice("monitor", spo2), shown=spo2)
    yield Outcome(message=FromDevice("monitor", Numeric(at=at, metric=TEMPERATURE, value=-0.04 + 36.6, channel="T2")))


def pump(number: int) -> Outcome:
    at = START.plus(number + 0.6)
    status = PumpStatus(
        at=at, channel="=1+1", state=PumpState.INFUSING, rate_ml_per_h=5.0, infused_ml=5 * number / 3600, on_mains=True, drug="Ketamin"
    )
    dose = DoseReport(
        at=at,
        pump=status,
        pump_device="pump",
        rate_mg_per_h=10.0,
        rate_mg_per_kg_h=10 / 68.5,
        given_mg=10 * number / 3600,
        given_at_most_mg=10 * number / 3600,
        planned_mg_per_h=10.0,
        step_number=1,
        step_count=2,
        predicted_ng_per_ml=(40.0, 81.25),
    )
    return Outcome(message=FromDevice("pump", status), dose=dose)


def alarm(second: float, before: Presence, after: Presence, by: str = "") -> Outcome:
    what = Alarm(
        condition="limit:MDC_PULS_OXIM_SAT_O2:low",
        kind=Kind.PHYSIOLOGICAL,
        priority=Priority.HIGH,
        presence=after,
        title="SpO₂ 84 < 90",
        detail="saturation, low",
        since=START.plus(20),
        metric=SPO2,
        device="monitor",
        value=84.0,
        limit=90.0,
    )
    at = START.plus(second)
    return Outcome(message=Tick(at), transitions=(AlarmTransition(at=at, before=before, alarm=what, by=by),))


def second_of(number: int) -> Iterator[Outcome]:
    yield from waves(number)
    yield from numerics(number)
    if number % 5 == 0:
        yield pump(number)


def happenings() -> dict[int, list[Outcome]]:
    """What happens in a case of a minute, by second."""
    note = RecordEvent(kind=EventKind.NOTE, event_at=START.plus(9), text='=HYPERLINK("x"), said "hello"\nCanary', by="Nurse Canary")
    wrong = RecordEvent(kind=EventKind.MEDICATION, event_at=START.plus(12), text="ondansetron 8 mg IV", by="Other")
    right = RecordEvent(kind=EventKind.CORRECTION, event_at=START.plus(12), text="ondansetron 4 mg IV", corrects=2, by="Other")
    scores = RecordAssessment(event_at=START.plus(14), scores=(("pain at rest", 3), ("RASS", -1)), note="calm", by="Nurse Canary")
    limit = SetLimit(metric=SPO2, low=88, high=None, reason="usual for Canary", by="Other")
    gap = Gap(device="monitor", what="line", reason="unplugged", since=START.plus(24))
    ended = Gap(device="monitor", what="line", reason="unplugged", since=START.plus(24), until=START.plus(27))
    return {
        10: [command(10.1, note)],
        13: [command(13.1, wrong)],
        15: [command(15.2, right), command(15.3, scores)],
        16: [command(16.1, limit), command(16.2, SetLimit(metric=SPO2, low=120, high=None), refused="above 100 %")],
        20: [alarm(20, Presence.OFF, Presence.ON)],
        22: [
            command(22.1, Acknowledge(by="Other")),
            alarm(22.1, Presence.ON, Presence.ACKNOWLEDGED, by="Other"),
        ],
        24: [Outcome(message=Tick(START.plus(24)), gaps=(gap,))],
        27: [Outcome(message=Tick(START.plus(27)), gaps=(ended,))],
        30: [alarm(30, Presence.ACKNOWLEDGED, Presence.OFF)],
    }


def minute(seconds: int = 60) -> Iterator[Outcome]:
    """A whole case; the monitor sends nothing from second 24 to 27."""
    yield start()
    happened = happenings()
    for number in range(seconds):
        yield from happened.get(number, ())
        if not 24 <= number < 27:
            yield from second_of(number)
    yield end(seconds)


def record(path: Path, outcomes: Iterator[Outcome], every: int | None = None) -> str:
    """Keeps outcomes in a new database; commits when the recorder wants to, or each ``every`` outcomes."""
    recorder = Recorder(address_of(path), program_version="1.2.3", boot_id="boot-a")
    recorder.open()
    for count, outcome in enumerate(outcomes):
        recorder.keep(outcome)
        if recorder.wants_commit(outcome) if every is None else count % every == 0:
            recorder.commit()
            recorder.put_together()
    recorder.commit()
    recorder.close()
    return address_of(path)
