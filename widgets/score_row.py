"""The keys of one question: one touch answers. Knows the last answer only to outline it, never to choose it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy

from widgets.boxes import Column, Panel, Row
from widgets.round_items import RoundItem
from widgets.text_label import RIGHT, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey


class ScoreRow(Panel):
    """A title over its keys; the row that is asked now carries a bar at its left.

    Signals:
        answered: a key was pressed.
    """

    answered = Signal()

    def __init__(self, item: RoundItem) -> None:
        super().__init__(fill="")
        self.item = item
        self._asked = False
        self._last = TextLabel(size="note", ink="ink_soft", align=RIGHT)
        self._keys = {score: self._key(score) for score in item.scores}
        self._group = QButtonGroup(self)
        self._arrange()

    def _key(self, score: int) -> TouchKey:
        key = TouchKey(self.item.written(score), note=self.item.word(score), size=24, target=(72, 72))
        key.setCheckable(True)
        key.setAccessibleName(f"{self.item.title} {self.item.written(score)} {self.item.word(score)}".strip())
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        key.clicked.connect(self.answered)
        return key

    def _arrange(self) -> None:
        head = Row(gap=12)
        head.addWidget(TextLabel(self.item.title, size="row", weight=SEMIBOLD))
        head.addWidget(TextLabel(self.item.hint, size="note", ink="ink_soft"))
        head.addWidget(self._last, 1)
        keys = Row(gap=0)
        for score, key in self._keys.items():
            self._group.addButton(key, score - self.item.low)
            keys.addWidget(key, 1)
        column = Column(gap=3, margins=(10, 0, 0, 0))
        column.addLayout(head)
        column.addLayout(keys, 1)
        self.setLayout(column)

    def key(self, score: int) -> TouchKey:
        """The key of a score. Raises KeyError for a score that is not on the scale."""
        return self._keys[score]

    @property
    def score(self) -> int | None:
        """The answer, or None while it is open."""
        index = self._group.checkedId()
        return None if index < 0 else index + self.item.low

    @property
    def is_answered(self) -> bool:
        return self._group.checkedId() >= 0

    def answer(self, score: int) -> bool:
        """Presses a score's key; False if the scale has no such score."""
        if score not in self._keys:
            return False
        self._keys[score].click()
        return True

    def clear(self) -> None:
        self._group.setExclusive(False)
        for key in self._keys.values():
            key.setChecked(False)
        self._group.setExclusive(True)

    def show_last(self, score: int | None, when: str) -> None:
        """Outlines the last answer and says when it was given."""
        self._last.set_text("" if score is None else f"last {self.item.written(score)} ({when})")
        for value, key in self._keys.items():
            key.set_outlined(outlined=value == score)

    def set_asked(self, *, asked: bool) -> None:
        self._asked = asked
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if self._asked:
            painter = QPainter(self)
            bar = self.look.px(4)
            painter.fillRect(QRectF(0, 0, bar, self.height()), QColor(self.look.theme.chosen))
