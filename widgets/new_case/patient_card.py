"""Who is to be watched: what stands on the screen and in files, and nothing that identifies further."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QWidget

from clinical.commands import Patient
from widgets.boxes import Row, Table
from widgets.entry_field import NumberEntry, Plausibility, TextLine
from widgets.new_case.card import Card
from widgets.text_label import TextLabel
from widgets.touch_key import TouchKey

SEXES = ("F", "M", "X")


def plausible_age(value: float) -> str:
    """An age in whole years."""
    return "" if 0 <= value <= 120 and value == int(value) else "Age is whole years from 0 to 120."


class PatientCard(Card):
    """Done when there is a label: the rest may stay unknown."""

    def __init__(self, plausible_sbp: Plausibility) -> None:
        super().__init__(1, "Patient", "Patient")
        self.label = TextLine(placeholder="Initials or study number")
        self.age = NumberEntry("years", name="Age", plausible=plausible_age)
        self.diagnosis = TextLine(placeholder="Diagnosis")
        self.baseline_sbp = NumberEntry("mmHg", name="Usual systolic pressure", plausible=plausible_sbp)
        self._sex = QButtonGroup(self)
        table = Table(gap=12, row_gap=8)
        age = Row(gap=6)
        age.addWidget(self.age, 3)
        for number, sex in enumerate(SEXES):
            key = TouchKey(sex, size="row", target=(52, 52))
            key.setCheckable(True)
            self._sex.addButton(key, number)
            age.addWidget(key, 1)
        sexed = QWidget()
        sexed.setLayout(age)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("Patient", self.label),
            ("Age, sex", sexed),
            ("Diagnosis", self.diagnosis),
            ("Usual systolic", self.baseline_sbp),
        )
        for row, (title, field) in enumerate(fields):
            table.addWidget(TextLabel(title, ink="ink_soft"), row, 0)
            table.addWidget(field, row, 1)
        table.setColumnStretch(1, 1)
        self.body.addLayout(table)
        self.course = TouchKey("", target=(280, 64), fill="chosen", edge="chosen")
        self.course.setVisible(False)
        self.body.addWidget(self.course)
        self.body.addStretch(1)
        self.label.textChanged.connect(self.changed)
        self._sex.idClicked.connect(self.changed)
        for entry in (self.age, self.baseline_sbp):
            entry.changed.connect(self.changed)

    def sex_key(self, sex: str) -> TouchKey:
        """The key of "F", "M" or "X". Raises ValueError for another."""
        key = self._sex.button(SEXES.index(sex))
        assert isinstance(key, TouchKey)  # noqa: S101 - only such keys were put in
        return key

    def offer_course(self, words: str) -> None:
        """The key to what an earlier day leaves; empty: there is none."""
        self.course.set_title(words)
        self.course.setVisible(bool(words))

    def fill(self, patient: Patient) -> None:
        """Age, sex and diagnosis as they were on an earlier day."""
        self.age.fill("" if patient.age_years is None else f"{patient.age_years}")
        self.diagnosis.setText(patient.diagnosis)
        if patient.sex in SEXES:
            self.sex_key(patient.sex).setChecked(True)
        self.changed.emit()

    @property
    def sex(self) -> str:
        number = self._sex.checkedId()
        return SEXES[number] if number >= 0 else ""

    @property
    def done(self) -> bool:
        return bool(self.label.text().strip()) and not self.age.complaint and not self.baseline_sbp.complaint
