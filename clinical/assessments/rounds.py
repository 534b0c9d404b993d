"""What a round asks, and what of it cannot be taken. Knows no screen, and no meaning of a score.

Side effects are items like the others: 0 says that the patient was asked and has none, a missing one that nobody asked.
"""

from __future__ import annotations

from types import MappingProxyType

from clinical.assessments.moaas import MOAAS
from clinical.assessments.nrs import DISSOCIATION, PAIN_AT_REST, PAIN_ON_MOVEMENT
from clinical.assessments.poss import POSS
from clinical.assessments.rass import RASS
from clinical.assessments.scales import Scale, ScoreError, graded
from clinical.commands import RecordAssessment

_SOURCE = "a plain rating of this program; to be confirmed by your clinicians"
_SEVERITY = graded((0, "none", ""), (1, "mild", ""), (2, "moderate", ""), (3, "severe", ""))

NAUSEA = Scale(name="nausea", grades=graded((0, "none", ""), (1, "mild", ""), (2, "strong", ""), (3, "vomits", "")), source=_SOURCE)
SEDATION = MappingProxyType({scale.name: scale for scale in (RASS, POSS, MOAAS)})
"""The scales of which a site uses one."""

SIDE_EFFECTS = tuple(
    Scale(name=name, grades=_SEVERITY, source=_SOURCE)
    for name in ("dizzy", "double vision", "headache", "hallucination", "dysphoria", "salivation", "itching", "palpitation")
)
"""What is ticked with its severity. The first five are what nursing charts for ketamine ask for."""

ITEMS = MappingProxyType(
    {scale.name: scale for scale in (PAIN_AT_REST, PAIN_ON_MOVEMENT, *SEDATION.values(), DISSOCIATION, NAUSEA, *SIDE_EFFECTS)}
)
"""Every item by its name in the record. A site may record others; those are taken as they are."""


def refusal_of(assessment: RecordAssessment) -> str:
    """Why an assessment cannot be taken, in one sentence; empty if it can."""
    names = [name for name, _ in assessment.scores]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        return f"{twice} is answered twice in one assessment"
    if assessment.corrects is not None and assessment.corrects < 1:
        return f"there is no assessment {assessment.corrects} to correct"
    if assessment.corrects is not None and not assessment.reason.strip():
        return "say why the assessment is corrected"
    return _off_scale(assessment) or _implausible(assessment)


def _off_scale(assessment: RecordAssessment) -> str:
    for name, score in assessment.scores:
        if name in ITEMS:
            try:
                ITEMS[name].grade(score)
            except ScoreError as error:
                return str(error)
    return ""


def _implausible(assessment: RecordAssessment) -> str:
    for metric, value in assessment.vitals:
        if not metric.low <= value <= metric.high:
            return f"{metric.label}: {value:g} {metric.unit.text} cannot be; allowed is {metric.low:g} to {metric.high:g}"
    return ""
