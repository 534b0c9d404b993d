"""The pages of the chart beside the watch: the list, corrections, and the forms. Joins them with what is charted; asks nobody himself.

A form under way is told as a draft, so that a display that dies takes nothing with it; what is saved goes the way of every entry.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from platformdirs import user_documents_path
from PySide6.QtCore import QObject, QTimer, Signal

from app.display.entries import Entry
from app.display.free_name import free_name
from app.display.watch_state import WatchState
from app.settings import site_folder
from app.site_data import SiteData, SiteDataError
from app.wire import Draft
from clinical.assessments.chart import Charted, Series
from clinical.assessments.limbs import Limb
from clinical.commands import CaseSetup, RecordAssessment, RecordEvent
from clinical.forms import Form, RecordExamination, RecordIntake, RecordRecovery
from clinical.hand_probes import LEFT_HAND, RIGHT_HAND
from clinical.messages import DoseReport
from clinical.metrics import SKIN_TEMPERATURE
from clinical.observations import Numeric
from widgets.amend_page import AmendPage
from widgets.chart_page import ChartPage
from widgets.docked_page import DockedPage
from widgets.examination_page import EarlierExamination, ExaminationPage
from widgets.form_page import FormPage
from widgets.intake_page import IntakePage
from widgets.recovery_page import RecoveryPage
from widgets.recovery_print import print_recovery

DRAFT_AFTER_MS = 300
"""A draft is told when nothing was entered for so long, and no later than the next answer's pause."""
SKIN_CHANNELS = MappingProxyType({RIGHT_HAND: Limb.RIGHT_ARM, LEFT_HAND: Limb.LEFT_ARM})
"""Where the probes lie, as the skin's tile names them."""
SUITABILITY, DISCHARGE = "suitability", "discharge"


class ChartPages(QObject):
    """Signals:
    entered: an entry: to be recorded.
    page_requested: name of another page.
    drafted: a Draft, to be held by the core.
    failed: a line for people: what could not be read or printed, or is to be looked at.
    printed: the name of the file that a form was printed to.
    """

    entered = Signal(object)
    page_requested = Signal(str)
    drafted = Signal(object)
    failed = Signal(str)
    printed = Signal(str)

    def __init__(self, state: WatchState, sedation: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.chart, self.amend = ChartPage(), AmendPage(sedation)
        self.examination, self.intake, self.recovery = ExaminationPage(), IntakePage(), RecoveryPage()
        self.forms: dict[str, FormPage] = {"examination": self.examination, "intake": self.intake, "recovery": self.recovery}
        self.named: dict[str, DockedPage] = {"chart": self.chart, "amend": self.amend, **self.forms}
        self._told: dict[str, Draft] = {}
        self._timer = QTimer(self, interval=DRAFT_AFTER_MS, singleShot=True)
        self._timer.timeout.connect(self.tell_drafts)
        state.chart_changed.connect(self._show_chart)
        self._connect()

    def _connect(self) -> None:
        self.chart.chosen.connect(self._choose)
        self.chart.page_requested.connect(self._open_new)
        self.amend.corrected.connect(self.entered)
        self.amend.done.connect(self._back_to_the_list)
        for page in self.forms.values():
            page.recorded.connect(self.entered)
            page.changed.connect(self._timer.start)
        self.recovery.print_requested.connect(self._print)

    def read_site_data(self) -> None:
        """The site's checklists; what cannot be read is told."""
        site = SiteData(site_folder())
        try:
            checklist, rules = site.load_checklist(SUITABILITY), site.load_recovery(DISCHARGE)
        except SiteDataError as error:
            self.failed.emit(str(error))
            return
        self.intake.set_checklist(checklist.value)
        self.recovery.set_rules(rules.value)
        for loaded in (checklist.error, rules.error):
            if loaded:
                self.failed.emit(loaded)

    def set_setup(self, setup: CaseSetup) -> None:
        self.chart.set_setup(setup)
        self.amend.set_setup(setup)
        for page in self.forms.values():
            page.set_setup(setup)
        self._show_chart()

    def set_person(self, name: str) -> None:
        """Who is signed in, and so signs; empty for nobody."""
        for line in (self.amend.who, *(page.who for page in self.forms.values())):
            line.set_person(name)

    def set_dose(self, report: DoseReport) -> None:
        self.recovery.set_dose(report)

    def show_numeric(self, numeric: Numeric) -> None:
        if numeric.metric is SKIN_TEMPERATURE and numeric.channel in SKIN_CHANNELS:
            self.examination.show_skin(SKIN_CHANNELS[numeric.channel], numeric)
        self.intake.show_numeric(numeric)
        self.recovery.show_numeric(numeric)

    def set_earlier_days(self, earlier: tuple[EarlierExamination, ...]) -> None:
        self.examination.set_earlier_days(earlier)

    def take_drafts(self, drafts: tuple[Draft, ...]) -> None:
        """What a display before this one left."""
        for draft in drafts:
            if draft.form is not None and draft.page in self.forms and self.forms[draft.page].restore(draft.form):
                self.failed.emit(f"An unsaved form was kept ({draft.page}): open it under Case to save it.")

    def tell_drafts(self) -> None:
        """What is under way and was not told yet."""
        for name, page in self.forms.items():
            draft = Draft(name, page.draft())
            if draft != self._told.get(name, Draft(name, None)):
                self._told[name] = draft
                self.drafted.emit(draft)

    def tell_all_drafts(self) -> None:
        """To a core that was begun anew and knows none."""
        self._told.clear()
        self.tell_drafts()

    def confirm(self, entry: Entry) -> bool:
        """Tells the page that asked; gives whether one of these did."""
        match entry:
            case RecordExamination() | RecordIntake() | RecordRecovery():
                self._page_of(entry).confirm(entry)
            case RecordEvent() | RecordAssessment() if entry.corrects is not None:
                self.amend.confirm(entry)
            case _:
                return False
        return True

    def refuse(self, entry: Entry, why: str) -> bool:
        """As ``confirm``; it must be taken as not recorded."""
        match entry:
            case RecordExamination() | RecordIntake() | RecordRecovery():
                self._page_of(entry).refuse(why)
            case RecordEvent() | RecordAssessment() if entry.corrects is not None:
                self.amend.refuse(why)
            case _:
                return False
        return True

    def _page_of(self, form: Form) -> FormPage:
        match form:
            case RecordExamination():
                return self.examination
            case RecordIntake():
                return self.intake
            case RecordRecovery():
                return self.recovery

    def _choose(self, charted: Charted) -> None:
        """An entry of the list is to be corrected."""
        if charted.series is not Series.FORM:
            self.amend.begin(charted)
            self.page_requested.emit("amend")
            return
        for name, page in self.forms.items():
            if isinstance(charted.entry, RecordExamination | RecordIntake | RecordRecovery) and page is self._page_of(charted.entry):
                if page.correcting != charted:
                    page.begin_correction(charted)
                self.page_requested.emit(name)

    def _back_to_the_list(self) -> None:
        """From a correction that is recorded, if somebody still looks at it."""
        if self.amend.isVisible():
            self.page_requested.emit("chart")

    def _open_new(self, name: str) -> None:
        if self.forms[name].correcting is not None:
            self.forms[name].begin_anew()
        self.page_requested.emit(name)

    def _show_chart(self) -> None:
        self.chart.set_chart(self._state.chart)
        for page in self.forms.values():
            page.set_chart(self._state.chart)

    def _print(self, form: RecordRecovery) -> None:
        setup = self._state.setup
        if setup is None:
            return
        file: Path = free_name(user_documents_path(), f"bedside-recovery-{setup.uuid}")
        try:
            told = f"Printed to {print_recovery(file, setup, form, self.recovery.advice)}"
        except OSError as error:
            told = f"Not printed: {file} cannot be written ({error.strerror})."
        else:
            self.printed.emit(file.name)
        self.recovery.tell(told)
