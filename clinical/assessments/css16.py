"""CSS-16, the CRPS Severity Score in its revised form of sixteen items (2017): eight symptoms, eight signs, a point each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clinical.assessments.scales import ScoreError

SOURCE = "CRPS Severity Score, revised form of 16 items (2017), items as in table 4 of PMC10257428"
CHANGE_OF_NOTE = 5
CHANGE_NOTE = "A change of about 5 points is said to be clinically relevant; recalled, not read in a source."

SYMPTOMS = (
    "continuing pain",
    "allodynia or hyperalgesia",
    "temperature asymmetry",
    "colour asymmetry",
    "sweating asymmetry",
    "oedema",
    "dystrophic changes",
    "motor abnormalities",
)
SIGNS = (
    "hyperalgesia to pinprick",
    "allodynia",
    "temperature asymmetry",
    "colour asymmetry",
    "sweating asymmetry",
    "oedema",
    "dystrophic changes",
    "motor abnormalities",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Css16:
    """The score.

    Attributes:
        symptoms, signs: points of each half, 0 to 8.
        not_assessed: items without an answer; they count 0, so the true score may be higher by as many.
    """

    symptoms: int
    signs: int
    not_assessed: tuple[str, ...] = ()
    source: str = SOURCE

    @property
    def total(self) -> int:
        return self.symptoms + self.signs

    @property
    def highest_possible(self) -> int:
        return self.total + len(self.not_assessed)


def css16(symptoms: Mapping[str, bool | None], signs: Mapping[str, bool | None]) -> Css16:
    """Adds what is there. An item that is None or left out was not assessed. Raises ScoreError for an item that there is not."""
    return Css16(
        symptoms=_present(symptoms, SYMPTOMS, "symptom"),
        signs=_present(signs, SIGNS, "sign"),
        not_assessed=(
            *(f"symptom: {item}" for item in SYMPTOMS if symptoms.get(item) is None),
            *(f"sign: {item}" for item in SIGNS if signs.get(item) is None),
        ),
    )


def _present(answers: Mapping[str, bool | None], items: tuple[str, ...], kind: str) -> int:
    for item in answers:
        if item not in items:
            raise ScoreError(f"CSS-16 has no {kind} {item}; there are {', '.join(items)}")
    return sum(answers.get(item) is True for item in items)
