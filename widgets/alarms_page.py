"""All alarms that stand, and the log of this case, newest first. Shows and acknowledges; decides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.alarm_model import Alarm, AlarmTransition, Presence
from clinical.commands import CaseSetup
from clinical.instant import Instant
from widgets.alarm_log import AlarmLog
from widgets.boxes import Column, Panel, Row
from widgets.docked_page import DockedPage
from widgets.figures import age, clock
from widgets.scroll_column import ScrollColumn
from widgets.shapes import PrioritySign
from widgets.text_label import RIGHT, SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

PRESENCE_WORDS = {
    Presence.OFF: "ended",
    Presence.ON: "not acknowledged",
    Presence.LATCHED: "ended, not yet seen",
    Presence.ACKNOWLEDGED: "acknowledged",
}


class StandingAlarm(Panel):
    """One alarm that stands: sign, cause, why, for how long, and the key to acknowledge it.

    Signals:
        acknowledge_requested: its condition.
    """

    acknowledge_requested = Signal(str)

    def __init__(self, alarm: Alarm, utc_offset_min: int) -> None:
        super().__init__(fill="well")
        self.alarm = alarm
        self._utc_offset_min = utc_offset_min
        self._since = TextLabel(ink="ink_soft", align=RIGHT)
        self.acknowledge = TouchKey("Acknowledge", target=(180, 72), space_presses=False)
        self.acknowledge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.acknowledge.clicked.connect(lambda: self.acknowledge_requested.emit(self.alarm.condition))
        self._arrange()

    def _arrange(self) -> None:
        words = Column(gap=2)
        words.addWidget(TextLabel(self.alarm.title, size="title", weight=SEMIBOLD))
        words.addWidget(TextLabel(self.alarm.detail, size="row", ink="ink_soft", wrap=True))
        state = Column(gap=2)
        state.addWidget(TextLabel(PRESENCE_WORDS[self.alarm.presence], align=RIGHT))
        state.addWidget(self._since)
        row = Row(gap=16, margins=(14, 8, 8, 8))
        row.addWidget(PrioritySign(self.alarm.priority, self.alarm.kind))
        row.addLayout(words, 1)
        row.addLayout(state)
        row.addWidget(self.acknowledge)
        acknowledged = self.alarm.presence is Presence.ACKNOWLEDGED
        self.acknowledge.setEnabled(not acknowledged)
        self.acknowledge.set_title("Acknowledged" if acknowledged else "Acknowledge")
        self.setLayout(row)

    def advance(self, now: Instant) -> None:
        since = self.alarm.since
        self._since.set_text(f"since {clock(since, self._utc_offset_min, seconds=True)}, {age(now.since(since))}")


class AlarmsPage(DockedPage):
    """Signals:
    acknowledge_requested: the condition that was seen.
    """

    acknowledge_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Alarms", parent=parent)
        self._utc_offset_min = 0
        self._standing: list[StandingAlarm] = []
        self._now: Instant | None = None
        self._list = ScrollColumn(TextLabel("Nothing stands.", size="title", ink="ink_soft"), gap=6)
        self.log = AlarmLog()
        self._arrange_body()

    def _arrange_body(self) -> None:
        inner = Column(gap=8, margins=(10, 0, 0, 0))
        inner.addWidget(self._list, 4)
        inner.addWidget(TextLabel("Log of this case, newest first", size="row", weight=SEMIBOLD, ink="ink_soft"))
        inner.addWidget(self.log, 5)
        self.body.addLayout(inner, 1)

    def set_setup(self, setup: CaseSetup) -> None:
        """A case begins: its log is empty."""
        self._utc_offset_min = setup.utc_offset_min
        self.log.begin(setup.utc_offset_min)

    def set_alarms(self, alarms: Sequence[Alarm]) -> None:
        """All that stand, highest first."""
        if tuple(alarms) == tuple(row.alarm for row in self._standing):
            return
        self._standing = [self._row(alarm) for alarm in alarms]
        self._list.show_widgets(self._standing)
        count = len(self._standing)
        self.subtitle.set_text("none stands" if not count else f"{count} stand{'s' if count == 1 else ''}")

    def _row(self, alarm: Alarm) -> StandingAlarm:
        row = StandingAlarm(alarm, self._utc_offset_min)
        row.acknowledge_requested.connect(self.acknowledge_requested)
        row.set_look(self.look)
        self.watch_touches(row)
        if self._now is not None:
            row.advance(self._now)
        return row

    def rows(self) -> tuple[StandingAlarm, ...]:
        """What stands, as shown."""
        return tuple(self._standing)

    def add_transition(self, transition: AlarmTransition) -> None:
        self.log.add(transition)

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self._now = now
        if self.isVisible():
            for row in self._standing:
                row.advance(now)
