"""The numeric rating scale, 0 to 10, as the patient tells it; and what a change of it comes to. Names no threshold of its own."""

from __future__ import annotations

from clinical.assessments.scales import Grade, Scale

LOINC = "72514-3"
"""Pain severity, 0–10 verbal numeric rating, reported."""

_GRADES = tuple(Grade(score=score, word="") for score in range(11))
_SOURCE = "numeric rating scale 0 (none) to 10 (worst imaginable), reported by the patient; LOINC 72514-3"

PAIN_AT_REST = Scale(name="pain at rest", grades=_GRADES, source=_SOURCE)
PAIN_ON_MOVEMENT = Scale(name="pain on movement", grades=_GRADES, source=_SOURCE)
DISSOCIATION = Scale(
    name="dissociation",
    grades=_GRADES,
    source="a plain 0–10 rating, as visual analogue ratings of drug effect are used in studies of ketamine; of no licensed questionnaire",
    note="CADSS-6 is offered only where the site enters the wording it has a licence for.",
)


def change_percent(before: int, after: int) -> float | None:
    """How much lower, per cent of ``before``; below zero where it rose; None from no pain, of which there is no part.

    Raises ScoreError.
    """
    PAIN_AT_REST.grade(before)
    PAIN_AT_REST.grade(after)
    return None if before == 0 else 100.0 * (before - after) / before
