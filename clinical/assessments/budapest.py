"""The Budapest criteria for CRPS, in the clinical and the research rule, as counts over four categories. Diagnoses nothing by itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

SOURCE = "Budapest criteria: Harden et al., as given in PMC8970239 and by rsdfoundation.org"
WARM_OR_COLD_C = 1.0
"""A difference of skin temperature above this is a sign of asymmetry, in the version that names one."""


class Category(StrEnum):
    SENSORY = "sensory"
    VASOMOTOR = "vasomotor"
    SUDOMOTOR_OEDEMA = "sudomotor/oedema"
    MOTOR_TROPHIC = "motor/trophic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How many categories must have a symptom, and how many a sign.

    Attributes:
        note: empty where both numbers were read in a source.
    """

    name: str
    symptoms: int
    signs: int
    note: str = ""


CLINICAL = Rule(name="clinical", symptoms=3, signs=2)
RESEARCH = Rule(
    name="research", symptoms=4, signs=2, note="The research rule is recalled, not read in a source: to be confirmed by your clinicians."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budapest:
    """Whether the criteria are met, and what they lack: one short line each, empty where met."""

    rule: Rule
    lacking: tuple[str, ...]
    source: str = SOURCE

    @property
    def met(self) -> bool:
        return not self.lacking


def budapest(
    *,
    continuing_pain: bool,
    symptoms: Collection[Category],
    signs: Collection[Category],
    no_better_diagnosis: bool,
    rule: Rule = CLINICAL,
) -> Budapest:
    """Judges categories with at least one symptom reported, and with at least one sign at the examination."""
    had, seen = len(set(symptoms)), len(set(signs))
    lines = (
        (continuing_pain, "no continuing pain out of proportion to its cause"),
        (had >= rule.symptoms, f"symptoms in {had} of 4 categories; {rule.symptoms} needed"),
        (seen >= rule.signs, f"signs in {seen} of 4 categories; {rule.signs} needed"),
        (no_better_diagnosis, "another diagnosis explains it better, or none was ruled out"),
    )
    return Budapest(rule=rule, lacking=tuple(line for holds, line in lines if not holds))
