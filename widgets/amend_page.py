"""An event or a round put right: the old value beside the new one, who and why. Both stay in the record; the forms correct themselves.

Nothing is changed before Correct; strike out takes a second touch.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinical.assessments.chart import Charted, kind_words
from clinical.assessments.rounds import ITEMS, refusal_of
from clinical.commands import CaseSetup, EventKind, RecordAssessment, RecordEvent
from clinical.instant import Instant
from clinical.metrics import Metric
from widgets.answer_keys import OPEN, Stepper
from widgets.boxes import Column, Row
from widgets.docked_page import DockedPage
from widgets.durations import clock
from widgets.entry_field import NumberEntry, TextLine
from widgets.figures import parsed
from widgets.form_page import WHO_NEEDED, WHY_NEEDED
from widgets.round_items import DEFAULT_SEDATION, EFFECTS_ASKED, round_items
from widgets.round_page import OF_THE_TIME
from widgets.scroll_column import ScrollColumn
from widgets.signer_line import SignerLine
from widgets.text_label import RIGHT, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

MOVES_MIN = (-15, -5, -1, 1, 5, 15)
FUTURE = "it would be in the future"
STRIKE = "Strike out"

Entry = RecordEvent | RecordAssessment


class AmendPage(DockedPage):
    """Whoever hears ``corrected`` answers with ``confirm`` or ``refuse``.

    Signals:
        corrected: the entry that takes the old one's place: to be recorded.
        done: the correction is in the record.
    """

    corrected = Signal(object)
    done = Signal()

    def __init__(self, sedation: str = DEFAULT_SEDATION, parent: QWidget | None = None) -> None:
        """``sedation``: the scale this site uses."""
        super().__init__("Correct an entry", parent=parent)
        self._asked = (*(item.name for item in round_items(sedation)), *(scale.name for scale in EFFECTS_ASKED))
        self._utc_offset_min = 0
        self._now = Instant(0, 0)
        self._moved_min = 0
        self._charted: Charted | None = None
        self._sent = False
        self._case = ""
        self.scores: dict[str, Stepper] = {}
        self.vitals: dict[Metric, NumberEntry] = {}
        self.text = TextLine(placeholder="Text", size="row", height=72)
        self._rows = ScrollColumn(TextLabel(""), gap=6)
        self._time = TextLabel("", size="title", weight=SEMIBOLD)
        self._time_problem = TextLabel("", size="note", ink="caution")
        self.moves = {minutes: TouchKey(f"{minutes:+d} min".replace("-", "−"), size="note", target=(84, 72)) for minutes in MOVES_MIN}
        self.who = SignerLine(placeholder="Corrected by")
        self.reason = TextLine(placeholder="Why", size="row", height=72)
        self._problems = {field: TextLabel("", size="note", ink="caution") for field in ("who", "reason")}
        self.strike = TouchKey(STRIKE, size="row", target=(170, 72))
        self.correct = TouchKey("Correct", note="the old one is kept", fill="well", edge="ink_soft", target=(220, 72))
        self._said = TextLabel("", ink="ink_soft", wrap=True)
        self._arrange_body()

    def _arrange_body(self) -> None:
        when = Row(gap=0, margins=(12, 0, 0, 0))
        when.addWidget(self._time, 1)
        for minutes, key in self.moves.items():
            key.clicked.connect(lambda _=False, minutes=minutes: self._move(minutes))
            key.setSizePolicy(key.sizePolicy().Policy.Fixed, key.sizePolicy().Policy.Fixed)
            when.addWidget(key)
        self.body.addLayout(when)
        for label in (self._time_problem,):
            beside = Row(margins=(12, 0, 12, 0))
            beside.addWidget(label)
            self.body.addLayout(beside)
        self.body.addWidget(self._rows, 1)
        people = Row(gap=8, margins=(12, 0, 0, 0))
        for field, line, share in (("who", self.who, 2), ("reason", self.reason, 3)):
            column = Column(gap=2)
            column.addWidget(self._problems[field])
            column.addWidget(line)
            people.addLayout(column, share)
        self.body.addLayout(people)
        foot = Row(gap=8, margins=(12, 0, 0, 0))
        foot.addWidget(self._said, 1)
        for key in (self.strike, self.correct):
            key.setSizePolicy(key.sizePolicy().Policy.Fixed, key.sizePolicy().Policy.Fixed)
            foot.addWidget(key)
        self.body.addLayout(foot)
        self.correct.clicked.connect(self._correct)
        self.strike.clicked.connect(self._strike)

    @property
    def said(self) -> str:
        """What became of the last touch."""
        return self._said.text()

    @property
    def problems(self) -> dict[str, str]:
        """What stands beside the fields now."""
        told = {field: label.text() for field, label in self._problems.items()} | {"when": self._time_problem.text()}
        return {field: text for field, text in told.items() if text}

    def set_setup(self, setup: CaseSetup) -> None:
        self._utc_offset_min = setup.utc_offset_min
        if setup.uuid != self._case:
            self._case, self._charted, self._sent = setup.uuid, None, False

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self._now = now
        self._show_future()

    def begin(self, charted: Charted) -> None:
        """Takes up an event or a round; the one that is taken up already keeps what was changed."""
        if not isinstance(charted.entry, Entry) or charted == self._charted:
            return
        self._charted, self._moved_min, self._sent = charted, 0, False
        entry = charted.entry
        of = clock(charted.entered_at, self._utc_offset_min)
        self.subtitle.set_text(f"{kind_words(entry)}, entered {of}{f' by {entry.by}' if entry.by else ''}")
        self.reason.clear()
        self._tell({})
        self._say("", "ink_soft")
        self.strike.set_title(STRIKE)
        self._show_rows(entry)
        self._show_time()

    def _show_rows(self, entry: Entry) -> None:
        self.scores, self.vitals = {}, {}
        self.text = TextLine(placeholder="Text", size="row", height=72)
        rows = []
        if isinstance(entry, RecordAssessment):
            had = dict(entry.scores)
            names = dict.fromkeys((*self._asked, *had))
            rows += [self._score_row(name, had.get(name)) for name in names]
            rows += [self._vital_row(metric, value) for metric, value in entry.vitals]
            self.text.setText(entry.note)
            rows.append(_row("note", entry.note, self.text))
        else:
            self.text.setText(entry.text)
            rows.append(_row(entry.kind.value, entry.text, self.text))
        self._rows.show_widgets(rows)
        self._rows.set_look(self.look)
        self.watch_touches(self._rows)

    def _score_row(self, name: str, old: int | None) -> QWidget:
        scale = ITEMS.get(name)
        low, high = (scale.low, scale.high) if scale is not None else (0, 99)
        written = scale.written if scale is not None else str
        stepper = Stepper(name, low, high, written)
        stepper.set_value(old)
        self.scores[name] = stepper
        return _row(name, "" if old is None else written(old), stepper)

    def _vital_row(self, metric: Metric, old: float) -> QWidget:
        def plausible(value: float) -> str:
            return "" if metric.low <= value <= metric.high else f"allowed is {metric.low:g} to {metric.high:g} {metric.unit.text}"

        entry = NumberEntry(metric.unit.text, name=metric.label, plausible=plausible)
        entry.field.setText(f"{old:.{metric.decimals}f}")
        self.vitals[metric] = entry
        return _row(metric.label, f"{old:.{metric.decimals}f}", entry)

    def _move(self, minutes: int) -> None:
        self._moved_min += minutes
        self._show_time()

    def _show_time(self) -> None:
        if self._charted is None:
            return
        old, new = clock(self._charted.entry.event_at, self._utc_offset_min), clock(self._event_at, self._utc_offset_min)
        self._time.set_text(f"{old} → {new}" if self._moved_min else f"{old}")
        self._time_problem.set_text("")
        self._show_future()

    def _show_future(self) -> None:
        """A line beside the time while it lies ahead of the bed's clock."""
        ahead = self._moved_min > 0 and self._event_at.since(self._now) > 0
        if ahead or self._time_problem.text() == FUTURE:
            self._time_problem.set_text(FUTURE if ahead else "")

    @property
    def _event_at(self) -> Instant:
        return (self._charted.entry.event_at if self._charted is not None else self._now).plus(60 * self._moved_min)

    def entry(self) -> Entry | None:
        """The correction as it stands on the page; None where nothing was taken up."""
        if self._charted is None:
            return None
        old = self._charted.entry
        signed = (self._charted.number, self.who.signature, self.reason.text().strip())
        return self._amended(old, *signed) if isinstance(old, Entry) else None

    def _amended(self, old: Entry, corrects: int, by: str, reason: str) -> Entry:
        text = self.text.text().strip()
        if isinstance(old, RecordEvent):
            return replace(old, event_at=self._event_at, text=text, corrects=corrects, by=by, reason=reason)
        scores = tuple((name, stepper.value) for name, stepper in self.scores.items() if stepper.value is not None)
        numbers = ((metric, parsed(entry.field.text())) for metric, entry in self.vitals.items())
        vitals = tuple((metric, value) for metric, value in numbers if value is not None)
        return replace(old, event_at=self._event_at, scores=scores, note=text, vitals=vitals, corrects=corrects, by=by, reason=reason)

    def _correct(self) -> None:
        entry = self.entry()
        if entry is None or not self._signed(entry):
            return
        wrong = next((told.complaint for told in self.vitals.values() if told.complaint), "")
        if isinstance(entry, RecordAssessment):
            wrong = wrong or refusal_of(entry)
        if wrong:
            self._say(f"Not corrected: {wrong}.", "caution")
        elif _same(entry, self._charted):
            self._say("Nothing is changed yet.", "caution")
        elif isinstance(entry, RecordEvent) and not entry.text:
            self._say(f"Not corrected: it has no text. “{STRIKE}” takes it off the chart.", "caution")
        else:
            self._send(entry)

    def _strike(self) -> None:
        entry = self.entry()
        if entry is None or not self._signed(entry):
            return
        if self.strike.text() == STRIKE:
            self.strike.set_title("Strike it out")
            self._say("Touch again: the entry is struck out. It stays in the record.", "caution")
        elif isinstance(entry, RecordEvent):
            self._send(replace(entry, kind=EventKind.CORRECTION, text=""))
        else:
            self._send(replace(entry, scores=(), vitals=(), note=""))

    def _signed(self, entry: Entry) -> bool:
        """Whether who and why are told, and the time can be; else the line stands beside the field."""
        problems = {}
        if not entry.by:
            problems["who"] = WHO_NEEDED
        if not entry.reason:
            problems["reason"] = WHY_NEEDED
        self._tell(problems)
        if self._time_problem.text():
            self._say(f"Not corrected: {self._time_problem.text()}.", "caution")
        elif problems:
            self._say("Not corrected: see the lines above.", "caution")
        return not problems and not self._time_problem.text() and not self._sent

    def _send(self, entry: Entry) -> None:
        self._sent = True
        self._say("sending …", "ink_soft")
        self.corrected.emit(entry)

    def confirm(self, entry: Entry) -> None:
        """It is in the record."""
        self._sent, self._charted = False, None
        self.who.forget()
        self._say(f"Corrected by {entry.by}; the old one is kept.", "fine")
        self.done.emit()

    def refuse(self, why: str) -> None:
        """It must be taken as not recorded; what was changed stays."""
        self._sent = False
        self._say(f"NOT corrected: {why}.", "caution")
        if any(word in why for word in OF_THE_TIME):
            self._time_problem.set_text(why)

    def _tell(self, problems: dict[str, str]) -> None:
        for field, label in self._problems.items():
            label.set_text(problems.get(field, ""))

    def _say(self, text: str, ink: str) -> None:
        self._said.set_text(text)
        self._said.set_ink(ink)


def _same(entry: Entry, charted: Charted | None) -> bool:
    """Whether nothing but the signature is new."""
    if charted is None or not isinstance(charted.entry, Entry):
        return True
    old = charted.entry
    plain = replace(entry, by=old.by, corrects=old.corrects, reason=old.reason)
    if isinstance(plain, RecordAssessment) and isinstance(old, RecordAssessment):
        plain, old = replace(plain, scores=tuple(sorted(plain.scores))), replace(old, scores=tuple(sorted(old.scores)))
    return plain == old


def _row(title: str, old: str, editor: QWidget) -> QWidget:
    """What it is, what it was, what it is to be."""
    row = Row(gap=12, margins=(12, 0, 4, 0))
    row.addWidget(TextLabel(title, size="row", elide=True), 2)
    row.addWidget(TextLabel(f"was {old}" if old else OPEN, size="row", ink="ink_soft", align=RIGHT, elide=True), 2)
    row.addWidget(editor, 3)
    whole = QWidget()
    whole.setLayout(row)
    return whole
