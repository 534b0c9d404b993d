"""All alarms that stand, and the log of this case, newest first. Shows and acknowledges; decides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.alarm_model import LONGEST_AUDIO_PAUSE_S, Alarm, AlarmTransition, AudioState, Presence
from clinical.alarms.burden import burden_of
from clinical.commands import CaseSetup
from clinical.instant import Instant
from widgets.alarm_log import AlarmLog
from widgets.boxes import Column, Panel, Row
from widgets.burden_strip import BurdenStrip
from widgets.docked_page import DockedPage
from widgets.durations import age, clock, minutes_and_seconds
from widgets.log_filter import LogFilterKeys
from widgets.scroll_column import ScrollColumn
from widgets.shapes import PrioritySign
from widgets.text_label import SEMIBOLD, TextLabel
from widgets.touch_key import TouchKey

ARRANGE_EVERY_MS = 250
PRESENCE_WORDS = {
    Presence.OFF: "ended",
    Presence.ON: "not acknowledged",
    Presence.LATCHED: "ended, not yet seen",
    Presence.ACKNOWLEDGED: "acknowledged",
}


class StandingAlarm(Panel):
    """One alarm that stands: sign, cause, why, for how long, and the key to acknowledge it.

    Signals:
        acknowledge_requested, silence_requested: its condition.
    """

    acknowledge_requested = Signal(str)
    silence_requested = Signal(str)

    def __init__(self, alarm: Alarm, utc_offset_min: int) -> None:
        super().__init__(fill="well")
        self.alarm = alarm
        self._utc_offset_min = utc_offset_min
        self._since = TextLabel(size="row")
        self.acknowledge = TouchKey("Acknowledge", target=(166, 72), space_presses=False)
        self.acknowledge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.acknowledge.clicked.connect(lambda: self.acknowledge_requested.emit(self.alarm.condition))
        self.silence = TouchKey("Silence", target=(110, 72), space_presses=False)
        self.silence.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.silence.clicked.connect(lambda: self.silence_requested.emit(self.alarm.condition))
        self._arrange()

    def _arrange(self) -> None:
        words = Column(gap=2)
        words.addWidget(TextLabel(self.alarm.title, size="title", weight=SEMIBOLD, wrap=True))
        words.addWidget(TextLabel(self.alarm.detail, size="row", ink="ink_soft", wrap=True))
        words.addWidget(self._since)
        row = Row(gap=16, margins=(14, 8, 8, 8))
        row.addWidget(PrioritySign(self.alarm.priority, self.alarm.kind))
        row.addLayout(words, 1)
        row.addWidget(self.silence)
        row.addWidget(self.acknowledge)
        acknowledged = self.alarm.presence is Presence.ACKNOWLEDGED
        self.acknowledge.setEnabled(not acknowledged)
        self.acknowledge.set_title("Acknowledged" if acknowledged else "Acknowledge")
        self.silence.setEnabled(not acknowledged)
        self.silence.set_note("" if acknowledged else f"this one, {minutes_and_seconds(LONGEST_AUDIO_PAUSE_S)}")
        self.setLayout(row)

    def advance(self, now: Instant) -> None:
        since, until = self.alarm.since, self.alarm.silenced_until
        if until is not None:
            self.silence.set_title("Silenced")
            self.silence.set_note(f"{minutes_and_seconds(max(0.0, until.since(now)))} left")
        state = PRESENCE_WORDS[self.alarm.presence]
        self._since.set_text(f"{state}  ·  since {clock(since, self._utc_offset_min, seconds=True)}, {age(now.since(since))}")


class AlarmsPage(DockedPage):
    """Signals:
    acknowledge_requested: the condition that was seen.
    silence_requested: the condition whose own sound is to be off for a while.
    """

    acknowledge_requested = Signal(str)
    silence_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Alarms", parent=parent)
        self._utc_offset_min = 0
        self._alarms: tuple[Alarm, ...] = ()
        self._standing: list[StandingAlarm] = []
        self._arranging = QTimer(self, singleShot=True, interval=ARRANGE_EVERY_MS)
        self._arranging.timeout.connect(self._show_standing)
        self._now: Instant | None = None
        self._list = ScrollColumn(TextLabel("No alarm stands.", size="title", ink="ink_soft"), gap=6)
        self.log = AlarmLog()
        self.filter = LogFilterKeys()
        self.burden = BurdenStrip()
        self._began: Instant | None = None
        self._transitions: list[AlarmTransition] = []
        self._audio: list[tuple[Instant, AudioState]] = []
        self.filter.changed.connect(self.log.show_only)
        self._arrange_body()

    def _arrange_body(self) -> None:
        inner = Column(gap=8, margins=(10, 0, 0, 0))
        inner.addWidget(self._list, 1)
        inner.addWidget(self.burden)
        head = Row(gap=14)
        head.addWidget(TextLabel("Log of this case, newest first", size="row", weight=SEMIBOLD, ink="ink_soft"), 1)
        head.addWidget(self.filter)
        inner.addLayout(head)
        inner.addWidget(self.log, 1)
        self.body.addLayout(inner, 1)

    def set_setup(self, setup: CaseSetup) -> None:
        """A case begins: its log is empty."""
        self._utc_offset_min = setup.utc_offset_min
        self.log.begin(setup.utc_offset_min)
        self.filter.begin()
        self._began = None
        self._transitions.clear()
        self._audio.clear()

    def begin(self, at: Instant) -> None:
        """When the case began: from there on its alarms are counted."""
        self._began = at

    def add_audio(self, at: Instant, audio: AudioState) -> None:
        """What sounds from a moment on, for the time in which the sound was paused."""
        self._audio.append((at, audio))

    def set_alarms(self, alarms: Sequence[Alarm]) -> None:
        """All that stand, highest first. Rows are made when they are seen, and in a flood not for each alarm."""
        self._alarms = tuple(alarms)
        if self.isVisible() and not self._arranging.isActive():
            self._show_standing()
            self._arranging.start()

    def _show_standing(self) -> None:
        if self._alarms == tuple(row.alarm for row in self._standing):
            return
        before = {row.alarm.condition: row for row in self._standing}
        kept = {name: row for name, row in before.items() if row.alarm in self._alarms}
        self._standing = [kept.get(alarm.condition) or self._row(alarm) for alarm in self._alarms]
        self._list.show_widgets(self._standing)
        count = len(self._standing)
        self.subtitle.set_text("" if not count else f"{count} stand{'s' if count == 1 else ''}")

    def _row(self, alarm: Alarm) -> StandingAlarm:
        row = StandingAlarm(alarm, self._utc_offset_min)
        row.acknowledge_requested.connect(self.acknowledge_requested)
        row.silence_requested.connect(self.silence_requested)
        row.set_look(self.look)
        self.watch_touches(row)
        if self._now is not None:
            row.advance(self._now)
        return row

    def rows(self) -> tuple[StandingAlarm, ...]:
        """What stands, as shown."""
        self._show_standing()
        return tuple(self._standing)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        self._show_standing()
        super().showEvent(event)

    def add_transition(self, transition: AlarmTransition) -> None:
        self.log.add(transition)
        self.filter.offer(transition)
        self._transitions.append(transition)

    def advance(self, now: Instant) -> None:
        super().advance(now)
        self._now = now
        if self.isVisible():
            if self._began is not None:
                self.burden.show_burden(burden_of(self._transitions, self._audio, self._began, now))
            for row in self._standing:
                row.advance(now)
