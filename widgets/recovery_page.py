"""Readiness to go home, line by line from data, with the two scores at one touch each. A checklist: nobody is discharged by it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.assessments.aldrete import ALDRETE
from clinical.assessments.padss import PADSS
from clinical.assessments.recovery import Line, Met, Recovery, RecoveryRules, readiness
from clinical.assessments.scales import Scale, ScoreError, SumScale
from clinical.commands import CaseSetup
from clinical.forms import Form, RecordRecovery
from clinical.instant import Instant
from clinical.messages import DoseReport
from clinical.metrics import NIBP_SYS, Metric
from clinical.observations import Numeric
from widgets.answer_keys import SCORE_AND_WORD, ChoiceKeys, TriKey
from widgets.boxes import Column, Panel, Row, Table
from widgets.form_page import FormPage
from widgets.text_label import BOLD, RIGHT, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey
from widgets.vitals_strip import VitalsStrip

_INKS = {Met.YES: "fine", Met.NO: "caution", Met.UNKNOWN: "ink_soft"}
MOST_LINES = 6


class _Sum(QWidget):
    """The items of a score, each with its grades from the highest, and the sum."""

    def __init__(self, scale: SumScale) -> None:
        super().__init__()
        self._scale = scale
        self._sum = TextLabel("", size="title", weight=BOLD, align=RIGHT)
        self.items = {
            item.name: ChoiceKeys([_word(item, grade.score) for grade in reversed(item.grades)], size="note") for item in scale.items
        }
        column = Column(gap=2)
        head = Row(gap=10)
        head.addWidget(TextLabel(f"{scale.name[:1].upper()}{scale.name[1:]}", size="row", weight=SEMIBOLD))
        head.addWidget(self._sum, 1)
        column.addLayout(head)
        for item in scale.items:
            column.addWidget(TextLabel(item.name, size="note", ink="ink_soft"))
            column.addWidget(self.items[item.name], 1)
        self.setLayout(column)

    @property
    def scores(self) -> tuple[tuple[str, int], ...]:
        chosen = ((item, self.items[item.name].one) for item in self._scale.items)
        return tuple((item.name, _score(item, word)) for item, word in chosen if word)

    def show_scores(self, scores: dict[str, int]) -> None:
        for item in self._scale.items:
            score = scores.get(item.name)
            self.items[item.name].choose("" if score is None else _word(item, score))

    def review(self) -> None:
        try:
            self._sum.set_text(f"{self._scale.total(dict(self.scores))} of {self._scale.high}")
        except ScoreError:
            self._sum.set_text(f"{len(self.scores)} of {len(self._scale.items)} answered")


class RecoveryPage(FormPage):
    """As ``FormPage``.

    Signals:
        print_requested: the RecordRecovery as it stands is to be printed.
    """

    print_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Recovery", parent=parent)
        self._rules: RecoveryRules | None = None
        self._stopped_at: Instant | None = None
        self._infusing = False
        self._predicted: tuple[float, float] | None = None
        self._usual_sbp: float | None = None
        self._kept_vitals: tuple[tuple[Metric, float], ...] = ()
        self._shown: tuple[Line, ...] = ()
        self.aldrete, self.padss = _Sum(ALDRETE), _Sum(PADSS)
        self.escort = TriKey("Escort here", titled=True, target=(160, 72))
        self.vitals = VitalsStrip()
        self.print = TouchKey("Print", note="PDF", size="row", target=(110, 72))
        self._lines = [
            (TextLabel("", size="row", wrap=True), TextLabel("", size="note", ink="ink_soft", wrap=True)) for _ in range(MOST_LINES)
        ]
        self._mets = [TextLabel("", size="row", weight=BOLD, align=RIGHT) for _ in range(MOST_LINES)]
        self._advice = TextLabel("", size="note", wrap=True)
        self._source = TextLabel("", size="unit", ink="ink_soft", wrap=True)
        self._arrange_body()
        self._connect()
        self.begin_anew()

    def _arrange_body(self) -> None:
        columns = Row(gap=16, margins=(10, 0, 0, 0))
        for scores, field in ((self.aldrete, "aldrete"), (self.padss, "padss")):
            column = Column(gap=2)
            column.addWidget(scores, 1)
            column.addWidget(self.problem(field))
            columns.addLayout(column, 10)
        columns.addLayout(self._lines_column(), 13)
        self.body.addLayout(columns, 1)
        self.body.addLayout(self.foot(self.print))

    def _lines_column(self) -> Column:
        column = Column(gap=6)
        panel, table = Panel(fill="well"), Table(gap=12, row_gap=4, margins=(14, 10, 14, 10))
        for number, ((text, detail), met) in enumerate(zip(self._lines, self._mets, strict=True)):
            table.addWidget(text, 2 * number, 0)
            table.addWidget(met, 2 * number, 1)
            table.addWidget(detail, 2 * number + 1, 0, 1, 2)
        table.setColumnStretch(0, 1)
        table.setRowStretch(2 * MOST_LINES, 1)
        panel.setLayout(table)
        column.addWidget(panel, 1)
        for label in (self._advice, self._source):
            column.addWidget(label)
        measured = Row(gap=8)
        measured.addWidget(self.vitals, 1)
        measured.addWidget(self.escort)
        self.escort.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        column.addLayout(measured)
        column.addWidget(self.problem("vitals"))
        return column

    def _connect(self) -> None:
        for scores in (self.aldrete, self.padss):
            for keys in scores.items.values():
                keys.answered.connect(self.touch)
        self.escort.answered.connect(self.touch)
        self.vitals.answered.connect(self.touch)
        self.print.clicked.connect(lambda: self.print_requested.emit(self.form()))

    # what it is told

    def set_rules(self, rules: RecoveryRules) -> None:
        """The site's."""
        self._rules = rules
        self._advice.set_text(rules.advice)
        self._advice.setVisible(bool(rules.advice))
        self._source.set_text(rules.source)
        self.touch(silent=True)

    def set_setup(self, setup: CaseSetup) -> None:
        self._usual_sbp = setup.baseline_sbp_mmhg
        self._stopped_at, self._infusing, self._predicted = None, False, None
        self.vitals.set_utc_offset(setup.utc_offset_min)
        super().set_setup(setup)

    def set_dose(self, report: DoseReport) -> None:
        """When the drug was last given follows from what the pump says; while it is silent nobody knows."""
        self._predicted = report.predicted_ng_per_ml
        if report.stale or report.rate_mg_per_h is None:
            return
        if report.rate_mg_per_h > 0:
            self._infusing, self._stopped_at = True, None
        elif self._infusing:
            self._infusing, self._stopped_at = False, report.at

    def show_numeric(self, numeric: Numeric) -> None:
        """A number as the monitor shows it."""
        self.vitals.show_numeric(numeric)

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self.vitals.advance(now)
        if self.isVisible():
            self.review(self.form())

    @property
    def advice(self) -> str:
        """On driving and work, in the site's words; empty where the site has none."""
        return "" if self._rules is None else self._rules.advice

    def tell(self, text: str) -> None:
        """A line of what became of printing."""
        self.said.set_text(text)
        self.said.set_ink("ink_soft")

    @property
    def lines(self) -> tuple[Line, ...]:
        """The checklist as it stands."""
        return self._shown

    # the form

    def form(self) -> RecordRecovery:
        return RecordRecovery(
            event_at=self.event_at,
            aldrete=self.aldrete.scores,
            padss=self.padss.scores,
            vitals=self.vitals.vitals or self._kept_vitals,
            escort=self.escort.value,
            lines=tuple((line.text, line.met.value, line.detail) for line in self._readiness()),
            note=self.note.text().strip(),
            by=self.who.signature,
            corrects=None if self.correcting is None else self.correcting.number,
            reason=self.reason.text().strip() if self.correcting is not None else "",
        )

    def show_form(self, form: Form | None) -> None:
        shown = form if isinstance(form, RecordRecovery) else RecordRecovery(event_at=self.event_at)
        self.aldrete.show_scores(dict(shown.aldrete))
        self.padss.show_scores(dict(shown.padss))
        self.escort.set_value(shown.escort)
        self._kept_vitals = shown.vitals
        self.vitals.clear()

    def review(self, form: Form) -> None:
        del form
        for scores in (self.aldrete, self.padss):
            scores.review()
        self._shown = self._readiness()
        for number, ((text, detail), met) in enumerate(zip(self._lines, self._mets, strict=True)):
            line = self._shown[number] if number < len(self._shown) else None
            text.set_text("" if line is None else line.text)
            detail.set_text("" if line is None else line.detail)
            met.set_text("" if line is None else line.met.value)
            if line is not None:
                met.set_ink(_INKS[line.met])

    def _readiness(self) -> tuple[Line, ...]:
        if self._rules is None:
            return ()
        recovery = Recovery(
            stopped_at=self._stopped_at,
            vitals=self._against_baseline(),
            aldrete=self.aldrete.scores,
            padss=self.padss.scores,
            predicted_ng_per_ml=self._predicted,
            escort=self.escort.value,
        )
        return readiness(self._now, recovery, self._rules)

    def _against_baseline(self) -> tuple[tuple[Metric, float, float], ...]:
        """Confirmed numbers beside those of the intake; of the pressure else the usual one that the case was begun with."""
        intake = self.chart.intake()
        baseline = dict(intake.baseline) if intake is not None else {}
        if self._usual_sbp is not None:
            baseline.setdefault(NIBP_SYS, self._usual_sbp)
        now = self.vitals.vitals or self._kept_vitals
        return tuple((metric, value, baseline[metric]) for metric, value in now if metric in baseline)


def _word(item: Scale, score: int) -> str:
    return f"{score}{SCORE_AND_WORD}{item.grade(score).word}"


def _score(item: Scale, word: str) -> int:
    return next(grade.score for grade in item.grades if _word(item, grade.score) == word)
