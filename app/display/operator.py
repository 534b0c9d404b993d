"""What the operator does: presses of soft keys, pages and what they record. Turns them into commands and into places on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.display.case_time import CaseTime
from app.display.entries import NOT_RECORDED, Entries, Entry
from app.display.main_window import MainWindow
from app.display.soft_key_table import soft_keys
from app.display.watch_state import UNSEEN, WatchState
from app.settings import Settings
from clinical.alarm_model import LONGEST_AUDIO_PAUSE_S
from clinical.commands import (
    Acknowledge,
    CorrectDose,
    EndCase,
    EventKind,
    PauseAudio,
    RecordAssessment,
    RecordEvent,
    ResumeAudio,
    SetLimit,
    SignLedger,
    SilenceAlarm,
)
from clinical.metrics import Metric
from clinical.people import NOBODY
from widgets.durations import age
from widgets.lane_paper import Mode
from widgets.theme import DAY, NIGHT

if TYPE_CHECKING:
    from app.display.watch_pages import WatchPages
    from widgets.round_page import RoundEntry

BEFORE_THE_CASE = "before the case began"
OPERATOR = NOBODY
"""Who enters things at this screen where nobody has signed in."""


class Operator(QObject):
    """Attributes:
        by: tells under whose name things are entered now.
        who: what the key of the case says of that; empty where no name is asked for.

    Signals:
        commanded: a Command for the core.
    """

    commanded = Signal(object)

    def __init__(self, window: MainWindow, state: WatchState, time: CaseTime, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._state = state
        self._time = time
        self._night = settings.theme == "night"
        self._scrolls = False
        self.entries = Entries(self)
        self.by: Callable[[], str] = lambda: OPERATOR
        self.who = ""
        self.pages: WatchPages | None = None
        self._connect()
        self.show_theme()

    def _connect(self) -> None:
        self._window.keys.pressed_key.connect(self.press)
        self._window.bar.alarms_requested.connect(lambda: self.press("alarms"))
        self._window.round.round_requested.connect(lambda: self.press("round"))
        self._window.infusion.page_requested.connect(lambda: self.press("dose"))
        self.entries.kept.connect(self._confirm)
        self.entries.not_kept.connect(self._refuse)

    def take_pages(self, pages: WatchPages) -> None:
        """The pages come a moment after the watch: the first picture does not wait for them."""
        self.pages = pages
        pages.shown.changed.connect(lambda _name: self.show_keys())
        pages.alarms.acknowledge_requested.connect(lambda condition: self._ask(Acknowledge(conditions=(condition,), by=self.by())))
        pages.alarms.silence_requested.connect(
            lambda condition: self._ask(SilenceAlarm(condition=condition, seconds=LONGEST_AUDIO_PAUSE_S, by=self.by()))
        )
        pages.limits.limit_set.connect(self._set_limit)
        pages.round.recorded.connect(self._record_round)
        pages.event_page.recorded.connect(self._record_event)
        pages.infusion.recorded.connect(self._record_event)
        pages.infusion.entered.connect(self._enter)
        pages.infusion.page_requested.connect(self.press)
        pages.charting.entered.connect(self._enter)
        for asks in (pages.charting, pages.case, pages.round, pages.event_page):
            asks.page_requested.connect(self._open)
        pages.case.people_requested.connect(lambda: self.press("people"))
        pages.case.end_requested.connect(lambda: self._ask(EndCase(reason="ended by the operator", by=self.by())))

    def _ask(self, command: object) -> None:
        self.commanded.emit(command)

    def press(self, name: str) -> None:
        """A soft key, by its name."""
        action = self._actions().get(name)
        if action is not None:
            action()
        elif self.pages is not None:
            self.pages.shown.toggle(name)
        self.show_keys()

    def _open(self, name: str) -> None:
        """A page that another one leads to: opened, and left open where it is."""
        if self.pages is not None and self.pages.shown.open_name != name:
            self.press(name)

    def _actions(self) -> dict[str, Callable[[], None]]:
        return {
            "sound": self._pause_or_resume,
            "acknowledge": self._acknowledge,
            "sweep": self._change_mode,
            "theme": self._change_theme,
        }

    def _acknowledge(self) -> None:
        """Those that are on the screen now, by name: one that comes while this is under way has not been seen."""
        seen = tuple(alarm.condition for alarm in self._state.alarms if alarm.presence in UNSEEN)
        if seen:
            self._ask(Acknowledge(conditions=seen, by=self.by()))

    def _pause_or_resume(self) -> None:
        if self._window.bar.audio_paused:
            self._ask(ResumeAudio(by=self.by()))
        else:
            self._ask(PauseAudio(seconds=LONGEST_AUDIO_PAUSE_S, by=self.by()))

    def _change_mode(self) -> None:
        self._scrolls = not self._scrolls
        self._window.waves.set_mode(Mode.SCROLL if self._scrolls else Mode.SWEEP)

    def _change_theme(self) -> None:
        self._night = not self._night
        self.show_theme()

    def show_theme(self) -> None:
        self._window.set_theme(NIGHT if self._night else DAY)

    def show_keys(self) -> None:
        """The soft keys as they stand now."""
        now = self._time.now()
        due = self._state.round_due()
        keys = soft_keys(
            audio=self._state.audio,
            now=now,
            open_page="" if self.pages is None else self.pages.shown.open_name,
            round_due=f"due {age(now.since(due[0]))} ago" if due is not None and now >= due[0] else "",
            unacknowledged=self._state.unacknowledged,
            who=self.who,
            titles={"sweep": "Sweep" if self._scrolls else "Scroll", "theme": "Day" if self._night else "Night"},
        )
        self._window.keys.set_keys(keys)
        self._window.keys.advance(now)

    def show_who(self, words: str, signer: str, *, asked: bool) -> None:
        """Who is signed in, in words; who signs so, empty for nobody; whether names are asked for here at all."""
        self.who = (words or NOBODY) if asked else ""
        if self.pages is not None:
            self.pages.case.set_who(words, asked=asked)
            self.pages.charting.set_person(signer)
        self.show_keys()

    def _set_limit(self, metric: Metric, low: float | None, high: float | None, reason: str) -> None:
        self._ask(SetLimit(metric=metric, low=low, high=high, reason=reason, by=self.by()))

    def _record_round(self, entry: RoundEntry) -> None:
        """One that would be dated before the case goes no further: it is told as not recorded, and the draft stays."""
        event_at = self._time.now().plus(-60 * entry.minutes_ago)
        assessment = RecordAssessment(event_at=event_at, scores=entry.scores, note=entry.note, by=self.by(), vitals=entry.vitals)
        if self._state.started_at is not None and event_at < self._state.started_at:
            self.entries.add(assessment)
            self.entries.refuse(assessment, BEFORE_THE_CASE)
        else:
            self._enter(assessment)

    def _record_event(self, kind: EventKind, text: str, minutes_ago: int) -> None:
        self._enter(RecordEvent(kind=kind, event_at=self._time.now().plus(-60 * minutes_ago), text=text, by=self.by()))

    def _enter(self, entry: Entry) -> None:
        if isinstance(entry, SignLedger | CorrectDose) and self.by() != OPERATOR:
            entry = replace(entry, by=self.by())
        self.entries.add(entry)
        self._ask(entry)

    def _confirm(self, entry: Entry) -> None:
        if self._window.notice.text.startswith(NOT_RECORDED):
            self._window.notice.clear()  # put right: it must not stand beside a page that says otherwise
        if self.pages is None:
            return
        if self.pages.infusion.confirm(entry) or self.pages.charting.confirm(entry):
            return
        if isinstance(entry, RecordEvent):
            self.pages.event_page.confirm(entry)
        elif isinstance(entry, RecordAssessment):
            self.pages.round.confirm(entry)

    def _refuse(self, entry: Entry, why: str) -> None:
        if self.pages is None:
            return
        if self.pages.infusion.refuse(entry, why) or self.pages.charting.refuse(entry, why):
            return
        if isinstance(entry, RecordEvent):
            self.pages.event_page.refuse(entry, why)
        elif isinstance(entry, RecordAssessment):
            self.pages.round.refuse(why)
