"""Weight, concentration and syringe: each typed twice, because each moves the dose in proportion."""

from __future__ import annotations

from collections.abc import Callable

from widgets.boxes import Row
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
        headings.addWidget(TextLabel("Second, unseen", size="note", ink="ink_soft", align=CENTRE), 3)
        headings.addSpacing(32)
        self.body.addLayout(headings)
        for entry in self._entries:
            self.body.addWidget(entry)
            entry.changed.connect(self.changed)
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
        return all(entry.value is not None for entry in self._entries)

    def tell_amount(self, text: str) -> None:
        """What the syringe holds: "100 mg in 50 mL"."""
        self._arithmetic.set_text(text or " ")

    def _clear(self) -> None:
        for entry in self._entries:
            entry.clear()
