"""The round: vital signs to confirm, a few scores at one touch each, side effects, and a note. Decides nothing about what a score means."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.commands import CaseSetup, RecordAssessment
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Numeric
from widgets.boxes import Column, Row
from widgets.docked_page import DockedPage
from widgets.durations import age, clock
from widgets.effect_keys import EffectKeys
from widgets.entry_field import TextLine
from widgets.round_items import DEFAULT_SEDATION, round_items, score_of
from widgets.score_row import ScoreRow
from widgets.touch_key import TouchKey
from widgets.vitals_strip import VitalsStrip

_DIGITS = {int(Qt.Key.Key_0) + digit: digit for digit in range(10)}
MINUTES_AGO = (0, 5, 10, 15, 30, 60)
"""A late entry says by one key when it was really made."""


WHEN_NOTE = "touch: earlier  ·  key W"
OF_THE_TIME = ("before the case", "in the future")
"""Words of a refusal that is about when an entry was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundEntry:
    """A round as the nurse entered it; ``minutes_ago`` is how long before it was made."""

    scores: tuple[tuple[str, int], ...] = ()
    note: str = ""
    vitals: tuple[tuple[Metric, float], ...] = ()
    minutes_ago: int = 0

    @property
    def empty(self) -> bool:
        return not (self.scores or self.note or self.vitals)


class RoundPage(DockedPage):
    """Every answer is one touch; Save works at any time and what is unanswered stays open.

    By keyboard: 0–9 answer the question with the bar (T is ten, − before a digit makes it negative; of side effects the digit is the
    place of its key and 0 is none), Up and Down move, V confirms the vital signs, W says when it was made, N goes to the note, from which
    Return comes back, and Ctrl+S saves.

    Whoever hears ``recorded`` answers with ``confirm`` or ``refuse``: the answers stay until they are in the record.

    Signals:
        recorded: a RoundEntry, to be recorded.
        page_requested: name of another page: the chart.
    """

    recorded = Signal(object)
    page_requested = Signal(str)

    def __init__(self, sedation: str = DEFAULT_SEDATION, parent: QWidget | None = None) -> None:
        """``sedation``: the scale this site uses."""
        super().__init__("Round", parent=parent)
        self._utc_offset_min = 0
        self._asked = 0
        self._negative = False
        self._under_way = False
        self._due: tuple[Instant | None, str] = (None, "")
        self._ago = 0
        self.vitals = VitalsStrip()
        self.rows = tuple(ScoreRow(item) for item in round_items(sedation))
        self.effects = EffectKeys()
        self._questions: tuple[ScoreRow | EffectKeys, ...] = (*self.rows, self.effects)
        self.when = TouchKey("Taken now", note=WHEN_NOTE, size="row", target=(72, 72))
        self.note = TextLine(placeholder="Note", size="row", height=72)
        self.chart = TouchKey("Chart", note="correct an entry", size="row", target=(150, 72))
        self.save = TouchKey("Save", note="nothing answered yet", fill="well", edge="ink_soft", target=(240, 72), shortcut="Ctrl+S")
        self._arrange_body()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ask(0)

    def _arrange_body(self) -> None:
        self.add_way(self.chart, "chart", self.page_requested)
        for index, question in enumerate(self._questions):
            question.answered.connect(lambda index=index: self._answered(index))
        self.vitals.answered.connect(self._refresh)
        strip = Row(margins=(10, 0, 0, 0))
        strip.addWidget(self.vitals)
        self.body.addLayout(strip)
        *whole, nausea = self.rows
        for row in whole:
            self.body.addWidget(row, 3)
        left = Column(gap=0)
        left.addWidget(nausea, 1)
        left.addLayout(self._when_row())
        beside = Row(gap=6)
        beside.addLayout(left, 2)
        beside.addWidget(self.effects, 3)
        self.body.addLayout(beside, 5)
        self.body.addLayout(self._foot())

    def _when_row(self) -> Row:
        row = Row(gap=0, margins=(10, 0, 0, 0))
        row.addWidget(self.when)
        self.when.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.when.clicked.connect(self._go_back_in_time)
        return row

    def _foot(self) -> Row:
        foot = Row(gap=10, margins=(12, 0, 0, 0))
        foot.addWidget(self.note, 1)
        foot.addWidget(self.save)
        self.save.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.save.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.save.clicked.connect(self._save)
        self.note.textChanged.connect(self._refresh)
        self.note.installEventFilter(self)
        return foot

    def set_setup(self, setup: CaseSetup) -> None:
        self._utc_offset_min = setup.utc_offset_min
        self.vitals.set_utc_offset(setup.utc_offset_min)

    def set_assessment(self, assessment: RecordAssessment) -> None:
        """Outlines the answers given last time. None of them is chosen."""
        when = clock(assessment.event_at, self._utc_offset_min)
        for row in self.rows:
            row.show_last(score_of(assessment, row.item.name), when)

    def show_numeric(self, numeric: Numeric) -> None:
        """A number as the monitor shows it."""
        self.vitals.show_numeric(numeric)

    def set_due(self, due_at: Instant | None, why: str = "") -> None:
        """When the round is due (None: not planned), and why then."""
        self._due = (due_at, why)

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self.vitals.advance(now)
        due_at, why = self._due
        if due_at is not None:
            left_s = due_at.since(now)
            due = f"due in {age(left_s)}" if left_s > 0 else f"due {age(-left_s)} ago"
            self.subtitle.set_text(", ".join(filter(None, (why, due))))

    @property
    def scores(self) -> tuple[tuple[str, int], ...]:
        """What has been answered so far."""
        return (*((row.item.name, row.score) for row in self.rows if row.score is not None), *self.effects.scores)

    @property
    def entry(self) -> RoundEntry:
        """Everything as it stands on the page."""
        note = self.note.text().strip()
        return RoundEntry(scores=self.scores, note=note, vitals=self.vitals.vitals, minutes_ago=MINUTES_AGO[self._ago])

    def _ask(self, index: int) -> None:
        self._asked = max(0, min(index, len(self._questions) - 1))
        self._negative = False
        for number, question in enumerate(self._questions):
            question.set_asked(asked=number == self._asked)

    def _answered(self, index: int) -> None:
        """The bar goes on to the next open question; side effects keep it, because there may be several."""
        nausea = self.rows[-1]
        if self._questions[index] is self.effects and self.effects.says_none and not nausea.is_answered:
            nausea.answer(0)
        following = [*range(index + 1, len(self._questions)), *range(index)]
        if self._questions[index] is not self.effects:
            self._ask(next((number for number in following if not self._questions[number].is_answered), index))
        self._refresh()

    def _go_back_in_time(self) -> None:
        self._ago = (self._ago + 1) % len(MINUTES_AGO)
        self._show_when()

    def _show_when(self) -> None:
        minutes = MINUTES_AGO[self._ago]
        self.when.set_title(f"Taken {minutes} min ago" if minutes else "Taken now")
        self.when.set_note(WHEN_NOTE)
        self.when.set_outlined(outlined=bool(minutes))

    def _refresh(self) -> None:
        done = sum(question.is_answered for question in self._questions) + bool(self.vitals.vitals)
        count = len(self._questions) + 1
        left = "" if done == count else ", the rest stays open"
        self.save.set_note(f"{done} of {count}{left}" if not self.entry.empty else "nothing answered yet")
        if done == count:
            self.save.set_surface("chosen", "chosen")
        else:
            self.save.set_surface("well", "ink_soft")

    def _save(self) -> None:
        if self.entry.empty:
            self.save.set_note("touch an answer first")
        elif not self._under_way:
            self._under_way = True
            self.save.set_note("sending…")
            self.recorded.emit(self.entry)

    def confirm(self, assessment: RecordAssessment) -> None:
        """It is in the record: the page closes, unless it has been changed since."""
        self._under_way = False
        entry = self.entry
        if (entry.scores, entry.note, entry.vitals) != (assessment.scores, assessment.note, assessment.vitals):
            self._refresh()
            return
        self._clear()
        if self.isVisible():  # else Back would close another page
            self.back_requested.emit()

    def refuse(self, why: str = "") -> None:
        """It must be taken as not recorded; the answers stay. What is wrong with its time stands on the key of the time."""
        self._under_way = False
        if any(word in why for word in OF_THE_TIME):
            self.when.set_note(f"{why}  ·  key W")
        self.save.set_note("NOT recorded: save again")

    def _clear(self) -> None:
        for question in self._questions:
            question.clear()
        self.vitals.clear()
        self.note.clear()
        self._ago = 0
        self._show_when()
        self._ask(0)
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self._ask(self._asked + (1 if key == Qt.Key.Key_Down else -1))
        elif key == Qt.Key.Key_Minus:
            self._negative = True
        elif int(key) in _DIGITS or key == Qt.Key.Key_T:
            digit = _DIGITS.get(int(key), 10)
            self._questions[self._asked].answer(-digit if self._negative else digit)
            self._negative = False
        elif not self._pressed_letter(key):
            super().keyPressEvent(event)

    def _pressed_letter(self, key: int) -> bool:
        """V, W and N; False for any other."""
        if key == Qt.Key.Key_N:
            self.note.setFocus()
        elif key in {Qt.Key.Key_V, Qt.Key.Key_W}:
            (self.vitals.confirm if key == Qt.Key.Key_V else self.when).click()
        else:
            return False
        return True

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
