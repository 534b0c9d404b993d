"""Where the ladder stands and what comes next; what stands against it. Reads the order, checks no condition itself."""

from __future__ import annotations

from clinical.alarm_model import Alarm
from clinical.commands import CaseSetup
from clinical.dose_told import LadderTold
from clinical.messages import DoseReport
from widgets.boxes import Column, Panel, Row
from widgets.durations import clock
from widgets.figures import typeset, written
from widgets.text_label import RIGHT, SEMIBOLD, TextLabel

MOST_TICKS = 4
"""So many rules that are kept are named; more would not be read."""


class LadderBlock(Panel):
    """``Step 4 of 6``, the next step with its earliest time, a box of what stands against it, and the rules that are kept."""

    def __init__(self) -> None:
        super().__init__(fill="")
        self._utc_offset_min = 0
        self._alarm: Alarm | None = None
        self._blind = False
        self._step = TextLabel("Not started", size=19, weight=SEMIBOLD)
        self._next = TextLabel(size="row", ink="ink_soft", align=RIGHT, elide=True)
        self._box = Panel(fill="well", edge="key_edge")
        self._title = TextLabel(weight=SEMIBOLD, wrap=True)
        self._detail = TextLabel(size="note", wrap=True)
        self._kept = TextLabel(size="note", ink="fine", wrap=True)
        self._ladder: LadderTold | None = None
        self._arrange()

    def _arrange(self) -> None:
        head = Row(margins=(8, 0, 8, 0))
        head.addWidget(self._step)
        head.addWidget(self._next, 1)
        box = Column(gap=3, margins=(12, 9, 12, 9))
        box.addWidget(self._title)
        box.addWidget(self._detail)
        self._box.setLayout(box)
        self._box.setVisible(False)
        column = Column(gap=7)
        column.addLayout(head)
        column.addWidget(self._box)
        kept = Row(margins=(8, 0, 8, 0))
        kept.addWidget(self._kept)
        self._kept.setVisible(False)
        column.addLayout(kept)
        self.setLayout(column)

    def set_setup(self, setup: CaseSetup) -> None:
        self._utc_offset_min = setup.utc_offset_min

    def set_dose(self, report: DoseReport) -> None:
        self._step.set_text(_step_words(report))
        self._next.set_text(self._next_words(report))
        self._ladder = None if report.over_since is not None else report.ladder
        self._show_box()

    def set_alarm(self, alarm: Alarm | None) -> None:
        self._alarm = alarm
        self._show_box()

    def set_blind(self, *, blind: bool) -> None:
        """The pump cannot be seen: what to do stands in the box, before any alarm's own words."""
        if blind != self._blind:
            self._blind = blind
            self._show_box()

    def _next_words(self, report: DoseReport) -> str:
        ladder = report.ladder
        if ladder is not None and ladder.taken:
            if ladder.next_mg_per_h is None or ladder.may_step_at is None:
                return "" if report.planned_mg_per_h is None else "last step"
            later = clock(ladder.may_step_at, self._utc_offset_min) if ladder.may_step_at > report.at else "not yet"
            when = "may be taken" if ladder.may_step else later
            return f"next {written(ladder.next_mg_per_h)} mg/h  {when}"
        if report.next_step_mg_per_h is None or report.next_step_in_s is None:
            return "last step" if report.step_number else ""
        when = "now" if report.next_step_in_s <= 0 else clock(report.at.plus(report.next_step_in_s), self._utc_offset_min)
        return f"next {written(report.next_step_mg_per_h)} mg/h  {when}"

    def _show_box(self) -> None:
        against = against_step(self._ladder)
        if self._blind:
            self._say("Look at the pump itself", "It may be infusing. This screen cannot see it.", "well", "ink")
        elif self._alarm is not None:
            priority = self._alarm.priority.value
            self._say(self._alarm.title, self._alarm.detail, priority, f"{priority}_ink")
        elif against:
            self._say(against[0], " · ".join(against[1:]), "well", "caution")
        self._box.setVisible(self._blind or self._alarm is not None or bool(against))
        kept = () if self._ladder is None else tuple(rule.text for rule in self._ladder.rules if rule.standing == "kept")
        self._kept.set_text(typeset("   ".join(f"✓ {text}" for text in dict.fromkeys(kept[:MOST_TICKS]))))
        self._kept.setVisible(bool(kept) and not self._blind and self._alarm is None)

    def _say(self, title: str, detail: str, fill: str, ink: str) -> None:
        self._title.set_text(typeset(title))
        self._detail.set_text(typeset(detail))
        self._detail.setVisible(bool(detail))
        for label in (self._title, self._detail):
            label.set_ink(ink)
        self._box.set_surface(fill, "key_edge" if fill == "well" else "")


def against_step(ladder: LadderTold | None) -> tuple[str, ...]:
    """What stands against the next step but its time, the gravest first: "Hold: SBP 168 > 156"."""
    if ladder is None or not ladder.taken:
        return ()
    if ladder.off_order:
        return (f"Off the order: {ladder.off_order}", "touch here to say what was done")
    broken = [rule for rule in ladder.rules if rule.standing != "kept"]
    told = [_asking_first(rule.action, rule.text) if rule.standing == "broken" else rule.text for rule in broken]
    return tuple(dict.fromkeys(sorted(told, key=_gravity)))


_ASKING = ("Stop", "Step down", "Hold", "No step up")


def _gravity(text: str) -> int:
    """Its place among what rules ask for; what is only unknown comes last."""
    return next((place for place, asking in enumerate(_ASKING) if text.startswith(f"{asking}:")), len(_ASKING))


def _asking_first(action: str, text: str) -> str:
    """As it is shouted: "SBP 168 > 156: hold" becomes "Hold: SBP 168 > 156"."""
    return f"{action[:1].upper()}{action[1:]}: {text.removesuffix(f': {action}')}"


def _step_words(report: DoseReport) -> str:
    if report.ladder is not None and report.ladder.taken and report.planned_mg_per_h is not None:
        paused = "" if report.ladder.taken[-1].rate_mg_per_h else ", paused"
        number = report.ladder.step_number
        return "No step of the order" if number is None else f"Step {number} of {report.step_count}{paused}"
    if report.step_number:
        return f"Step {report.step_number} of {report.step_count}"
    if report.started_at is None:
        return "Not started"
    return "No step of the order" if report.planned_mg_per_h is not None else "Order ended"
