"""The chart as a list: every entry as it stands, with what it replaced, the newest on top; a touch takes it up to be corrected.

Nothing can be taken out of it here: an entry is corrected or struck out by another one.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from clinical.assessments.chart import Chart, Charted, Entry, is_struck, kind_words
from clinical.assessments.told import brief_of, was_of
from clinical.commands import CaseSetup
from widgets.boxes import Row
from widgets.docked_page import DockedPage
from widgets.durations import age, clock
from widgets.scroll_column import ScrollColumn
from widgets.text_label import TextLabel
from widgets.touch_key import TouchKey

LATE_S = 90.0
"""An entry made more than this after it was so says when it was entered."""
FORMS = (("examination", "Examination"), ("intake", "Intake"), ("recovery", "Recovery"))


class ChartPage(DockedPage):
    """Signals:
    chosen: the Charted that was touched.
    page_requested: name of a form's page.
    """

    chosen = Signal(object)
    page_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Chart", parent=parent)
        self._chart = Chart()
        self._utc_offset_min = 0
        self._stale = True
        self.keys: tuple[TouchKey, ...] = ()
        self._list = ScrollColumn(TextLabel("Nothing is charted yet.", ink="ink_soft"), gap=4)
        self.subtitle.set_text("touch an entry to correct it")
        inset = Row(margins=(10, 0, 0, 0))
        inset.addWidget(self._list)
        self.body.addLayout(inset, 1)
        row = Row(gap=8, margins=(10, 0, 0, 0))
        self.forms = {name: TouchKey(title, note="a new one", size="row", target=(180, 80)) for name, title in FORMS}
        for name, key in self.forms.items():
            key.clicked.connect(lambda _=False, name=name: self.page_requested.emit(name))
            row.addWidget(key, 1)
        self.body.addLayout(row)

    def set_setup(self, setup: CaseSetup) -> None:
        self._utc_offset_min = setup.utc_offset_min

    def set_chart(self, chart: Chart) -> None:
        """The list is made when it is looked at."""
        self._chart, self._stale = chart, True
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        if self._stale:
            self._show()
        super().showEvent(event)

    def _show(self) -> None:
        self._stale = False
        self.keys = tuple(self._key(charted) for charted in reversed(self._chart.latest()))
        for key in self.keys:
            key.set_look(self.look)
        self._list.show_widgets(self.keys)
        self.watch_touches(self._list)

    def _key(self, charted: Charted) -> TouchKey:
        entry = charted.entry
        old = self._chart.before(charted)
        what = f"{kind_words(entry)}: {brief_of(entry)}" if old is None or not is_struck(entry) else f"struck out: {brief_of(old.entry)}"
        title = f"{clock(entry.event_at, self._utc_offset_min)}  {what}"
        key = TouchKey(title, note=self._note(charted), size="row", note_size="note", target=(72, 72), left=True)
        key.clicked.connect(lambda _=False: self.chosen.emit(charted))
        if is_struck(entry):
            key.setEnabled(False)
        return key

    def _note(self, charted: Charted) -> str:
        """Who, each old value with why it is no more and who had entered it, and when: what may be cut by a narrow page comes last."""
        words = [f"by {charted.entry.by}"] if charted.entry.by else []
        newer = charted
        for old in self._chart.trail(charted):
            what = "" if newer is charted and is_struck(charted.entry) else f"was: {self._was(old.entry, newer.entry)} "
            words.append(f"{what}({newer.entry.reason})" + (f", entered by {old.entry.by}" if old.entry.by else ""))
            newer = old
        if charted.late_s > LATE_S:
            words.append(f"entered {clock(charted.entered_at, self._utc_offset_min)}, {age(charted.late_s)} later")
        return "; ".join(words)

    def _was(self, old: Entry, newer: Entry) -> str:
        moved = clock(old.event_at, self._utc_offset_min) if old.event_at != newer.event_at else ""
        return ", ".join(filter(None, (moved, was_of(old, newer)))) or brief_of(old)
