"""One metric's limits being changed: value now, low and high with keys, the preset beside. A draft: nothing here is in force."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from clinical import metrics
from clinical.alarm_model import AlarmLimit
from clinical.metrics import Metric
from clinical.observations import Numeric, Priority, Validity
from widgets.boxes import Panel, Row
from widgets.figures import OFF, UNKNOWN, written
from widgets.text_label import BOLD, CENTRE, RIGHT, SEMIBOLD, TextLabel
from widgets.theme import Look
from widgets.touch_key import TouchKey

STEPS: dict[Metric, float] = {
    metrics.HEART_RATE: 5.0,
    metrics.PULSE_RATE: 5.0,
    metrics.NIBP_SYS: 5.0,
    metrics.NIBP_DIA: 5.0,
    metrics.NIBP_MEAN: 5.0,
    metrics.SKIN_TEMPERATURE: 0.5,
    metrics.TEMPERATURE: 0.1,
}
"""What one touch of − or + changes; 1 where a metric is not named."""

FALLBACK_STEPS = 4
"""A limit that nothing names yet begins this many touches from the value of now."""


NAME_WIDTH, NOW_WIDTH, PRESET_WIDTH, COLUMN_GAP = 170, 76, 112, 8
"""Of the columns, in pixels of the picture; the two limits share the rest."""


KEY_HEIGHT = 56
"""15 mm on a screen of 24 inches; the ten limits of the preset stand on one page."""


def text_of(value: float | None, metric: Metric) -> str:
    """A threshold, or ``--`` for off."""
    return OFF if value is None else written(value, metric.decimals)


class LimitSide(Panel):
    """− value +. Touching the value turns the limit off, and on again.

    Signals:
        changed: the draft is another.
    """

    changed = Signal()

    def __init__(self, metric: Metric, side: str) -> None:
        super().__init__(fill="")
        self._metric = metric
        self._step = STEPS.get(metric, 1.0)
        self._live: float | None = None
        self._draft: float | None = None
        self._fallback: float | None = None
        named = f"{metric.title} {side}"
        self.less, self.more = TouchKey("−", size=28, target=(60, KEY_HEIGHT)), TouchKey("+", size=28, target=(60, KEY_HEIGHT))
        self.value = TouchKey(OFF, size=24, target=(76, KEY_HEIGHT))
        for key, word in ((self.less, "lower"), (self.more, "higher"), (self.value, "on or off")):
            key.setAccessibleName(f"{named}, {word}")
        self._arrange()

    def _arrange(self) -> None:
        row = Row(gap=0)
        for key in (self.less, self.value, self.more):
            key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            row.addWidget(key)
        self.setLayout(row)
        for key, sign in ((self.less, -1), (self.more, 1)):
            key.setAutoRepeat(True)
            key.setAutoRepeatDelay(500)
            key.setAutoRepeatInterval(120)
            key.clicked.connect(lambda _=False, sign=sign: self._move(sign))
        self.value.clicked.connect(self._switch)

    @property
    def draft(self) -> float | None:
        return self._draft

    @property
    def live(self) -> float | None:
        """What is in force."""
        return self._live

    def set_live(self, value: float | None, fallback: float | None) -> None:
        """What is in force; the draft starts from it. ``fallback``: where a limit that is switched on begins."""
        self._live = self._draft = value
        self._fallback = value if value is not None else fallback
        self._show()

    def offer_fallback(self, value: float) -> None:
        """Where the limit begins if it is switched on, unless it or the preset has said so."""
        if self._fallback is None:
            self._fallback = value
            self._show()

    def take(self, value: float | None) -> None:
        """Puts another value into the draft."""
        self._draft = value
        self._show()
        self.changed.emit()

    def _move(self, sign: int) -> None:
        if self._draft is None:
            self._switch()
            return
        moved = round(self._draft + sign * self._step, self._metric.decimals + 1)
        if self._metric.low <= moved <= self._metric.high:
            self._fallback = moved
            self.take(moved)

    def _switch(self) -> None:
        self.take(self._fallback if self._draft is None else None)

    def _show(self) -> None:
        self.value.set_title(text_of(self._draft, self._metric))
        changed = self._draft != self._live
        self.value.set_note(f"now {text_of(self._live, self._metric)}" if changed else "")
        self.value.set_surface("chosen" if changed else "well", "key_edge")
        known = self._draft is not None
        self.less.setEnabled(self._fallback is not None if not known else self._draft_or_zero() - self._step >= self._metric.low)
        self.more.setEnabled(self._fallback is not None if not known else self._draft_or_zero() + self._step <= self._metric.high)
        self.value.setEnabled(known or self._fallback is not None)

    def _draft_or_zero(self) -> float:
        return self._draft or 0.0


def _of_what(metric: Metric) -> str:
    """What tells apart metrics of one label: "CO₂" of "Respiration rate (CO₂)"."""
    return metric.title.partition("(")[2].rstrip(")")


class LimitRow(Panel):
    """Signals:
    changed: the draft is another.
    """

    changed = Signal()

    def __init__(self, limit: AlarmLimit, preset: AlarmLimit | None) -> None:
        super().__init__(fill="")
        self.measured = limit.metric
        self._preset = preset
        self._now = TextLabel(UNKNOWN, size=26, weight=BOLD, align=RIGHT, ink=limit.metric)
        self._now_box = Panel(fill="")
        self.low, self.high = LimitSide(self.measured, "low"), LimitSide(self.measured, "high")
        self._preset_text = TextLabel(self._preset_words(), ink="ink_soft", align=CENTRE)
        self._mark = Panel(fill="", edge="")
        self._mark_words = TextLabel("", size="note", weight=SEMIBOLD, align=CENTRE)
        self._arrange()
        self.set_limit(limit)

    def _arrange(self) -> None:
        mark = Row(margins=(8, 10, 8, 10))
        mark.addWidget(self._mark_words)
        self._mark.setLayout(mark)
        now = Row(margins=(10, 0, 10, 0))
        now.addWidget(self._now)
        self._now_box.setLayout(now)
        self._name_box = Panel(fill="")
        self._name_box.setLayout(self._name())
        row = Row(gap=COLUMN_GAP, margins=(12, 0, 12, 0))
        for part in (self._name_box, self._now_box, self.low, self.high, self._preset_text, self._mark):
            row.addWidget(part, 1 if part in {self.low, self.high} else 0)
        self.setLayout(row)
        for side in (self.low, self.high):
            side.changed.connect(self._changed)

    def _name(self) -> Row:
        row = Row(gap=8)
        self._label = TextLabel(self.measured.label, size="title", weight=SEMIBOLD, ink=self.measured)
        row.addWidget(self._label)
        row.addWidget(TextLabel(f"{_of_what(self.measured)} {self.measured.unit.text}".strip(), size="note", ink="ink_soft"))
        row.addStretch(1)
        return row

    def set_look(self, look: Look) -> None:
        """Columns of one width in every row, whatever stands in them."""
        super().set_look(look)
        for part, width in (
            (self._name_box, NAME_WIDTH),
            (self._now_box, NOW_WIDTH),
            (self._preset_text, PRESET_WIDTH),
            (self._mark, PRESET_WIDTH),
        ):
            part.setFixedWidth(look.px(width))

    def _preset_words(self) -> str:
        if self._preset is None:
            return "not in preset"
        low, high = text_of(self._preset.low, self.measured), text_of(self._preset.high, self.measured)
        if self._preset.high is None:
            return f"low {low}"
        return f"high {high}" if self._preset.low is None else f"{low} to {high}"

    def set_limit(self, limit: AlarmLimit) -> None:
        """What is in force now; a draft that was being made is given up."""
        preset = self._preset
        self.low.set_live(limit.low, preset.low if preset else None)
        self.high.set_live(limit.high, preset.high if preset else None)
        self._show_mark()

    def show_numeric(self, numeric: Numeric) -> None:
        shown = numeric.value if numeric.validity in {Validity.VALID, Validity.QUESTIONABLE} else None
        self._now.set_text(written(shown, self.measured.decimals))
        if shown is not None:
            away = FALLBACK_STEPS * STEPS.get(self.measured, 1.0)
            self.low.offer_fallback(max(self.measured.low, round(shown) - away))
            self.high.offer_fallback(min(self.measured.high, round(shown) + away))

    def show_alarm(self, priority: Priority | None) -> None:
        """Fills the value with the colour of the alarm that stands on it."""
        self._now.set_ink(self.measured if priority is None else f"{priority.value}_ink")
        self._now_box.set_surface("" if priority is None else priority.value)

    @property
    def changes(self) -> bool:
        return self.low.draft != self.low.live or self.high.draft != self.high.live

    @property
    def crossed(self) -> bool:
        """Low at or above high: such a pair can never be applied."""
        return self.low.draft is not None and self.high.draft is not None and self.low.draft >= self.high.draft

    @property
    def outside_preset(self) -> bool:
        """The draft is wider than the preset on either side, or off where the preset is on."""
        preset = self._preset
        if preset is None:
            return False
        low, high = self.low.draft, self.high.draft
        too_low = preset.low is not None and (low is None or low < preset.low)
        too_high = preset.high is not None and (high is None or high > preset.high)
        return too_low or too_high

    def words(self) -> str:
        """``SBP high 156 → 165``."""
        sides = (("low", self.low), ("high", self.high))
        parts = [
            f"{name} {text_of(side.live, self.measured)} → {text_of(side.draft, self.measured)}"
            for name, side in sides
            if side.live != side.draft
        ]
        return f"{self.measured.label} {', '.join(parts)}"

    def _changed(self) -> None:
        self._show_mark()
        self.changed.emit()

    def _show_mark(self) -> None:
        words = "low ≥ high" if self.crossed else "outside" if self.outside_preset else ""
        self._mark_words.set_text(words)
        self._mark.setVisible(bool(words))
        self._preset_text.setVisible(not words)
        self._mark.set_surface("", "")
        if words:
            self._mark.set_surface("well", "ink")
