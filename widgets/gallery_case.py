"""An invented case for the gallery: set-up, limits, an afternoon of numbers. Nothing here is a patient's."""

from __future__ import annotations

import math
from collections.abc import Iterator

from clinical import metrics
from clinical.alarm_model import Alarm, AlarmLimit, AlarmPreset, AlarmTransition, Kind, Presence
from clinical.commands import CaseSetup, Patient, RecordAssessment
from clinical.instant import NS_PER_S, Instant
from clinical.messages import DoseReport
from clinical.observations import Numeric, Priority, PumpState, PumpStatus
from clinical.orders import Order, Step

ZERO = Instant(10_000 * NS_PER_S, 1_795_346_400 * NS_PER_S)
"""Sun 22 Nov 2026, 11:20 UTC."""

NOW = ZERO.plus(6300)

ORDER = Order(
    name="Six steps",
    drug="ketamine",
    steps=tuple(Step(rate_mg_per_h=rate, earliest_min=30.0 * number) for number, rate in enumerate((10, 15, 20, 25, 27.5, 30))),
    length_min=240,
    ceiling_mg_per_h=30,
    source="invented for the gallery",
)
FLAT_ORDER = Order(
    name="22 mg/h", drug="ketamine", steps=(Step(rate_mg_per_h=22, earliest_min=0),), length_min=240, ceiling_mg_per_h=22, source="invented"
)


def limit(metric: metrics.Metric, low: float | None, high: float | None, priority: Priority = Priority.MEDIUM) -> AlarmLimit:
    return AlarmLimit(metric=metric, low=low, high=high, priority=priority, delay_s=10, hysteresis=1)


PRESET = AlarmPreset(
    name="Adult ketamine",
    limits=(
        limit(metrics.HEART_RATE, 50, 120),
        limit(metrics.SPO2, 90, None, Priority.HIGH),
        limit(metrics.NIBP_SYS, 90, 160),
        limit(metrics.RESP_RATE, 8, 24),
        limit(metrics.ETCO2, 25, 50),
        limit(metrics.SKIN_TEMPERATURE, 28, None, Priority.LOW),
    ),
    source="invented for the gallery",
)

SETUP = CaseSetup(
    uuid="00000000-0000-4000-8000-000000000000",
    patient=Patient(label="M. K.", age_years=46, sex="F", diagnosis="CRPS right hand"),
    bed="3",
    weight_kg=70,
    concentration_mg_per_ml=2,
    syringe_ml=50,
    order=ORDER,
    preset=PRESET,
    source_order=("monitor", "pump"),
    simulated=True,
    day=3,
    baseline_sbp_mmhg=128,
    utc_offset_min=60,
)

ASSESSMENTS = tuple(
    RecordAssessment(
        event_at=ZERO.plus(at_s),
        scores=tuple(zip(("pain at rest", "pain on movement", "RASS", "dissociation", "nausea"), scores, strict=True)),
        by="Nurse A",
    )
    for at_s, scores in ((900, (7, 9, 0, 1, 0)), (5340, (4, 6, -1, 3, 1)))
)


def pump_status(at: Instant, rate_mg_per_h: float = 25.0, state: PumpState = PumpState.INFUSING) -> PumpStatus:
    return PumpStatus(
        at=at, channel="1", state=state, rate_ml_per_h=rate_mg_per_h / 2, remaining_ml=31.2, pressure_percent=32.0, drug="ketamine"
    )


def dose_report(at: Instant = NOW, *, word_at: Instant | None = None, rate_mg_per_h: float = 25.0, stale: bool = False) -> DoseReport:
    """The infusion at a moment; ``word_at``: the pump's last word, a little before by default."""
    return DoseReport(
        at=at,
        pump=pump_status(word_at or at.plus(-3), rate_mg_per_h),
        pump_device="Perfusor Space",
        stale=stale,
        rate_mg_per_h=None if stale else rate_mg_per_h,
        rate_mg_per_kg_h=None if stale else rate_mg_per_h / 70,
        given_mg=38.2,
        given_at_most_mg=38.5 if stale else 38.2,
        empty_in_s=9010,
        started_at=ZERO,
        planned_mg_per_h=25,
        step_number=4,
        step_count=6,
        next_step_mg_per_h=27.5,
        next_step_in_s=900,
        predicted_ng_per_ml=(118, 164),
    )


def vitals(until_s: int = 6300, every_s: int = 5) -> Iterator[Numeric]:
    """Numbers of an afternoon with half a minute missing at 3400 s; a cuff reading each five minutes."""
    for at_s in range(0, until_s, every_s):
        at = ZERO.plus(at_s)
        if 3400 <= at_s < 3490:
            continue
        drift = 12 * at_s / 6300
        for metric, value in (
            (metrics.HEART_RATE, 74 + drift + 2 * math.sin(at_s / 140)),
            (metrics.SPO2, 97 + 0.6 * math.sin(at_s / 300)),
            (metrics.RESP_RATE, 14 + math.sin(at_s / 90)),
            (metrics.ETCO2, 38 + 1.5 * math.sin(at_s / 200)),
        ):
            yield Numeric(at=at, metric=metric, value=value, interval_s=every_s)
        if at_s % 300 == 120:
            yield Numeric(at=at, metric=metrics.NIBP_SYS, value=122 + 2.6 * drift, interval_s=300)
            yield Numeric(at=at, metric=metrics.NIBP_DIA, value=70 + drift, interval_s=300)


SBP_ALARM = Alarm(
    condition="limit:MDC_PRESS_BLD_NONINV_SYS:high",
    kind=Kind.PHYSIOLOGICAL,
    priority=Priority.MEDIUM,
    presence=Presence.ON,
    title="SBP 168 > 160",
    detail="+31 % of baseline, 9 min after 25 mg/h. No step up while this lasts.",
    since=NOW.plus(-34),
    metric=metrics.NIBP_SYS,
    value=168,
    limit=160,
)
LINE_ALARM = Alarm(
    condition="link:pump:lost",
    kind=Kind.TECHNICAL,
    priority=Priority.MEDIUM,
    presence=Presence.ACKNOWLEDGED,
    title="Pump line lost",
    detail="Unplugged; being tried again. Doses are bounds until it answers.",
    since=NOW.plus(-300),
    device="pump",
)
SPO2_ALARM = Alarm(
    condition="limit:MDC_PULS_OXIM_SAT_O2:low",
    kind=Kind.PHYSIOLOGICAL,
    priority=Priority.HIGH,
    presence=Presence.ON,
    title="SpO₂ 84 < 90",
    detail="For 22 s.",
    since=NOW.plus(-22),
    metric=metrics.SPO2,
    value=84,
    limit=90,
)
TRANSITIONS = tuple(AlarmTransition(at=alarm.since, before=Presence.OFF, alarm=alarm) for alarm in (LINE_ALARM, SBP_ALARM, SPO2_ALARM))
