"""What a round asks, a row each: the scale and its words as they fit on a key. No widgets; what a score means stands in clinical.

The words on the keys are the scales' own terms, shortened where a key is narrow.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.assessments.moaas import MOAAS
from clinical.assessments.nrs import DISSOCIATION, PAIN_AT_REST, PAIN_ON_MOVEMENT
from clinical.assessments.poss import POSS
from clinical.assessments.rass import RASS
from clinical.assessments.rounds import NAUSEA, SIDE_EFFECTS
from clinical.assessments.scales import Scale
from clinical.commands import RecordAssessment


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundItem:
    """One question.

    Attributes:
        scale: its scores; ``scale.name`` stands in the record.
        title, hint: over its keys.
        words: one for each score, from the lowest; empty where numbers speak for themselves.
    """

    scale: Scale
    title: str
    hint: str = ""
    words: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.scale.name

    @property
    def low(self) -> int:
        return self.scale.low

    @property
    def scores(self) -> range:
        return range(self.scale.low, self.scale.high + 1)

    def written(self, score: int) -> str:
        """The score as it stands on a key: ``−1``, ``+2``, ``7``, ``S``."""
        return self.scale.written(score)

    def word(self, score: int) -> str:
        """The word of a score, or ""."""
        return self.words[score - self.low] if self.words and score in self.scores else ""


RASS_WORDS = ("no answer", "deep", "moderate", "light", "drowsy", "calm", "restless", "agitated", "very", "violent")

SEDATION_ITEMS = {
    RASS.name: RoundItem(scale=RASS, title="Sedation", hint=RASS.name, words=RASS_WORDS),
    POSS.name: RoundItem(scale=POSS, title="Sedation", hint=POSS.name, words=tuple(grade.word for grade in POSS.grades)),
    MOAAS.name: RoundItem(scale=MOAAS, title="Sedation", hint=MOAAS.name, words=tuple(grade.word for grade in MOAAS.grades)),
}
DEFAULT_SEDATION = RASS.name

EFFECTS_ASKED = SIDE_EFFECTS[:5]
"""Side effects that have a key of their own; others are entered as events."""


def round_items(sedation: str = DEFAULT_SEDATION) -> tuple[RoundItem, ...]:
    """The rows of a round at a site that uses this scale of sedation. Raises KeyError for another."""
    return (
        RoundItem(scale=PAIN_AT_REST, title="Pain at rest", hint="0 none, 10 worst"),
        RoundItem(scale=PAIN_ON_MOVEMENT, title="Pain on movement", hint="0 none, 10 worst"),
        SEDATION_ITEMS[sedation],
        RoundItem(scale=DISSOCIATION, title="Dissociation", hint="0 none, 10 complete"),
        RoundItem(scale=NAUSEA, title="Nausea", words=tuple(grade.word for grade in NAUSEA.grades)),
    )


ROUND_ITEMS = round_items()


def score_of(assessment: RecordAssessment | None, name: str) -> int | None:
    """The score of an item, or None where it was left open."""
    return dict(assessment.scores).get(name) if assessment else None
