"""The modified Post-Anaesthetic Discharge Scoring System (Chung): five items of 0 to 2. Says nothing of who may leave."""

from __future__ import annotations

from clinical.assessments.scales import Scale, ScoreError, SumScale, graded

_SOURCE = "modified Post-Anaesthetic Discharge Scoring System (Chung)"

VITAL_SIGNS = Scale(
    name="vital signs",
    grades=graded(
        (2, "± 20 %", "within 20 % of the baseline"),
        (1, "20–40 %", "20 to 40 % off the baseline"),
        (0, "> 40 %", "more than 40 % off the baseline"),
    ),
    source=_SOURCE,
)
AMBULATION = Scale(
    name="ambulation",
    grades=graded((2, "steady", "steady gait, no dizziness"), (1, "assisted", "with assistance"), (0, "none", "none, or dizziness")),
    source=_SOURCE,
)
NAUSEA_AND_VOMITING = Scale(
    name="nausea and vomiting",
    grades=graded((2, "minimal", "minimal"), (1, "moderate", "moderate"), (0, "severe", "severe")),
    source=_SOURCE,
)
PAIN = Scale(name="pain", grades=graded((2, "minimal", "minimal"), (1, "moderate", "moderate"), (0, "severe", "severe")), source=_SOURCE)
BLEEDING = Scale(
    name="bleeding", grades=graded((2, "minimal", "minimal"), (1, "moderate", "moderate"), (0, "severe", "severe")), source=_SOURCE
)

PADSS = SumScale(
    name="PADSS",
    items=(VITAL_SIGNS, AMBULATION, NAUSEA_AND_VOMITING, PAIN, BLEEDING),
    pass_at=9,
    source=_SOURCE,
    note="Where nothing was cut, bleeding is minimal: entered as 2 unless the nurse says otherwise. To be confirmed by your clinicians.",
)


def vital_signs_score(values_and_baselines: tuple[tuple[float, float], ...]) -> int:
    """The grade that vital signs come to: that of the one furthest from its baseline. Raises ScoreError without one."""
    if not values_and_baselines or any(baseline <= 0 for _, baseline in values_and_baselines):
        raise ScoreError(f"{VITAL_SIGNS.name}: needs a value and a baseline above 0")
    off = max(abs(value - baseline) / baseline for value, baseline in values_and_baselines)
    return 2 if off <= 0.20 else 1 if off <= 0.40 else 0
