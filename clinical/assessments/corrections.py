"""Assessments as they stand after corrections: nothing is lost, and each says what it replaced. Keeps nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinical.commands import RecordAssessment
from clinical.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One item of a correction; None where it was, or is now, not answered."""

    item: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredAssessment:
    """An assessment and its place in the record.

    Attributes:
        number: counted from 1 over all that were taken, corrections among them.
        entered_at: when it was entered; ``assessment.event_at`` says when it was made.
        replaced_by: number of the correction that took its place; None while it stands.
        changed: what it corrected, item by item; empty for a new one.
    """

    number: int
    entered_at: Instant
    assessment: RecordAssessment
    replaced_by: int | None = None
    changed: tuple[Changed, ...] = ()

    @property
    def late_s(self) -> float:
        """How long after it was made it was entered."""
        return self.entered_at.since(self.assessment.event_at)


def numbered(taken: Sequence[tuple[Instant, RecordAssessment]]) -> tuple[EnteredAssessment, ...]:
    """All of them, in the order of the record, each knowing what replaced it.

    A correction of what is not there yet, or no more stands, replaces nothing and stands by itself.

    Args:
        taken: moment of entry and assessment, in the order of the record, without refused ones.
    """
    entries: list[EnteredAssessment] = []
    for number, (at, assessment) in enumerate(taken, start=1):
        old = assessment.corrects
        changed: tuple[Changed, ...] = ()
        if old is not None and 1 <= old < number and entries[old - 1].replaced_by is None:
            changed = _changes(entries[old - 1].assessment, assessment)
            entries[old - 1] = replace(entries[old - 1], replaced_by=number)
        entries.append(EnteredAssessment(number=number, entered_at=at, assessment=assessment, changed=changed))
    return tuple(entries)


def standing(taken: Sequence[tuple[Instant, RecordAssessment]]) -> tuple[EnteredAssessment, ...]:
    """Those that no correction has replaced, by the time they were made."""
    left = [entry for entry in numbered(taken) if entry.replaced_by is None]
    left.sort(key=lambda entry: entry.assessment.event_at.monotonic_ns)  # stable: of one moment, in the order of the record
    return tuple(left)


def _changes(old: RecordAssessment, new: RecordAssessment) -> tuple[Changed, ...]:
    before, after = dict(old.scores), dict(new.scores)
    items = dict.fromkeys([*before, *after])
    return tuple(Changed(item=item, old=before.get(item), new=after.get(item)) for item in items if before.get(item) != after.get(item))
