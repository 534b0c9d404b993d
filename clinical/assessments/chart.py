"""The chart of a case: every entry with its number, what replaced it, and what stands. Nothing is ever taken out of it.

Events, rounds and forms are counted apart, each from 1 in the order of the record, as corrections name them. A correction is an entry of
its own with the number of the one it replaces; without content it strikes that one out. Of two that correct one entry the first is taken
and the second is told who was before it, so that nobody's correction is lost unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from clinical.commands import Command, EventKind, RecordAssessment, RecordEvent
from clinical.forms import RecordExamination, RecordIntake, RecordRecovery, is_empty
from clinical.instant import Instant

Entry = RecordEvent | RecordAssessment | RecordExamination | RecordIntake | RecordRecovery

DATED = (RecordEvent, RecordAssessment, RecordExamination, RecordIntake, RecordRecovery)
"""Commands that tell of a moment of their own: it is on the same clock as the command."""


def on_clock(command: Command, shift_ns: int) -> Command:
    """A command whose own moment is told on a clock that is ahead by ``shift_ns``."""
    if not isinstance(command, DATED) or not shift_ns:
        return command
    return replace(command, event_at=Instant(command.event_at.monotonic_ns + shift_ns, command.event_at.utc_ns))


BEFORE_SLACK_S = 60.0
"""An entry may be dated this far before the case: people enter whole minutes."""


class Series(StrEnum):
    """What is counted together."""

    EVENT = "event"
    ROUND = "round"
    FORM = "form"


def series_of(entry: Entry) -> Series:
    if isinstance(entry, RecordEvent):
        return Series.EVENT
    return Series.ROUND if isinstance(entry, RecordAssessment) else Series.FORM


def kind_words(entry: Entry) -> str:
    """What an entry is, in a word or two: ``round``, ``medication``, ``examination``."""
    match entry:
        case RecordEvent():
            return entry.kind.value
        case RecordAssessment():
            return "round"
        case RecordExamination():
            return "examination"
        case RecordIntake():
            return "intake"
        case RecordRecovery():
            return "recovery"
        case _:
            assert_never(entry)


def is_struck(entry: Entry) -> bool:
    """Whether it is a correction that puts nothing in the place of what it replaces."""
    if entry.corrects is None:
        return False
    if isinstance(entry, RecordEvent):
        return not entry.text.strip()
    if isinstance(entry, RecordAssessment):
        return not (entry.scores or entry.vitals or entry.note.strip())
    return is_empty(entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charted:
    """An entry and its place.

    Attributes:
        number: within its series.
        entered_at: when it was entered; ``entry.event_at`` says when it was so.
        replaces: number of the entry whose place it took; None where it took none.
        replaced_by: number of the entry that took its place; None while it stands.
    """

    series: Series
    number: int
    entered_at: Instant
    entry: Entry
    replaces: int | None = None
    replaced_by: int | None = None

    @property
    def late_s(self) -> float:
        """How long after it was so it was entered."""
        return self.entered_at.since(self.entry.event_at)


class Chart:
    """Of one case; begun anew with each."""

    def __init__(self, began: Instant | None = None) -> None:
        """``began``: the case's beginning; None where nobody knows, and nothing is then before it."""
        self._began = began
        self._taken: dict[Series, list[Charted]] = {series: [] for series in Series}

    def refusal(self, entry: Entry) -> str:
        """Why an entry cannot be taken, in one sentence; empty if it can. Its content is judged elsewhere."""
        if self._began is not None and self._began.since(entry.event_at) > BEFORE_SLACK_S:
            return f"the entry is dated {self._began.since(entry.event_at) / 60:.0f} min before the case began: check its time"
        return "" if entry.corrects is None else self._cannot_correct(entry, entry.corrects)

    def take(self, at: Instant, entry: Entry) -> Charted:
        """Counts an entry. A correction of what is not there, or no more stands, replaces nothing and stands by itself."""
        taken = self._taken[series_of(entry)]
        old = self.standing_number(series_of(entry), entry.corrects)
        charted = Charted(
            series=series_of(entry), number=len(taken) + 1, entered_at=at, entry=entry, replaces=None if old is None else old.number
        )
        if old is not None:
            taken[old.number - 1] = replace(old, replaced_by=charted.number)
        taken.append(charted)
        return charted

    def standing_number(self, series: Series, number: int | None) -> Charted | None:
        """The entry of that number, if it is there and stands."""
        found = self.numbered(series, number)
        return found if found is not None and found.replaced_by is None else None

    def numbered(self, series: Series, number: int | None) -> Charted | None:
        """The entry of that number, replaced or not."""
        taken = self._taken[series]
        return taken[number - 1] if number is not None and 1 <= number <= len(taken) else None

    def all(self, *series: Series) -> tuple[Charted, ...]:
        """Every entry of these series (none named: of all), in the order of the record within each."""
        return tuple(charted for one in series or tuple(Series) for charted in self._taken[one])

    def standing(self, *series: Series) -> tuple[Charted, ...]:
        """Those that stand and are not struck out, by the time they were so."""
        left = [charted for charted in self.all(*series) if charted.replaced_by is None and not is_struck(charted.entry)]
        left.sort(key=lambda charted: charted.entry.event_at.monotonic_ns)  # stable: of one moment, in the order of the record
        return tuple(left)

    def latest(self, *series: Series) -> tuple[Charted, ...]:
        """The last word on each entry, struck out or not, by the time it was so: what a list shows."""
        left = [charted for charted in self.all(*series) if charted.replaced_by is None]
        left.sort(key=lambda charted: charted.entry.event_at.monotonic_ns)
        return tuple(left)

    def before(self, charted: Charted) -> Charted | None:
        """What it took the place of."""
        return self.numbered(charted.series, charted.replaces)

    def trail(self, charted: Charted) -> tuple[Charted, ...]:
        """Everything it took the place of, the newest first."""
        found: list[Charted] = []
        old = self.before(charted)
        while old is not None:
            found.append(old)
            old = self.before(old)
        return tuple(found)

    def examinations(self) -> tuple[RecordExamination, ...]:
        """Those that stand, by the time they were made."""
        forms = (charted.entry for charted in self.standing(Series.FORM))
        return tuple(form for form in forms if isinstance(form, RecordExamination))

    def intake(self) -> RecordIntake | None:
        """The last one that stands."""
        forms = [charted.entry for charted in self.standing(Series.FORM) if isinstance(charted.entry, RecordIntake)]
        return forms[-1] if forms else None

    def escort(self) -> bool | None:
        """Whether the escort is there, by the last recovery form that stands and tells of it; None where none does."""
        forms = (charted.entry for charted in reversed(self.standing(Series.FORM)))
        return next((form.escort for form in forms if isinstance(form, RecordRecovery) and form.escort is not None), None)

    def assessments(self) -> tuple[RecordAssessment, ...]:
        """Rounds that stand, by the time they were made."""
        rounds = (charted.entry for charted in self.standing(Series.ROUND))
        return tuple(entry for entry in rounds if isinstance(entry, RecordAssessment))

    def events(self, kind: EventKind | None = None) -> tuple[RecordEvent, ...]:
        """Events that stand, of a kind or of any, by the time they happened."""
        events = self.standing(Series.EVENT)
        return tuple(one.entry for one in events if isinstance(one.entry, RecordEvent) and kind in {None, self.kind_of(one)})

    def kind_of(self, event: Charted) -> EventKind:
        """An event's kind; of one that is only called a correction, the kind of what it replaced."""
        kinds = [one.entry.kind for one in (event, *self.trail(event)) if isinstance(one.entry, RecordEvent)]
        return next((kind for kind in kinds if kind is not EventKind.CORRECTION), EventKind.CORRECTION)

    def _cannot_correct(self, entry: Entry, number: int) -> str:
        series = series_of(entry)
        old = self.numbered(series, number)
        if old is None:
            return f"there is no {series} {number} to correct"
        if type(old.entry) is not type(entry):
            return f"form {number} is of another kind: a correction keeps it"
        if old.replaced_by is not None:
            later = self._taken[series][old.replaced_by - 1].entry
            return f"{series} {number} was corrected meanwhile{f' by {later.by}' if later.by else ''}: look at it again"
        return "" if entry.reason.strip() else f"say why {series} {number} is corrected"
