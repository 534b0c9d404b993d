"""The limits with which the watch begins, at a glance. They are changed on their own page."""

from __future__ import annotations

from PySide6.QtCore import Signal

from clinical.alarm_model import AlarmPreset
from widgets.boxes import Row, Table
from widgets.limit_row import text_of
from widgets.new_case.card import Card
from widgets.text_label import CENTRE, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

MOST = 7


class LimitsCard(Card):
    """Done when somebody said they were read.

    Signals:
        limits_requested: the page of limits is to be opened.
    """

    limits_requested = Signal()

    def __init__(self) -> None:
        super().__init__(5, "Limits", "Limits")
        self._heads = [TextLabel("", size="note", weight=SEMIBOLD, align=CENTRE) for _ in range(MOST)]
        self._highs = [TextLabel("", size=19, weight=SEMIBOLD, align=CENTRE) for _ in range(MOST)]
        self._lows = [TextLabel("", size=19, weight=SEMIBOLD, align=CENTRE) for _ in range(MOST)]
        table = Table(gap=6, row_gap=2)
        table.addWidget(TextLabel("high", size="unit", ink="ink_soft"), 1, 0)
        table.addWidget(TextLabel("low", size="unit", ink="ink_soft"), 2, 0)
        for row, labels in enumerate((self._heads, self._highs, self._lows)):
            for column, label in enumerate(labels, start=1):
                table.addWidget(label, row, column)
                table.setColumnStretch(column, 1)
        self.body.addLayout(table)
        self.open = TouchKey("Open limits", target=(150, 60))
        self.read = TouchKey("I have read them", note="here and on their page", target=(150, 60))
        self.read.setCheckable(True)
        keys = Row(gap=4)
        keys.addWidget(self.open, 1)
        keys.addWidget(self.read, 1)
        self.body.addLayout(keys)
        self.open.clicked.connect(self.limits_requested)
        self.read.clicked.connect(self.changed)

    @property
    def done(self) -> bool:
        return self.read.isChecked()

    def set_limits(self, limits: AlarmPreset) -> None:
        """Other limits have not been read yet."""
        more = len(limits.limits) - MOST
        self.note.set_text(f"{limits.name}, {more} more on their page" if more > 0 else limits.name)
        self.read.setChecked(False)
        alike = {
            (limit.metric.label, limit.low, limit.high): limit for limit in reversed(limits.limits)
        }  # three ways to count breaths are one
        shown = sorted(alike.values(), key=limits.limits.index)[:MOST]
        for column in range(MOST):
            limit = shown[column] if column < len(shown) else None
            self._heads[column].set_text(limit.metric.label if limit else "")
            self._highs[column].set_text(text_of(limit.high, limit.metric) if limit else "")
            self._lows[column].set_text(text_of(limit.low, limit.metric) if limit else "")
            if limit:
                self._heads[column].set_ink(limit.metric)
        self.changed.emit()
