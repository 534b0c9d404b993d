"""The round: a few scores at one touch each, and a note. Decides nothing about when a round is due or what a score means."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.commands import CaseSetup, RecordAssessment
from widgets.boxes import Row
from widgets.docked_page import DockedPage
from widgets.entry_field import TextLine
from widgets.figures import clock
from widgets.round_items import ROUND_ITEMS, score_of
from widgets.score_row import ScoreRow
from widgets.touch_key import TouchKey

_DIGITS = {int(Qt.Key.Key_0) + digit: digit for digit in range(10)}


class RoundPage(DockedPage):
    """Every answer is one touch; Save works at any time and what is unanswered stays open.

    By keyboard: 0–9 answer the row with the bar (T is ten, − before a digit makes it negative), Up and Down move, Ctrl+S saves.

    Whoever hears ``recorded`` answers with ``confirm`` or ``refuse``: the answers stay until they are in the record.

    Signals:
        recorded: the scores as pairs (item, score) and the note: to be recorded.
    """

    recorded = Signal(tuple, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Round", parent=parent)
        self._utc_offset_min = 0
        self._asked = 0
        self._negative = False
        self._under_way = False
        self.rows = tuple(ScoreRow(item) for item in ROUND_ITEMS)
        self.note = TextLine(placeholder="Note", size="row", height=72)
        self.save = TouchKey("Save", note="nothing answered yet", fill="well", edge="ink_soft", target=(240, 72), shortcut="Ctrl+S")
        self._arrange_body()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ask(0)

    def _arrange_body(self) -> None:
        for index, row in enumerate(self.rows):
            row.answered.connect(lambda index=index: self._answered(index))
            self.body.addWidget(row, 1)
        foot = Row(gap=10, margins=(12, 4, 0, 0))
        foot.addWidget(self.note, 1)
        foot.addWidget(self.save)
        self.save.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.save.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.save.clicked.connect(self._save)
        self.note.textChanged.connect(self._refresh)
        self.note.installEventFilter(self)
        self.body.addLayout(foot)

    def set_setup(self, setup: CaseSetup) -> None:
        self._utc_offset_min = setup.utc_offset_min

    def set_assessment(self, assessment: RecordAssessment) -> None:
        """Outlines the answers given last time. None of them is chosen."""
        when = clock(assessment.event_at, self._utc_offset_min)
        for row in self.rows:
            row.show_last(score_of(assessment, row.item.name), when)

    def set_reason(self, text: str) -> None:
        """Why the round is due: "after step to 25 mg/h, due 2 min ago"."""
        self.subtitle.set_text(text)

    @property
    def scores(self) -> tuple[tuple[str, int], ...]:
        """What has been answered so far."""
        return tuple((row.item.name, row.score) for row in self.rows if row.score is not None)

    def _ask(self, index: int) -> None:
        self._asked = max(0, min(index, len(self.rows) - 1))
        self._negative = False
        for number, row in enumerate(self.rows):
            row.set_asked(asked=number == self._asked)

    def _answered(self, index: int) -> None:
        following = [*range(index + 1, len(self.rows)), *range(index)]
        self._ask(next((number for number in following if self.rows[number].score is None), index))
        self._refresh()

    def _refresh(self) -> None:
        done, count = len(self.scores), len(self.rows)
        left = "" if done == count else ", the rest stays open"
        self.save.set_note(f"{done} of {count}{left}" if done or self.note.text().strip() else "nothing answered yet")
        if done == count:
            self.save.set_surface("chosen", "chosen")
        else:
            self.save.set_surface("well", "ink_soft")

    def _save(self) -> None:
        note = self.note.text().strip()
        if not self.scores and not note:
            self.save.set_note("touch an answer first")
            return
        if not self._under_way:
            self._under_way = True
            self.save.set_note("sending…")
            self.recorded.emit(self.scores, note)

    def confirm(self, assessment: RecordAssessment) -> None:
        """It is in the record: the page closes, unless it has been changed since."""
        self._under_way = False
        if (self.scores, self.note.text().strip()) != (assessment.scores, assessment.note):
            self._refresh()
            return
        self._clear()
        if self.isVisible():  # else Back would close another page
            self.back_requested.emit()

    def refuse(self) -> None:
        """It must be taken as not recorded; the answers stay."""
        self._under_way = False
        self.save.set_note("NOT recorded: save again")

    def _clear(self) -> None:
        for row in self.rows:
            row.clear()
        self.note.clear()
        self._ask(0)
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self._ask(self._asked + (1 if key == Qt.Key.Key_Down else -1))
        elif key == Qt.Key.Key_Minus:
            self._negative = True
        elif key == Qt.Key.Key_T:
            self.rows[self._asked].answer(10)
        elif int(key) in _DIGITS:
            digit = _DIGITS[int(key)]
            self.rows[self._asked].answer(-digit if self._negative else digit)
            self._negative = False
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        leaves_note = (
            watched is self.note
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        )
        if leaves_note:
            self.setFocus()
            return True
        return super().eventFilter(watched, event)
