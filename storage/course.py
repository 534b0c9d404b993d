"""The days of a patient's course as the record has them: what ran, what was untoward, and yesterday's curves. Reads only.

Cases belong to one course that name the same patient and drug and count their days on; of two with one number the later one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clinical.commands import CaseSetup, EventKind, RecordEvent
from clinical.dosing.course import CourseDay, StepRun
from clinical.forms import RecordExamination
from clinical.instant import NS_PER_S, Instant
from clinical.metrics import HEART_RATE, NIBP_SYS, Metric
from clinical.pharmacokinetics.history import Dose, Stretch
from storage.cases import CaseSummary, list_cases, open_case
from storage.charts import chart_of
from storage.history import CaseHistory, KeptDose

LONGEST_DAYS = 60
"""Cases further back than this are another course. A proposal."""
GHOSTS: tuple[Metric, ...] = (HEART_RATE, NIBP_SYS)
_UNTOWARD = frozenset({EventKind.SIDE_EFFECT, EventKind.HOLD, EventKind.STOP})
_AT_THE_END_MIN = 2.0  # a stop this close to the ordered end is the ordered end


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ghost:
    """A metric of the day before: ``seconds`` from the start of its case, and values; float64, shape (n,)."""

    metric: Metric
    seconds: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBefore:
    """One earlier day: as the course counts it, when it began, whether it was simulated, and the weight it was given for."""

    day: CourseDay
    started: Instant
    weight_kg: float
    simulated: bool
    ghosts: tuple[Ghost, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminedDay:
    """The examinations of one earlier day that stand, by the time they were made."""

    number: int
    examinations: tuple[RecordExamination, ...]


def examined_before(address: str, setup: CaseSetup, began: Instant) -> tuple[ExaminedDay, ...]:
    """What was examined on the earlier days of a case's course, the first day first. Raises StoreError."""
    days = []
    for case in _of_course(list_cases(address), setup, began):
        with open_case(address, case.id) as history:
            days.append(ExaminedDay(number=case.setup.day, examinations=chart_of(history).examinations()))
    return tuple(days)


def days_before(address: str, setup: CaseSetup, began: Instant) -> tuple[DayBefore, ...]:
    """The earlier days of a case's course, the first one first; curves only of the last. Raises StoreError."""
    cases = _of_course(list_cases(address), setup, began)
    days: list[DayBefore] = []
    for case in cases:
        with open_case(address, case.id) as history:
            day = _day(history, (case.started.utc_ns - cases[0].started.utc_ns) / NS_PER_S / 60)
            ghosts = tuple(_ghost(history, metric) for metric in GHOSTS) if case is cases[-1] else ()
        if day is not None:
            days.append(
                DayBefore(day=day, started=case.started, weight_kg=case.setup.weight_kg, simulated=case.setup.simulated, ghosts=ghosts)
            )
    return tuple(days)


def _of_course(cases: list[CaseSummary], setup: CaseSetup, began: Instant) -> list[CaseSummary]:
    if setup.order is None or setup.day < 2:
        return []
    earliest_ns = began.utc_ns - LONGEST_DAYS * 86_400 * NS_PER_S
    by_day: dict[int, CaseSummary] = {}
    for case in reversed(cases):  # the earliest first, so that the latest of a number stays
        order = case.setup.order
        same = case.setup.patient == setup.patient and order is not None and order.drug == setup.order.drug
        if same and case.setup.uuid != setup.uuid and case.setup.day < setup.day and earliest_ns <= case.started.utc_ns < began.utc_ns:
            by_day[case.setup.day] = case
    return [by_day[number] for number in sorted(by_day)]


def _day(history: CaseHistory, start_min: float) -> CourseDay | None:
    """None where nothing was infused, or nobody knows what."""
    order, reports = history.setup.order, history.dose_reports()
    begun = next((report.at for report in reports if report.rate_mg_per_h), None)
    if order is None or begun is None:
        return None
    after_min = begun.since(history.started) / 60
    return CourseDay(
        number=history.setup.day,
        drug=order.drug,
        start_min=start_min + after_min,
        doses=_doses(reports, begun),
        steps=_steps(history, reports, begun, order.length_min),
    )


def _doses(reports: list[KeptDose], begun: Instant) -> tuple[Dose, ...]:
    """What ran between two reports, at the first one's rate. What was silent is not here: nobody knows it."""
    return tuple(
        Stretch(start_min=one.at.since(begun) / 60, end_min=other.at.since(begun) / 60, rate_mg_per_h=one.rate_mg_per_h)
        for one, other in pairwise(reports)
        if one.rate_mg_per_h and one.at >= begun and other.at > one.at
    )


def _steps(history: CaseHistory, reports: list[KeptDose], begun: Instant, length_min: float) -> tuple[StepRun, ...]:
    """Stretches of one rate, each with what was untoward until the next."""
    changes: list[KeptDose] = []
    for report in reports:
        if report.rate_mg_per_h and (not changes or changes[-1].rate_mg_per_h != report.rate_mg_per_h):
            changes.append(report)
    ends = [*(change.at for change in changes[1:]), reports[-1].at]
    events = chart_of(history).events()
    bad = [(event.event_at, event.text) for event in events if _is_untoward(event, begun, length_min)]
    return tuple(
        StepRun(
            rate_mg_per_h=change.rate_mg_per_h or 0.0,
            minutes=end.since(change.at) / 60,
            untoward=tuple(text for at, text in bad if change.at <= at < end),
        )
        for change, end in zip(changes, ends, strict=True)
    )


def _is_untoward(event: RecordEvent, begun: Instant, length_min: float) -> bool:
    if event.kind is EventKind.STOP and event.event_at.since(begun) / 60 >= length_min - _AT_THE_END_MIN:
        return False
    return event.kind in _UNTOWARD or (event.kind is EventKind.DOSE_STEP and event.text.casefold().startswith("step down"))


def _ghost(history: CaseHistory, metric: Metric, every_s: float = 60.0) -> Ghost:
    """One value each minute: the first one in it."""
    series = history.numerics(metric)
    seconds = (series.mono_ns - history.started.monotonic_ns) / NS_PER_S
    good = np.isfinite(series.values)
    _, first = np.unique(np.floor(seconds[good] / every_s), return_index=True)
    return Ghost(metric=metric, seconds=seconds[good][first], values=series.values[good][first])
