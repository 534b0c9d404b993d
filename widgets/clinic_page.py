"""Does the treatment help? What the treatment did over all courses of the clinic, drawn, and beside it what has been published.

Is told figures and counts nothing. There is no group without treatment: the page says so, and concludes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.assessments.effectiveness import NO_GROUP, Effectiveness, few
from widgets import clinic_figures as told
from widgets.boxes import Column, Panel, Row
from widgets.entry_field import TextLine
from widgets.interval_chart import IntervalChart
from widgets.scroll_column import ScrollColumn
from widgets.text_label import BOLD, CENTRE, RIGHT, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey
from widgets.weeks_chart import WeeksChart

SIMULATED = "SIMULATED: no patient stands behind these figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicFigures:
    """What was counted.

    Attributes:
        simulated: whether simulated courses were counted, and not patients'.
        figures: None where there is no course of that kind in the period.
        first, last: days on which the first and the last of the courses began, UTC.
        others: courses of the other kind in the same period.
    """

    simulated: bool
    figures: Effectiveness | None
    first: date | None = None
    last: date | None = None
    others: int = 0


class _Part(Panel):
    """A titled panel: what is drawn, words under it, and what was published."""

    def __init__(self, title: str, *pieces: QWidget, about: str = "") -> None:
        super().__init__(fill="panel")
        self._note = TextLabel("", size="note", ink="ink_soft", align=RIGHT)
        self.words = TextLabel("", size="note", wrap=True)
        head = Row(gap=12)
        head.addWidget(TextLabel(title, size="title", weight=BOLD))
        head.addWidget(self._note, 1)
        column = Column(gap=8, margins=(20, 14, 20, 14))
        column.addLayout(head)
        for piece in pieces:
            column.addWidget(piece)
        column.addWidget(self.words)
        lines = [label for pair in told.published_lines(about) for label in _published(*pair)]
        if lines:
            column.addWidget(TextLabel("Published", size="note", weight=SEMIBOLD, ink="ink_soft"))
            for label in lines:
                column.addWidget(label)
        column.addStretch(1)
        self.setLayout(column)

    def tell(self, note: str, words: str = "") -> None:
        """``note`` beside the title, ``words`` under what is drawn."""
        self._note.set_text(note)
        self.words.set_text(words)
        self.words.setVisible(bool(words))


def _published(figure: str, source: str) -> tuple[TextLabel, TextLabel]:
    return TextLabel(figure, size="note", wrap=True), TextLabel(source, size="unit", ink="ink_soft", wrap=True)


class ClinicPage(Panel):
    """Signals:
    back_requested: to the start page.
    count_requested: since (a date or None), until, and whether simulated courses are to be counted instead of patients'.
    """

    back_requested = Signal()
    count_requested = Signal(object, object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(fill="background", parent=parent)
        self._shown: ClinicFigures | None = None
        self._asked: tuple[date | None, date | None] = (None, None)
        self._title = TextLabel("Does the treatment help?", size=30, weight=BOLD)
        self._counts = TextLabel("", size="row", ink="ink_soft", wrap=True)
        self.badge = TextLabel(SIMULATED, size="row", weight=BOLD, ink="simulated")
        self.since, self.until = (TextLine(placeholder=f"{end} YYYY-MM-DD", size="row", height=72) for end in ("from", "to"))
        self.complaint = TextLabel("", size="note", weight=SEMIBOLD)
        self.hide_words = TouchKey("De-identify", note="no dates, no free text", target=(190, 72))
        self.hide_words.setCheckable(True)
        self.kind = TouchKey("Count simulated", target=(190, 72))
        self.back = TouchKey("Back", size=24, target=(150, 72), shortcut="Escape")
        self.state = TextLabel("", size="title", ink="ink_soft", align=CENTRE, wrap=True)
        self.few = TextLabel("", size="row", weight=SEMIBOLD, wrap=True)
        self._make_charts()
        self._arrange()
        self._connect()
        self.show_state("")

    def _make_charts(self) -> None:
        self.responders, self.change, self.effects = IntervalChart(fill="fine"), IntervalChart(), IntervalChart(fill="co2")
        self.stopped, self.dose, self.weeks = IntervalChart(fill="co2"), IntervalChart(fill="pump"), WeeksChart()
        self._relief = _Part("How many have less pain", self.responders)
        self._fall = _Part("How far pain fell", self.change, about="change")
        self._lasting = _Part("How long 30 % relief lasted", self.weeks, about="duration")
        self._doses = _Part("Dose of an infusion", self.dose, about="dose")
        self._effects = _Part("Side effects", self.effects, about="side effects")
        self._stops = _Part("Stopped before the time", self.stopped)
        self._method = TextLabel("", size="unit", ink="ink_soft", wrap=True)

    def _arrange(self) -> None:
        head = Row(gap=12)
        head.addLayout(self._names(), 1)
        head.addLayout(self._period())
        for key in (self.hide_words, self.kind, self.back):
            key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            head.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
        columns = Row(gap=10)
        for parts in ((self._relief, self._fall), (self._lasting, self._doses), (self._effects, self._stops)):
            column = Column(gap=10)
            column.addWidget(parts[0], 1)
            column.addWidget(parts[1], 1)
            columns.addLayout(column, 1)
        self.body = QWidget()
        self.body.setLayout(columns)
        scrolled = ScrollColumn(self.state, gap=0, fill=True)
        scrolled.show_widgets((self.body,))
        whole = Column(gap=10, margins=(20, 14, 20, 12))
        whole.addLayout(head)
        whole.addWidget(self.few)
        whole.addWidget(self.state, 1)
        whole.addWidget(scrolled, 1)
        whole.addWidget(self._method)
        self._scrolled = scrolled
        self.setLayout(whole)

    def _names(self) -> Column:
        first = Row(gap=20)
        first.addWidget(self._title)
        first.addWidget(self.badge)
        first.addStretch(1)
        names = Column(gap=2)
        names.addLayout(first)
        names.addWidget(self._counts)
        return names

    def _period(self) -> Column:
        fields = Row(gap=8)
        for field in (self.since, self.until):
            field.setMinimumWidth(190)
            field.setMaximumWidth(230)
            fields.addWidget(field)
        period = Column(gap=2)
        period.addLayout(fields)
        period.addWidget(self.complaint)
        return period

    def _connect(self) -> None:
        self.back.clicked.connect(self.back_requested)
        self.hide_words.clicked.connect(self._show)
        self.kind.clicked.connect(lambda: self._ask(simulated=not self.simulated))
        for field in (self.since, self.until):
            field.returnPressed.connect(self._ask_again)
            field.editingFinished.connect(self._ask_again)
            field.textEdited.connect(lambda _text: self.complaint.set_text(""))

    @property
    def simulated(self) -> bool:
        """Whether simulated courses are counted."""
        return self._shown is not None and self._shown.simulated

    def show_state(self, words: str) -> None:
        """Why no figures are shown: they are being read, or could not be."""
        self.state.set_text(words)
        self._scrolled.setVisible(False)
        self.state.setVisible(True)
        for label in (self._counts, self._method, self.few):
            label.set_text("")
        self.few.setVisible(False)
        self.badge.setVisible(False)
        self.kind.setVisible(False)

    def show_figures(self, shown: ClinicFigures) -> None:
        """The figures of a period, or that there are none."""
        self._shown = shown
        self.kind.set_title("Count patients" if shown.simulated else "Count simulated")
        self.kind.set_note(f"{shown.others} courses")
        if shown.figures is None:
            self.show_state("No simulated course began then." if shown.simulated else "No patient's course began then.")
            self.kind.setVisible(shown.others > 0)
            return
        self.kind.setVisible(shown.others > 0)
        self.state.setVisible(False)
        self._scrolled.setVisible(True)
        self._show()

    def _ask_again(self) -> None:
        if self._shown is not None and self._read_period() != self._asked:
            self._ask(simulated=self.simulated)

    def _ask(self, *, simulated: bool) -> None:
        period = self._read_period()
        if period is not None:
            self._asked = period
            self.count_requested.emit(*period, simulated)

    def _read_period(self) -> tuple[date | None, date | None] | None:
        """What the fields say; None with a line under them if they say no period."""
        try:
            since, until = (date.fromisoformat(text) if (text := field.text().strip()) else None for field in (self.since, self.until))
        except ValueError:
            self.complaint.set_text("A date is written as 2026-03-01.")
            return None
        if since is not None and until is not None and until < since:
            self.complaint.set_text("The second day comes before the first.")
            return None
        return since, until

    def _show(self) -> None:
        shown = self._shown
        if shown is None or shown.figures is None:
            return
        of, hidden = shown.figures, self.hide_words.isChecked()
        self.badge.setVisible(of.simulated)
        median, least, most = of.days
        period = "" if hidden else f"   {shown.first} to {shown.last}"
        counts = f"{of.patients} patients   {of.courses} courses   {of.infusions} infusions"
        self._counts.set_text(f"{counts}   {median:g} days a course ({least} to {most}){period}")
        self.few.set_text(few(of.patients, "patients") or (few(of.judged, "patients judged") if of.judged < of.patients else ""))
        self.few.setVisible(bool(self.few.text()))
        self._method.set_text(f"{of.method}. ◇ published. {NO_GROUP}")
        self._show_charts(of, hidden=hidden)

    def _show_charts(self, of: Effectiveness, *, hidden: bool) -> None:
        self.responders.show_rows(told.responder_rows(of))
        changes = told.change_rows(of)
        self.change.show_rows(changes, told.scale_of_points(changes))
        self.weeks.show_points(told.week_points(of))
        self.effects.show_rows(told.effect_rows(of))
        self.stopped.show_rows([told.share_row("stopped", of.stopped)])
        self.dose.show_rows(*told.dose_rows(of))
        self._relief.tell(f"pain at rest; {of.judged} of {of.patients} patients can be judged")
        self._fall.tell("points lower, after than before")
        self._lasting.tell("share still relieved", told.lasting_words(of))
        self._doses.tell("mean and range", told.dose_words(of))
        none = "" if of.side_effects else "None was entered, which is not that there was none."
        self._effects.tell("of all infusions; those of one patient are not independent", none)
        self._stops.tell("of all infusions", told.stop_words(of, deidentified=hidden))
