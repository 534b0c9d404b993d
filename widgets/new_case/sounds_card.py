"""The alarm sounds: played, and said to have been heard. That a sound was played proves nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal

from clinical.observations import Priority
from widgets.boxes import Column, Row
from widgets.new_case.card import Card
from widgets.shapes import PrioritySign, play, tick
from widgets.text_label import TextLabel
from widgets.touch_key import TouchKey

ORDER = (Priority.HIGH, Priority.MEDIUM, Priority.LOW)


class SoundsCard(Card):
    """Done when all three were heard.

    Signals:
        sound_test_requested: the priority whose burst is to be played once.
    """

    sound_test_requested = Signal(Priority)

    def __init__(self) -> None:
        super().__init__(6, "Alarm sounds", "Sounds", "play each; did you hear it?")
        self._play = {priority: TouchKey("Play", sign=play, size="row", target=(98, 72)) for priority in ORDER}
        self._heard = {priority: TouchKey("Heard", size="row", target=(98, 72)) for priority in ORDER}
        row = Row(gap=8)
        for priority in ORDER:
            row.addLayout(self._column(priority), 1)
        self.body.addLayout(row)
        self._words = TextLabel("If it was not heard, leave it open and see to the loudspeaker.", size="note", ink="ink_soft")
        self.body.addWidget(self._words)

    def _column(self, priority: Priority) -> Column:
        head = Row(gap=8)
        head.addWidget(PrioritySign(priority, filled=False))
        head.addWidget(TextLabel(priority.value.capitalize()))
        head.addStretch(1)
        heard = self._heard[priority]
        heard.setCheckable(True)
        heard.setEnabled(False)
        self._play[priority].clicked.connect(lambda: self._played(priority))
        heard.clicked.connect(lambda: self._heard_changed(priority))
        keys = Row(gap=0)
        keys.addWidget(self._play[priority], 1)
        keys.addWidget(heard, 1)
        column = Column(gap=4)
        column.addLayout(head)
        column.addLayout(keys)
        return column

    def play_key(self, priority: Priority) -> TouchKey:
        return self._play[priority]

    def heard_key(self, priority: Priority) -> TouchKey:
        return self._heard[priority]

    def set_no_audio(self, reason: str) -> None:
        """There is nothing to play on: says so instead of asking."""
        self._words.set_text(reason)
        for key in self._play.values():
            key.setEnabled(not reason)

    @property
    def heard(self) -> tuple[Priority, ...]:
        """Highest first."""
        return tuple(priority for priority in ORDER if self._heard[priority].isChecked())

    @property
    def done(self) -> bool:
        return len(self.heard) == len(ORDER)

    def _played(self, priority: Priority) -> None:
        self._heard[priority].setEnabled(True)
        self.sound_test_requested.emit(priority)

    def _heard_changed(self, priority: Priority) -> None:
        key = self._heard[priority]
        key.set_sign(tick if key.isChecked() else None)
        self.changed.emit()
