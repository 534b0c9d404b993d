"""The case as a whole: who and what is watched, and how the watch is ended. Two steps, because an end cannot be taken back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinical.commands import CaseSetup
from clinical.instant import Instant
from clinical.messages import DoseReport
from widgets.boxes import Row, Table
from widgets.docked_page import DockedPage
from widgets.durations import clock
from widgets.figures import written
from widgets.text_label import TextLabel
from widgets.touch_key import TouchKey

CONFIRM_WITHIN_S = 10.0
_CHARTS = (
    ("chart", "Chart", "every entry, and its correction"),
    ("examination", "Examination", "before and after: body map, CSS-16"),
    ("intake", "Intake", "suitability: ask the physician"),
    ("recovery", "Recovery", "readiness to go home"),
)
"""Pages that have no key of their own: name, title, note."""


class CasePage(DockedPage):
    """Signals:
    end_requested: End was pressed, and pressed again within ten seconds.
    page_requested: name of a page of the chart.
    handover_requested: a note for the next nurse is to be written.
    people_requested: somebody wants to sign in or out.
    """

    end_requested = Signal()
    page_requested = Signal(str)
    handover_requested = Signal()
    people_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Case", parent=parent)
        self._rows = Table(gap=12, margins=(12, 8, 12, 8))
        self._values: dict[str, TextLabel] = {}
        self._setup: CaseSetup | None = None
        self._asked_at: Instant | None = None
        self._now: Instant | None = None
        self._writing = False
        for line, name in enumerate(("Patient", "Diagnosis", "Weight", "Concentration", "Order", "Watched since", "Record")):
            self._values[name] = TextLabel("", size="title")
            self._rows.addWidget(TextLabel(name, ink="ink_soft"), line, 0)
            self._rows.addWidget(self._values[name], line, 1)
        self._rows.setColumnStretch(1, 1)
        self.end = TouchKey("End the case", note="the devices go on; this screen stops watching", target=(300, 96))
        self.end.clicked.connect(self._end)
        self.charts = {name: TouchKey(title, note=note, target=(180, 96)) for name, title, note in _CHARTS}
        self.handover = TouchKey("Hand-over note", note="one page for who takes over, as PDF", target=(240, 96))
        self.handover.clicked.connect(self._hand_over)
        self.written = TextLabel(" ", ink="ink_soft", wrap=True)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)
        charts = Table(gap=8, margins=(12, 0, 0, 0))
        for place, (name, key) in enumerate(self.charts.items()):
            key.clicked.connect(lambda _=False, name=name: self.page_requested.emit(name))
            charts.addWidget(key, place // 2, place % 2)
        self.body.addLayout(charts)
        self.body.addStretch(1)
        told = Row(margins=(12, 0, 12, 8))
        told.addWidget(self.written, 1)
        self.body.addLayout(told)
        self.people = TouchKey("Sign in", note="who is at the bed", target=(260, 96))
        self.people.clicked.connect(self.people_requested)
        self.people.setVisible(False)
        foot = Row(gap=8, margins=(12, 0, 0, 0))
        for key in (self.handover, self.people, self.end):
            foot.addWidget(key, 1)
        self.body.addLayout(foot)

    def set_setup(self, setup: CaseSetup, started_at: Instant) -> None:
        """The case that is watched."""
        self.written.set_text(" ")
        patient = setup.patient
        who = " · ".join(part for part in (patient.label, patient.sex, f"{patient.age_years} y" if patient.age_years else "") if part)
        texts = {
            "Patient": who,
            "Diagnosis": patient.diagnosis or "not given",
            "Weight": f"{written(setup.weight_kg, 1)} kg",
            "Concentration": f"{written(setup.concentration_mg_per_ml, 3)} mg/mL",
            "Order": "none" if setup.order is None else setup.order.name,
            "Watched since": clock(started_at, setup.utc_offset_min),
            "Record": "simulated" if setup.simulated else setup.recording or "kept on this machine",
        }
        for name, text in texts.items():
            self._values[name].set_text(text)
        self._setup = setup

    def set_dose(self, report: DoseReport) -> None:
        """Where weight or concentration were corrected both values stand here."""
        setup = self._setup
        if setup is None:
            return
        for name, began_with, now, decimals, unit in (
            ("Weight", setup.weight_kg, report.weight_kg, 1, "kg"),
            ("Concentration", setup.concentration_mg_per_ml, report.concentration_mg_per_ml, 3, "mg/mL"),
        ):
            if now is not None and now != began_with:
                self._values[name].set_text(
                    f"{written(now, decimals)} {unit}, corrected; the case began with {written(began_with, decimals)}"
                )

    def show_handover(self, words: str, *, done: bool) -> None:
        """How the note stands: under way, written where, or why not."""
        self.written.set_text(words)
        self._writing = not done

    def _hand_over(self) -> None:
        """One at a time. The key stays enabled meanwhile: a disabled one would hand its focus on to the end of the case."""
        if not self._writing:
            self.handover_requested.emit()

    def set_who(self, words: str, *, asked: bool) -> None:
        """Who is signed in; ``asked``: whether names are asked for here at all."""
        self.people.setVisible(asked)
        self.people.set_title("Sign out, or another" if words else "Sign in")
        self.people.set_note(words or "who is at the bed")

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self._now = now
        if self._asked_at is not None and now.since(self._asked_at) > CONFIRM_WITHIN_S:
            self._ask_again()

    def _ask_again(self) -> None:
        self._asked_at = None
        self.end.set_title("End the case")
        self.end.set_note("the devices go on; this screen stops watching")
        self.end.set_surface("key", "key_edge")

    def _end(self) -> None:
        if self._asked_at is None:
            self._asked_at = self._now
            self.end.set_title("Press again to end it")
            self.end.set_note("alarms and record stop; the pump does not")
            self.end.set_surface("chosen", "chosen")
            return
        self._ask_again()
        self.end_requested.emit()
