"""POSS, the Pasero Opioid-induced Sedation Scale: its words, and which of them its author calls acceptable. Advises nothing."""

from __future__ import annotations

from dataclasses import replace

from clinical.assessments.scales import Scale, graded

UNACCEPTABLE_FROM = 3

_GRADES = graded(
    (0, "asleep", "sleep, easy to arouse: acceptable"),
    (1, "awake", "awake and alert: acceptable"),
    (2, "drowsy", "slightly drowsy, easily aroused: acceptable"),
    (3, "drifts off", "frequently drowsy, arousable, drifts off during conversation: unacceptable"),
    (4, "somnolent", "somnolent, minimal or no response: unacceptable"),
)

POSS = Scale(
    name="POSS",
    grades=(replace(_GRADES[0], symbol="S"), *_GRADES[1:]),
    source="Pasero Opioid-induced Sedation Scale",
    note="Written for opioids: what it says of naloxone does not apply to ketamine.",
)


def acceptable(score: int) -> bool:
    """Whether the scale's author calls it so. Raises ScoreError."""
    return POSS.grade(score).score < UNACCEPTABLE_FROM
