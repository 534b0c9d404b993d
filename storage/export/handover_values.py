"""A stored case as the values of a hand-over note: how it stands at the latest moment of its record, running or ended."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from clinical.assessments.schedule import next_round
from clinical.assessments.treated import FOLLOW_UP_WEEK
from clinical.commands import RecordAssessment
from clinical.dosing.report import Infusion
from clinical.instant import NS_PER_S, Instant
from clinical.messages import DoseReport
from clinical.metrics import CATALOGUE
from clinical.report.handover import Ahead, Handover, LastScore, LastValue, Running
from clinical.report.summary import standing
from clinical.report.told import AlarmEntry, GapEntry, LimitStretch, ScoreEntry
from storage.export.infusion_replayed import infusion_at
from storage.export.report_dose import ledger_part
from storage.export.report_entries import alarms_of, entries_of, gaps_of, limits_of, scores_of
from storage.export.report_trends import CUFF_IDS, cuffs_of
from storage.export.report_values import heading_of, who
from storage.export.sheet import Source
from storage.history import CaseHistory
from storage.schema import NUMERICS

_TOLD = frozenset({"medication", "bolus", "side effect", "hold", "stop", "note", "intervention", "bag change", "line change"})


def handover_of(source: Source, program_version: str) -> Handover:
    """The note. Raises StoreError."""
    with source.history.reading():
        return _handover(source, program_version)


def _handover(source: Source, program_version: str) -> Handover:
    history, veil = source.history, source.veil
    setup, last = history.setup, history.last()
    at_s = last.since(history.started)
    infusion = infusion_at(history, last)
    report = infusion.report(last, lambda _device: False)
    entries, scores = entries_of(source), scores_of(source)
    due = _round_due(history, infusion)
    return Handover(
        heading=heading_of(source, program_version),
        who="" if veil.hides else who(setup.patient),
        at_s=at_s,
        ended=history.ended is not None,
        weight_kg=report.weight_kg or setup.weight_kg,
        concentration_mg_per_ml=report.concentration_mg_per_ml or setup.concentration_mg_per_ml,
        order="" if setup.order is None else veil.words(setup.order.name),
        drug="" if setup.order is None else setup.order.drug,
        preset=veil.words(setup.preset.name),
        running=_running(history, report),
        given=report.given,
        ahead=_ahead(source, infusion, report),
        level_ng_per_ml=report.predicted_ng_per_ml,
        round_due_s=None if due is None else due[0].since(history.started),
        round_why="" if due is None else due[1],
        alarms=_standing(alarms_of(source)),
        values=tuple(_values(source, limits_of(source, at_s))),
        cuff=next(iter(reversed(cuffs_of(source))), None),
        scores=_scores(scores),
        entries=tuple(one for one in entries if one.kind in _TOLD and one.replaced_by is None),
        limits=tuple(one for one in entries if one.kind == "limit"),
        gaps=_lasting(gaps_of(source)),
        ledger=ledger_part(source, report.ledger),
    )


def _running(history: CaseHistory, report: DoseReport) -> Running | None:
    pump = report.pump
    if pump is None:
        return None
    return Running(
        state=pump.state.value,
        heard_s=pump.at.since(history.started),
        stale=report.stale,
        rate_ml_per_h=pump.rate_ml_per_h,
        rate_mg_per_h=report.rate_mg_per_h,
        rate_mg_per_kg_h=report.rate_mg_per_kg_h,
        remaining_ml=pump.remaining_ml,
        empty_in_s=report.empty_in_s,
    )


def _ahead(source: Source, infusion: Infusion, report: DoseReport) -> Ahead | None:
    """An order's rules and what it waits for are in the site's own words."""
    history, hides = source.history, source.veil.hides
    ladder, order = report.ladder, history.setup.order
    if ladder is None or order is None:
        return None
    began, may_step = infusion.started_at, ladder.may_step_at
    return Ahead(
        step=ladder.step_number,
        steps=len(order.steps),
        next_mg_per_h=ladder.next_mg_per_h,
        may_step_s=None if may_step is None else may_step.since(history.started),
        waits=() if hides else ladder.waits,
        off_order=ladder.off_order,
        ends_s=None if began is None else began.plus(60 * order.length_min).since(history.started),
        asked=ladder.asked,
        rules=() if hides else ladder.rules,
    )


def _round_due(history: CaseHistory, infusion: Infusion) -> tuple[Instant, str] | None:
    """By the order's own intervals, or the default; a follow-up of weeks later is no round."""
    if infusion.started_at is None:
        return None
    rounds = [kept.command for kept in history.assessments() if isinstance(kept.command, RecordAssessment)]
    taken = [one.event_at for one in rounds if FOLLOW_UP_WEEK not in dict(one.scores)]
    order = history.setup.order
    return next_round(infusion.started_at, max(taken, default=None), infusion.steps, () if order is None else order.rounds)


def _standing(alarms: tuple[AlarmEntry, ...]) -> tuple[AlarmEntry, ...]:
    """Those that stand, the gravest first."""
    return tuple(sorted((one for one in alarms if one.until_s is None), key=lambda one: (-one.priority.rank, one.at_s)))


def _lasting(gaps: tuple[GapEntry, ...]) -> tuple[GapEntry, ...]:
    return tuple(gap for gap in gaps if gap.until_s is None)


def _values(source: Source, limits: tuple[LimitStretch, ...]) -> Iterator[LastValue]:
    """The latest usable number that was shown of each metric but the cuff's, in the catalogue's order."""
    table, history = NUMERICS.c, source.history
    latest = select(func.max(table.id)).where(table.case_id == history.case_id, table.shown, table.value.is_not(None))
    latest = latest.where(table.metric.not_in(CUFF_IDS)).group_by(table.metric, table.channel)
    rows = history.driver_rows(select(table.metric, table.channel, table.at_mono_ns, table.value).where(table.id.in_(latest)))
    places = {name: place for place, name in enumerate(CATALOGUE)}
    sides = {(limit.metric, limit.side): limit.value for limit in limits}  # the last stretch of each is in force
    for name, channel, mono_ns, value in sorted(rows, key=lambda row: (places[row[0]], row[1])):
        metric = CATALOGUE[name]
        yield LastValue(
            metric=metric,
            channel=source.veil.channel(channel),
            at_s=(mono_ns - history.started.monotonic_ns) / NS_PER_S,
            value=value,
            low=sides.get((metric, "low")),
            high=sides.get((metric, "high")),
        )


def _scores(scores: tuple[ScoreEntry, ...]) -> tuple[LastScore, ...]:
    """Each item's last score, in the order in which items were first scored."""
    told: dict[str, list[tuple[float, int]]] = {}
    for one in standing(scores):
        for item, score in one.scores:
            told.setdefault(item, []).append((one.at_s, score))
    return tuple(
        LastScore(item=item, score=pairs[-1][1], at_s=pairs[-1][0], before=pairs[-2][1] if len(pairs) > 1 else None)
        for item, pairs in told.items()
    )
