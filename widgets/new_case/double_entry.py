"""One number, typed by two people. The second does not see the first; if they differ both are cleared."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from widgets.boxes import Column, Panel, Row
from widgets.entry_field import NumberEntry, Plausibility
from widgets.shapes import TickSign
from widgets.text_label import SEMIBOLD, TextLabel

DIFFERENT = "The two entries differ: both are cleared. Type both again."


class DoubleEntry(Panel):
    """Signals:
    changed: an entry was edited, agreed or cleared.
    """

    changed = Signal()

    def __init__(self, title: str, unit: str, plausible: Plausibility) -> None:
        super().__init__(fill="")
        self.first = NumberEntry(unit, name=f"{title}, first entry", plausible=plausible, sentence=False)
        self.second = NumberEntry(unit, name=f"{title}, second entry", plausible=plausible, sentence=False)
        self._tick = TickSign()
        self._sentence = TextLabel(" ", size="note", ink="ink_soft", wrap=True)
        self._agreed: float | None = None
        row = Row(gap=10)
        row.addWidget(TextLabel(title, weight=SEMIBOLD), 3)
        row.addWidget(self.first, 3)
        row.addWidget(self.second, 3)
        row.addWidget(self._tick)
        column = Column(gap=3)
        column.addLayout(row)
        column.addWidget(self._sentence)
        self.setLayout(column)
        self.first.changed.connect(self._first_edited)
        self.second.changed.connect(self._second_edited)
        self.first.finished.connect(self._first_finished)
        self.second.finished.connect(self._second_finished)
        self._await_first()

    @property
    def value(self) -> float | None:
        """The number both typed, or None."""
        return self._agreed

    @property
    def sentence(self) -> str:
        """What is said under the fields."""
        return self._sentence.text().strip()

    def ask(self, sentence: str) -> None:
        """Says under the fields what is missing, or what asks for a second look."""
        self._tell(sentence, wrong=True)

    def offer_first(self, text: str, origin: str) -> None:
        """The first entry is one that was confirmed elsewhere; the second person types it all the same. An agreed number stays."""
        if self._agreed is not None:
            return
        self.first.fill(text)
        if self.first.value is not None:
            self._tell(f"As on {origin}: now the second person types it.", wrong=False)

    def clear(self) -> None:
        self.first.clear()
        self.second.clear()
        self._await_first()
        self._settle(None, "")

    def _await_first(self) -> None:
        self._show_first(shown=True)
        self.second.setEnabled(False)

    def _show_first(self, *, shown: bool) -> None:
        self.first.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def _first_edited(self) -> None:
        self._show_first(shown=True)
        self.second.clear()
        self.second.setEnabled(self.first.value is not None)
        self._settle(None, "")

    def _second_edited(self) -> None:
        self._show_first(shown=False)
        self._settle(None, "")

    def _first_finished(self) -> None:
        if self._agreed is not None:
            return
        if self.first.value is None:
            self._tell(self.first.complaint, wrong=True)
            return
        self._show_first(shown=False)
        self.second.setEnabled(True)
        self._tell("Now the second person, without seeing the first entry.", wrong=False)

    def _second_finished(self) -> None:
        first, second = self.first.value, self.second.value
        if self._agreed is not None or first is None:
            return
        if self.second.complaint:
            self._tell(self.second.complaint, wrong=True)
        elif first == second:
            self._show_first(shown=True)
            self._settle(first, "")
        else:
            stays = self.second.field.hasFocus()  # who has gone on to another field types there, and nowhere else
            self.clear()
            self._tell(DIFFERENT, wrong=True)
            if stays:
                self.first.setFocus()

    def _settle(self, value: float | None, sentence: str) -> None:
        self._agreed = value
        self._tick.set_done(done=value is not None)
        self._tell(sentence, wrong=False)
        self.changed.emit()

    def _tell(self, sentence: str, *, wrong: bool) -> None:
        self._sentence.set_text(sentence or " ")
        self._sentence.set_ink("caution" if wrong else "ink_soft")
