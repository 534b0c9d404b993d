"""Where the program begins: a new case, one to resume, those to review, a demonstration. Asks; opens nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.instant import Instant
from widgets.boxes import Column, Panel, Row
from widgets.durations import age, day_and_clock
from widgets.entry_field import TextLine
from widgets.scroll_column import ScrollColumn
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

MOST_CASES = 200
"""Shown, newest first; the command line lists all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A stored case.

    Attributes:
        last_at: its last record.
        detail: what else tells it apart: "day 3, CRPS right hand".
    """

    id: str
    label: str
    started_at: Instant
    last_at: Instant
    utc_offset_min: int = 0
    simulated: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRow:
    """A simulated day that can be shown."""

    id: str
    title: str
    description: str


class _List(Panel):
    """A titled list of keys that scrolls."""

    def __init__(self, title: str, empty: str) -> None:
        super().__init__(fill="panel")
        self._keys: tuple[TouchKey, ...] = ()
        self._empty = TextLabel(empty, ink="ink_soft", wrap=True)
        self._list = ScrollColumn(self._empty, gap=2)
        column = Column(gap=12, margins=(20, 16, 12, 16))
        column.addWidget(TextLabel(title, size=24, weight=SEMIBOLD))
        column.addWidget(self._list, 1)
        self.setLayout(column)

    @property
    def keys(self) -> tuple[TouchKey, ...]:
        return self._keys

    def set_empty(self, text: str) -> None:
        """What stands there while the list is empty."""
        self._empty.set_text(text)

    def set_keys(self, keys: Sequence[TouchKey]) -> None:
        self._keys = tuple(keys)
        for key in self._keys:
            key.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            key.set_look(self.look)
        self._list.show_widgets(self._keys)


class StartPage(Panel):
    """Signals:
    new_case_requested: nothing more to say.
    resume_requested, review_requested: id of a case.
    file_requested: to review cases of a database file.
    demonstration_requested: id of a scenario.
    people_requested: somebody wants to sign in or out.
    clinic_requested: what the treatment did over all courses.
    """

    new_case_requested = Signal()
    resume_requested = Signal(str)
    review_requested = Signal(str)
    demonstration_requested = Signal(str)
    file_requested = Signal()
    people_requested = Signal()
    clinic_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(fill="background", parent=parent)
        self._resume_row: CaseRow | None = None
        self._rows: tuple[CaseRow, ...] = ()
        self.new_case = TouchKey(
            "New case", note="patient, dose, devices, limits, sounds", size=30, note_size="row", target=(300, 160), shortcut="F1"
        )
        self.resume = TouchKey("Resume", size=24, note_size="row", target=(300, 100), fill="prompt", edge="prompt_edge", shortcut="F2")
        self._resume_panel = Panel(fill="panel", edge="prompt_edge")
        self._resume_words = TextLabel(size="title", weight=SEMIBOLD, wrap=True)
        self._resume_when = TextLabel(ink="ink_soft", wrap=True)
        self.reviews = _List("Review", "No case is stored yet.")
        self.scenarios = _List("Demonstration", "No scenario was found.")
        self.search = TextLine(placeholder="Search cases", size="row", height=72)
        self.open_file = TouchKey("Open a file", note="cases of another machine", target=(240, 72), shortcut="Ctrl+O")
        self.people = TouchKey("Sign in", note="who is at the bed", size="row", note_size="note", target=(300, 84), shortcut="F3")
        self.people.setVisible(False)
        self.people.clicked.connect(self.people_requested)
        self.clinic = TouchKey(
            "Does the treatment help?",
            note="what was given, and what it did, over all courses",
            size="title",
            note_size="note",
            target=(300, 84),
        )
        self.clinic.clicked.connect(self.clinic_requested)
        self.record = TextLabel(size="note", ink="ink_soft", wrap=True)
        self.record.setVisible(False)
        self._arrange()
        self.new_case.clicked.connect(self.new_case_requested)
        self.resume.clicked.connect(self._resume)
        self.open_file.clicked.connect(self.file_requested)
        self.search.textChanged.connect(self._show_found)

    def _arrange(self) -> None:
        words = Column(gap=6, margins=(20, 16, 20, 16))
        words.addWidget(TextLabel("A case was not ended", size=24, weight=SEMIBOLD))
        words.addWidget(self._resume_words)
        words.addWidget(self._resume_when)
        words.addWidget(self.resume)
        self._resume_panel.setLayout(words)
        self._resume_panel.setVisible(False)
        begin = Column(gap=12)
        begin.addWidget(self._resume_panel)
        begin.addWidget(self.new_case)
        begin.addWidget(self.people)
        begin.addWidget(self.clinic)
        begin.addStretch(1)
        begin.addWidget(
            TextLabel(
                "Bedside reads devices and never commands one. The pump is started, changed and stopped by hand.", ink="ink_soft", wrap=True
            )
        )
        row = Row(gap=12, margins=(10, 10, 10, 10))
        row.addLayout(begin, 4)
        finding = Row(gap=8)
        finding.addWidget(self.search, 1)
        finding.addWidget(self.open_file)
        review = Column(gap=8)
        review.addLayout(finding)
        review.addWidget(self.reviews, 1)
        review.addWidget(self.record)
        row.addLayout(review, 5)
        row.addWidget(self.scenarios, 5)
        self.setLayout(row)
        self.open_file.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for key in (self.new_case, self.resume, self.people, self.clinic):
            key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def offer_resume(self, row: CaseRow | None, now: Instant) -> None:
        """Offers the case that was not ended (None: there is none), with how long ago its last record is."""
        self._resume_row = row
        self._resume_panel.setVisible(row is not None)
        if row is None:
            return
        self._resume_words.set_text("  ".join(part for part in (row.label, row.detail, "SIMULATED" if row.simulated else "") if part))
        since, last = (day_and_clock(at, row.utc_offset_min) for at in (row.started_at, row.last_at))
        self._resume_when.set_text(f"begun {since}\nlast record {last}, {age(now.since(row.last_at))} ago")
        self.resume.set_note(row.label)

    def set_cases(self, rows: Sequence[CaseRow]) -> None:
        """Stored cases, newest first."""
        self._rows = tuple(rows)
        self._show_found()

    def _show_found(self) -> None:
        """Those that have every word of the search, in name, day or date."""
        words = self.search.text().casefold().split()
        found = [row for row in self._rows if all(word in _searched(row) for word in words)]
        self.reviews.set_keys([self._case_key(row) for row in found[:MOST_CASES]])

    def set_cases_fault(self, text: str) -> None:
        """Why the stored cases cannot be listed."""
        self.reviews.set_empty(text)
        self.reviews.set_keys(())

    def set_who(self, words: str, *, asked: bool) -> None:
        """Who is signed in; ``asked``: whether names are asked for here at all."""
        self.people.setVisible(asked)
        self.people.set_title("Sign out, or another" if words else "Sign in")
        self.people.set_note(words or "who is at the bed")

    def show_record(self, text: str, *, well: bool) -> None:
        """How the record itself is; not ``well``: in the ink of what must be read."""
        self.record.set_ink("ink_soft" if well else "ink")
        self.record.set_text(text)
        self.record.setVisible(bool(text))

    def set_scenarios(self, rows: Sequence[ScenarioRow]) -> None:
        self.scenarios.set_keys([self._scenario_key(row) for row in rows])

    def _case_key(self, row: CaseRow) -> TouchKey:
        lasted = age(row.last_at.since(row.started_at))
        parts = (day_and_clock(row.started_at, row.utc_offset_min), lasted, row.detail, "SIMULATED" if row.simulated else "")
        key = TouchKey(row.label, note="   ".join(part for part in parts if part), note_size="note", left=True)
        key.clicked.connect(lambda: self.review_requested.emit(row.id))
        return key

    def _scenario_key(self, row: ScenarioRow) -> TouchKey:
        key = TouchKey(row.title, note=row.description, note_size="note", left=True, note_lines=2)
        key.clicked.connect(lambda: self.demonstration_requested.emit(row.id))
        return key

    def _resume(self) -> None:
        if self._resume_row is not None:
            self.resume_requested.emit(self._resume_row.id)


def _searched(row: CaseRow) -> str:
    """All words of a case in one."""
    return f"{row.label} {row.detail} {day_and_clock(row.started_at, row.utc_offset_min)} case {row.id}".casefold()
