"""One limb before and after: drawn on the body map, findings reported and seen, measured at both sides; the score and the criteria live.

Computes nothing itself and judges no change to be a success: what follows from the answers is asked of ``clinical.assessments``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.assessments.chart import Chart
from clinical.assessments.charted import AMPUTATED, OTHER_SIDE, drawing_of, outlines_of
from clinical.assessments.examination import FINDINGS
from clinical.assessments.limbs import Limb
from clinical.assessments.pain_drawing import DrawingError, PainDrawing
from clinical.commands import CaseSetup
from clinical.forms import Form, Phase, RecordExamination
from clinical.instant import Instant
from clinical.observations import Numeric
from widgets.answer_keys import ChoiceKeys, Stepper, TriKey
from widgets.body_map import BodyMap
from widgets.boxes import Column, Panel, Row, Table
from widgets.entry_field import NumberEntry
from widgets.examined import Examined
from widgets.figures import parsed, written
from widgets.form_page import FormPage
from widgets.text_label import SEMIBOLD, TextLabel, as_wide_as_its_place
from widgets.touch_key import TouchKey
from widgets.vitals_strip import LIVE_FOR_S

COLUMNS, ROWS = 3, 5
"""Of findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierExamination:
    """One that this one is compared with; ``when`` in words: "09:40", "day 2"."""

    form: RecordExamination
    when: str


class ExaminationPage(FormPage):
    """As ``FormPage``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Examination", parent=parent)
        self._of_course: tuple[EarlierExamination, ...] = ()
        self.phase = ChoiceKeys([phase.value for phase in Phase])
        self.limb = ChoiceKeys([limb.value for limb in Limb], size="note")
        self.body_map = BodyMap(least=320)
        self._drawn = False
        self.take_back, self.nothing_hurts = TouchKey("Take back", size="note"), TouchKey("Nothing hurts", size="note")
        self.symptoms = {row.name: TriKey(f"{row.name}, reported") for row in FINDINGS.values() if row.symptom}
        self.signs = {row.name: TriKey(f"{row.name}, seen") for row in FINDINGS.values() if row.sign}
        self.continuing, self.no_better = TriKey("Continuing pain", titled=True), TriKey("No better diagnosis", titled=True)
        self.amputated, self.opposite_amputated = TriKey("Amputated", titled=True), TriKey("Other side amputated", titled=True)
        self.pain, self.phantom = Stepper("Pain", 0, 10), Stepper("Phantom pain", 0, 10)
        self.temperature = NumberEntry("°C", name="Skin temperature", sentence=False)
        self.opposite = NumberEntry("°C", name="Skin temperature of the other side", sentence=False)
        self.motion = NumberEntry("%", name="Range of motion, of the other side's", sentence=False)
        self._difference = TextLabel("", size="row", weight=SEMIBOLD, ink="skin", wrap=True)
        self.from_monitor = TouchKey("From the monitor", note="both hands", size="note", target=(170, 72))
        self._skin: dict[Limb, Numeric] = {}
        self.examined = Examined()
        self._arrange_body()
        self._connect()
        self.begin_anew()

    # layout

    def _arrange_body(self) -> None:
        self.head.insertWidget(2, self.phase)
        self.phase.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        columns = Row(gap=14, margins=(10, 0, 0, 0))
        columns.addLayout(self._map_column(), 10)
        columns.addLayout(self._findings_column(), 16)
        columns.addLayout(self._measured_column(), 10)
        self.body.addLayout(columns, 1)
        self.body.addLayout(self.foot())

    def _map_column(self) -> Column:
        column = Column(gap=4)
        column.addWidget(self.limb)
        column.addWidget(self.problem("limb"))
        column.addWidget(self.body_map, 1)
        column.addWidget(self.problem("drawing"))
        keys = Row(gap=0)
        keys.addWidget(self.take_back, 1)
        keys.addWidget(self.nothing_hurts, 1)
        column.addLayout(keys)
        return column

    def _findings_column(self) -> Column:
        table = Table(gap=4, row_gap=0)
        for place, name in enumerate(FINDINGS):
            at = place // ROWS * 3
            label = TextLabel(name, size="note", wrap=True)
            table.addWidget(as_wide_as_its_place(label), place % ROWS + 1, at)
            for column, keys in ((at + 1, self.symptoms), (at + 2, self.signs)):
                if name in keys:
                    table.addWidget(keys[name], place % ROWS + 1, column)
        _head(table)
        whole = Column(gap=4)
        whole.addLayout(table, ROWS)
        for field in (AMPUTATED, "symptom", "sign"):
            whole.addWidget(self.problem(field))
        asked = Row(gap=0)
        for key in (self.continuing, self.no_better, self.amputated, self.opposite_amputated):
            asked.addWidget(key, 1)
        whole.addLayout(asked, 1)
        return whole

    def _measured_column(self) -> Column:
        column = Column(gap=4)
        pains = Row(gap=10)
        for title, stepper, field in (("Pain at rest, 0–10", self.pain, "pain"), ("Phantom pain", self.phantom, "phantom pain")):
            pains.addLayout(self._titled(title, stepper, field), 1)
        column.addLayout(pains)
        measured = Row(gap=10)
        for title, entry, field in (
            ("Skin, this limb", self.temperature, "temperature"),
            ("Skin, other side", self.opposite, OTHER_SIDE),
            ("Range of motion", self.motion, "range of motion"),
        ):
            measured.addLayout(self._titled(title, entry, field), 1)
        column.addLayout(measured)
        skin = Row(gap=10)
        skin.addWidget(self._difference, 1)
        skin.addWidget(self.from_monitor)
        self.from_monitor.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        column.addLayout(skin)
        panel, inside = Panel(fill="well"), Column(margins=(12, 8, 12, 8))
        inside.addWidget(self.examined)
        panel.setLayout(inside)
        column.addWidget(panel, 1)
        return column

    def _titled(self, title: str, widget: QWidget, field: str) -> Column:
        column = Column(gap=2)
        column.addWidget(TextLabel(title, size="note", ink="ink_soft"))
        column.addWidget(widget)
        column.addWidget(self.problem(field))
        column.addStretch(1)
        return column

    def _connect(self) -> None:
        for chosen in (self.phase, self.limb):
            chosen.answered.connect(self.touch)
        for key in (*self.symptoms.values(), *self.signs.values()):
            key.answered.connect(self.touch)
        for key in (self.continuing, self.no_better, self.amputated, self.opposite_amputated):
            key.answered.connect(self.touch)
        for stepper in (self.pain, self.phantom):
            stepper.answered.connect(self.touch)
        for entry in (self.temperature, self.opposite, self.motion):
            entry.changed.connect(self.touch)
        self.body_map.changed.connect(self._draw)
        self.from_monitor.clicked.connect(self._take_skin)
        self.take_back.clicked.connect(self.body_map.take_back)
        self.nothing_hurts.clicked.connect(self._say_nothing_hurts)

    # what it is told

    def set_setup(self, setup: CaseSetup) -> None:
        self._of_course = ()
        super().set_setup(setup)

    def set_earlier_days(self, earlier: Sequence[EarlierExamination]) -> None:
        """Those of this course's earlier days, the first one first."""
        self._of_course = tuple(earlier)
        self.touch(silent=True)

    def show_skin(self, limb: Limb, numeric: Numeric) -> None:
        """The skin's temperature at a limb, as the monitor shows it."""
        self._skin[limb] = numeric

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self.from_monitor.setEnabled(self._skin_of_both() is not None)

    def set_chart(self, chart: Chart) -> None:
        super().set_chart(chart)
        if self.draft() is None:
            self.phase.choose(self._next_phase().value)

    # the form

    def form(self) -> RecordExamination:
        return RecordExamination(
            event_at=self.event_at,
            phase=Phase(self.phase.one or self._next_phase()),
            limb=self.limb.one,
            symptoms=_answers(self.symptoms),
            signs=_answers(self.signs),
            continuing_pain=self.continuing.value,
            pain=self.pain.value,
            temperature_c=parsed(self.temperature.field.text()),
            opposite_temperature_c=parsed(self.opposite.field.text()),
            range_of_motion_percent=parsed(self.motion.field.text()),
            amputated=self.amputated.value is True,
            opposite_amputated=self.opposite_amputated.value is True,
            phantom_pain=self.phantom.value,
            no_better_diagnosis=self.no_better.value,
            outlines=outlines_of(self.body_map.drawing),
            drawn=self._drawn,
            note=self.note.text().strip(),
            by=self.who.signature,
            corrects=None if self.correcting is None else self.correcting.number,
            reason=self.reason.text().strip() if self.correcting is not None else "",
        )

    def show_form(self, form: Form | None) -> None:
        told = form if isinstance(form, RecordExamination) else None
        shown = told or RecordExamination(event_at=self.event_at, phase=self._next_phase(), limb=self._last_limb())
        self.phase.choose(shown.phase.value)
        self.limb.choose(shown.limb)
        for keys, answers in ((self.symptoms, dict(shown.symptoms)), (self.signs, dict(shown.signs))):
            for name, key in keys.items():
                key.set_value(answers.get(name))
        self.continuing.set_value(shown.continuing_pain)
        self.no_better.set_value(shown.no_better_diagnosis)
        self.amputated.set_value(shown.amputated or None)
        self.opposite_amputated.set_value(shown.opposite_amputated or None)
        self.pain.set_value(shown.pain)
        self.phantom.set_value(shown.phantom_pain)
        numbers = (shown.temperature_c, shown.opposite_temperature_c, shown.range_of_motion_percent)
        for entry, value in zip((self.temperature, self.opposite, self.motion), numbers, strict=True):
            entry.field.setText("" if value is None else written(value, 1))
        self._drawn = shown.drawn
        self.body_map.set_drawing(_drawing(shown))

    def review(self, form: Form) -> None:
        if not isinstance(form, RecordExamination):
            return
        earlier = self._earlier(form)
        self.body_map.set_earlier(PainDrawing() if earlier is None else _drawing(earlier.form))
        self.nothing_hurts.set_outlined(outlined=form.drawn and not form.outlines)
        one, other = form.temperature_c, form.opposite_temperature_c
        told = "" if one is None or other is None else f"{one - other:+.1f} °C against the other side".replace("-", "−")
        self._difference.set_text(told or "Skin: measure both sides at the same place")
        if earlier is None:
            self.examined.show_examination(form)
        else:
            self.examined.show_examination(form, earlier.form, earlier.when)

    def complaints(self) -> dict[str, str]:
        entries = (("temperature", self.temperature), (OTHER_SIDE, self.opposite), ("range of motion", self.motion))
        return {field: entry.complaint for field, entry in entries if entry.complaint}

    def _earlier(self, form: RecordExamination) -> EarlierExamination | None:
        """The last one of this limb before this one: of this case, else of an earlier day of the course."""
        own = None if self.correcting is None else self.correcting.entry
        of_case = [one for one in self.chart.examinations() if one is not own and one.limb == form.limb and one.event_at <= form.event_at]
        if of_case:
            return EarlierExamination(form=of_case[-1], when=f"{self.clock(of_case[-1].event_at)}, {of_case[-1].phase.value} the infusion")
        before = [one for one in self._of_course if one.form.limb == form.limb]
        return before[-1] if before else None

    def _skin_of_both(self) -> tuple[float, float] | None:
        """This limb's and the other's, where the monitor shows both now."""
        if self.limb.one not in set(Limb):
            return None
        limb = Limb(self.limb.one)
        values = [
            numeric.value for side in (limb, limb.opposite) if (numeric := self._skin.get(side)) is not None and self._is_live(numeric)
        ]
        return (values[0], values[1]) if len(values) == 2 and values[0] is not None and values[1] is not None else None

    def _is_live(self, numeric: Numeric) -> bool:
        return numeric.value is not None and self._now.since(numeric.at) <= max(LIVE_FOR_S, 3 * numeric.interval_s)

    def _take_skin(self) -> None:
        found = self._skin_of_both()
        if found is not None:
            for entry, value in zip((self.temperature, self.opposite), found, strict=True):
                entry.field.setText(written(value, 1))
            self.touch()

    def _next_phase(self) -> Phase:
        return Phase.AFTER if self.chart.examinations() else Phase.BEFORE

    def _last_limb(self) -> str:
        """That of the last examination, or the first of the intake."""
        examined = self.chart.examinations()
        if examined:
            return examined[-1].limb
        intake = self.chart.intake()
        return intake.limbs[0] if intake is not None and intake.limbs else ""

    def _draw(self, drawing: PainDrawing) -> None:
        """The first outline says which limb is meant, if nobody has yet."""
        self._drawn = self._drawn or bool(drawing.regions)
        limbs = drawing.limbs()
        if limbs and not self.limb.one:
            self.limb.choose(limbs[0].value)
        self.touch()

    def _say_nothing_hurts(self) -> None:
        self._drawn = True
        self.body_map.clear()


def _head(table: Table) -> None:
    for column in range(COLUMNS):
        for offset, words in ((1, "reported"), (2, "seen")):
            table.addWidget(TextLabel(words, size="unit", ink="ink_soft"), 0, 3 * column + offset)
        table.setColumnStretch(3 * column, 1)
    for row in range(ROWS):
        table.setRowStretch(row + 1, 1)


def _answers(keys: dict[str, TriKey]) -> tuple[tuple[str, bool], ...]:
    return tuple((name, key.value) for name, key in keys.items() if key.value is not None)


def _drawing(form: RecordExamination) -> PainDrawing:
    try:
        return drawing_of(form)
    except DrawingError:
        return PainDrawing()  # of a program that draws otherwise
