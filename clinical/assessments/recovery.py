"""Readiness to go home, line by line from data. It is a checklist: nobody is discharged by it, and a line without data is never met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from clinical.assessments.aldrete import ALDRETE
from clinical.assessments.padss import PADSS
from clinical.assessments.scales import ScoreError, SumScale
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.site_values import SiteTable

_KEYS = (
    "title",
    "least_min_since_stop",
    "vitals_within_percent",
    "least_aldrete",
    "least_padss",
    "level_below_ng_per_ml",
    "source",
    "advice",
)


class Met(StrEnum):
    YES = "met"
    NO = "not met"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRules:
    """The site's.

    Attributes:
        level_below_ng_per_ml: the highest predicted level must be below this; None: the level is not looked at.
        advice: on driving and work, in the site's words; empty: none is shown.
    """

    title: str
    least_min_since_stop: float
    vitals_within_percent: float
    least_aldrete: int
    least_padss: int
    source: str
    level_below_ng_per_ml: float | None = None
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What is known after the infusion; None or empty where it is not.

    Attributes:
        stopped_at: when the drug was last given.
        vitals: (metric, now, before the infusion), in the metric's unit.
        aldrete, padss: a score for each item, by its name.
        predicted_ng_per_ml: low and high edge.
    """

    stopped_at: Instant | None = None
    vitals: tuple[tuple[Metric, float, float], ...] = ()
    aldrete: tuple[tuple[str, int], ...] = ()
    padss: tuple[tuple[str, int], ...] = ()
    predicted_ng_per_ml: tuple[float, float] | None = None
    escort: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: what is asked for, whether it is met, and the data that says so."""

    text: str
    met: Met
    detail: str


def rules_from(mapping: Mapping[str, object]) -> RecoveryRules:
    """The site's rules out of a file's content. Raises SiteValueError."""
    top = SiteTable(mapping, _KEYS)
    return RecoveryRules(
        title=top.text("title"),
        least_min_since_stop=top.number("least_min_since_stop", 0, 24 * 60),
        vitals_within_percent=top.number("vitals_within_percent", 1, 100),
        least_aldrete=top.whole("least_aldrete", 0, ALDRETE.high),
        least_padss=top.whole("least_padss", 0, PADSS.high),
        source=top.text("source"),
        level_below_ng_per_ml=top.number_or_none("level_below_ng_per_ml", 1, 5000),
        advice=top.text("advice", ""),
    )


def readiness(at: Instant, recovery: Recovery, rules: RecoveryRules) -> tuple[Line, ...]:
    """Every line that the site asks for, in order of the list."""
    lines = [_since_stop(at, recovery, rules), _vitals(recovery, rules)]
    lines.append(_score(ALDRETE, recovery.aldrete, rules.least_aldrete))
    lines.append(_score(PADSS, recovery.padss, rules.least_padss))
    if rules.level_below_ng_per_ml is not None:
        lines.append(_level(recovery.predicted_ng_per_ml, rules.level_below_ng_per_ml))
    here = {True: (Met.YES, "present"), False: (Met.NO, "not here"), None: (Met.UNKNOWN, "not entered")}[recovery.escort]
    return (*lines, Line(text="escort", met=here[0], detail=here[1]))


def all_met(lines: tuple[Line, ...]) -> bool:
    return all(line.met is Met.YES for line in lines)


def _since_stop(at: Instant, recovery: Recovery, rules: RecoveryRules) -> Line:
    text = f"{rules.least_min_since_stop:g} min since the infusion stopped"
    if recovery.stopped_at is None:
        return Line(text=text, met=Met.UNKNOWN, detail="not seen to stop")
    minutes = at.since(recovery.stopped_at) / 60
    return Line(text=text, met=_yes_or_no(holds=minutes >= rules.least_min_since_stop), detail=f"{int(minutes)} min")


def _vitals(recovery: Recovery, rules: RecoveryRules) -> Line:
    text = f"vital signs within {rules.vitals_within_percent:g} % of the baseline"
    if not recovery.vitals or any(baseline <= 0 for _, _, baseline in recovery.vitals):
        return Line(text=text, met=Met.UNKNOWN, detail="no baseline, or no reading")
    off = [(metric, now, baseline, 100 * (now - baseline) / baseline) for metric, now, baseline in recovery.vitals]
    holds = all(abs(percent) <= rules.vitals_within_percent for *_, percent in off)
    detail = ", ".join(f"{metric.label} {now:g} of {baseline:g} ({percent:+.0f} %)" for metric, now, baseline, percent in off)
    return Line(text=text, met=_yes_or_no(holds=holds), detail=detail)


def _score(scale: SumScale, entered: tuple[tuple[str, int], ...], least: int) -> Line:
    text = f"{scale.name} {least} or more"
    try:
        total = scale.total(dict(entered))
    except ScoreError as error:
        return Line(text=text, met=Met.UNKNOWN, detail=str(error) if entered else "not scored")
    return Line(text=text, met=_yes_or_no(holds=total >= least), detail=f"{total} of {scale.high}")


def _level(predicted: tuple[float, float] | None, below: float) -> Line:
    text = f"predicted level below {below:g} ng/mL"
    if predicted is None:
        return Line(text=text, met=Met.UNKNOWN, detail="no prediction")
    low, high = predicted
    return Line(text=text, met=_yes_or_no(holds=high < below), detail=f"{low:.0f} to {high:.0f} ng/mL; an estimate")


def _yes_or_no(*, holds: bool) -> Met:
    return Met.YES if holds else Met.NO
