"""Reads every case as a day of treatment, and keeps follow-ups with the last case of their course. Links and counts nothing.

It reads a few columns of each case and none of its numerics or waveforms, so a clinic of thousands of cases takes a second or two.
A follow-up is an assessment like any other, in the audit chain of its case; its week stands among its scores.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection

from clinical.assessments.chart import Chart
from clinical.assessments.charted import examination_of
from clinical.assessments.corrections import standing
from clinical.assessments.examination import css16_of
from clinical.assessments.nrs import PAIN_AT_REST
from clinical.assessments.rounds import refusal_of
from clinical.assessments.treated import (
    CSS16_ITEM,
    FOLLOW_UP_WEEK,
    FollowUp,
    TreatedDay,
    first_and_last,
    follow_ups_of,
    parted,
    side_effects_of,
)
from clinical.commands import EventKind, RecordAssessment
from clinical.forms import RecordExamination, RecordIntake, RecordRecovery
from clinical.instant import Instant
from storage.audit import Chain
from storage.cases import reading
from storage.engine import writing_engine
from storage.errors import NoSuchCaseError, StoreDamagedError, StoreRefusedError, place_of, told_plainly
from storage.rows import Kept, clean, moment
from storage.schema import CASES, COMMANDS, DOSE_REPORTS, SEALS
from storage.seals import Sealer
from storage.setup_json import command_from_json, command_json

LONGEST_WEEK = 104
_TELL_EVERY = 50
"""Cases from one word of progress to the next."""
_FORMS = tuple(form.__name__ for form in (RecordExamination, RecordIntake, RecordRecovery))
_CASE_COLUMNS = (
    "id",
    "label",
    "day",
    "weight_kg",
    "simulated",
    "setup_rest",
    "started_utc_ns",
    "started_mono_ns",
    "ended_utc_ns",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpEntry:
    """A follow-up to be kept.

    Attributes:
        case_id: of the last case of the course.
        at_utc_ns: when it is entered.
    """

    case_id: int
    follow_up: FollowUp
    at_utc_ns: int
    by: str = ""
    note: str = ""


@dataclass(slots=True)
class _Told:
    """What was told of one case: assessments with their moment of entry, and events by number as corrected."""

    assessments: list[tuple[Instant, RecordAssessment]] = field(default_factory=list)
    events: dict[int, list[str]] = field(default_factory=dict)
    forms: Chart = field(default_factory=Chart)

    def take(self, row: Any) -> None:
        _, entered_utc, entered_mono, event_utc, event_mono, number, kind, line = row
        if kind in _FORMS:
            form = command_from_json(line)
            if isinstance(form, RecordExamination | RecordIntake | RecordRecovery):
                self.forms.take(Instant(entered_mono, entered_utc), replace(form, event_at=Instant(event_mono, event_utc)))
            return
        data = json.loads(line)
        if kind == RecordAssessment.__name__:
            assessment = RecordAssessment(
                event_at=Instant(event_mono, event_utc),
                scores=tuple((str(item), int(score)) for item, score in data["scores"]),
                corrects=data.get("corrects"),
                reason=data.get("reason", ""),
            )
            self.assessments.append((Instant(entered_mono, entered_utc), assessment))
        elif data.get("corrects") in self.events:
            corrected = self.events[data["corrects"]]
            corrected[1] = data["text"]
            self.events[number] = corrected  # whoever corrects the correction means the same event
        else:
            self.events[number] = [data["kind"], data["text"]]

    def texts(self, kind: EventKind) -> list[str]:
        """Of each event of a kind once, as it was last corrected."""
        once = {id(event): event for event in self.events.values()}
        return [text for of, text in once.values() if of == kind.value and text.strip()]

    def css16(self) -> tuple[int, int] | None:
        """Of the limb that was examined first: by the first examination and by the last one after it; None without two."""
        examined = self.forms.examinations()
        of_limb = [css16_of(examination_of(form)).total for form in examined if form.limb == examined[0].limb]
        return (of_limb[0], of_limb[-1]) if len(of_limb) > 1 else None


def treated_days(address: str, progress: Callable[[float], None] = lambda _share: None) -> list[TreatedDay]:
    """All cases of patients (recordings that were played are left out), the earliest first. Raises StoreError.

    Args:
        progress: told now and then what part of the cases is read, 0 to 1; what it raises ends the reading.
    """
    with reading(address) as (connection, url):
        columns = [CASES.c[name] for name in _CASE_COLUMNS]
        cases = connection.execute(select(*columns).order_by(CASES.c.started_utc_ns, CASES.c.id)).all()
        given = _given(connection)
        try:
            told = _told(connection, lambda done: progress(min(1.0, done / len(cases))))
            days = [_day(case, given.get(case.id), told.get(case.id, _Told())) for case in cases]
        except (KeyError, TypeError, ValueError) as error:
            raise StoreDamagedError(f"an entry in {place_of(url)} cannot be read ({error}): restore a copy") from error
    return [day for day in days if day is not None]


def _given(connection: Connection) -> dict[int, float]:
    """Milligrams of each case: the counter only rises."""
    query = select(DOSE_REPORTS.c.case_id, func.max(DOSE_REPORTS.c.given_mg)).group_by(DOSE_REPORTS.c.case_id)
    return {int(row[0]): float(row[1]) for row in connection.execute(query)}


def _told(connection: Connection, progress: Callable[[int], None]) -> dict[int, _Told]:
    columns = COMMANDS.c
    query = (
        select(
            columns.case_id,
            columns.at_utc_ns,
            columns.at_mono_ns,
            columns.event_utc_ns,
            columns.event_mono_ns,
            columns.number,
            columns.type,
            columns.command,
        )
        .where(columns.type.in_(("RecordAssessment", "RecordEvent", *_FORMS)), columns.refused == "")
        .order_by(columns.case_id, columns.seq)
    )
    told: dict[int, _Told] = {}
    cursor: Any = connection.execute(query).cursor  # the driver's own rows: SQLAlchemy's cost more than the reading
    for row in cursor or ():
        if row[0] not in told:
            told[row[0]] = _Told()
            if len(told) % _TELL_EVERY == 0:
                progress(len(told))
        told[row[0]].take(row)
    return told


def _day(case: Kept, given_mg: float | None, told: _Told) -> TreatedDay | None:
    rest = json.loads(case.setup_rest)
    if rest.get("recording"):
        return None
    assessments, later = parted(entry.assessment for entry in standing(told.assessments))
    pain, css16 = first_and_last(assessments, PAIN_AT_REST.name), told.css16() or first_and_last(assessments, CSS16_ITEM)
    return TreatedDay(
        case_id=case.id,
        label=case.label,
        day=case.day,
        started=Instant(case.started_mono_ns, case.started_utc_ns),
        weight_kg=case.weight_kg,
        drug=rest["order"]["drug"] if rest["order"] is not None else "",
        simulated=case.simulated,
        given_mg=given_mg,
        pain_before=pain[0],
        pain_after=pain[1],
        css16_before=css16[0],
        css16_after=css16[1],
        side_effects=side_effects_of(assessments, told.texts(EventKind.SIDE_EFFECT)),
        stops=tuple(told.texts(EventKind.STOP)),
        follow_ups=follow_ups_of(later),
        ended=case.ended_utc_ns is not None,
    )


def add_follow_ups(address: str, entries: Sequence[FollowUpEntry]) -> None:
    """Keeps all of them, or none. Raises StoreError: for a case that is not there or still runs, or a week or score that cannot be."""
    with reading(address) as (_, url):
        pass  # there is such a database, and it is up to date
    with told_plainly(url), writing_engine(url).connect() as connection, connection.begin():
        for entry in entries:
            _add(connection, entry)


def _add(connection: Connection, entry: FollowUpEntry) -> None:
    case = connection.execute(select(CASES).where(CASES.c.id == entry.case_id)).one_or_none()
    if case is None:
        raise NoSuchCaseError(f"there is no case {entry.case_id}")
    assessment = _assessment(case, entry)
    row = (*moment(assessment.event_at, 0), *moment(assessment.event_at, 0), "RecordAssessment", None)
    chain = Chain(case.chain_rows, case.chain_head)
    linked = chain.link("commands", (*row, command_json(assessment), clean(entry.by), ""))
    names = [column.name for column in COMMANDS.columns if column.name not in {"id", "case_id"}]
    connection.execute(COMMANDS.insert().values(case_id=case.id, **dict(zip(names, linked, strict=True))))
    connection.execute(update(CASES).where(CASES.c.id == case.id).values(chain_rows=chain.rows, chain_head=chain.head))
    seal = Sealer.of(connection, case.id, case.uuid).seal(moment(assessment.event_at, 0), {}, (chain.rows, chain.head))
    sealed = [column.name for column in SEALS.columns]
    connection.execute(SEALS.insert().values(dict(zip(sealed, (case.id, *seal), strict=True))))


def _assessment(case: Kept, entry: FollowUpEntry) -> RecordAssessment:
    week = entry.follow_up.week
    if case.ended_utc_ns is None:
        raise StoreRefusedError(f"case {case.id} has not ended: a follow-up belongs to the last case of a course")
    if not 1 <= week <= LONGEST_WEEK:
        raise StoreRefusedError(f"week {week} cannot be; allowed is 1 to {LONGEST_WEEK}")
    if entry.at_utc_ns < case.ended_utc_ns:
        raise StoreRefusedError(f"the follow-up is dated before the end of case {case.id}: check the clock")
    at = Instant(case.started_mono_ns + entry.at_utc_ns - case.started_utc_ns, entry.at_utc_ns)
    scores = ((FOLLOW_UP_WEEK, week), (PAIN_AT_REST.name, entry.follow_up.pain))
    assessment = RecordAssessment(event_at=at, scores=scores, note=entry.note, by=entry.by)
    if why := refusal_of(assessment):
        raise StoreRefusedError(why)
    return assessment
