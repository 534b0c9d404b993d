"""What every charted form has: when it was so, who signs it, the reason of a correction, what is wrong beside its field, and Save.

Nothing is saved but whole: Save hands over the form as it stands, and what was entered stays until the record says that it is kept. A
form that goes over from new to a correction and back keeps no answer of the one in the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from clinical.assessments.chart import Chart, Charted, Series
from clinical.assessments.charted import problems_of
from clinical.commands import CaseSetup
from clinical.forms import Form, RecordExamination, RecordIntake, RecordRecovery, is_empty
from clinical.instant import Instant
from widgets.boxes import Table
from widgets.docked_page import DockedPage
from widgets.durations import clock
from widgets.entry_field import TextLine
from widgets.round_page import OF_THE_TIME
from widgets.signer_line import SignerLine
from widgets.text_label import TextLabel
from widgets.touch_key import TouchKey

MINUTES_AGO = (0, 5, 10, 15, 30, 60)
"""A late entry says by one key when it was really made."""
_REASON_COLUMN = 3
WHO_NEEDED, WHY_NEEDED, NOTHING = "say who signs", "say why it is corrected", "nothing is entered yet"


class FormPage(DockedPage):
    """Whoever hears ``recorded`` answers with ``confirm`` or ``refuse``.

    Signals:
        recorded: a Form: to be recorded.
        changed: something was entered or taken back: the draft is another.
    """

    wide = True
    recorded = Signal(object)
    changed = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self.chart = Chart()
        self.utc_offset_min = 0
        self._now = Instant(0, 0)
        self._ago = 0
        self._correcting: Charted | None = None
        self._sent: Form | None = None
        self._filling = self._edited = False
        self._case = ""
        self._problems: dict[str, TextLabel] = {}
        self.when = TouchKey("Taken now", note="touch: earlier", size="row", target=(150, 72))
        self.note = TextLine(placeholder="Note", size="row", height=72)
        self.who = SignerLine()
        self.reason = TextLine(placeholder="Why it is corrected", size="row", height=72)
        self.save = TouchKey("Save", fill="well", edge="ink_soft", target=(200, 72), shortcut="Ctrl+S")
        self.new = TouchKey("New form", note="leaves the correction", size="row", target=(180, 72))
        self._foot = Table()
        self.said = TextLabel("", size="row", ink="ink_soft", elide=True)

    # what a form of a kind does

    def form(self) -> Form:
        """Everything as it stands on the page."""
        raise NotImplementedError

    def show_form(self, form: Form | None) -> None:
        """Puts answers into the fields; None: none."""
        raise NotImplementedError

    def review(self, form: Form) -> None:
        """Shows what follows from the answers."""

    def complaints(self) -> dict[str, str]:
        """What was typed and is no answer at all, by its field: it stands in no form, so nobody else can tell of it."""
        return {}

    # what all have

    def foot(self, *extra: QWidget) -> Table:
        """The lowest rows: when, note, who, why, Save; above each what is wrong with it, above the note what became of the last touch."""
        self._foot = table = Table(gap=8, row_gap=2, margins=(10, 0, 0, 0))
        keys = (self.new, *extra, self.save)
        for place, (widget, above, share) in enumerate(
            (
                (self.when, self.problem("when"), 0),
                (self.note, self.said, 6),
                (self.who, self.problem("who"), 2),
                (self.reason, self.problem("reason"), 0),
                *((key, None, 0) for key in keys),
            )
        ):
            if above is not None:
                table.addWidget(above, 0, place)
            table.addWidget(widget, 1, place)
            table.setColumnStretch(place, share)
        for key in (self.when, *keys):
            key.setSizePolicy(key.sizePolicy().Policy.Fixed, key.sizePolicy().Policy.Fixed)
        self.when.clicked.connect(self._go_back_in_time)
        self.save.clicked.connect(self._save)
        self.new.clicked.connect(self.begin_anew)
        for line in (self.note, self.who, self.reason):
            line.textEdited.connect(self.touch)
        self._show_mode()
        return table

    def problem(self, field: str) -> TextLabel:
        """The line beside a field that says what is wrong with it."""
        if field not in self._problems:
            self._problems[field] = TextLabel("", size="note", ink="caution", wrap=field not in {"when", "who", "reason"})
        return self._problems[field]

    @property
    def problems(self) -> Mapping[str, str]:
        """What stands beside the fields now."""
        return {field: label.text() for field, label in self._problems.items() if label.text()}

    @property
    def correcting(self) -> Charted | None:
        """The form that is corrected; None for a new one."""
        return self._correcting

    def set_setup(self, setup: CaseSetup) -> None:
        """A case began: what was entered belongs to another. One that is told again keeps its draft."""
        self.utc_offset_min = setup.utc_offset_min
        if setup.uuid != self._case:
            self._case = setup.uuid
            self._sent = None
            self.begin_anew()

    def set_chart(self, chart: Chart) -> None:
        """What has been charted of the case; what follows from it is shown when somebody looks."""
        self.chart = chart
        if self.isVisible():
            self.touch(silent=True)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        self.touch(silent=True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        if self.draft() is None:
            self.who.forget()
        super().hideEvent(event)

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self._now = now

    @property
    def event_at(self) -> Instant:
        """When it was so: of a correction that of the form it replaces, until the key says otherwise."""
        if self._correcting is not None and not self._ago:
            return self._correcting.entry.event_at
        return self._now.plus(-60 * MINUTES_AGO[self._ago])

    def clock(self, at: Instant) -> str:
        """A moment by the bed's clock."""
        return clock(at, self.utc_offset_min)

    def begin_anew(self) -> None:
        """An empty form."""
        self._correcting = None
        self._fill_in(None)

    def begin_correction(self, charted: Charted) -> None:
        """Takes up a form that stands: its answers are shown to be changed."""
        self._correcting = charted
        if isinstance(charted.entry, RecordExamination | RecordIntake | RecordRecovery):
            self._fill_in(charted.entry)

    def draft(self) -> Form | None:
        """What would be lost if the screen died now; None where there is nothing to lose."""
        form = self.form()
        return None if is_empty(form) else form

    def restore(self, draft: Form) -> bool:
        """A draft that outlived its screen; one that is under way here is not overwritten, and one that was kept is none.

        Gives whether it is shown.
        """
        kept = [replace(charted.entry, event_at=draft.event_at) for charted in self.chart.all(Series.FORM)]
        if self.draft() is None and draft not in kept:
            self._correcting = self.chart.standing_number(Series.FORM, draft.corrects)
            self._fill_in(draft)
            self.who.take_draft(draft.by)
            self.reason.setText(draft.reason)
            self._say("An unsaved form was kept: it is shown as it was left.", "ink_soft")
            return True
        return False

    def touch(self, *_: object, silent: bool = False) -> None:
        """Something was entered: what follows from it is shown, and what was wrong is looked at again."""
        if self._filling:
            return
        if not silent:
            self._say("", "ink_soft")
        form = self.form()
        self._show_problems(({} if is_empty(form) else dict(problems_of(form))) | self.complaints())
        self.save.set_note("nothing entered yet" if is_empty(form) else "correct it" if self._correcting else "")
        self.review(form)
        if not silent:
            self._edited = True
            self.changed.emit()

    def confirm(self, form: Form) -> None:
        """It is in the record: the page is empty again, unless something was entered since."""
        if not self._edited:
            self.begin_anew()
        self._sent = None
        self._say(f"Recorded {clock(form.event_at, self.utc_offset_min)}, signed {form.by}.", "fine")
        self.changed.emit()

    def refuse(self, why: str) -> None:
        """It must be taken as not recorded; what was entered stays."""
        self._sent = None
        self._say(f"NOT recorded: {why}.", "caution")
        if any(word in why for word in OF_THE_TIME):
            self._show_problems({"when": why})
        self.changed.emit()

    def _fill_in(self, form: Form | None) -> None:
        self._filling = True
        self._ago = 0
        self.note.setText("" if form is None else form.note)
        self.reason.setText("")
        self.show_form(form)
        self._filling = False
        self._say("", "ink_soft")
        self._show_mode()
        self.touch()

    def _show_mode(self) -> None:
        correcting = self._correcting
        self.reason.setVisible(correcting is not None)
        self.new.setVisible(correcting is not None)
        self._foot.setColumnStretch(_REASON_COLUMN, 0 if correcting is None else 3)
        self.save.set_title("Correct" if correcting is not None else "Save")
        if correcting is not None:
            of = clock(correcting.entry.event_at, self.utc_offset_min)
            self.subtitle.set_text(f"corrects that of {of}, entered by {correcting.entry.by or 'nobody named'}; the old one is kept")
        else:
            self.subtitle.set_text("")
        self._show_when()

    def _show_problems(self, problems: Mapping[str, str]) -> None:
        for field, label in self._problems.items():
            label.set_text(problems.get(field, ""))
            label.setVisible(bool(label.text()))
        unseen = [f"{field}: {why}" for field, why in problems.items() if field not in self._problems]
        if unseen:
            self._say("; ".join(unseen), "caution")

    def _go_back_in_time(self) -> None:
        self._ago = (self._ago + 1) % len(MINUTES_AGO)
        self._show_when()
        self.touch()

    def _show_when(self) -> None:
        minutes = MINUTES_AGO[self._ago]
        same = "Same time" if self._correcting is not None else "Taken now"
        self.when.set_title(f"{minutes} min ago" if minutes else same)
        self.when.set_outlined(outlined=bool(minutes))

    def _save(self) -> None:
        form = self.form()
        problems = dict(problems_of(form)) | self.complaints()
        if not form.by:
            problems["who"] = WHO_NEEDED
        if self._correcting is not None and not form.reason:
            problems["reason"] = WHY_NEEDED
        self._show_problems(problems)
        if problems:
            self._say("Not saved: see the lines beside the fields.", "caution")
        elif is_empty(form) and self._correcting is None:
            self._say(f"Not saved: {NOTHING}.", "caution")
        elif self._sent is None:
            self._sent, self._edited = form, False
            self._say("sending …", "ink_soft")
            self.recorded.emit(form)

    def _say(self, text: str, ink: str) -> None:
        self.said.set_text(text)
        self.said.set_ink(ink)
