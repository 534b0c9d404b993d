"""The days of a patient's course as the record has them: what ran, what was untoward, and yesterday's curves. Reads only.

Cases belong to one course that name the same patient and drug and count their days on; of two with one number the later one counts.
Where weight or concentration of a day were corrected, all of that day is told as corrected.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clinical.commands import CaseSetup, CorrectDose, EarlierRate, EventKind, RecordEvent
from clinical.dosing.course import CourseDay, StepRun
from clinical.forms import RecordExamination
from clinical.instant import NS_PER_S, Instant
from clinical.metrics import HEART_RATE, NIBP_SYS, Metric
from clinical.pharmacokinetics.history import Dose, Stretch
from storage.case_buffer import DOSE_EVERY_S
from storage.cases import CaseSummary, list_cases, open_case
from storage.charts import chart_of
from storage.history import CaseHistory
from storage.rows import KeptDose

LONGEST_DAYS = 60
"""Cases further back than this are another course. A proposal."""
NOT_NAMED = "not named"
"""The label of a patient whom nobody named: no two of them are taken for one."""
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
    """One earlier day.

    Attributes:
        day: as the course counts it.
        started: its case.
        weight_kg: it was given for.
        rates: what ran, placed by the world's clock, one entry for each stretch of one rate.
    """

    day: CourseDay
    started: Instant
    weight_kg: float
    simulated: bool
    ghosts: tuple[Ghost, ...] = ()
    rates: tuple[EarlierRate, ...] = ()


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
            day = _day_before(history, (case.started.utc_ns - cases[0].started.utc_ns) / NS_PER_S / 60)
            ghosts = tuple(_ghost(history, metric) for metric in GHOSTS) if case is cases[-1] else ()
        if day is not None:
            days.append(replace(day, ghosts=ghosts))
    return tuple(days)


def is_of_patient(setup: CaseSetup, label: str) -> bool:
    """Whether a case names this patient. A name is all there is: age and diagnosis may be written otherwise the next day."""
    return setup.patient.label.casefold() == label.casefold() != NOT_NAMED


def _of_course(cases: list[CaseSummary], setup: CaseSetup, began: Instant) -> list[CaseSummary]:
    """Backward in time the numbers of days fall; the first day ends the course, so that an older one is not mixed in."""
    if setup.order is None or setup.day < 2:
        return []
    earliest_ns = began.utc_ns - LONGEST_DAYS * 86_400 * NS_PER_S
    found: list[CaseSummary] = []
    for case in sorted(cases, key=lambda one: (one.started.utc_ns, one.id), reverse=True):
        order, of = case.setup.order, case.setup
        same = is_of_patient(of, setup.patient.label) and order is not None and order.drug == setup.order.drug
        if not same or of.uuid == setup.uuid or of.simulated != setup.simulated or not earliest_ns <= case.started.utc_ns < began.utc_ns:
            continue
        if of.day < (found[-1].setup.day if found else setup.day):
            found.append(case)
        if found and found[-1].setup.day == 1:
            break
    return found[::-1]


def _day_before(history: CaseHistory, start_min: float) -> DayBefore | None:
    """None where nothing was infused, or nobody knows what."""
    setup, reports = in_force(history), _as_corrected(history)
    begun = next((report.at for report in reports if report.rate_mg_per_h), None)
    if setup.order is None or begun is None:
        return None
    day = CourseDay(
        number=setup.day,
        drug=setup.order.drug,
        start_min=start_min + begun.since(history.started) / 60,
        doses=_doses(reports, begun),
        steps=_steps(history, reports, begun, setup.order.length_min),
    )
    return DayBefore(
        day=day, started=history.started, weight_kg=setup.weight_kg, simulated=setup.simulated, rates=_rates(setup.day, reports)
    )


def rates_of(history: CaseHistory) -> tuple[EarlierRate, ...]:
    """What ran in a case, for the prediction of the days that follow it."""
    return _rates(history.setup.day, _as_corrected(history))


def in_force(history: CaseHistory) -> CaseSetup:
    """A case's set-up with weight and concentration as they were last corrected."""
    setup = history.setup
    for _, command in _corrections(history):
        weight_kg = command.weight_kg or setup.weight_kg
        setup = replace(
            setup, weight_kg=weight_kg, concentration_mg_per_ml=command.concentration_mg_per_ml or setup.concentration_mg_per_ml
        )
    return setup


def _corrections(history: CaseHistory) -> list[tuple[Instant, CorrectDose]]:
    return [(kept.at, kept.command) for kept in history.commands() if isinstance(kept.command, CorrectDose) and not kept.refused]


def _as_corrected(history: CaseHistory) -> list[KeptDose]:
    """Every dose report with its rate by the concentration that was right in the end: those before a correction were kept by another."""
    was, at_last = history.setup.concentration_mg_per_ml, in_force(history).concentration_mg_per_ml
    changes = [(at, command.concentration_mg_per_ml) for at, command in _corrections(history) if command.concentration_mg_per_ml]
    reports = _to_the_end(history)
    if not changes:
        return reports
    corrected: list[KeptDose] = []
    for report in reports:
        then = next((value for at, value in reversed(changes) if at <= report.at), None) or was
        rate = report.rate_mg_per_h
        corrected.append(replace(report, rate_mg_per_h=None if rate is None else rate * at_last / then))
    return corrected


def _to_the_end(history: CaseHistory) -> list[KeptDose]:
    """The dose reports, and the last one once more where the record ends: between the two it stood as it was."""
    reports = history.dose_reports()
    if not reports:
        return reports
    end = min(history.last(), reports[-1].at.plus(DOSE_EVERY_S))
    return [*reports, replace(reports[-1], at=end)] if end > reports[-1].at else reports


def _doses(reports: list[KeptDose], begun: Instant) -> tuple[Dose, ...]:
    """What ran between two reports, at the first one's rate. What was silent is not here: nobody knows it."""
    return tuple(
        Stretch(start_min=one.at.since(begun) / 60, end_min=other.at.since(begun) / 60, rate_mg_per_h=one.rate_mg_per_h)
        for one, other in pairwise(reports)
        if one.rate_mg_per_h and one.at >= begun and other.at > one.at
    )


def _rates(day: int, reports: list[KeptDose]) -> tuple[EarlierRate, ...]:
    """The same by the world's clock; reports of one rate that follow each other are one stretch."""
    found: list[EarlierRate] = []
    for one, other in pairwise(reports):
        if not one.rate_mg_per_h or other.at.utc_ns <= one.at.utc_ns:
            continue
        last = found[-1] if found else None
        if last is not None and last.until_utc_ns == one.at.utc_ns and last.rate_mg_per_h == one.rate_mg_per_h:
            found[-1] = replace(last, until_utc_ns=other.at.utc_ns)
        else:
            found.append(EarlierRate(day=day, since_utc_ns=one.at.utc_ns, until_utc_ns=other.at.utc_ns, rate_mg_per_h=one.rate_mg_per_h))
    return tuple(found)


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
