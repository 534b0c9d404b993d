"""A stored case as the values of a report, with its words and dates as they may be told. Draws nothing: that needs a screen's library."""

from __future__ import annotations

from dataclasses import replace

from clinical.alarms.burden import burden_of
from clinical.assessments.recovery import RecoveryRules, readiness
from clinical.commands import Patient
from clinical.instant import Instant
from clinical.report.going_home import recovery_of
from clinical.report.summary import stops
from clinical.report.told import Basis, CaseReport, Heading
from storage.charts import chart_of
from storage.export.case_folder import veiled_order
from storage.export.report_dose import accounted, doses_of, ledger_part, steps_of
from storage.export.report_entries import alarms_of, entries_of, gaps_of, limits_of, scores_of
from storage.export.report_trends import cuffs_of, trends_of
from storage.export.sheet import Source


def report_of(source: Source, program_version: str, rules: RecoveryRules | None = None) -> CaseReport:
    """The whole case. ``rules``: the site's list for going home; None: nothing is said of it. Raises StoreError."""
    with source.history.reading():
        report = _watched(source, program_version)
        if rules is None:
            return report
        predicted = next((dose.predicted_ng_per_ml for dose in reversed(source.history.dose_reports()) if not dose.stale), None)
        at = report.heading.started.plus(report.length_s)
        return replace(
            report, recovery=readiness(at, recovery_of(report, predicted), rules), recovery_source=source.veil.words(rules.source)
        )


def heading_of(source: Source, program_version: str) -> Heading:
    """What stands on every page."""
    history, veil = source.history, source.veil
    setup = history.setup
    return Heading(
        case=veil.uuid(setup.uuid),
        patient=veil.words(setup.patient.label),
        bed=veil.words(setup.bed),
        day=setup.day,
        started=Instant(history.started.monotonic_ns, history.started.utc_ns - source.clock.moved_ns),
        utc_offset_min=setup.utc_offset_min,
        simulated=setup.simulated,
        recording="a recording" if veil.hides and setup.recording else setup.recording,
        deidentified=veil.hides,
        program_version=program_version,
    )


def _watched(source: Source, program_version: str) -> CaseReport:
    history, veil = source.history, source.veil
    setup = history.setup
    last = history.last()
    length_s = last.since(history.started)
    order = None if setup.order is None else veiled_order(setup.order, veil)
    kept = history.dose_reports()
    doses, entries = doses_of(source, kept), entries_of(source)
    given, ledger, in_force = accounted(history, last)
    rows, head = history.chain()
    return CaseReport(
        heading=heading_of(source, program_version),
        who="" if veil.hides else who(setup.patient),
        recorded_by_version=history.program_version,
        length_s=length_s,
        ended=history.ended is not None,
        end_reason=veil.words(history.end_reason),
        basis_at_first=Basis(weight_kg=setup.weight_kg, concentration_mg_per_ml=setup.concentration_mg_per_ml),
        basis=Basis(weight_kg=in_force.weight_kg, concentration_mg_per_ml=in_force.concentration_mg_per_ml),
        syringe_ml=setup.syringe_ml,
        baseline_sbp_mmhg=setup.baseline_sbp_mmhg,
        preset=veil.words(setup.preset.name),
        order=order,
        given=given,
        course_before_mg=setup.course_before_mg,
        burden=burden_of(history.transitions(), (), history.started, last),
        trends=trends_of(source),
        cuffs=cuffs_of(source),
        doses=doses,
        steps=steps_of(source, kept, setup.order),
        stops=stops(doses, entries),
        alarms=alarms_of(source),
        entries=entries,
        scores=scores_of(source),
        limits=limits_of(source, length_s),
        gaps=gaps_of(source),
        ledger=ledger_part(source, ledger),
        seal_rows=rows,
        seal_head=veil.words(head),
        escort=chart_of(history).escort(),
    )


def who(patient: Patient) -> str:
    """Age, sex and diagnosis, as far as they are known."""
    age = "" if patient.age_years is None else f"{patient.age_years} years"
    return ", ".join(part for part in (age, patient.sex, patient.diagnosis) if part)
