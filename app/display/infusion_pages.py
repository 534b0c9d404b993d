"""The pages of the infusion beside the watch: step and hold, the ledger, corrections, the course."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.display.draft_setup import cannot_be
from app.display.entries import Entry
from clinical.commands import CaseSetup, CorrectDose, EventKind, RecordEvent, SignLedger
from clinical.messages import DoseReport
from widgets.correct_page import CorrectPage
from widgets.course_page import CoursePage
from widgets.docked_page import DockedPage
from widgets.dose_page import DosePage
from widgets.ledger_page import LedgerPage


class InfusionPages(QObject):
    """Signals:
    recorded: kind, text, minutes ago, as of any event.
    entered: a SignLedger or CorrectDose: to be recorded.
    page_requested: name of another page.
    """

    recorded = Signal(EventKind, str, int)
    entered = Signal(object)
    page_requested = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dose, self.ledger, self.correct, self.course = DosePage(), LedgerPage(), CorrectPage(cannot_be), CoursePage()
        self.named: dict[str, DockedPage] = {"dose": self.dose, "ledger": self.ledger, "correct": self.correct, "course": self.course}
        self._under_way: list[str] = []
        self.dose.recorded.connect(self._record)
        self.dose.other_requested.connect(self.page_requested)
        self.ledger.signed.connect(self.entered)
        self.correct.corrected.connect(self.entered)

    def set_setup(self, setup: CaseSetup) -> None:
        for page in (self.dose, self.ledger, self.correct, self.course):
            page.set_setup(setup)

    def set_dose(self, report: DoseReport) -> None:
        for page in (self.dose, self.ledger, self.correct, self.course):
            page.set_dose(report)

    def confirm(self, entry: Entry) -> bool:
        """Tells the page that asked; gives whether one of these did."""
        match entry:
            case SignLedger():
                self.ledger.confirm(entry)
            case CorrectDose():
                self.correct.confirm(entry)
            case RecordEvent() if entry.text in self._under_way:
                self._under_way.remove(entry.text)
                self.dose.confirm(entry)
            case _:
                return False
        return True

    def refuse(self, entry: Entry, why: str) -> bool:
        """As ``confirm``; it must be taken as not recorded."""
        match entry:
            case SignLedger():
                self.ledger.refuse(why)
            case CorrectDose():
                self.correct.refuse(why)
            case RecordEvent() if entry.text in self._under_way:
                self.dose.refuse(entry, why)
            case _:
                return False
        return True

    def _record(self, kind: EventKind, text: str, minutes_ago: int) -> None:
        self._under_way.append(text)
        self.recorded.emit(kind, text, minutes_ago)
