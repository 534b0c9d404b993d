"""How a clinical value lies in a row, both ways. Knows columns; opens no database and decides nothing of what is kept.

A row to be written is a tuple in the order of its table's columns, without ``id``, ``case_id`` and the audit columns.
``shift_ns`` takes a run's monotonic clock to the case's (see ``schema.py``). NaN, which no database keeps, becomes None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Row as DatabaseRow

from clinical.alarm_model import Alarm, AlarmTransition, Kind, Presence
from clinical.instant import Instant
from clinical.messages import DoseReport, Gap, SelfReport
from clinical.metrics import metric
from clinical.observations import DeviceAlert, LinkState, LinkStatus, Numeric, Priority, PumpState, PumpStatus

Cell: TypeAlias = int | float | str | bytes | None
Row: TypeAlias = tuple[Cell, ...]
Kept: TypeAlias = DatabaseRow[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDose:
    """A dose report as kept: fields as in ``DoseReport``, and of the pump its state and rate."""

    at: Instant
    device: str
    state: str
    rate_ml_per_h: float | None
    stale: bool
    rate_mg_per_h: float | None
    rate_mg_per_kg_h: float | None
    given_mg: float
    given_at_most_mg: float
    planned_mg_per_h: float | None
    step_number: int | None
    predicted_ng_per_ml: tuple[float, float] | None


def number(value: float | None) -> float | None:
    """A float that any database keeps as it is."""
    return None if value is None or value != value else float(value)  # noqa: PLR0124 - the quickest test for NaN


def clean(text: str) -> str:
    """Text that any database takes: without NUL and lone surrogates, which a noisy line can bring."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def moment(at: Instant, shift_ns: int) -> tuple[int, int]:
    return at.utc_ns, at.monotonic_ns + shift_ns


def moment_or_none(at: Instant | None, shift_ns: int) -> tuple[int | None, int | None]:
    return (None, None) if at is None else moment(at, shift_ns)


def instant(utc_ns: int, mono_ns: int) -> Instant:
    """The Instant of a pair of columns, on the case's timeline."""
    return Instant(mono_ns, utc_ns)


def instant_or_none(utc_ns: int | None, mono_ns: int | None) -> Instant | None:
    return None if utc_ns is None or mono_ns is None else Instant(mono_ns, utc_ns)


def numeric_row(numeric: Numeric, device: str, shown: bool, shift_ns: int) -> Row:  # noqa: FBT001 - a column, on the hot path
    at, measured = numeric.at, numeric.measured_at
    return (
        at.utc_ns,
        at.monotonic_ns + shift_ns,
        device,
        numeric.metric.id,
        clean(numeric.channel),
        number(numeric.value),
        numeric.validity._value_,  # ``value`` goes through Python code; this is the hot path
        clean(numeric.reason),
        float(numeric.interval_s),
        None if measured is None else measured.utc_ns,
        None if measured is None else measured.monotonic_ns + shift_ns,
        shown,
    )


def pump_row(status: PumpStatus, device: str, shift_ns: int) -> Row:
    return (
        *moment(status.at, shift_ns),
        device,
        clean(status.channel),
        status.state.value,
        number(status.rate_ml_per_h),
        number(status.infused_ml),
        number(status.to_infuse_ml),
        number(status.remaining_ml),
        number(status.time_left_s),
        number(status.pressure_percent),
        None if status.drug is None else clean(status.drug),
        number(status.concentration_mg_per_ml),
        number(status.dose_rate),
        None if status.dose_unit is None else clean(status.dose_unit),
        number(status.battery_min),
        status.on_mains,
        float(status.interval_s),
        number(status.pressure_mmhg),
    )


def pump_status(row: Kept, shift_ns: int = 0) -> PumpStatus:
    """A row of ``pump_reports`` as it was; ``shift_ns`` is taken off again."""
    return pump_told((row.at_utc_ns, row.at_mono_ns - shift_ns, *(getattr(row, name) for name in PUMP_TOLD[2:])))


PUMP_TOLD = (
    "at_utc_ns",
    "at_mono_ns",
    "channel",
    "state",
    "rate_ml_per_h",
    "infused_ml",
    "to_infuse_ml",
    "remaining_ml",
    "time_left_s",
    "pressure_percent",
    "drug",
    "concentration_mg_per_ml",
    "dose_rate",
    "dose_unit",
    "battery_min",
    "on_mains",
    "interval_s",
    "pressure_mmhg",
)
"""Columns of ``pump_reports`` as ``pump_told`` takes them."""


def pump_told(row: Sequence[Any]) -> PumpStatus:
    """A report from the driver's own row of ``PUMP_TOLD``: a long case has a hundred thousand, and SQLAlchemy's rows take their time."""
    (
        utc,
        mono,
        channel,
        state,
        rate,
        infused,
        to_infuse,
        left,
        left_s,
        pressure,
        drug,
        mg_per_ml,
        dose,
        unit,
        battery,
        mains,
        every,
        mmhg,
    ) = row
    return PumpStatus(
        at=Instant(mono, utc),
        channel=channel,
        state=PumpState(state),
        rate_ml_per_h=rate,
        infused_ml=infused,
        to_infuse_ml=to_infuse,
        remaining_ml=left,
        time_left_s=left_s,
        pressure_percent=pressure,
        drug=drug,
        concentration_mg_per_ml=mg_per_ml,
        dose_rate=dose,
        dose_unit=unit,
        battery_min=battery,
        on_mains=None if mains is None else bool(mains),
        interval_s=every,
        pressure_mmhg=mmhg,
    )


def alert_row(alert: DeviceAlert, device: str, shift_ns: int) -> Row:
    return (
        *moment(alert.at, shift_ns),
        device,
        clean(alert.code),
        clean(alert.text),
        alert.priority.value,
        alert.active,
        alert.technical,
        clean(alert.channel),
    )


def device_alert(row: Kept) -> DeviceAlert:
    return DeviceAlert(
        at=instant(row.at_utc_ns, row.at_mono_ns),
        code=row.code,
        text=row.text,
        priority=Priority(row.priority),
        active=row.active,
        technical=row.technical,
        channel=row.channel,
    )


def link_row(status: LinkStatus, device: str, shift_ns: int) -> Row:
    return (*moment(status.at, shift_ns), device, status.state.value, clean(status.detail), status.bad_frames)


def link_status(row: Kept) -> LinkStatus:
    at = instant(row.at_utc_ns, row.at_mono_ns)
    return LinkStatus(at=at, state=LinkState(row.state), detail=row.detail, bad_frames=row.bad_frames)


def transition_row(transition: AlarmTransition, shift_ns: int) -> Row:
    alarm = transition.alarm
    return (
        *moment(transition.at, shift_ns),
        alarm.condition,
        alarm.kind.value,
        alarm.priority.value,
        transition.before.value,
        alarm.presence.value,
        clean(alarm.title),
        clean(alarm.detail),
        *moment(alarm.since, shift_ns),
        None if alarm.metric is None else alarm.metric.id,
        alarm.device,
        number(alarm.value),
        number(alarm.limit),
        clean(transition.by),
        alarm.returns or None,
    )


def alarm_transition(row: Kept) -> AlarmTransition:
    alarm = Alarm(
        condition=row.condition,
        kind=Kind(row.kind),
        priority=Priority(row.priority),
        presence=Presence(row.after),
        title=row.title,
        detail=row.detail,
        since=instant(row.since_utc_ns, row.since_mono_ns),
        metric=None if row.metric is None else metric(row.metric),
        device=row.device,
        value=row.value,
        limit=row.limit_value,
        returns=row.returns or 0,
    )
    return AlarmTransition(at=instant(row.at_utc_ns, row.at_mono_ns), before=Presence(row.before), alarm=alarm, by=row.by)


def dose_row(dose: DoseReport, shift_ns: int) -> Row:
    low, high = dose.predicted_ng_per_ml or (None, None)
    return (
        *moment(dose.at, shift_ns),
        dose.pump_device,
        None if dose.pump is None else dose.pump.state.value,
        None if dose.pump is None else number(dose.pump.rate_ml_per_h),
        dose.stale,
        number(dose.rate_mg_per_h),
        number(dose.rate_mg_per_kg_h),
        float(dose.given_mg),
        float(dose.given_at_most_mg),
        number(dose.empty_in_s),
        *moment_or_none(dose.started_at, shift_ns),
        number(dose.planned_mg_per_h),
        dose.step_number,
        dose.step_count,
        number(dose.next_step_mg_per_h),
        number(dose.next_step_in_s),
        number(low),
        number(high),
    )


def gap_row(gap: Gap, shift_ns: int) -> Row:
    ends = moment_or_none(gap.until, shift_ns)
    return (gap.device, gap.what, clean(gap.reason), *moment(gap.since, shift_ns), *ends)


def self_report_row(report: SelfReport, shift_ns: int) -> Row:
    return (*moment(report.at, shift_ns), report.part, report.ok, clean(report.text))


def kept_dose(row: Kept) -> KeptDose:
    """A row of ``dose_reports``."""
    low, high = row.predicted_low_ng_per_ml, row.predicted_high_ng_per_ml
    return KeptDose(
        at=instant(row.at_utc_ns, row.at_mono_ns),
        device=row.device,
        state=row.state or "",
        rate_ml_per_h=row.rate_ml_per_h,
        stale=row.stale,
        rate_mg_per_h=row.rate_mg_per_h,
        rate_mg_per_kg_h=row.rate_mg_per_kg_h,
        given_mg=row.given_mg,
        given_at_most_mg=row.given_at_most_mg,
        planned_mg_per_h=row.planned_mg_per_h,
        step_number=row.step_number,
        predicted_ng_per_ml=None if low is None or high is None else (low, high),
    )
