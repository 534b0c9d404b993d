"""One line for a few seconds: what was not taken, or what is worth knowing now. Never in the way of a touch, never a dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinical.instant import Instant
from widgets.boxes import Panel, Row
from widgets.text_label import SEMIBOLD, TextLabel

SHOWN_FOR_S = 10.0


class NoticeLine(Panel):
    """Hidden until it is told something, and again ten seconds later."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(fill="well", edge="chosen", parent=parent)
        self._until: Instant | None = None
        self._words = TextLabel(weight=SEMIBOLD, wrap=True)
        row = Row(margins=(16, 4, 16, 4))
        row.addWidget(self._words)
        self.setLayout(row)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Notice")
        self.hide()

    @property
    def text(self) -> str:
        """What is shown; empty while hidden."""
        return self._words.text() if self._until is not None else ""

    def tell(self, text: str, now: Instant) -> None:
        """Shows a sentence from now on; the newest takes the place of any before."""
        self._until = now.plus(SHOWN_FOR_S)
        self._words.set_text(text)
        self.setAccessibleDescription(text)
        self.show()
        self.raise_()

    def clear(self) -> None:
        """What it said has been overtaken."""
        self._until = None
        self.hide()

    def advance(self, now: Instant) -> None:
        """Hides it when its time is over, or lies in another case's future."""
        if self._until is not None and not 0 < self._until.since(now) <= SHOWN_FOR_S:
            self.clear()
