"""A weight or concentration that was wrong: the right one typed by two people, both values side by side with what they make of the dose."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinical.commands import CaseSetup, CorrectDose
from clinical.messages import DoseReport
from widgets.boxes import Row, Table
from widgets.docked_page import DockedPage
from widgets.entry_field import TextLine
from widgets.figures import UNKNOWN, written
from widgets.new_case.doses_card import PlausibilityOf
from widgets.new_case.double_entry import DoubleEntry
from widgets.text_label import BOLD, RIGHT, TextLabel
from widgets.touch_key import TouchKey

_ROWS = (("mg_per_h", "Rate now", "mg/h"), ("mg_per_kg_h", "", "mg/kg/h"), ("ml_per_h", "", "mL/h"), ("mg_per_kg", "Given so far", "mg/kg"))


class CorrectPage(DockedPage):
    """The pump's own mL/h never changes with a correction: what it means does.

    Signals:
        corrected: a CorrectDose: to be recorded.
    """

    corrected = Signal(object)

    def __init__(self, plausible: PlausibilityOf, parent: QWidget | None = None) -> None:
        """``plausible``: field and value → a sentence where the value cannot stand."""
        super().__init__("Correct weight or concentration", parent=parent)
        self._report: DoseReport | None = None
        self._setup: CaseSetup | None = None
        self.weight = DoubleEntry("Weight", "kg", lambda value: plausible("weight_kg", value))
        self.concentration = DoubleEntry("Concentration", "mg/mL", lambda value: plausible("concentration_mg_per_ml", value))
        self.reason = TextLine(placeholder="Reason", size="row", height=64)
        self.names = tuple(TextLine(placeholder=who, size="row", height=64) for who in ("First person", "Second person"))
        self.apply = TouchKey("Correct", note="type the right value twice", target=(260, 80))
        self._cells = {
            name: (TextLabel(UNKNOWN, weight=BOLD, align=RIGHT), TextLabel("", weight=BOLD, align=RIGHT)) for name, _, _ in _ROWS
        }
        self._in_force = TextLabel("", size="title", wrap=True)
        self._confirmation = TextLabel("Both values are kept; the order's steps stay as they were ordered.", ink="ink_soft", wrap=True)
        self._arrange_body()
        for entry in (self.weight, self.concentration):
            entry.changed.connect(self._show)
        self.apply.clicked.connect(self._apply)

    def _arrange_body(self) -> None:
        for widget in (self._in_force, self.weight, self.concentration):
            row = Row(margins=(12, 6, 12, 6))
            row.addWidget(widget, 1)
            self.body.addLayout(row)
        table = Table(gap=14, row_gap=10, margins=(12, 8, 12, 8))
        for column, title in enumerate(("", "as it is", "as corrected", "")):
            table.addWidget(TextLabel(title, size="note", ink="ink_soft", align=RIGHT), 0, column)
            table.setColumnStretch(column, 1)
        for number, (name, title, unit) in enumerate(_ROWS, start=1):
            table.addWidget(TextLabel(title, ink="ink_soft"), number, 0)
            for column, cell in enumerate(self._cells[name], start=1):
                table.addWidget(cell, number, column)
            table.addWidget(TextLabel(unit, size="note", ink="ink_soft"), number, 3)
        self.body.addLayout(table)
        self.body.addStretch(1)
        people = Row(gap=8, margins=(12, 0, 0, 0))
        for line in (*self.names, self.reason):
            people.addWidget(line, 1)
        self.body.addLayout(people)
        foot = Row(gap=10, margins=(12, 0, 0, 0))
        foot.addWidget(self._confirmation, 1)
        foot.addWidget(self.apply)
        self.apply.setSizePolicy(self.apply.sizePolicy().Policy.Fixed, self.apply.sizePolicy().Policy.Fixed)
        self.body.addLayout(foot)

    @property
    def confirmation(self) -> str:
        """What became of the last touch."""
        return self._confirmation.text()

    def set_setup(self, setup: CaseSetup) -> None:
        self._setup = setup
        self.weight.clear()
        self.concentration.clear()
        self._show()

    def set_dose(self, report: DoseReport) -> None:
        self._report = report
        self._show()

    def _basis(self) -> tuple[float, float]:
        """Weight and concentration in force."""
        report, setup = self._report, self._setup
        weight_kg = (report and report.weight_kg) or (setup.weight_kg if setup else 1.0)
        return weight_kg, (report and report.concentration_mg_per_ml) or (setup.concentration_mg_per_ml if setup else 1.0)

    def _readings(self, weight_kg: float, mg_per_ml: float) -> tuple[float | None, ...]:
        """As the rows: the same pump, meant otherwise."""
        report, (_, in_force) = self._report, self._basis()
        if report is None or report.rate_mg_per_h is None:
            return (None, None, None, None)
        ml_per_h = report.rate_mg_per_h / in_force
        given_ml = 0.0 if report.given is None else report.given.best_mg / in_force
        rate = ml_per_h * mg_per_ml
        return rate, rate / weight_kg, ml_per_h, given_ml * mg_per_ml / weight_kg

    def _show(self) -> None:
        weight_kg, mg_per_ml = self._basis()
        self._in_force.set_text(f"In force: {written(weight_kg)} kg, {written(mg_per_ml, 3)} mg/mL")
        after = (self.weight.value or weight_kg, self.concentration.value or mg_per_ml)
        changed = after != (weight_kg, mg_per_ml)
        for (name, _, _), one, other in zip(_ROWS, self._readings(weight_kg, mg_per_ml), self._readings(*after), strict=True):
            self._cells[name][0].set_text(written(one, 3))
            self._cells[name][1].set_text(written(other, 3) if changed else "")
            self._cells[name][1].set_ink("caution" if one != other else "ink")
        self.apply.set_note("both values are kept" if changed else "type the right value twice")

    def _apply(self) -> None:
        if self.weight.value is None and self.concentration.value is None:
            self._say("Type the right weight or concentration, twice.", "caution")
            return
        by, witness = (name.text().strip() for name in self.names)
        if not by or not witness or by.casefold() == witness.casefold():
            self._say("Two different people sign a correction.", "caution")
            return
        self._say("sending …", "ink_soft")
        command = CorrectDose(
            weight_kg=self.weight.value,
            concentration_mg_per_ml=self.concentration.value,
            reason=self.reason.text().strip(),
            by=by,
            witness=witness,
        )
        self.corrected.emit(command)

    def confirm(self, correction: CorrectDose) -> None:
        """It is in the record."""
        said = "" if self._report is None else self._report.correction
        self._say(f"Corrected by {correction.by} and {correction.witness}: {said}.", "fine")
        self.weight.clear()
        self.concentration.clear()

    def refuse(self, why: str) -> None:
        """It must be taken as not done; what was typed stays."""
        self._say(f"NOT corrected: {why}.", "caution")

    def _say(self, text: str, ink: str) -> None:
        self._confirmation.set_text(text)
        self._confirmation.set_ink(ink)
