"""The pages beside the watch: made and wired once the watch itself stands on the screen. What they ask for is the operator's business."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from app.display.chart_pages import ChartPages
from app.display.feed import Feed
from app.display.infusion_pages import InfusionPages
from app.display.lines_down import LinesDown
from app.display.main_window import MainWindow
from app.display.pages import Pages
from app.display.watch_state import WatchState
from app.settings import Settings
from clinical.alarm_model import Alarm, AlarmPreset
from clinical.instant import Instant
from clinical.messages import Outcome
from widgets.alarms_page import AlarmsPage
from widgets.case_page import CasePage
from widgets.docked_page import DockedPage
from widgets.event_page import EventPage
from widgets.history.history_page import HistoryPage
from widgets.limits_page import LimitsPage
from widgets.round_page import RoundPage
from widgets.sign_in_page import SignInPage
from widgets.sources_page import SourcesPage


class WatchPages(QObject):
    """All of them, by name, and which one is open."""

    def __init__(self, window: MainWindow, state: WatchState, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.alarms, self.limits = AlarmsPage(), LimitsPage()
        self.round, self.event_page, self.case = RoundPage(settings.sedation), EventPage(settings.medications), CasePage()
        self.sources = SourcesPage()
        self.infusion = InfusionPages(self)
        self.charting = ChartPages(state, settings.sedation, self)
        self.history = HistoryPage()
        self.people = SignInPage()
        named: dict[str, DockedPage] = {
            "alarms": self.alarms,
            "limits": self.limits,
            "round": self.round,
            "event": self.event_page,
            "case": self.case,
            "sources": self.sources,
            **self.infusion.named,
            **self.charting.named,
            "history": self.history,
            "people": self.people,
        }
        window.keep(*named.values())
        self.shown = Pages(window.dock, named, self)

    def listen(self, feed: Feed, lines: LinesDown, early: Sequence[Outcome]) -> None:
        """Hears what came before the pages were there, then all that comes."""
        catching_up = Feed()
        self._connect(catching_up)
        catching_up.take(early)
        self._connect(feed)
        for listens in (self.limits, self.round, self.charting):
            lines.number_lost.connect(listens.show_numeric)
        self._state.chart_changed.connect(self._show_last_round)
        self._show_last_round()
        self.charting.read_site_data()

    def _connect(self, feed: Feed) -> None:
        feed.case_begun.connect(self._begin_case)
        feed.numeric_shown.connect(self.limits.show_numeric)
        feed.numeric_shown.connect(self.round.show_numeric)
        feed.numeric_shown.connect(self.charting.show_numeric)
        feed.dose_changed.connect(self.event_page.set_dose)
        feed.dose_changed.connect(self.infusion.set_dose)
        feed.dose_changed.connect(self.case.set_dose)
        feed.dose_changed.connect(self.charting.set_dose)
        feed.transition_logged.connect(self.alarms.add_transition)
        feed.alarms_changed.connect(self._show_alarms)
        feed.audio_told.connect(self.alarms.add_audio)
        feed.limits_changed.connect(self._show_limits)

    def _begin_case(self, at: Instant) -> None:
        setup = self._state.setup
        if setup is None:
            return
        for page in (self.alarms, self.round, self.event_page):
            page.set_setup(setup)
        self.case.set_setup(setup, at)
        self.alarms.begin(at)
        self.infusion.set_setup(setup)
        self.charting.set_setup(setup)

    def _show_last_round(self) -> None:
        rounds = self._state.chart.assessments()
        if rounds:
            self.round.set_assessment(rounds[-1])

    def _show_alarms(self, alarms: tuple[Alarm, ...], _now: Instant) -> None:
        self.alarms.set_alarms(alarms)
        self.limits.set_alarms(alarms)

    def _show_limits(self, limits: AlarmPreset) -> None:
        if self._state.setup is not None:
            self.limits.set_preset(self._state.setup.preset)
        self.limits.set_limits(limits)
