"""What a round asks, a row each: the item's name in the record, its scale and the words of its scores. No widgets.

The RASS words are the scale's own terms, shortened to fit a key (Sessler et al. 2002). The other scales are plain numeric ratings.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.commands import RecordAssessment
from widgets.figures import written, written_signed


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundItem:
    """One question.

    Attributes:
        name: in ``RecordAssessment.scores``.
        title, hint: over its keys.
        low, high: the scores there are.
        words: one for each score, from the lowest; empty where numbers speak for themselves.
        signed: scores above zero carry a plus.
    """

    name: str
    title: str
    hint: str
    low: int
    high: int
    words: tuple[str, ...] = ()
    signed: bool = False

    @property
    def scores(self) -> range:
        return range(self.low, self.high + 1)

    def written(self, score: int) -> str:
        """The score as it stands on a key: ``−1``, ``+2``, ``7``."""
        return written_signed(score) if self.signed else written(score, 0)

    def word(self, score: int) -> str:
        """The word of a score, or ""."""
        return self.words[score - self.low] if self.words and score in self.scores else ""


RASS_WORDS = ("no answer", "deep", "moderate", "light", "drowsy", "calm", "restless", "agitated", "very", "violent")

ROUND_ITEMS = (
    RoundItem(name="pain at rest", title="Pain at rest", hint="0 none, 10 worst", low=0, high=10),
    RoundItem(name="pain on movement", title="Pain on movement", hint="0 none, 10 worst", low=0, high=10),
    RoundItem(name="RASS", title="Sedation", hint="RASS", low=-5, high=4, words=RASS_WORDS, signed=True),
    RoundItem(name="dissociation", title="Dissociation", hint="0 none, 10 complete", low=0, high=10),
    RoundItem(name="nausea", title="Nausea", hint="", low=0, high=3, words=("none", "mild", "strong", "vomits")),
)


def score_of(assessment: RecordAssessment | None, name: str) -> int | None:
    """The score of an item, or None where it was left open."""
    return dict(assessment.scores).get(name) if assessment else None
