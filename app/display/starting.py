"""The way into a case and out of it: start page, demonstration, resumption, and what is told when a core cannot do its work.

Shows pages over the watch and hands plans to the core; the new-case page and the review have files of their own.
"""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.display.compose import Display
from app.display.errand import Errand
from app.display.opened_file import OpenedFile
from app.display.stored import StoredCases, record_state, stored_cases
from app.plan import CorePlan, Demonstration
from app.remembered import Remembered
from app.settings import Settings
from app.site_data import SiteData
from clinical.commands import CaseSetup
from clinical.instant import Instant
from storage.errors import StoreError
from widgets.notice_page import NoticePage

if TYPE_CHECKING:
    from app.display.clinic_read import ClinicRead
    from app.display.new_case import NewCase
    from app.display.reviewing import Reviewing
    from widgets.start_page import CaseRow, ScenarioRow, StartPage

LEAVE_WITHIN_S = 2.0


class Starting(QObject):
    """Covers the watch of one Display until a case runs.

    Signals:
        over: everything on the screen may go. With a plan: for what that is to show; with None: the case and its core have ended.
        given_up: somebody has read why the core could not do what its plan said.
    """

    over = Signal(object)
    given_up = Signal()

    def __init__(self, display: Display, settings: Settings, site: SiteData, remembered: Remembered, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._display = display
        self._settings = settings
        self._site = site
        self._remembered = remembered
        self._database = display.keeper.plan.database
        self._uuids: dict[str, str] = {}
        self._errands: list[Errand] = []
        self._ended = False
        self.notice = NoticePage()
        self.file = OpenedFile(self)
        self.file.chosen.connect(self.open_cases_of)
        self._reviewed = self._database
        self.reviewing: Reviewing | None = None
        self.new_case: NewCase | None = None
        self.clinic: ClinicRead | None = None
        display.window.keep(self.notice)
        self._connect()

    @cached_property
    def page(self) -> StartPage:
        """Made when it is wanted: a demonstration's first picture does not wait for it."""
        from widgets.start_page import StartPage  # noqa: PLC0415 (see above)

        page = StartPage()
        self._display.window.keep(page)
        page.new_case_requested.connect(self._begin_new_case)
        page.demonstration_requested.connect(self._demonstrate)
        page.resume_requested.connect(self._resume)
        page.review_requested.connect(self._review)
        page.clinic_requested.connect(self._show_clinic)
        page.people_requested.connect(lambda: self._display.signing_in.open(lambda: self._display.window.cover(self.page)))
        self._display.session.changed.connect(self._show_who)
        self._show_who_on(page)
        page.file_requested.connect(lambda: self.file.ask(self._display.window))
        return page

    def _connect(self) -> None:
        self.notice.left.connect(self._leave_notice)
        self._display.feed.case_changed.connect(self._follow_case)
        self._display.keeper.rested.connect(self._rest)
        self._display.bridge.fault_told.connect(self._tell_fault)

    def open(self) -> None:
        """The start page, with what is stored now."""
        from app.display.scenario_rows import ScenarioError, scenario_rows  # noqa: PLC0415 (a demonstration's first picture does not wait for it)

        self._display.keeper.rest()
        self._display.window.cover(self.page)
        self._run(Errand(lambda _: scenario_rows(), (ScenarioError,), self), self._show_scenarios, self.page.scenarios.set_empty)
        self.open_cases_of(self._database)
        database = self._database
        self._run(Errand(lambda _: record_state(database), (StoreError,), self), self._show_record, lambda _fault: None)

    def _show_who(self) -> None:
        self._show_who_on(self.page)

    def _show_who_on(self, page: StartPage) -> None:
        session = self._display.session
        page.set_who(session.words, asked=session.required)

    def _show_record(self, state: tuple[str, bool]) -> None:
        text, well = state
        self.page.show_record(text, well=well)

    def open_cases_of(self, database: str) -> None:
        """Lists the cases of a database; those of another than the program's own can be reviewed and not resumed."""
        self._reviewed = database
        self._run(Errand(lambda _: stored_cases(database), (StoreError,), self), self._show_cases, self.page.set_cases_fault)

    def open_unless_case_runs(self) -> None:
        """For a display that was started anew: the start page if the core it meets has no case."""
        self._display.bridge.standing_arrived.connect(self._open_unless_case_runs)

    def leave(self) -> None:
        """The program ends."""
        if self.reviewing is not None:
            self.reviewing.leave()
        if self.new_case is not None:
            self.new_case.leave()
        if self.clinic is not None:
            self.clinic.leave()
        for errand in self._errands:
            errand.wait(LEAVE_WITHIN_S)

    def _open_unless_case_runs(self) -> None:
        self._display.bridge.standing_arrived.disconnect(self._open_unless_case_runs)
        if self._display.state.setup is None:
            self.open()

    def _run(self, errand: Errand, done: object, failed: object) -> None:
        errand.done.connect(done)
        errand.failed.connect(failed)
        self._errands = [*self._errands[-2:], errand]
        errand.start()

    def _show_scenarios(self, rows: tuple[ScenarioRow, ...]) -> None:
        self.page.set_scenarios(rows)

    def _show_cases(self, stored: StoredCases) -> None:
        self._uuids = stored.uuids
        self.page.set_cases(stored.rows)
        if self._reviewed != self._database:
            return
        self.page.offer_resume(stored.resumable, self._now_for(stored.resumable))

    def _now_for(self, row: CaseRow | None) -> Instant:
        """The present on a stored case's timeline: its monotonic clock may be another boot's, so UTC joins the two."""
        now = self._display.time.now()
        return now if row is None else row.last_at.plus((now.utc_ns - row.last_at.utc_ns) / 1e9)

    def _begin_new_case(self) -> None:
        from app.display.new_case import NewCase  # noqa: PLC0415 (a demonstration's first picture does not wait for it)

        if self.new_case is None:
            self.new_case = NewCase(self._display, self._settings, self._site, self._remembered, self)
            self.new_case.kept.connect(self.open)
        self.new_case.open()

    def _demonstrate(self, scenario: str) -> None:
        self._watch(CorePlan(database=self._database, demonstration=Demonstration(scenario=scenario)))

    def _resume(self, case_id: str) -> None:
        plan = self._remembered.plan_of(self._uuids.get(case_id, ""), self._database)
        self._watch(plan or CorePlan(database=self._database, resume=True))

    def _review(self, case_id: str) -> None:
        from app.display.reviewing import Reviewing  # noqa: PLC0415 (as above)

        if self.reviewing is None:
            self.reviewing = Reviewing(self._database, self._display.window, self._display.noting, self)
            self.reviewing.left.connect(self.open)
        self.reviewing.open(case_id, self._reviewed)

    def _show_clinic(self) -> None:
        from app.display.clinic_read import ClinicRead  # noqa: PLC0415 (as above)

        if self.clinic is None:
            self.clinic = ClinicRead(self._database, self._display.window, self)
            self.clinic.left.connect(self.open)
        self.clinic.open()
        self._display.noting.figures(self._database)

    def _watch(self, plan: CorePlan) -> None:
        """On a screen that has shown nothing yet: what a new case's devices told must not stand in another's lanes."""
        if self._display.keeper.heard_once:
            self.over.emit(plan)
        else:
            self.watch(plan)

    def watch(self, plan: CorePlan) -> None:
        """Hands a plan to the core and uncovers the watch."""
        self._display.run(plan)
        self._display.window.cover(None)
        if plan.resume and plan == CorePlan(database=self._database, resume=True):
            self._display.tell("Where this case's devices are is not known on this machine: none is read. End the case, or export it.")

    def _follow_case(self, setup: CaseSetup | None) -> None:
        """A case began: the watch is uncovered. One ended: its core is let go, and then everything of it."""
        if setup is None:
            self._ended = True
            self._display.keeper.rest()
            return
        self._display.window.cover(None)
        try:
            self._remembered.keep(setup.uuid, self._display.keeper.plan)
        except OSError as error:
            self._display.tell(f"Where the devices of this case are could not be remembered ({error.strerror}).")

    def _rest(self) -> None:
        if self._ended:
            self.over.emit(None)

    def _tell_fault(self, text: str) -> None:
        watched = self._display.state.setup is not None
        sys.stderr.write(f"bedside: {' '.join(text.split())}\n")
        if self._display.operator.pages is not None:
            self._display.operator.pages.shown.close()
        self.notice.tell(
            "The watch has stopped" if watched else "The watch cannot begin",
            text,
            "Nothing is read, recorded or alarmed from here."
            + (" Watch the patient and the devices themselves. It is tried again every minute." if watched else ""),
            (
                "Put right what is named above.",
                "Leave this notice, and begin or resume the case." if watched else "Leave this notice, and try again.",
            ),
            "Go on",
        )
        self._display.window.cover(self.notice)
        if watched:
            self._display.sound.sound_for_core(lost=True)

    def _leave_notice(self) -> None:
        if self.receivers("2given_up()"):
            self.given_up.emit()
            return
        self._ended = True  # whatever was shown of a watch that stopped is to go
        self._display.keeper.rest()
