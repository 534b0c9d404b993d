"""What happened to the patient, at one touch. The program does none of it: it writes down what people did."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from clinical.commands import CaseSetup, EventKind, RecordEvent
from clinical.instant import Instant
from clinical.messages import DoseReport
from widgets.boxes import Column, Row, Table
from widgets.docked_page import DockedPage
from widgets.durations import clock
from widgets.entry_field import TextLine
from widgets.figures import written
from widgets.scroll_column import ScrollColumn
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

Preset = tuple[EventKind, str]

DOSE: tuple[Preset, ...] = (
    (EventKind.DOSE_STEP, "Step up"),
    (EventKind.DOSE_STEP, "Step down"),
    (EventKind.HOLD, "Hold"),
    (EventKind.STOP, "Stop"),
    (EventKind.BOLUS, "Bolus"),
)
SIDE_EFFECTS: tuple[Preset, ...] = tuple(
    (EventKind.SIDE_EFFECT, text)
    for text in ("Nausea", "Vomiting", "Dizzy", "Double vision", "Headache", "Hallucination", "Dysphoria", "Salivation")
)
CARE: tuple[Preset, ...] = tuple((EventKind.INTERVENTION, text) for text in ("Probe moved", "Turned", "Toilet", "Oxygen on", "Oxygen off"))
MINUTES_AGO = (0, 1, 5, 10, 15, 30)
WIDEST = 5  # keys in a row; words of a medication need more room


class EventPage(DockedPage):
    """A key for each common event; a note for the rest. One touch records, now or some minutes ago.

    Whoever hears ``recorded`` answers with ``confirm`` or ``refuse``: nothing is called recorded before.

    Signals:
        recorded: kind, text, and how many minutes ago it happened: to be recorded.
        page_requested: name of another page: the chart.
    """

    recorded = Signal(EventKind, str, int)
    page_requested = Signal(str)

    def __init__(self, medications: Sequence[str] = (), parent: QWidget | None = None) -> None:
        """``medications``: the site's own list, as it is to be recorded: "ondansetron 4 mg IV"."""
        super().__init__("Event", parent=parent)
        self._utc_offset_min = 0
        self._now: Instant | None = None
        self._next_mg_per_h: float | None = None
        self._when = QButtonGroup(self)
        self._keys: dict[str, TouchKey] = {}
        self._confirmation = TextLabel("One touch records.", ink="ink_soft", elide=True)
        self.note = TextLine(placeholder="Note", size="row", height=72)
        self.record_note = TouchKey("Record note", target=(180, 72))
        self.chart = TouchKey("Chart", note="correct an entry", size="row", target=(150, 72))
        self.add_way(self.chart, "chart", self.page_requested)
        self.body.addLayout(self._when_row())
        groups = [("Dose, as done at the pump", DOSE), ("Side effects", SIDE_EFFECTS), ("Care", CARE)]
        if medications:
            groups.insert(1, ("Medication", tuple((EventKind.MEDICATION, text) for text in medications)))
        self._groups = ScrollColumn(TextLabel(""), gap=8, fill=True)
        self._groups.show_widgets([self._group(title, presets) for title, presets in groups])
        self.body.addWidget(self._groups, 1)
        self._add_note()

    def _when_row(self) -> Row:
        row = Row(gap=0, margins=(10, 0, 0, 0))
        for minutes in MINUTES_AGO:
            key = TouchKey("Now" if not minutes else f"{minutes} min ago", size="row", target=(100, 72))
            key.setCheckable(True)
            key.setChecked(not minutes)
            self._when.addButton(key, minutes)
            row.addWidget(key, 1)
        return row

    def _group(self, title: str, presets: Sequence[Preset]) -> QWidget:
        columns = WIDEST if len(presets) == WIDEST else WIDEST - 1
        table = Table(gap=0, margins=(10, 0, 0, 0))
        for number, (kind, text) in enumerate(presets):
            key = TouchKey(text, size="row", target=(72, 72))
            key.clicked.connect(lambda _=False, kind=kind, text=text: self._record(kind, text))
            self._keys[text] = key
            table.addWidget(key, number // columns, number % columns)
        for column in range(columns):
            table.setColumnStretch(column, 1)
        heading = Row(margins=(12, 0, 0, 0))
        heading.addWidget(TextLabel(title, size="note", weight=SEMIBOLD, ink="ink_soft"))
        group, whole = QWidget(), Column(gap=8)
        whole.addLayout(heading)
        whole.addLayout(table, 1)
        group.setLayout(whole)
        policy = group.sizePolicy()
        policy.setVerticalStretch(-(-len(presets) // columns))
        group.setSizePolicy(policy)
        return group

    def _add_note(self) -> None:
        row = Row(margins=(12, 2, 0, 0))
        row.addWidget(self.note, 1)
        row.addWidget(self.record_note)
        self.record_note.setSizePolicy(self.record_note.sizePolicy().Policy.Fixed, self.record_note.sizePolicy().Policy.Fixed)
        self.record_note.clicked.connect(self._record_note)
        self.note.returnPressed.connect(self._record_note)
        self.body.addLayout(row)
        foot = Row(margins=(12, 0, 0, 0))
        foot.addWidget(self._confirmation)
        self.body.addLayout(foot)

    def key(self, text: str) -> TouchKey:
        """The key of a preset. Raises KeyError if there is none."""
        return self._keys[text]

    @property
    def confirmation(self) -> str:
        """What became of the last touch, as it stands on the page."""
        return self._confirmation.text()

    def set_setup(self, setup: CaseSetup) -> None:
        self._utc_offset_min = setup.utc_offset_min

    def set_dose(self, report: DoseReport) -> None:
        """The next step of the order stands on its key and in what it records."""
        self._next_mg_per_h = report.next_step_mg_per_h if report.ladder is None else report.ladder.next_mg_per_h
        self._keys["Step up"].set_note("" if self._next_mg_per_h is None else f"to {written(self._next_mg_per_h)} mg/h")

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self._now = now

    def set_minutes_ago(self, minutes: int) -> None:
        """Presses the key of a time. Raises ValueError for one that has no key."""
        if minutes not in MINUTES_AGO:
            raise ValueError(f"{minutes} min ago has no key; there are {MINUTES_AGO}")
        self._when.button(minutes).click()

    def _record(self, kind: EventKind, text: str) -> None:
        if text == "Step up" and self._next_mg_per_h is not None:
            text = f"Step up to {written(self._next_mg_per_h)} mg/h"
        minutes = self._when.checkedId()
        when = "" if self._now is None else f" {clock(self._now.plus(-60 * minutes), self._utc_offset_min)}"
        self._say(f"sending{when}: {text} …", "ink_soft")
        self._when.button(0).setChecked(True)
        self.recorded.emit(kind, text, minutes)

    def _record_note(self) -> None:
        text = self.note.text().strip()
        if text and not self.note.isReadOnly():  # else it is under way
            self.note.setReadOnly(True)
            self._record(EventKind.NOTE, text)

    def confirm(self, event: RecordEvent) -> None:
        """It is in the record."""
        self._say(f"Recorded {self._written(event)}. A mistake is put right in the chart, never by deleting.", "fine")
        if event.kind is EventKind.NOTE:
            self.note.setReadOnly(False)
            if self.note.text().strip() == event.text:
                self.note.clear()

    def refuse(self, event: RecordEvent, why: str) -> None:
        """It must be taken as not recorded; a note stays in its field."""
        self._say(f"NOT recorded: {self._written(event)}: {why}.", "caution")
        if event.kind is EventKind.NOTE:
            self.note.setReadOnly(False)

    def _written(self, event: RecordEvent) -> str:
        return f"{clock(event.event_at, self._utc_offset_min)}: {event.text}"

    def _say(self, text: str, ink: str) -> None:
        self._confirmation.set_text(text)
        self._confirmation.set_ink(ink)
