"""What a case's own record knows of its recovery, for the checklist of going home. Nobody is discharged by it."""

from __future__ import annotations

from clinical.assessments.aldrete import ALDRETE
from clinical.assessments.padss import PADSS
from clinical.assessments.recovery import Recovery
from clinical.assessments.scales import SumScale
from clinical.metrics import HEART_RATE, NIBP_SYS, Metric
from clinical.report.quarters import spread
from clinical.report.summary import standing
from clinical.report.told import CaseReport

NOW_S = 300.0
"""The last minutes that count as now."""
CUFF_NOW_S = 1800.0
"""A cuff reading older than this, at the end of the case, is not now."""


def recovery_of(report: CaseReport, predicted_ng_per_ml: tuple[float, float] | None) -> Recovery:
    """What is known at the end of the case: ``readiness`` says what that means."""
    first_s, last_s = _infused(report)
    stopped = None if last_s is None else report.heading.started.plus(last_s)
    since_s = last_s or 0.0
    return Recovery(
        stopped_at=stopped,
        vitals=_vitals(report, first_s),
        aldrete=_scored(report, ALDRETE, since_s),
        padss=_scored(report, PADSS, since_s),
        predicted_ng_per_ml=predicted_ng_per_ml,
        escort=report.escort,
    )


def _infused(report: CaseReport) -> tuple[float | None, float | None]:
    """When the drug was first given, and since when it is no more; the second None while it is, or where it never was."""
    running = [number for number, point in enumerate(report.doses) if point.rate_mg_per_h and not point.stale]
    if not running:
        return None, None
    after = report.doses[running[-1] + 1 :]
    stopped = next((point.at_s for point in after if not point.stale and point.rate_mg_per_h == 0), None)
    return report.doses[running[0]].at_s, stopped


def _vitals(report: CaseReport, first_s: float | None) -> tuple[tuple[Metric, float, float], ...]:
    """Heart rate and systolic pressure, now and before the infusion; one that is not known both times is left out."""
    if first_s is None:
        return ()
    heart = [trend for trend in report.trends if trend.metric is HEART_RATE]
    now = spread(heart[0], report.length_s - NOW_S, report.length_s + 1) if heart else None
    before = spread(heart[0], 0.0, first_s) if heart else None
    found: list[tuple[Metric, float, float]] = (
        [] if now is None or before is None else [(HEART_RATE, round(now.median), round(before.median))]
    )
    cuffs = [(one.at_s, one.sys) for one in report.cuffs if one.sys is not None]
    baseline = report.baseline_sbp_mmhg or next((sys for at_s, sys in cuffs if at_s <= first_s), None)
    if cuffs and baseline is not None and report.length_s - cuffs[-1][0] <= CUFF_NOW_S:
        found.append((NIBP_SYS, cuffs[-1][1], baseline))
    return tuple(found)


def _scored(report: CaseReport, scale: SumScale, since_s: float) -> tuple[tuple[str, int], ...]:
    """The scale's items as last scored after the infusion."""
    names = {item.name for item in scale.items}
    told = {item: score for one in standing(report.scores) if one.at_s >= since_s for item, score in one.scores if item in names}
    return tuple(told.items())
