"""What an earlier day of the course offers to a new case, line by line, each with the day it comes from. Takes nothing by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.boxes import Column, Panel, Row
from widgets.docked_page import DockedPage
from widgets.scroll_column import ScrollColumn
from widgets.text_label import RIGHT, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryLine:
    """One value.

    Attributes:
        name: by which it is taken; empty where it is only told.
        title, value: as they are shown.
        note: what taking it does, or why it cannot be taken.
        origin: where it comes from, if not from where all lines do.
    """

    title: str
    value: str
    name: str = ""
    note: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseOffer:
    """All that is offered.

    Attributes:
        patient: as the screen shows it.
        origin: "day 1, 22 Nov": where every line comes from.
        day: number of the new day.
        warnings: what is wrong with the course as the record has it, each a sentence.
    """

    patient: str
    origin: str
    day: int
    lines: tuple[CarryLine, ...]
    warnings: tuple[str, ...] = ()


class _LineRow(Panel):
    """Signals:
    taken: it was pressed.
    """

    taken = Signal()

    def __init__(self, line: CarryLine, origin: str) -> None:
        super().__init__(fill="well")
        self.line = line
        self.key = TouchKey("Take", target=(150, 64))
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)  # so that all rows stand in the same columns
        self.key.setSizePolicy(policy)
        if not line.name:
            self.key.hide()
        words = Column(gap=2)
        words.addWidget(TextLabel(line.value, weight=SEMIBOLD, wrap=True))
        words.addWidget(
            TextLabel("  ·  ".join(filter(None, (f"from {line.origin or origin}", line.note))), size="note", ink="ink_soft", wrap=True)
        )
        row = Row(gap=14, margins=(14, 6, 8, 6))
        row.addWidget(TextLabel(line.title, ink="ink_soft"), 2)
        row.addLayout(words, 7)
        row.addWidget(self.key)
        self.setLayout(row)
        self.key.clicked.connect(self.taken)

    def mark(self) -> None:
        self.key.set_title("Taken")
        self.key.set_surface("chosen", "chosen")


class CarryPage(DockedPage):
    """Signals:
    taken: the name of a line that was confirmed by a touch.
    """

    taken = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Carried over, for confirmation", parent=parent)
        self._rows: dict[str, _LineRow] = {}
        self.back.set_note("to the new case")
        self._warnings = TextLabel("", weight=SEMIBOLD, ink="caution", wrap=True)
        self._told = TextLabel("", size="note", ink="ink_soft", align=RIGHT)
        self._lines = ScrollColumn(TextLabel("Nothing of this patient is in the record.", ink="ink_soft"), gap=6)
        for label in (self._warnings, self._told):
            row = Row(margins=(14, 2, 14, 2))
            row.addWidget(label, 1)
            self.body.addLayout(row)
        self.body.addWidget(self._lines, 1)

    @property
    def warnings(self) -> str:
        return self._warnings.text()

    def key(self, name: str) -> TouchKey:
        """The key that takes a line. Raises KeyError for one that is not offered."""
        return self._rows[name].key

    def set_offer(self, offer: CourseOffer) -> None:
        """Other lines; none of them is taken."""
        self.subtitle.set_text(f"{offer.patient}   day {offer.day}")
        self._warnings.set_text("   ".join(offer.warnings))
        self._warnings.setVisible(bool(offer.warnings))
        rows = [_LineRow(line, offer.origin) for line in offer.lines]
        self._rows = {row.line.name: row for row in rows if row.line.name}
        for row in rows:
            row.taken.connect(lambda name=row.line.name: self._take(name))
        self._put(rows)
        self._tell()

    def mark(self, names: Sequence[str]) -> None:
        """These are taken."""
        for name in names:
            self._rows[name].mark()
        self._tell(len(names))

    def _tell(self, taken: int = 0) -> None:
        self._told.set_text(f"{taken} of {len(self._rows)} taken; what is not taken here is as on a first day")

    def _put(self, rows: Sequence[_LineRow]) -> None:
        for row in rows:
            row.set_look(self.look)
        self._lines.show_widgets(rows)
        for row in rows:
            self.watch_touches(row)

    def _take(self, name: str) -> None:
        self.taken.emit(name)
