"""The last assessment, and when the next is due, on the main screen. Asks nothing and raises no alarm."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent

from clinical.assessments.chart import Charted
from clinical.commands import CaseSetup, RecordAssessment
from clinical.instant import Instant
from widgets.boxes import Column, Panel, Row
from widgets.durations import age, clock
from widgets.figures import UNKNOWN
from widgets.round_items import DEFAULT_SEDATION, RoundItem, round_items, score_of
from widgets.text_label import BOLD, RIGHT, SEMIBOLD, TextLabel

DUE_SOON_S = 300.0
"""This long before a round is due, its prompt takes its colour."""


class _Line(Panel):
    """One item: its title, what it was before, its last score."""

    def __init__(self, item: RoundItem) -> None:
        super().__init__(fill="")
        self._item = item
        self._before = TextLabel(size="note", ink="ink_soft")
        self._before.hide()
        self._score = TextLabel(UNKNOWN, size=22, weight=BOLD, align=RIGHT)
        words = Column(gap=1)
        words.addWidget(TextLabel(item.title))
        words.addWidget(self._before)
        row = Row()
        row.addLayout(words, 1)
        row.addWidget(self._score)
        self.setLayout(row)

    def show_scores(self, score: int | None, before: int | None) -> None:
        prefix = f"{self._item.hint} " if self._item.words and self._item.hint else ""
        self._score.set_text(UNKNOWN if score is None else prefix + self._item.written(score))
        word = self._item.word(score) if score is not None else ""
        was = f"was {self._item.written(before)}" if before is not None else ""
        self._before.set_text(", ".join(part for part in (word, was) if part))
        self._before.setVisible(bool(self._before.text()))


class RoundPanel(Panel):
    """Last scores with those before them, and a quiet prompt when the next round is due.

    Signals:
        round_requested: the panel was touched.
    """

    round_requested = Signal()

    def __init__(self, sedation: str = DEFAULT_SEDATION) -> None:
        """``sedation``: the scale this site uses."""
        super().__init__(fill="panel")
        self._utc_offset_min = 0
        self._last: RecordAssessment | None = None
        self._due_at: Instant | None = None
        self._why = ""
        self._when = TextLabel("none yet", size="note", ink="ink_soft", align=RIGHT, elide=True)
        self._prompt = Panel(fill="well")
        self._due = TextLabel("No round planned", weight=SEMIBOLD, ink="ink_soft")
        self._due_why = TextLabel(size="note", ink="ink_soft", align=RIGHT, elide=True)
        self._lines = {item.name: _Line(item) for item in round_items(sedation)}
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Round")
        self._arrange()

    def _arrange(self) -> None:
        head = Row()
        head.addWidget(TextLabel("Round", size="title", weight=SEMIBOLD))
        head.addWidget(self._when, 1)
        prompt = Row(margins=(12, 9, 12, 9))
        prompt.addWidget(self._due)
        prompt.addWidget(self._due_why, 1)
        self._prompt.setLayout(prompt)
        column = Column(gap=6, margins=(12, 9, 12, 9))
        column.addLayout(head)
        column.addWidget(self._prompt)
        for line in self._lines.values():
            column.addWidget(line, 1)
        self.setLayout(column)

    def set_setup(self, setup: CaseSetup) -> None:
        self._utc_offset_min = setup.utc_offset_min

    def set_assessment(self, assessment: RecordAssessment) -> None:
        """Shows the newest assessment; what was shown becomes the one before."""
        before, self._last = self._last, assessment
        by = f", {assessment.by}" if assessment.by else ""  # a name, or that nobody was signed in
        self._when.set_text(f"last {clock(assessment.event_at, self._utc_offset_min)}{by}")
        for name, line in self._lines.items():
            line.show_scores(score_of(assessment, name), score_of(before, name))

    def set_rounds(self, rounds: Sequence[Charted]) -> None:
        """Every round that stands, by the time it was made: the last one is shown, with the one before it."""
        self._last = None
        newest = [one.entry for one in rounds[-2:] if isinstance(one.entry, RecordAssessment)]
        for assessment in newest:
            self.set_assessment(assessment)
        if not newest:
            self._when.set_text("none yet")
            for line in self._lines.values():
                line.show_scores(None, None)
        elif rounds[-1].replaces is not None:
            self._when.set_text(f"{self._when.text()}, corrected")

    def set_due(self, due_at: Instant | None, why: str = "") -> None:
        """When the next round is due (None: not planned), and why then ("after step to 25")."""
        self._due_at, self._why = due_at, why

    def advance(self, now: Instant) -> None:
        if self._due_at is None:
            self._tell("No round planned", "", prompting=False)
            return
        to_go_s = self._due_at.since(now)
        if to_go_s > 0:
            self._tell(f"Next in {age(to_go_s)}", clock(self._due_at, self._utc_offset_min), prompting=to_go_s <= DUE_SOON_S)
        else:
            self._tell("Due now" if to_go_s > -60 else f"Due {age(-to_go_s)} ago", self._why, prompting=True)

    def _tell(self, text: str, why: str, *, prompting: bool) -> None:
        self._due.set_text(text)
        self._due_why.set_text(why)
        self._due.set_ink("ink" if prompting else "ink_soft")
        self._prompt.set_surface(*(("prompt", "prompt_edge") if prompting else ("well", "")))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self.rect().contains(event.position().toPoint()):
            self.round_requested.emit()
