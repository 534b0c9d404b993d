"""What follows from an examination, in words: CSS-16, the criteria, and what is otherwise than at an earlier one. Judges nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from clinical.assessments.budapest import CLINICAL, RESEARCH
from clinical.assessments.charted import drawing_of, examination_of
from clinical.assessments.css16 import CHANGE_NOTE, Css16
from clinical.assessments.examination import ExaminationError, LimbExamination, budapest_of, css16_of
from clinical.assessments.examined_change import change
from clinical.assessments.pain_drawing import DrawingError, compared
from clinical.forms import RecordExamination
from widgets.boxes import Column, Row
from widgets.figures import MINUS
from widgets.text_label import BOLD, RIGHT, SEMIBOLD, TextLabel

HIGHEST = 16


class Examined(QWidget):
    """Told a form, shows what it comes to."""

    def __init__(self) -> None:
        super().__init__()
        self.score = TextLabel("", size=40, weight=BOLD, ink="predicted")
        self._open = TextLabel("", size="note", ink="ink_soft", wrap=True)
        self.criteria = {rule.name: TextLabel("", size="row", weight=SEMIBOLD) for rule in (CLINICAL, RESEARCH)}
        self._lacking = TextLabel("", size="note", ink="ink_soft", wrap=True)
        self._against = TextLabel("", size="note", ink="ink_soft", wrap=True)
        self.changed = TextLabel("", size="note", wrap=True)
        column = Column(gap=4)
        head = Row(gap=10)
        head.addWidget(TextLabel("CSS-16", size="title", weight=SEMIBOLD))
        head.addWidget(self.score)
        head.addWidget(self._open, 1)
        column.addLayout(head)
        for rule in (CLINICAL, RESEARCH):
            row = Row(gap=8)
            row.addWidget(TextLabel(f"Budapest, {rule.name}{' (recalled)' if rule.note else ''}", size="note", ink="ink_soft"))
            self.criteria[rule.name].setAlignment(RIGHT)
            row.addWidget(self.criteria[rule.name], 1)
            column.addLayout(row)
        column.addWidget(self._lacking)
        column.addWidget(self._against)
        column.addWidget(self.changed)
        column.addStretch(1)
        self.setLayout(column)

    def show_examination(self, form: RecordExamination, earlier: RecordExamination | None = None, when: str = "") -> None:
        """``earlier``: what it is compared with, and ``when`` that was."""
        try:
            limb = examination_of(form)
        except ExaminationError:
            self._show_nothing("put right what is told beside the fields" if form.limb else "choose the limb")
            return
        score = css16_of(limb)
        if len(score.not_assessed) == HIGHEST:
            self._show_nothing("nothing is assessed yet")
        else:
            self._show_score(limb, score)
        self._against.set_text(f"Compared with {when}:" if earlier is not None else "Nothing earlier of this limb to compare with.")
        self.changed.set_text("" if earlier is None else "\n".join(_changes(limb, form, earlier)))

    def _show_score(self, limb: LimbExamination, score: Css16) -> None:
        missing = len(score.not_assessed)
        self.score.set_text(str(score.total))
        self._open.set_text(f"of {HIGHEST}; {missing} items open, at most {score.highest_possible}" if missing else f"of {HIGHEST}")
        verdicts = {rule.name: budapest_of(limb, rule) for rule in (CLINICAL, RESEARCH)}
        for name, verdict in verdicts.items():
            self.criteria[name].set_text("met" if verdict.met else "open" if missing else "not met")
        self._lacking.set_text("; ".join(verdicts[CLINICAL.name].lacking))

    def _show_nothing(self, first: str) -> None:
        self.score.set_text("–")
        for label in (self._open, self._lacking, self._against, self.changed, *self.criteria.values()):
            label.set_text("")
        self._open.set_text(first)


def _changes(now: LimbExamination, form: RecordExamination, earlier: RecordExamination) -> list[str]:
    """A line each for the score, what is gone, what is new, and what was measured and drawn."""
    try:
        before = examination_of(earlier)
    except ExaminationError:
        return []
    found = change(before, now)
    score = f"CSS-16 {_signed(found.css16)}" if found.comparable else "CSS-16 not compared: not the same items are assessed"
    lines = [f"{score}. {CHANGE_NOTE}" if found.of_note else score]
    lines += [f"{what}: {_by_kind(names)}" for what, names in (("gone", found.gone), ("new", found.come)) if names]
    measured = [] if found.pain is None else [f"pain {_signed(found.pain)}"]
    measured += [] if found.difference_c is None else [f"skin difference {_signed(round(found.difference_c, 1))} °C"]
    measured += [] if found.range_of_motion_percent is None else [f"range of motion {_signed(round(found.range_of_motion_percent))} %"]
    return lines + ["; ".join(part) for part in (measured, _drawn(form, earlier)) if part]


def _by_kind(names: Sequence[str]) -> str:
    """``symptom: colour`` and the like, each kind named once."""
    kinds: dict[str, list[str]] = {}
    for name in names:
        kind, _, item = name.partition(": ")
        kinds.setdefault(kind, []).append(item)
    return "; ".join(f"{kind}{'s' if len(items) > 1 else ''} {', '.join(items)}" for kind, items in kinds.items())


def _drawn(form: RecordExamination, earlier: RecordExamination) -> list[str]:
    """Area, side and place of the pain against the earlier drawing; nothing where one of the two was not drawn."""
    if not (form.drawn and earlier.drawn):
        return []
    try:
        found = compared(drawing_of(earlier), drawing_of(form))
    except DrawingError:
        return []
    lines = [] if found.area_change_percent is None else [f"area {_signed(round(found.area_change_percent))} %"]
    lines += [f"overlap {100 * found.overlap:.0f} %"] if found.overlap is not None else []
    for what, names in (("now also", found.new_sides), ("no more", found.left_sides)):
        lines += [f"{what} {', '.join(side.value for side in names)}"] if names else []
    lines += [f"new: {', '.join(limb.value for limb in found.new_limbs)}"] if found.new_limbs else []
    return [*lines, "it has moved" if found.moved else "it has not moved"]


def _signed(value: float) -> str:
    return f"+{value:g}" if value > 0 else f"{MINUS}{-value:g}" if value < 0 else "0"
