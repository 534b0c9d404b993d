"""A stored case on its way out: which format, with the patient's name or without, whereto, and how far it is. Writes no file itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from widgets.boxes import Column, Panel, Row, Table
from widgets.scroll_column import ScrollColumn
from widgets.share_bar import ShareBar
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

COLUMNS = 2
AS_IT_IS, HIDDEN = "As it is", "De-identified"
TOLD = {
    False: "Names, ids and free text go with it: whoever has the files knows the patient.",
    True: "Without names, ids and free text; dates are moved by days that only this installation's key tells.",
}
WHOLE = "This format holds the record itself, so nothing of it can be left out."


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRow:
    """A format that can be chosen. ``keeps_all``: nothing can be hidden in it."""

    name: str
    title: str
    note: str
    keeps_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A place that can be chosen. ``folder``: its whole path."""

    folder: str
    title: str
    note: str


class ExportPage(Panel):
    """Signals:
    back_requested: to the case.
    export_requested: name of the format; whether to de-identify.
    cancel_requested: what is being written is to go.
    place_chosen: the folder of a place.
    place_requested: a folder is to be chosen that is none of them.
    changed: another format, or the other answer to whether names stay.
    """

    back_requested = Signal()
    export_requested = Signal(str, bool)
    cancel_requested = Signal()
    place_chosen = Signal(str)
    place_requested = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(fill="background", parent=parent)
        self._title = TextLabel(size=34, weight=SEMIBOLD)
        self._formats = ScrollColumn(TextLabel("Looking which formats there are …", size="title", ink="ink_soft"))
        self._rows: dict[str, FormatRow] = {}
        self.keys: dict[str, TouchKey] = {}
        self._group = QButtonGroup(self)
        self.as_it_is = TouchKey(AS_IT_IS, size="title", target=(200, 84), shortcut="F3")
        self.hidden = TouchKey(HIDDEN, size="title", target=(200, 84), shortcut="F4")
        self._told = TextLabel(TOLD[False], ink="ink_soft", wrap=True)
        self._place = TextLabel(" ", size="title", wrap=True)
        self._places = ScrollColumn(TextLabel("Looking which places there are …", ink="ink_soft"), gap=0)
        self.places: dict[str, TouchKey] = {}
        self._place_group = QButtonGroup(self)
        self.place = TouchKey("Another folder", size="row", target=(260, 72), left=True, shortcut="F5")
        self.bar = ShareBar()
        self.progress = TextLabel(" ", size="row", wrap=True)
        self.back = TouchKey("Back", size=24, target=(220, 96), shortcut="Escape")
        self.export = TouchKey("Export", size=24, note_size="note", target=(420, 96), fill="prompt", edge="prompt_edge", shortcut="F2")
        self._busy = False
        self._arrange()
        self._connect()
        self.show_idle("")

    @property
    def format(self) -> str:
        """The name of the chosen one; empty while there is none."""
        return next((name for name, key in self.keys.items() if key.isChecked()), "")

    @property
    def hides(self) -> bool:
        """Whether names, ids and free text are to be left out."""
        return self.hidden.isChecked() and self.hidden.isEnabled()

    def _arrange(self) -> None:
        who = Row(gap=0)
        choice = QButtonGroup(self)
        for key in (self.as_it_is, self.hidden):
            key.setCheckable(True)
            choice.addButton(key)
            who.addWidget(key)
        self.as_it_is.setChecked(True)
        side = Column(gap=14)
        for head, parts in (("Patient", (who, self._told)), ("Where it goes", (self._place, self._places, self.place))):
            side.addWidget(TextLabel(head, size=24, weight=SEMIBOLD))
            for part in parts:
                side.addLayout(part) if isinstance(part, Row) else side.addWidget(part, 1 if part is self._places else 0)
            side.addSpacing(12)
        body = Row(gap=48)
        body.addWidget(self._formats, 7)
        body.addLayout(side, 4)
        panel = Panel(fill="panel", edge="line")
        inside = Column(gap=24, margins=(60, 32, 60, 32))
        inside.addWidget(self._title)
        inside.addLayout(body, 1)
        inside.addWidget(self.bar)
        inside.addLayout(self._foot())
        panel.setLayout(inside)
        whole = Row(margins=(140, 24, 140, 24))
        whole.addWidget(panel)
        self.setLayout(whole)

    def _foot(self) -> Row:
        foot = Row(gap=24)
        self.place.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for key in (self.back, self.export):
            key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        foot.addWidget(self.back)
        foot.addWidget(self.progress, 1)
        foot.addWidget(self.export)
        return foot

    def _connect(self) -> None:
        self.back.clicked.connect(self.back_requested)
        self.place.clicked.connect(self.place_requested)
        self.export.clicked.connect(self._press_export)
        for key in (self.as_it_is, self.hidden):
            key.clicked.connect(self._choose_anew)

    def set_case(self, title: str) -> None:
        """Which case is to leave."""
        self._title.set_text(title)

    def set_formats(self, rows: Sequence[FormatRow]) -> None:
        """The formats that can be written here; the first one is chosen."""
        self._rows = {row.name: row for row in rows}
        self.keys = {row.name: TouchKey(row.title, note=row.note, note_size="note", target=(300, 84), left=True) for row in rows}
        table = Table(gap=0)
        for number, key in enumerate(self.keys.values()):
            key.setCheckable(True)
            key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            key.clicked.connect(self._choose_anew)
            self._group.addButton(key)
            table.addWidget(key, number // COLUMNS, number % COLUMNS)
        for column in range(COLUMNS):
            table.setColumnStretch(column, 1)
        grid = Panel(fill="")
        grid.setLayout(table)
        grid.set_look(self.look)
        self._formats.show_widgets((grid,))
        self.choose(rows[0].name if rows else "")

    def choose(self, name: str) -> None:
        """Chooses a format; a name that has no key chooses none."""
        if name in self.keys:
            self.keys[name].setChecked(True)
        self._follow()

    def set_places(self, rows: Sequence[PlaceRow]) -> None:
        """The places there are; none is chosen by this."""
        self.places = {row.folder: TouchKey(row.title, note=row.note, note_size="note", target=(260, 84), left=True) for row in rows}
        for folder, key in self.places.items():
            key.setCheckable(True)
            key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            key.set_look(self.look)
            key.clicked.connect(lambda _=False, folder=folder: self.place_chosen.emit(folder))
            self._place_group.addButton(key)
        self._places.show_widgets(tuple(self.places.values()))

    def set_place(self, words: str, folder: str) -> None:
        """Where the files will lie, and in which of the places that is, if in any."""
        self._place.set_text(words)
        self._place_group.setExclusive(False)
        for place, key in self.places.items():
            key.setChecked(place == folder)
        self._place_group.setExclusive(True)

    def show_progress(self, words: str, share: float) -> None:
        """An export is under way; the key stops it, and nothing else can be touched."""
        self._busy = True
        self._show(words, share)

    def show_idle(self, words: str, *, done: bool = False) -> None:
        """No export is under way; ``words`` says how the last one ended."""
        self._busy = False
        self._show(words, 1.0 if done else 0.0)

    def _show(self, words: str, share: float) -> None:
        self.progress.set_text(words or " ")
        self.bar.set_share(share)
        self.bar.setVisible(self._busy or share > 0)
        self.export.set_title("Cancel" if self._busy else "Export")
        self.export.set_surface(*(("key", "key_edge") if self._busy else ("prompt", "prompt_edge")))
        self._follow()

    def _choose_anew(self) -> None:
        """What was told of the last export is not of this one."""
        if not self._busy:
            self.show_idle("")

    def _follow(self) -> None:
        row = self._rows.get(self.format)
        for key in (*self.keys.values(), *self.places.values(), self.as_it_is, self.place, self.back):
            key.setEnabled(not self._busy or key.isChecked())  # what is being written stays legible
        self.hidden.setEnabled((not self._busy or self.hidden.isChecked()) and row is not None and not row.keeps_all)
        self.hidden.set_note("not in this format" if row is not None and row.keeps_all else "")
        if row is not None and row.keeps_all:
            self.as_it_is.setChecked(True)
        self.export.setEnabled(row is not None)
        what = "" if row is None or self._busy else f"{row.title}, {'de-identified' if self.hides else 'with names'}"
        self.export.set_note(what)
        self._told.set_text(WHOLE if row is not None and row.keeps_all else TOLD[self.hidden.isChecked()])
        self.changed.emit()

    def _press_export(self) -> None:
        if self._busy:
            self.cancel_requested.emit()
        elif self.format:
            self.export_requested.emit(self.format, self.hides)
