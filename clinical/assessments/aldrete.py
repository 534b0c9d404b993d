"""The modified Aldrete score of recovery from sedation (1995): five items of 0 to 2. Says nothing of who may leave."""

from __future__ import annotations

from clinical.assessments.scales import Scale, ScoreError, SumScale, graded

_SOURCE = "modified Aldrete score, 1995"

ACTIVITY = Scale(
    name="activity",
    grades=graded(
        (2, "4 limbs", "moves four limbs voluntarily or on command"),
        (1, "2 limbs", "moves two limbs voluntarily or on command"),
        (0, "none", "moves no limb"),
    ),
    source=_SOURCE,
)
RESPIRATION = Scale(
    name="respiration",
    grades=graded(
        (2, "deep", "breathes deeply and coughs freely"), (1, "limited", "dyspnoea or limited breathing"), (0, "apnoea", "apnoea")
    ),
    source=_SOURCE,
)
CIRCULATION = Scale(
    name="circulation",
    grades=graded(
        (2, "± 20 %", "blood pressure within 20 % of the baseline"),
        (1, "± 20–49 %", "blood pressure 20 to 49 % off the baseline"),
        (0, "± 50 %", "blood pressure 50 % or more off the baseline"),
    ),
    source=_SOURCE,
    note="The middle band is recalled, not read in a source: to be confirmed by your clinicians.",
)
CONSCIOUSNESS = Scale(
    name="consciousness",
    grades=graded((2, "awake", "fully awake"), (1, "on calling", "arousable on calling"), (0, "none", "not responding")),
    source=_SOURCE,
)
SATURATION = Scale(
    name="oxygen saturation",
    grades=graded(
        (2, "> 92 % air", "above 92 % on room air"),
        (1, "needs O₂", "needs oxygen to keep above 90 %"),
        (0, "< 90 % O₂", "below 90 % even with oxygen"),
    ),
    source=_SOURCE,
)

ALDRETE = SumScale(
    name="modified Aldrete", items=(ACTIVITY, RESPIRATION, CIRCULATION, CONSCIOUSNESS, SATURATION), pass_at=9, source=_SOURCE
)


def circulation_score(pressure_mmhg: float, baseline_mmhg: float) -> int:
    """The grade that a systolic pressure comes to. Exactly 20 % off is within. Raises ScoreError without a baseline."""
    if baseline_mmhg <= 0:
        raise ScoreError(f"{CIRCULATION.name}: a baseline of {baseline_mmhg:g} mmHg cannot be")
    off = abs(pressure_mmhg - baseline_mmhg) / baseline_mmhg
    return 2 if off <= 0.20 else 1 if off < 0.50 else 0
