"""What is known before the first infusion, and what of it the physician is to be asked. Stops no case and allows none."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.assessments.charted import intake_of
from clinical.assessments.intake import ASK, TREATMENTS, TRIGGERS, Checklist, Effect, questions
from clinical.assessments.limbs import Limb
from clinical.commands import CaseSetup
from clinical.forms import Form, RecordIntake
from clinical.instant import Instant
from clinical.observations import Numeric
from widgets.answer_keys import ChoiceKeys, CycleKey
from widgets.boxes import Column, Panel, Row, Table
from widgets.checklist_rows import ChecklistRows
from widgets.entry_field import TextLine
from widgets.form_page import FormPage
from widgets.scroll_column import ScrollColumn
from widgets.text_label import SEMIBOLD, TextLabel, as_wide_as_its_place
from widgets.touch_key import TouchKey
from widgets.vitals_strip import VitalsStrip

NO_ALLERGIES = "none"
_APART = ";"


class IntakePage(FormPage):
    """As ``FormPage``; several medicines, allergies or further treatments are typed with a semicolon between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Intake", parent=parent)
        self._checklist: Checklist | None = None
        self._diagnosis_of_case = ""
        self._kept_baseline = RecordIntake(event_at=Instant(0, 0)).baseline
        self.diagnosis = TextLine(placeholder="Diagnosis", size="row", height=60)
        self.same_diagnosis = TouchKey("As the case", size="note", target=(110, 60))
        self.trigger = ChoiceKeys(TRIGGERS, columns=4, size="note")
        self.limb = ChoiceKeys([limb.value for limb in Limb], several=True, size="note")
        self.medicines = TextLine(placeholder="Medicines with dose; semicolon between", size="row", height=60)
        self.allergies = TextLine(placeholder="Allergies; semicolon between", size="row", height=60)
        self.no_allergies = TouchKey("None", size="note", target=(80, 60))
        self.tried = {name: CycleKey(name, [effect.value for effect in Effect]) for name in TREATMENTS}
        self.checklist = ChecklistRows()
        self._baseline = TextLabel("", size="note", ink="ink_soft", elide=True)
        self.vitals = VitalsStrip()
        self._questions = ScrollColumn(TextLabel("Nothing was found to ask the physician.", size="note", ink="ink_soft"), gap=2)
        self._asked: tuple[str, ...] = ()
        self._arrange_body()
        self._connect()
        self.begin_anew()

    def _arrange_body(self) -> None:
        columns = Row(gap=14, margins=(10, 0, 0, 0))
        columns.addLayout(self._patient_column(), 10)
        columns.addLayout(self._tried_column(), 8)
        columns.addLayout(self._checklist_column(), 14)
        self.body.addLayout(columns, 1)
        self.body.addLayout(self.foot())

    def _patient_column(self) -> Column:
        column = Column(gap=6)
        diagnosis = Row(gap=6)
        diagnosis.addWidget(self.diagnosis, 1)
        diagnosis.addWidget(self.same_diagnosis)
        self.same_diagnosis.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        column.addLayout(diagnosis)
        column.addWidget(TextLabel("What came before the pain", size="note", ink="ink_soft"))
        column.addWidget(self.trigger)
        column.addWidget(TextLabel("Limbs that hurt; the first touched is the one that is treated", size="note", ink="ink_soft"))
        column.addWidget(self.limb)
        column.addWidget(self.problem("limb"))
        column.addWidget(self.medicines)
        allergies = Row(gap=6)
        allergies.addWidget(self.allergies, 1)
        allergies.addWidget(self.no_allergies)
        self.no_allergies.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        column.addLayout(allergies)
        column.addStretch(1)
        return column

    def _tried_column(self) -> Column:
        column = Column(gap=4)
        column.addWidget(TextLabel("What was tried, and what it did; touch again: the next answer", size="note", ink="ink_soft"))
        table = Table(gap=0)
        for number, key in enumerate(self.tried.values()):
            table.addWidget(key, number // 2, number % 2)
        for place in range(2):
            table.setColumnStretch(place, 1)
        column.addLayout(table, 1)
        column.addWidget(self.problem("tried"))
        column.addWidget(self._baseline)
        column.addWidget(self.vitals)
        column.addWidget(self.problem("baseline"))
        return column

    def _checklist_column(self) -> Column:
        column = Column(gap=4)
        column.addWidget(self.checklist, 5)
        column.addWidget(self.problem("checklist"))
        panel, inside = Panel(fill="well"), Column(gap=2, margins=(12, 6, 6, 6))
        self._count = TextLabel("", size="row", weight=SEMIBOLD)
        inside.addWidget(self._count)
        inside.addWidget(self._questions, 1)
        panel.setLayout(inside)
        column.addWidget(panel, 3)
        return column

    def _connect(self) -> None:
        for line in (self.diagnosis, self.medicines, self.allergies):
            line.textEdited.connect(self.touch)
        for answered in (self.trigger.answered, self.checklist.answered, self.vitals.answered):
            answered.connect(self.touch)
        for key in self.tried.values():
            key.answered.connect(self.touch)
        self.limb.answered.connect(self._order_limbs)
        self.no_allergies.clicked.connect(self._say_no_allergies)
        self.same_diagnosis.clicked.connect(self._take_diagnosis)

    # what it is told

    def set_checklist(self, checklist: Checklist) -> None:
        """The site's."""
        self._checklist = checklist
        self.checklist.set_checklist(checklist)
        self.checklist.set_look(self.look)
        self.touch(silent=True)

    def set_setup(self, setup: CaseSetup) -> None:
        self._diagnosis_of_case = setup.patient.diagnosis
        self.vitals.set_utc_offset(setup.utc_offset_min)
        super().set_setup(setup)

    def show_numeric(self, numeric: Numeric) -> None:
        """A number as the monitor shows it."""
        self.vitals.show_numeric(numeric)

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self.vitals.advance(now)

    @property
    def questions(self) -> tuple[str, ...]:
        """What stands under “Ask the physician” now."""
        return self._asked

    # the form

    def form(self) -> RecordIntake:
        return RecordIntake(
            event_at=self.event_at,
            diagnosis=self.diagnosis.text().strip(),
            trigger=self.trigger.one,
            limbs=self._limbs,
            tried=tuple((name, key.word) for name, key in self.tried.items() if key.word),
            medicines=_listed(self.medicines),
            allergies=_listed(self.allergies),
            answers=self.checklist.answers,
            baseline=self.vitals.vitals or self._kept_baseline,
            note=self.note.text().strip(),
            by=self.who.signature,
            corrects=None if self.correcting is None else self.correcting.number,
            reason=self.reason.text().strip() if self.correcting is not None else "",
        )

    def show_form(self, form: Form | None) -> None:
        shown = form if isinstance(form, RecordIntake) else RecordIntake(event_at=self.event_at)
        self.diagnosis.setText(shown.diagnosis)
        self.trigger.choose(shown.trigger)
        self._limbs = shown.limbs
        self.limb.choose(*shown.limbs)
        self.medicines.setText(f"{_APART} ".join(shown.medicines))
        self.allergies.setText(f"{_APART} ".join(shown.allergies))
        tried = dict(shown.tried)
        for name, key in self.tried.items():
            key.set_word(tried.get(name, ""))
        self.checklist.choose(dict(shown.answers))
        self._kept_baseline = shown.baseline
        self.vitals.clear()

    def review(self, form: Form) -> None:
        if not isinstance(form, RecordIntake):
            return
        asked = () if self._checklist is None else questions(intake_of(form), self._checklist)
        lines = tuple(question.text for question in asked)
        if lines != self._asked:
            self._asked = lines
            self._count.set_text(f"{ASK}: {len(lines)} lines")
            self._questions.show_widgets([_line(text) for text in lines])
            self._questions.set_look(self.look)
        kept = ", ".join(f"{metric.label} {value:.{metric.decimals}f}" for metric, value in self._kept_baseline)
        from_monitor = "Baseline at rest, from the monitor"
        self._baseline.set_text(f"Baseline as it was: {kept}; Confirm takes new ones" if kept else from_monitor)
        self.diagnosis.setPlaceholderText(f"Diagnosis (of the case: {self._diagnosis_of_case})" if self._diagnosis_of_case else "Diagnosis")

    def _order_limbs(self) -> None:
        """The first that was touched stays the first."""
        chosen = self.limb.chosen
        self._limbs = (*(limb for limb in self._limbs if limb in chosen), *(limb for limb in chosen if limb not in self._limbs))
        self.touch()

    def _take_diagnosis(self) -> None:
        self.diagnosis.setText(self._diagnosis_of_case)
        self.touch()

    def _say_no_allergies(self) -> None:
        self.allergies.setText(NO_ALLERGIES)
        self.touch()


def _listed(line: TextLine) -> tuple[str, ...]:
    return tuple(word for part in line.text().split(_APART) if (word := part.strip()))


def _line(text: str) -> TextLabel:
    return as_wide_as_its_place(TextLabel(text.removeprefix(f"{ASK}: "), size="note", wrap=True))
