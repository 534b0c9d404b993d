"""What the six cards share: number, title, a note, a tick when done. No fields here."""

from __future__ import annotations

from PySide6.QtCore import Signal

from widgets.boxes import Column, Panel, Row
from widgets.shapes import TickSign
from widgets.text_label import RIGHT, SEMIBOLD, TextLabel


class Card(Panel):
    """Signals:
    changed: something was entered; ``done`` may be another.
    """

    changed = Signal()

    def __init__(self, number: int, title: str, name: str, note: str = "") -> None:
        """``name`` is how the card is called where open items are listed."""
        super().__init__(fill="panel")
        self.name = name
        self.note = TextLabel(note, size="note", ink="ink_soft", align=RIGHT, elide=True)
        self._tick = TickSign()
        self.body = Column(gap=8)
        head = Row(gap=10)
        head.addWidget(TextLabel(f"{number}  {title}", size="title", weight=SEMIBOLD))
        head.addWidget(self.note, 1)
        head.addWidget(self._tick)
        whole = Column(gap=10, margins=(16, 10, 16, 12))
        whole.addLayout(head)
        whole.addLayout(self.body, 1)
        self.setLayout(whole)
        self.changed.connect(self._show_done)

    @property
    def done(self) -> bool:
        """Nothing on this card is open."""
        raise NotImplementedError

    def _show_done(self) -> None:
        self._tick.set_done(done=self.done)
