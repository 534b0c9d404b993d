"""Step, hold, stop, bolus, bag and line at one touch, with the reason: what was done at the pump, written down. Tells the pump nothing.

The order's ladder and what the pump reports stand on top, and why the next step is not yet; under them the keys. Where what was
recorded and what the pump does differ for a minute, the page asks.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from clinical.commands import CaseSetup, EventKind, RecordEvent
from clinical.dose_told import Ahead, BelowTold, GivenTold, LadderTold
from clinical.instant import Instant
from clinical.messages import DoseReport
from widgets.boxes import Row, Table
from widgets.docked_page import DockedPage
from widgets.durations import age, clock
from widgets.figures import typeset, written, written_range
from widgets.ladder_chart import LadderChart
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

ACTIONS: tuple[tuple[EventKind, str], ...] = (
    (EventKind.DOSE_STEP, "Step up"),
    (EventKind.HOLD, "Hold"),
    (EventKind.DOSE_STEP, "Step down"),
    (EventKind.STOP, "Stop"),
    (EventKind.BOLUS, "Bolus"),
    (EventKind.BAG_CHANGE, "Bag change"),
    (EventKind.LINE_CHANGE, "Line change"),
)
REASONS = ("as ordered", "blood pressure", "sedation", "side effect", "patient's wish", "other")
NOW = "now"
SEEN_WITHIN_S = 60.0
"""So long the pump has to show what was recorded before the page asks. A proposal."""
_SAME_MG_PER_H = 0.05
ACROSS = 4
_SOURCES = {"rate": "the rate", "counter": "the pump's counter", "rest": "what is left"}


class DosePage(DockedPage):
    """Whoever hears ``recorded`` answers with ``confirm`` or ``refuse``: nothing is called recorded before.

    Signals:
        recorded: kind, text, minutes ago: to be recorded.
        other_requested: "ledger", "correct" or "course": another page is asked for.
    """

    recorded = Signal(EventKind, str, int)
    other_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Step / hold", parent=parent)
        self._setup: CaseSetup | None = None
        self._report: DoseReport | None = None
        self._expected: tuple[Instant, float, str] | None = None
        self._now: Instant | None = None
        self._keys: dict[str, TouchKey] = {}
        self._reasons = QButtonGroup(self)
        self.chart = LadderChart()
        self._where = TextLabel("Not started", size="title", weight=SEMIBOLD)
        self._why = TextLabel(wrap=True)
        self._rules = TextLabel(size="note", ink="ink_soft", wrap=True)
        self._sources = TextLabel(size="note", ink="ink_soft", wrap=True)
        self._below = TextLabel(size="note", ink="predicted", wrap=True)
        self._asks = TextLabel(weight=SEMIBOLD, ink="caution", wrap=True)
        self._confirmation = TextLabel(
            "One touch records what was done at the pump. This screen moves no pump.", ink="ink_soft", elide=True
        )
        self._arrange_body()

    def _arrange_body(self) -> None:
        self.body.addWidget(self.chart, 5)
        for label in (self._where, self._why, self._rules, self._sources, self._below, self._asks):
            row = Row(margins=(12, 0, 12, 0))
            row.addWidget(label, 1)
            self.body.addLayout(row)
        self.body.addLayout(self._reason_row())
        self.body.addLayout(self._action_table(), 4)
        foot = Row(margins=(12, 0, 0, 0))
        foot.addWidget(self._confirmation, 1)
        self.body.addLayout(foot)
        others = Row(gap=8, margins=(10, 0, 0, 0))
        for name, title in (("ledger", "Ledger"), ("correct", "Correct weight or concentration"), ("course", "Course")):
            key = TouchKey(title, size="row", target=(120, 72))
            key.clicked.connect(lambda _=False, name=name: self.other_requested.emit(name))
            self._keys[name] = key
            others.addWidget(key, 1)
        self.body.addLayout(others)

    def _reason_row(self) -> Row:
        row = Row(gap=0, margins=(10, 0, 0, 0))
        for number, reason in enumerate(REASONS):
            key = TouchKey(reason, size="note", target=(100, 72))
            key.setCheckable(True)
            key.setChecked(not number)
            self._reasons.addButton(key, number)
            row.addWidget(key, 1)
        return row

    def _action_table(self) -> Table:
        table = Table(gap=8, margins=(10, 0, 0, 0))
        for number, (kind, text) in enumerate(ACTIONS):
            key = TouchKey(text, size="row", target=(120, 80))
            key.clicked.connect(lambda _=False, kind=kind, text=text: self._record(kind, text))
            self._keys[text] = key
            table.addWidget(key, number // ACROSS, number % ACROSS)
        for column in range(ACROSS):
            table.setColumnStretch(column, 1)
        return table

    def key(self, text: str) -> TouchKey:
        """The key of an action or another page. Raises KeyError if there is none."""
        return self._keys[text]

    @property
    def confirmation(self) -> str:
        """What became of the last touch."""
        return self._confirmation.text()

    @property
    def question(self) -> str:
        """What the page asks; empty where recorded and reported agree."""
        return self._asks.text()

    def set_reason(self, reason: str) -> None:
        """Presses the key of a reason. Raises ValueError for one that has no key."""
        self._reasons.button(REASONS.index(reason)).setChecked(True)

    def set_setup(self, setup: CaseSetup) -> None:
        self._setup = setup
        self._expected = None
        self.chart.set_order(setup.order)
        self.chart.set_taken((), None, None, 0.0)

    def set_dose(self, report: DoseReport) -> None:
        self._report = report
        self._sources.set_text("" if report.given is None else sources_told(report.given))
        below = "" if report.ahead is None else below_told(report.ahead)
        self._below.set_text(below)
        self._below.setVisible(bool(below))
        ladder = report.ladder
        if ladder is None or not ladder.taken:
            return
        begun = ladder.taken[0].at
        may_min = None if ladder.may_step_at is None else max(ladder.may_step_at, report.at).since(begun) / 60
        taken = [(one.at.since(begun) / 60, one.rate_mg_per_h) for one in ladder.taken]
        self.chart.set_taken(taken, report.at.since(begun) / 60, may_min, ladder.next_mg_per_h or 0.0)
        self._show_ladder(report, ladder)
        self._ask_if_it_differs(report)

    def _show_ladder(self, report: DoseReport, ladder: LadderTold) -> None:
        step = "No step of the order" if ladder.step_number is None else f"Step {ladder.step_number} of {report.step_count}"
        self._where.set_text(f"{step}   {self._next_words(report, ladder)}")
        waits = ladder.waits if ladder.next_number is not None else ()
        self._why.set_text(typeset("Not yet: " + " · ".join(waits)) if waits else "")
        self._why.setVisible(bool(waits))
        told = dict.fromkeys(f"{'✓' if rule.standing == 'kept' else '✗'} {rule.text}" for rule in ladder.rules)
        self._rules.set_text(typeset("   ".join(told)))
        self._rules.setVisible(bool(ladder.rules))
        self._keys["Step up"].set_note("" if ladder.next_mg_per_h is None else f"to {written(ladder.next_mg_per_h)} mg/h")
        below = self._step_below(ladder)
        self._keys["Step down"].set_note("" if below is None else f"to {written(below)} mg/h")
        boluses = [f"{name}{': ' + ', '.join(waits) if waits else ''}" for name, waits in ladder.bolus_waits]
        self._keys["Bolus"].set_note(boluses[0] if boluses else "none ordered")

    def _next_words(self, report: DoseReport, ladder: LadderTold) -> str:
        if ladder.next_mg_per_h is None or ladder.may_step_at is None:
            return "the order has ended" if report.planned_mg_per_h is None else "the last one"
        offset_min = 0 if self._setup is None else self._setup.utc_offset_min
        later = f"from {clock(ladder.may_step_at, offset_min)} at the earliest" if ladder.may_step_at > report.at else "its time has come"
        when = "may be taken now" if ladder.may_step else later
        return f"next {written(ladder.next_mg_per_h)} mg/h, {when}"

    def _step_below(self, ladder: LadderTold) -> float | None:
        order = None if self._setup is None else self._setup.order
        if order is None or ladder.step_number is None or ladder.step_number < 2:
            return None
        return order.steps[ladder.step_number - 2].rate_mg_per_h

    def _ask_if_it_differs(self, report: DoseReport) -> None:
        if self._expected is None or report.stale or report.rate_mg_per_h is None:
            return
        since, expected, words = self._expected
        if abs(report.rate_mg_per_h - expected) <= max(_SAME_MG_PER_H, 0.01 * expected):
            self._expected = None
            self._ask("")
        elif report.at.since(since) >= SEEN_WITHIN_S:
            self._ask(f"Recorded: {words}. The pump still runs {written(report.rate_mg_per_h)} mg/h. Look at the pump.")

    def _ask(self, text: str) -> None:
        self._asks.set_text(text)
        self._asks.setVisible(bool(text))

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self._now = now

    def _record(self, kind: EventKind, text: str) -> None:
        ladder = None if self._report is None else self._report.ladder
        rate = None if ladder is None else {"Step up": ladder.next_mg_per_h, "Step down": self._step_below(ladder), "Stop": 0.0}.get(text)
        words = text if not rate else f"{text} to {written(rate)} mg/h"
        if self._now is not None and rate is not None:
            self._expected = (self._now, rate, words)
        reason = REASONS[self._reasons.checkedId()]
        self._ask("")
        self._say(f"sending: {words}, {reason} …", "ink_soft")
        self.recorded.emit(kind, f"{words}: {reason}", 0)
        self._reasons.button(0).setChecked(True)

    def confirm(self, event: RecordEvent) -> None:
        """It is in the record."""
        offset_min = 0 if self._setup is None else self._setup.utc_offset_min
        self._say(f"Recorded {clock(event.event_at, offset_min)}: {event.text}. The pump is changed at the pump.", "fine")

    def refuse(self, event: RecordEvent, why: str) -> None:
        """It must be taken as not recorded."""
        self._say(f"NOT recorded: {event.text}: {why}.", "caution")

    def _say(self, text: str, ink: str) -> None:
        self._confirmation.set_text(text)
        self._confirmation.set_ink(ink)


def sources_told(given: GivenTold) -> str:
    """What each source says was given: "Given so far: from the rate 18.9 to 19.1, from the pump's counter 19 mg; taken together 19 mg"."""
    told = [
        f"from {_SOURCES.get(one.source, one.source)} "
        + (f"{written(one.low_mg)} or more" if one.high_mg is None else written_range(one.low_mg, one.high_mg, 2))
        for one in given.sources
    ]
    together = f"{written(given.low_mg)} mg or more" if given.high_mg is None else f"{written_range(given.low_mg, given.high_mg, 2)} mg"
    return f"Given so far: {', '.join(told)} mg; taken together {together}" + (f"; {given.disagreement}" if given.disagreement else "")


def below_told(ahead: Ahead) -> str:
    """When the level would be low again: "if stopped now: below 70 ng/mL in 34 min (12 min to 1 h 5 min)"; empty without a landmark."""
    told = [f"below {written(one.level_ng_per_ml, 0)} ng/mL {_until(one)}" for one in ahead.below]
    return f"Predicted, not measured; if stopped now: {'; '.join(told)}" if told else ""


def _until(below: BelowTold) -> str:
    minutes = (below.soonest_min, below.estimate_min, below.latest_min)
    if minutes == (0.0, 0.0, 0.0):
        return "already"
    soonest, estimate, latest = (_minutes_from_now(one) for one in minutes)
    return f"{'' if estimate == NOW else 'in '}{estimate} ({soonest} to {latest})"


def _minutes_from_now(minutes: float | None) -> str:
    if minutes is None:
        return "more than a day"
    return age(60 * max(1, round(minutes))) if minutes > 0 else NOW
