"""The lines of a checklist with yes, no and not known, each with its source and how sure that is. Decides nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.assessments.intake import Answer, Checklist, ChecklistItem
from widgets.answer_keys import ChoiceKeys
from widgets.boxes import Column, Row
from widgets.scroll_column import ScrollColumn
from widgets.text_label import TextLabel, as_wide_as_its_place

MARKS = {
    "read": "read in the source",
    "second-hand": "read in a summary of it",
    "recalled": "recalled, not confirmed",
    "proposal": "a proposal, to be confirmed by your clinicians",
}
"""What a certainty says, in words."""


class ChecklistRows(ScrollColumn):
    """Signals:
    answered: a line was answered.
    """

    answered = Signal()

    def __init__(self) -> None:
        super().__init__(TextLabel("No checklist can be read.", ink="caution"), gap=2)
        self._keys: dict[str, ChoiceKeys] = {}

    def set_checklist(self, checklist: Checklist) -> None:
        """Its lines, none of them answered."""
        self._keys = {}
        self.show_widgets([self._row(item) for item in checklist.items])

    def key(self, item: str) -> ChoiceKeys:
        """The keys of a line, by its id. Raises KeyError."""
        return self._keys[item]

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        return tuple((item, keys.one) for item, keys in self._keys.items() if keys.one)

    def choose(self, answers: dict[str, str]) -> None:
        for item, keys in self._keys.items():
            keys.choose(answers.get(item, ""))

    def _row(self, item: ChecklistItem) -> QWidget:
        words = Column(gap=1)
        text = TextLabel(item.text, size="note", wrap=True)
        source = TextLabel(f"{item.kind.value}; {item.source}; {MARKS[item.certainty]}", size="unit", ink="ink_soft", wrap=True)
        for label in (text, source):
            words.addWidget(as_wide_as_its_place(label))
        keys = ChoiceKeys([answer.value for answer in Answer], size="note", width=76)
        keys.answered.connect(self.answered)
        keys.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._keys[item.id] = keys
        row, whole = Row(gap=10), QWidget()
        row.addLayout(words, 1)
        row.addWidget(keys)
        whole.setLayout(row)
        return whole
