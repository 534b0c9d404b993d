"""A stored case at a glance, to be read only, and the keys to its history and to its export. Reads no database and writes no file."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.boxes import Column, Panel, Row, Table
from widgets.scroll_column import ScrollColumn
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

Fact = tuple[str, str]
"""What it is and how it stands: ("Watched", "4 h 2 min")."""


class ReviewPage(Panel):
    """Signals:
    back_requested: to the start page.
    export_requested: the case is to leave as files.
    history_requested: to look into the case.
    """

    back_requested = Signal()
    export_requested = Signal()
    history_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(fill="background", parent=parent)
        self._title = TextLabel(size=34, weight=SEMIBOLD)
        self._facts = ScrollColumn(TextLabel("Reading …", size="title", ink="ink_soft"), gap=14)
        self._words = TextLabel(" ", size="row", ink="ink_soft", wrap=True)
        self.export = TouchKey(
            "Export as files", note="tables, report, EDF+, FHIR …", size=24, note_size="note", target=(420, 96), shortcut="F2"
        )
        self.history = TouchKey("History", note="waveforms, trends, dose", size=24, note_size="note", target=(300, 96), shortcut="F11")
        self.back = TouchKey("Back", size=24, target=(220, 96), shortcut="Escape")
        self._arrange()
        self.back.clicked.connect(self.back_requested)
        self.export.clicked.connect(self.export_requested)
        self.history.clicked.connect(self.history_requested)

    def _arrange(self) -> None:
        for key in (self.export, self.history, self.back):
            key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        foot = Row(gap=24)
        foot.addWidget(self.back)
        foot.addWidget(self._words, 1)
        foot.addWidget(self.history)
        foot.addWidget(self.export)
        panel = Panel(fill="panel", edge="line")
        inside = Column(gap=28, margins=(60, 40, 60, 40))
        inside.addWidget(self._title)
        inside.addWidget(self._facts, 1)
        inside.addLayout(foot)
        panel.setLayout(inside)
        whole = Row(margins=(140, 40, 140, 40))
        whole.addWidget(panel)
        self.setLayout(whole)

    def show_reading(self, title: str) -> None:
        """The case is being read."""
        self._title.set_text(title)
        self._facts.show_widgets(())
        self.export.setEnabled(False)
        self.tell("")

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """The case, a row for each fact."""
        table = Table(gap=32, row_gap=16)
        for row, (head, words) in enumerate(facts):
            table.addWidget(TextLabel(head, size="title", ink="ink_soft"), row, 0)
            table.addWidget(TextLabel(words, size="title", wrap=True), row, 1)
        table.setColumnStretch(1, 1)
        rows = Panel(fill="")
        rows.setLayout(table)
        rows.set_look(self.look)
        self._facts.show_widgets((rows,))
        self.export.setEnabled(True)

    def tell(self, words: str) -> None:
        """A line under the case: why it cannot be read, or what could not be noted."""
        self._words.set_text(words or " ")
