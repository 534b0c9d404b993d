"""Weight, concentration and syringe: each typed twice, because each moves the dose in proportion."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from widgets.boxes import Row
from widgets.entry_field import TextLine
from widgets.new_case.card import Card
from widgets.new_case.double_entry import DoubleEntry
from widgets.text_label import CENTRE, TextLabel
from widgets.touch_key import TouchKey

PlausibilityOf = Callable[[str, float], str]
"""Field ("weight_kg", "concentration_mg_per_ml", "syringe_ml", "baseline_sbp_mmhg") and value → a sentence, or ""."""


class DosesCard(Card):
    """Done when all three pairs agree."""

    def __init__(self, plausible: PlausibilityOf) -> None:
        super().__init__(2, "Weight and concentration", "Weight twice", "each typed by two people")
        self.weight = DoubleEntry("Weight", "kg", lambda value: plausible("weight_kg", value))
        self.concentration = DoubleEntry("Concentration", "mg/mL", lambda value: plausible("concentration_mg_per_ml", value))
        self.syringe = DoubleEntry("Syringe", "mL", lambda value: plausible("syringe_ml", value))
        headings = Row(gap=10)
        headings.addWidget(TextLabel(""), 3)
        headings.addWidget(TextLabel("First person", size="note", ink="ink_soft", align=CENTRE), 3)
        headings.addWidget(TextLabel("Second person", size="note", ink="ink_soft", align=CENTRE), 3)
        headings.addSpacing(32)
        self.body.addLayout(headings)
        for entry in self._entries:
            self.body.addWidget(entry)
            entry.changed.connect(self.changed)
        self.first_name, self.second_name = TextLine(placeholder="name", height=44), TextLine(placeholder="name", height=44)
        self._names = QWidget()
        names = Row(gap=10)
        names.addWidget(TextLabel("Typed by", ink="ink_soft"), 3)
        for line in (self.first_name, self.second_name):
            names.addWidget(line, 3)
            line.textChanged.connect(self.changed)
        names.addSpacing(32)
        self._names.setLayout(names)
        self._names.setVisible(False)
        self._asks_names = False
        self.body.insertWidget(1, self._names)
        self._arithmetic = TextLabel(" ", size="note", ink="ink_soft")
        self.body.addWidget(self._arithmetic)
        self.body.addStretch(1)
        self.again = TouchKey("Type again", target=(72, 60))
        self.again.clicked.connect(self._clear)
        self.body.addWidget(self.again)

    @property
    def _entries(self) -> tuple[DoubleEntry, ...]:
        return (self.weight, self.concentration, self.syringe)

    @property
    def done(self) -> bool:
        return all(entry.value is not None for entry in self._entries) and not self.names_complaint

    def ask_for_names(self, *, needed: bool) -> None:
        """Whether both people give their names."""
        self._asks_names = needed
        self._names.setVisible(needed)

    @property
    def names_complaint(self) -> str:
        """Why the names cannot stand for two people; empty where they can, or nobody asks."""
        if not self._asks_names:
            return ""
        first, second = self._both_names
        if not first or not second:
            return "Needed: the names of both people who typed the concentration."
        return "The concentration needs two people: both names are the same." if first.casefold() == second.casefold() else ""

    @property
    def concentration_entries(self) -> tuple[tuple[str, float], ...]:
        """Each person's name and entry; empty where no names are asked for, or the entries do not agree."""
        value = self.concentration.value
        if not self._asks_names or self.names_complaint or value is None:
            return ()
        return tuple((name, value) for name in self._both_names)

    @property
    def _both_names(self) -> tuple[str, str]:
        return self.first_name.text().strip(), self.second_name.text().strip()

    def tell_amount(self, text: str) -> None:
        """What the syringe holds: "100 mg in 50 mL"."""
        self._arithmetic.set_text(text or " ")

    def _clear(self) -> None:
        for entry in self._entries:
            entry.clear()
        for line in (self.first_name, self.second_name):
            line.clear()
