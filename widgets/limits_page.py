"""Alarm limits of this case: a draft beside what is in force. Nothing changes before Apply, and Undo stands for ten seconds."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QWidget

from clinical.alarm_model import Alarm, AlarmPreset
from clinical.alarms.auto_limits import FROM_LAST_S, proposed
from clinical.instant import Instant
from clinical.metrics import Metric
from clinical.observations import Numeric
from widgets.boxes import Column, Panel, Row
from widgets.docked_page import DockedPage
from widgets.entry_field import TextLine
from widgets.limit_row import COLUMN_GAP, NAME_WIDTH, NOW_WIDTH, PRESET_WIDTH, LimitRow
from widgets.scroll_column import ScrollColumn
from widgets.text_label import CENTRE, LEFT, RIGHT, TextLabel
from widgets.theme import Look
from widgets.touch_key import TouchKey

UNDO_S = 10.0
HINT = "Nothing changes until Apply. A limit outside the preset is marked, and a reason is asked for it."
REASONS = ("Usual for this patient", "Ordered by the doctor", "Known artefact")
_HEADINGS = (
    ("Parameter", NAME_WIDTH, LEFT),
    ("Now", NOW_WIDTH, RIGHT),
    ("Low", 0, CENTRE),
    ("High", 0, CENTRE),
    ("Preset", PRESET_WIDTH, CENTRE),
)
"""Title, width (0: shares the rest), alignment."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """The limits a metric had."""

    metric: Metric
    low: float | None
    high: float | None


class LimitsPage(DockedPage):
    """Signals:
    limit_set: metric, low, high (None: off), reason ("" where the preset is kept).
    """

    limit_set = Signal(object, object, object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Limits", parent=parent)
        self._rows: dict[Metric, LimitRow] = {}
        self._headings: list[tuple[TextLabel, int]] = []
        self._preset: AlarmPreset | None = None
        self._applied: tuple[_Pair, ...] = ()
        self._applied_at: Instant | None = None
        self._now: Instant | None = None
        self._list = ScrollColumn(TextLabel("No limit was set.", ink="ink_soft"), gap=3)
        self.reason = TextLine(placeholder="Why outside the preset, in your own words", size="row", height=72)
        self._reasons = QButtonGroup(self)
        self._reason_panel = Panel(fill="")
        self._hint = TextLabel(HINT, ink="ink_soft", wrap=True)
        self.apply = TouchKey("Apply", note="nothing changed", target=(330, 76))
        self.undo = TouchKey("Undo", target=(130, 76))
        self.auto = TouchKey("Auto limits", note="shown, not applied", target=(150, 76))
        self._recent: dict[Metric, deque[Numeric]] = {}
        self._arrange_body()

    def _arrange_body(self) -> None:
        headings = Row(gap=COLUMN_GAP, margins=(12, 0, 18, 0))
        for text, width, align in _HEADINGS:
            heading = TextLabel(text, size="note", ink="ink_soft", align=align)
            headings.addWidget(heading, 0 if width else 1)
            self._headings.append((heading, width))
        self.body.addLayout(headings)
        self.body.addWidget(self._list, 1)
        self._arrange_reasons()
        hint = Row(margins=(10, 0, 0, 0))
        hint.addWidget(self._hint)
        self.body.addLayout(hint)
        self.body.addWidget(self._reason_panel)
        foot = Row(margins=(10, 0, 0, 0))
        foot.addStretch(1)
        self.auto.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.auto.clicked.connect(self._propose)
        foot.addWidget(self.auto)
        for key, act in ((self.undo, self._undo), (self.apply, self._apply)):
            key.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            key.clicked.connect(act)
            key.setEnabled(False)
            foot.addWidget(key)
        self.body.addLayout(foot)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        for heading, width in self._headings:
            if width:
                heading.setFixedWidth(look.px(width))

    def _arrange_reasons(self) -> None:
        row = Row(gap=4)
        self._reasons.setExclusive(False)
        for text in REASONS:
            key = TouchKey(text, size="note", target=(140, 72))
            key.setCheckable(True)
            key.clicked.connect(lambda _=False, key=key: self._choose_reason(key))
            self._reasons.addButton(key)
            row.addWidget(key, 1)
        self.reason.textChanged.connect(self._refresh)
        both = Column(gap=4, margins=(10, 0, 0, 0))
        both.addLayout(row)
        both.addWidget(self.reason)
        self._reason_panel.setLayout(both)
        self._reason_panel.hide()

    def _choose_reason(self, chosen: TouchKey) -> None:
        for key in self._reasons.buttons():
            key.setChecked(key is chosen and chosen.isChecked())
        self._refresh()

    def set_preset(self, preset: AlarmPreset) -> None:
        """The site's own limits, against which the case's are marked. Comes before ``set_limits``."""
        self._preset = preset
        self.subtitle.set_text(f"{preset.level.value} preset “{preset.name}”" + (", the site's own was refused" if preset.refused else ""))

    def set_limits(self, limits: AlarmPreset) -> None:
        """What is in force. Drafts of metrics whose limits did not change are kept."""
        for limit in limits.limits:
            row = self._rows.get(limit.metric)
            if row is None:
                self._add_row(LimitRow(limit, self._preset.limit_of(limit.metric) if self._preset else None))
            elif (row.low.live, row.high.live) != (limit.low, limit.high):
                row.set_limit(limit)
        self._refresh()

    def _add_row(self, row: LimitRow) -> None:
        self._rows[row.measured] = row
        row.changed.connect(self._refresh)
        self._list.append(row)
        row.set_look(self.look)
        self.watch_touches(row)

    def row(self, metric: Metric) -> LimitRow:
        """Raises KeyError for a metric without a limit."""
        return self._rows[metric]

    def show_numeric(self, numeric: Numeric) -> None:
        row = self._rows.get(numeric.metric)
        if row is None:
            return
        row.show_numeric(numeric)
        if numeric.value is not None:
            recent = self._recent.setdefault(numeric.metric, deque())
            recent.append(numeric)
            while numeric.at.since(recent[0].at) > FROM_LAST_S:
                recent.popleft()

    def _propose(self) -> None:
        """Puts into the drafts what fits the patient now; where nothing is proposed the draft stays."""
        for metric, row in self._rows.items():
            preset = self._preset.limit_of(metric) if self._preset else None
            values = [numeric.value for numeric in self._recent.get(metric, ()) if numeric.value is not None]
            limits = None if preset is None else proposed(preset, values)
            if limits is not None:
                row.low.take(limits[0])
                row.high.take(limits[1])

    def set_alarms(self, alarms: tuple[Alarm, ...]) -> None:
        """Fills the values on which an alarm stands."""
        worst = {alarm.metric: alarm.priority for alarm in reversed(alarms) if alarm.metric is not None}
        for metric, row in self._rows.items():
            row.show_alarm(worst.get(metric))

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self._now = now
        if self._applied_at is not None:
            left_s = UNDO_S - now.since(self._applied_at)
            self.undo.set_note(f"{max(0, round(left_s))} s")
            if left_s <= 0:
                self._forget_applied()

    @property
    def _reason_given(self) -> str:
        chosen = self._reasons.checkedButton() or next((key for key in self._reasons.buttons() if key.isChecked()), None)
        return self.reason.text().strip() or (chosen.text() if chosen else "")

    def _changing(self) -> tuple[LimitRow, ...]:
        return tuple(row for row in self._rows.values() if row.changes)

    def _refresh(self) -> None:
        changing = self._changing()
        outside = [row for row in changing if row.outside_preset]
        self._ask_reason(outside)
        note = "; ".join(row.words() for row in changing[:2]) + (f"; {len(changing) - 2} more" if len(changing) > 2 else "")
        refusal = self._refusal(changing, outside)
        self.apply.set_note(refusal or note or "nothing changed")
        ready = bool(changing) and not refusal
        self.apply.setEnabled(ready)
        self.apply.set_surface(*(("chosen", "chosen") if ready else ("key", "key_edge")))

    def _ask_reason(self, outside: list[LimitRow]) -> None:
        """In the place of the hint, and of the list's end: the rows stay where they are, and the one that asks stays in sight."""
        if bool(outside) == self._reason_panel.isVisibleTo(self):
            return
        self._hint.setVisible(not outside)
        self._reason_panel.setVisible(bool(outside))
        self.body.activate()
        if outside:
            self._list.ensureWidgetVisible(outside[-1], 0, 0)

    def _refusal(self, changing: tuple[LimitRow, ...], outside: list[LimitRow]) -> str:
        crossed = next((row.measured.label for row in changing if row.crossed), "")
        if crossed:
            return f"{crossed}: low must be below high"
        return "a reason is asked" if outside and not self._reason_given else ""

    def _apply(self) -> None:
        changing = self._changing()
        self._applied = tuple(_Pair(row.measured, row.low.live, row.high.live) for row in changing)
        self._applied_at = self._now
        self.undo.setEnabled(self._applied_at is not None)
        reason = self._reason_given
        for row in changing:
            self.limit_set.emit(row.measured, row.low.draft, row.high.draft, reason if row.outside_preset else "")
        self._clear_reason()

    def _undo(self) -> None:
        for pair in self._applied:
            self.limit_set.emit(pair.metric, pair.low, pair.high, "undone")
        self._forget_applied()

    def _forget_applied(self) -> None:
        self._applied, self._applied_at = (), None
        self.undo.setEnabled(False)
        self.undo.set_note("")

    def _clear_reason(self) -> None:
        self.reason.clear()
        for key in self._reasons.buttons():
            key.setChecked(False)
        self._refresh()
