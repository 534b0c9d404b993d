"""What cannot be done, what it means, what to do, and the one key that leads away. Covers the watch's place, never the bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.boxes import Column, Panel, Row, Table
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey


class NoticePage(Panel):
    """Signals:
    left: the key was pressed.
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(fill="background", parent=parent)
        self._title = TextLabel(size=34, weight=SEMIBOLD)
        self._happened, self._means, self._do = (TextLabel(size="title", wrap=True) for _ in range(3))
        self.key = TouchKey(size=24, target=(420, 96), fill="chosen", edge="chosen", shortcut="Escape")
        self.key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.key.clicked.connect(self.left)
        self._arrange()

    def _arrange(self) -> None:
        table = Table(gap=40, row_gap=36)
        rows = (("What happened", self._happened), ("What it means", self._means), ("What to do", self._do))
        for row, (head, words) in enumerate(rows):
            table.addWidget(TextLabel(head, size="title", ink="ink_soft"), row, 0)
            table.addWidget(words, row, 1)
        table.setColumnStretch(1, 1)
        foot = Row()
        foot.addStretch(1)
        foot.addWidget(self.key)
        panel = Panel(fill="panel", edge="line")
        inside = Column(gap=44, margins=(60, 48, 60, 40))
        inside.addWidget(self._title)
        inside.addLayout(table)
        inside.addStretch(1)
        inside.addLayout(foot)
        panel.setLayout(inside)
        whole = Row(margins=(140, 60, 140, 80))
        whole.addWidget(panel)
        self.setLayout(whole)

    @property
    def text(self) -> str:
        """What happened, as shown."""
        return self._happened.text()

    def tell(self, title: str, happened: str, means: str, actions: Sequence[str], key: str) -> None:
        """``actions``: short imperative sentences in their order. ``key``: what the key is called."""
        self._title.set_text(title)
        self._happened.set_text(happened)
        self._means.set_text(means)
        self._do.set_text("\n".join(f"{number}.  {action}" for number, action in enumerate(actions, start=1)))
        self.key.set_title(key)
        self.setAccessibleDescription(f"{title}. {happened}")
