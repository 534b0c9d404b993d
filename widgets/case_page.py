"""The case as a whole: who and what is watched, and how the watch is ended. Two steps, because an end cannot be taken back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinical.commands import CaseSetup
from clinical.instant import Instant
from widgets.boxes import Row, Table
from widgets.docked_page import DockedPage
from widgets.figures import clock, written
from widgets.text_label import TextLabel
from widgets.touch_key import TouchKey

CONFIRM_WITHIN_S = 10.0


class CasePage(DockedPage):
    """Signals:
    end_requested: End was pressed, and pressed again within ten seconds.
    handover_requested: a note for the next nurse is to be written.
    """

    end_requested = Signal()
    handover_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Case", parent=parent)
        self._rows = Table(gap=12, margins=(12, 8, 12, 8))
        self._values: dict[str, TextLabel] = {}
        self._asked_at: Instant | None = None
        self._now: Instant | None = None
        self._writing = False
        for line, name in enumerate(("Patient", "Diagnosis", "Weight", "Concentration", "Order", "Watched since", "Record")):
            self._values[name] = TextLabel("", size="title")
            self._rows.addWidget(TextLabel(name, ink="ink_soft"), line, 0)
            self._rows.addWidget(self._values[name], line, 1)
        self._rows.setColumnStretch(1, 1)
        self.end = TouchKey("End the case", note="the devices go on; this screen stops watching", target=(420, 96))
        self.end.clicked.connect(self._end)
        self.handover = TouchKey("Hand-over note", note="one page for who takes over, as PDF", target=(330, 96))
        self.handover.clicked.connect(self._hand_over)
        self.written = TextLabel(" ", ink="ink_soft", wrap=True)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)
        told = Row(margins=(12, 0, 12, 8))
        told.addWidget(self.written, 1)
        self.body.addLayout(told)
        foot = Row(gap=8, margins=(12, 0, 0, 0))
        foot.addWidget(self.handover)
        foot.addStretch(1)
        foot.addWidget(self.end)
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

    def show_handover(self, words: str, *, done: bool) -> None:
        """How the note stands: under way, written where, or why not."""
        self.written.set_text(words)
        self._writing = not done

    def _hand_over(self) -> None:
        """One at a time. The key stays enabled meanwhile: a disabled one would hand its focus on to the end of the case."""
        if not self._writing:
            self.handover_requested.emit()

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self._now = now
        if self._asked_at is not None and now.since(self._asked_at) > CONFIRM_WITHIN_S:
            self._ask_again()

    def _ask_again(self) -> None:
        self._asked_at = None
        self.end.set_title("End the case")
        self.end.set_note("the devices go on; this screen stops watching")

    def _end(self) -> None:
        if self._asked_at is None:
            self._asked_at = self._now
            self.end.set_title("Press again to end it")
            self.end.set_note("alarms and record stop; the pump does not")
            return
        self._ask_again()
        self.end_requested.emit()
