"""Nurse's entries under way: each is known as recorded when the core says so, and as not recorded when it cannot or does not.

Knows no page and no pipe.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from clinical.assessments.chart import kind_words
from clinical.commands import CorrectDose, RecordAssessment, RecordEvent, SignLedger
from clinical.forms import RecordExamination, RecordIntake, RecordRecovery

CONFIRMED_WITHIN_S = 5.0
UNREACHABLE = "the core cannot be reached"
UNCONFIRMED = f"the core has not confirmed it within {CONFIRMED_WITHIN_S:g} s"

NOT_RECORDED = "NOT recorded"

_WORDS: dict[type, str] = {SignLedger: "the line of the ledger", CorrectDose: "the correction", RecordAssessment: "the round"}

Entry = RecordEvent | RecordAssessment | RecordExamination | RecordIntake | RecordRecovery | CorrectDose | SignLedger


def words_of(entry: Entry) -> str:
    """What an entry is, within a sentence."""
    if isinstance(entry, RecordExamination | RecordIntake | RecordRecovery):
        return f"the {kind_words(entry)}"
    return entry.text if isinstance(entry, RecordEvent) else _WORDS[type(entry)]


class Entries(QObject):
    """Every entry that is added ends as ``kept`` or ``not_kept``; one that is confirmed late is told as both, in that order of time.

    Signals:
        kept: an entry made here is in the record.
        not_kept: an entry made here, and why it must be taken as not recorded.
    """

    kept = Signal(object)
    not_kept = Signal(object, str)

    def __init__(self, parent: QObject | None = None, *, within_s: float = CONFIRMED_WITHIN_S) -> None:
        super().__init__(parent)
        self._within_ms = round(within_s * 1000)
        self._under_way: list[Entry] = []
        self._doubtful: list[Entry] = []  # told as not recorded, but may have arrived all the same

    def add(self, entry: Entry) -> None:
        """To be called before it is sent."""
        self._under_way.append(entry)
        QTimer.singleShot(self._within_ms, self, lambda: self._fail(entry, UNCONFIRMED))

    def confirm(self, entry: Entry) -> None:
        """The core told it; entries that were not made here are let pass."""
        for waiting in (self._under_way, self._doubtful):
            if entry in waiting:
                waiting.remove(entry)
                self.kept.emit(entry)
                return

    def refuse(self, command: object, why: str) -> None:
        """It was not taken, or could not be sent; other commands are let pass."""
        if isinstance(command, Entry):
            self._fail(command, why)

    def _fail(self, entry: Entry, why: str) -> None:
        if entry in self._under_way:
            self._under_way.remove(entry)
            self._doubtful.append(entry)
            self.not_kept.emit(entry, why)
