"""Forms under way go to the disk, on a thread of their own, so that they outlive both processes; what is saved or of another case goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue

from app.clock import CaseClock
from app.core.worker import Worker
from app.wire import Draft
from clinical.commands import Command
from clinical.forms import Form, RecordExamination, RecordIntake, RecordRecovery
from clinical.messages import Outcome, SelfReport
from storage.drafts import Drafts
from storage.errors import StoreError

LOOK_EVERY_S, AFTER_FAILURE_S = 0.2, 2.0
WORDS = "A form under way would be lost with both processes: save it soon. {why}"


class DraftKeeping(Worker):
    """Follows the case on the monitor's thread and hears drafts on the outlet's; writes on its own, of each page only the newest."""

    def __init__(self, address: str, clock: CaseClock, report: Callable[[SelfReport], None]) -> None:
        super().__init__("drafts", clock, report)
        self._drafts = Drafts(address)
        self._inbox: SimpleQueue[Draft | str] = SimpleQueue()
        self._case = ""
        self._forms: dict[str, Form] = {}
        self._well = True
        self._unwritten = False

    def hear(self, draft: Draft) -> None:
        """A form is under way, or not any more; returns at once."""
        self._inbox.put(draft)

    def follow(self, outcome: Outcome) -> None:
        """A case that begins or ends leaves nothing of the one before it; returns at once."""
        if outcome.case is not None:
            self._inbox.put("" if outcome.ended else outcome.case.uuid)

    def resume(self, case_uuid: str, commands: Iterable[Command]) -> tuple[Draft, ...]:
        """Before it is started: what was under way in a case that is taken up, without what was saved after all.

        Args:
            commands: of the case, as recorded.
        """
        self._case = case_uuid
        try:
            held = self._drafts.kept(case_uuid)
        except StoreError as error:
            self._tell(WORDS.format(why=error))
            self._well = False
            with suppress(StoreError):
                self._drafts.clear()  # what cannot be read makes room for what comes
            return ()
        entered = [one for one in commands if isinstance(one, RecordExamination | RecordIntake | RecordRecovery)]
        self._forms = {page: form for page, form in held.items() if not any(_is_same(form, one) for one in entered)}
        self._unwritten = self._forms != held
        return tuple(Draft(page, form) for page, form in self._forms.items())

    def run(self) -> None:
        while not self.ended.wait(LOOK_EVERY_S if self._well else AFTER_FAILURE_S):
            self._keep_what_came()
        self._keep_what_came()

    def _keep_what_came(self) -> None:
        while (came := self._next()) is not None:
            self._take(came)
        if self._unwritten:
            self._write()

    def _next(self) -> Draft | str | None:
        try:
            return self._inbox.get_nowait()
        except Empty:
            return None

    def _take(self, came: Draft | str) -> None:
        before = dict(self._forms)
        if isinstance(came, str):
            self._case = came
            self._forms.clear()
            self._unwritten = True  # whatever an earlier case left goes too
        elif came.form is None:
            self._forms.pop(came.page, None)
        elif self._case:
            self._forms[came.page] = came.form
        self._unwritten = self._unwritten or self._forms != before

    def _write(self) -> None:
        """What cannot be written is told once, and tried again."""
        try:
            self._drafts.keep(self._case, self._forms)
        except StoreError as error:
            if self._well:
                self._tell(WORDS.format(why=error))
            self._well = False
        else:
            self._unwritten = False
            if not self._well:
                self._tell("")
            self._well = True


def _is_same(draft: Form, entered: Form) -> bool:
    """Whether a draft was entered: its time is that at which somebody looked."""
    return replace(entered, event_at=draft.event_at) == draft
