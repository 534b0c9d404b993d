"""Side effects on keys: a touch says it is there, further touches how severe; None is an answer too. Chooses nothing by itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from widgets.boxes import Column, Panel, Row, Table
from widgets.round_items import EFFECTS_ASKED
from widgets.text_label import RIGHT, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

COLUMNS = 3
_NONE = "None"


class EffectKeys(Panel):
    """A title over a key for each side effect and one for none of them.

    Signals:
        answered: a key was pressed.
    """

    answered = Signal()

    def __init__(self) -> None:
        super().__init__(fill="")
        self._asked = False
        self._severities = dict.fromkeys((scale.name for scale in EFFECTS_ASKED), 0)
        self._none = False
        self._keys = {name: self._key(name) for name in self._severities}
        self._keys[_NONE] = self._key(_NONE)
        self._arrange()

    def _key(self, name: str) -> TouchKey:
        key = TouchKey(name[0].upper() + name[1:], note="and no nausea" if name == _NONE else "", size="row", target=(72, 72))
        key.setCheckable(True)
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        key.clicked.connect(lambda _=False: self._touched(name))
        return key

    def _arrange(self) -> None:
        head = Row(gap=12)
        head.addWidget(TextLabel("Side effects", size="row", weight=SEMIBOLD))
        head.addWidget(TextLabel("touch again: more severe", size="note", ink="ink_soft", align=RIGHT, elide=True), 1)
        keys = Table(gap=0)
        for number, key in enumerate(self._keys.values()):
            keys.addWidget(key, number // COLUMNS, number % COLUMNS)
        column = Column(gap=3, margins=(10, 0, 0, 0))
        column.addLayout(head)
        column.addLayout(keys, 1)
        self.setLayout(column)

    def key(self, name: str) -> TouchKey:
        """The key of a side effect, or of "None". Raises KeyError."""
        return self._keys[name]

    @property
    def scores(self) -> tuple[tuple[str, int], ...]:
        """What is there with its severity; every one with 0 where there is none; empty while nobody has answered."""
        if self._none:
            return tuple(self._severities.items())
        return tuple((name, severity) for name, severity in self._severities.items() if severity)

    @property
    def says_none(self) -> bool:
        """None was touched: there is nothing, and no nausea."""
        return self._none

    @property
    def is_answered(self) -> bool:
        return self._none or any(self._severities.values())

    def answer(self, digit: int) -> bool:
        """Presses a key by its place, counted from 1; 0 is None. False if there is no such place."""
        names = (_NONE, *self._severities)
        if digit >= len(names):
            return False
        self._keys[names[digit]].click()
        return True

    def clear(self) -> None:
        self._none = False
        self._severities = dict.fromkeys(self._severities, 0)
        self._show()

    def set_asked(self, *, asked: bool) -> None:
        self._asked = asked
        self.update()

    def _touched(self, name: str) -> None:
        if name == _NONE:
            self._none = not self._none
            self._severities = dict.fromkeys(self._severities, 0)
        else:
            self._none = False
            severest = len(EFFECTS_ASKED[0].grades)
            self._severities[name] = (self._severities[name] + 1) % severest
        self._show()
        self.answered.emit()

    def _show(self) -> None:
        for scale in EFFECTS_ASKED:
            severity = self._severities[scale.name]
            self._keys[scale.name].setChecked(severity > 0)
            self._keys[scale.name].set_note(scale.grade(severity).word if severity else "")
        self._keys[_NONE].setChecked(self._none)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if self._asked:
            painter = QPainter(self)
            painter.fillRect(QRectF(0, 0, self.look.px(4), self.height()), QColor(self.look.theme.chosen))
