"""What a score is made of: a scale of grades, or a sum of scales. Knows no particular score, no patient and no alarm.

Every score of this package says where its words and numbers were read, and how sure that is (docs/assessments.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MINUS = "−"


class ScoreError(ValueError):
    """An entry that is on no scale; the text says which, what was entered and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One answer of a scale.

    Attributes:
        score: its number.
        word: for a key; at most two words.
        meaning: how it is told from the others.
        symbol: what stands for the number where the scale's authors use a letter ("S").
    """

    score: int
    word: str
    meaning: str = ""
    symbol: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Grades from the lowest to the highest.

    Attributes:
        name: in ``RecordAssessment.scores``, and as the field writes it.
        source: where it was read.
        note: what a reader must know besides; empty where there is nothing.
        signed: scores above zero are written with a plus.
    """

    name: str
    grades: tuple[Grade, ...]
    source: str
    note: str = ""
    signed: bool = False

    @property
    def low(self) -> int:
        return self.grades[0].score

    @property
    def high(self) -> int:
        return self.grades[-1].score

    def grade(self, score: int) -> Grade:
        """The grade of a score. Raises ScoreError."""
        found = next((grade for grade in self.grades if grade.score == score), None)
        if found is None or isinstance(score, bool):
            raise ScoreError(f"{self.name}: {self.written(score)} is off the scale; allowed is {self.span}")
        return found

    @property
    def span(self) -> str:
        """Lowest to highest, as they are written."""
        return f"{self.written(self.low)} to {self.written(self.high)}"

    def written(self, score: int) -> str:
        """``−1``, ``+2``, ``7``, ``S``."""
        symbol = next((grade.symbol for grade in self.grades if grade.score == score), "")
        if symbol:
            return symbol
        return f"{MINUS}{-score}" if score < 0 else f"+{score}" if self.signed and score else str(score)


@dataclass(frozen=True, slots=True, kw_only=True)
class SumScale:
    """Several scales that are added.

    Attributes:
        pass_at: this sum and more is what its authors ask for.
    """

    name: str
    items: tuple[Scale, ...]
    pass_at: int
    source: str
    note: str = ""

    @property
    def high(self) -> int:
        return sum(item.high for item in self.items)

    def total(self, scores: Mapping[str, int]) -> int:
        """The sum of one score for each item, by its name. Raises ScoreError for one missing, unknown or off its scale."""
        names = [item.name for item in self.items]
        for name in scores:
            if name not in names:
                raise ScoreError(f"{self.name} has no item {name}; its items are {', '.join(names)}")
        missing = [name for name in names if name not in scores]
        if missing:
            raise ScoreError(f"{self.name} needs {' and '.join(missing)}")
        return sum(item.grade(scores[item.name]).score for item in self.items)

    def passed(self, scores: Mapping[str, int]) -> bool:
        """Whether the sum is what its authors ask for. Raises ScoreError."""
        return self.total(scores) >= self.pass_at


def graded(*rows: tuple[int, str, str]) -> tuple[Grade, ...]:
    """Grades from (score, word, meaning), sorted from the lowest."""
    return tuple(Grade(score=score, word=word, meaning=meaning) for score, word, meaning in sorted(rows))
