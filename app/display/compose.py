"""The only wiring of the screen: which Signal goes to which slot, in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from subprocess import Popen

from PySide6.QtCore import QObject, QTimer

from app.access_log import Leaving
from app.clock import utc_offset_min
from app.display.bridge import Bridge
from app.display.case_time import CaseTime
from app.display.entries import NOT_RECORDED, UNREACHABLE, Entry, words_of
from app.display.feed import Feed
from app.display.frames import Frames
from app.display.keeper import CoreKeeper
from app.display.lanes_shown import LanesShown
from app.display.lines_down import LinesDown
from app.display.loading import load_pages, load_past, load_trend
from app.display.main_window import MainWindow
from app.display.noting import Noting
from app.display.operator import OPERATOR, Operator
from app.display.past import Past, parted
from app.display.session import Session
from app.display.signing_in import SigningIn
from app.display.sounds import AlarmSound
from app.display.sources_shown import SourcesShown
from app.display.turns import Turns
from app.display.watch_state import WatchState
from app.plan import CorePlan
from app.settings import Settings, data_folder, site_folder
from app.sign_in_log import SignInLog
from app.site_data import SiteData
from app.wire import Draft, Goodbye
from clinical.alarm_model import SILENCE, Alarm, AlarmPreset
from clinical.assessments.chart import Series
from clinical.commands import Command, EventKind, RecordEvent
from clinical.hand_probes import LEFT_HAND, RIGHT_HAND
from clinical.instant import Instant
from clinical.messages import Outcome, Tick
from clinical.observations import LinkStatus, Numeric
from widgets.fault_curtain import core_silent

PEOPLE_AFTER_MS = 1000
"""Loading the database's library takes turns with this thread: not while the display must begin to hear its core."""
PICTURE_WITHIN_MS = 2000
LEAVE_WITHIN_S = 1.0


class Display(QObject):
    """Everything of the display process, joined."""

    def __init__(self, plan: CorePlan, settings: Settings) -> None:
        super().__init__()
        self._plan = plan
        self._settings = settings
        self._early: list[Outcome] | None = []  # what came before the pages and the trend did
        self._picture_came = self._whole = False
        self._turns = Turns(self)
        self._drafts: tuple[Draft, ...] = ()  # of a display before this one, until the pages are there
        self.window = MainWindow(settings.sedation)
        self.time = CaseTime()
        self.state = WatchState(self)
        self.keeper = CoreKeeper(plan, self)
        self.bridge = Bridge(plan.address, plan.secret, self)
        self.feed = Feed(self)
        self.past = Past(self)
        self.sound = AlarmSound(self, melodies=settings.melodies)
        self.frames = Frames(self)
        self.lanes = LanesShown(self.window.waves)
        self.lines = LinesDown(self)
        self.operator = Operator(self.window, self.state, self.time, settings, self)
        self.sources = SourcesShown(self.window, OPERATOR, self)
        log = SignInLog(data_folder() / "sign-ins.jsonl")
        self.session = Session(plan.database, log, SiteData(site_folder()), settings.lock_after_min, self)
        self.signing_in = SigningIn(self.session, self.window, self)
        self.noting = Noting(self.session.by, self, asked=lambda: self.session.required and not self.session.name)
        self._connect_core()
        self._connect_case()
        self._connect_numbers()
        self._connect_sources()
        self._connect_alarms()
        self._connect_time()
        self._connect_people()

    def open(self, core: Popen[bytes] | None) -> None:
        """Shows the window, then begins everything that may take longer than a first picture.

        ``core``: the process that this one started; None: a core runs already and started this display.
        """
        self.keeper.watch(core)
        self.window.waves.set_px_per_mm(self._settings.px_per_mm)
        self.window.skin.set_channels((RIGHT_HAND, "R hand"), (LEFT_HAND, "L hand"))
        self.window.bar.set_sound_fault("starting")
        self.window.bar.set_utc_offset(utc_offset_min())
        self._show_simulated(self._plan)
        self.operator.show_keys()
        self.window.show()
        self.bridge.start()
        self.frames.start()
        QTimer.singleShot(PICTURE_WITHIN_MS, self, self.finish)

    def run(self, plan: CorePlan) -> None:
        """Ends what the core does now, and has it do this."""
        self._show_simulated(plan)
        self.keeper.run(plan)

    def tell(self, text: str) -> None:
        """A line for a few seconds: what was refused, or is worth knowing."""
        self.window.notice.tell(text, self.time.now())

    def leave(self) -> None:
        """Ends the core too, with a goodbye; nothing moves any more."""
        self._turns.leave()
        self.frames.stop()
        self.sound.stop()
        self.keeper.leave(heard=self.bridge.leave())
        self.session.leave(LEAVE_WITHIN_S)
        self.noting.wait(LEAVE_WITHIN_S)
        if self.operator.pages is not None:
            self.looking_back.wires.leave()

    def close_down(self) -> None:
        """After the core has ended: lets another display take this one's place."""
        self.leave()
        self.window.deleteLater()
        self.deleteLater()

    def _show_simulated(self, plan: CorePlan) -> None:
        self.window.bar.set_simulated(plan.demonstration is not None)

    def finish(self) -> None:
        """What the first picture did not wait for, at once: in a window that starts hidden no picture comes, and sound must be."""
        self._begin_to_finish()
        self._turns.finish()

    def _begin_to_finish(self) -> None:
        """What takes long to load comes in turns, so that what the core tells meanwhile is heard and painted."""
        if not self._picture_came:
            self._picture_came = True
            self._turns.begin(load_trend, self.sound.start, load_pages, self._make_pages, self._make_trend, load_past, self._read_past)

    def _make_pages(self) -> None:
        from app.display.handing_over import HandingOver  # noqa: PLC0415 (loaded by now)
        from app.display.history_wires import RunningHistory  # noqa: PLC0415 (as above)
        from app.display.watch_pages import WatchPages  # noqa: PLC0415 (as above)

        pages = WatchPages(self.window, self.state, self._settings, self)
        pages.listen(self.feed, self.lines, self._early or ())
        self.operator.take_pages(pages)
        pages.charting.drafted.connect(self.bridge.send)
        pages.charting.failed.connect(self.tell)
        pages.charting.printed.connect(self._note_print)
        pages.charting.take_drafts(self._drafts)
        self.bridge.core_found.connect(pages.charting.tell_all_drafts)
        pages.shown.changed.connect(lambda _name: self._count_page())
        self.signing_in.join(pages.people)
        self.session.begin_after(PEOPLE_AFTER_MS)
        if (window := self.window.window().windowHandle()) is not None:
            self.session.watch(window)
        self.looking_back = RunningHistory(pages.history, self.state, self._plan.database, self.noting, self)
        pages.shown.changed.connect(self.looking_back.follow)
        self.handing_over = HandingOver(pages.case, self.state, self._plan.database, self.noting, self)
        self.sources.take_page(pages.sources)
        self.sources.number_shown.connect(lambda _device, numeric: pages.limits.show_numeric(numeric))

    def _make_trend(self) -> None:
        from app.display.trend_wires import add_trend  # noqa: PLC0415 (loaded by now)

        early, self._early = self._early or [], None
        self.trend = add_trend(self.window, self.feed, self.past, self.state, early)

    def _read_past(self) -> None:
        from app.display.course_shown import CourseShown  # noqa: PLC0415 (loaded by now)

        if self.operator.pages is None:
            raise ValueError("there are no pages yet")
        self.course = CourseShown(self.operator.pages, self.trend, self)
        self.course.failed.connect(self.tell)
        self._whole = True
        self._read_course()
        self.past.begin()

    def _take(self, outcomes: Sequence[Outcome]) -> None:
        self.feed.take(outcomes)
        if self._early is not None:
            self._early.extend(outcomes)

    def _take_standing(self, outcomes: tuple[Outcome, ...]) -> None:
        """How everything stands is shown at once; the trend's hours follow while the core hears that this display lives."""
        rest, past, newest = parted(outcomes)
        self._take(rest)
        self.past.add(past)
        self._take(newest)

    def _take_drafts(self, drafts: tuple[Draft, ...]) -> None:
        if self.operator.pages is None:
            self._drafts = drafts
        else:
            self.operator.pages.charting.take_drafts(drafts)

    def _connect_core(self) -> None:
        self.bridge.time_told.connect(self.time.tell)
        self.bridge.standing_arrived.connect(self._take_standing)
        self.bridge.outcomes_arrived.connect(self._take)
        self.bridge.drafts_arrived.connect(self._take_drafts)
        self.bridge.core_lost.connect(self._lose_core)
        self.bridge.core_lost.connect(self.keeper.hear_lost)
        self.bridge.core_named.connect(self.keeper.hear_named)
        self.bridge.core_found.connect(self._find_core)
        self.bridge.core_found.connect(self.keeper.hear_found)
        self.bridge.fault_told.connect(self.keeper.hear_fault)
        self.keeper.goodbye_due.connect(lambda: self.bridge.send(Goodbye()))
        self.keeper.let_go.connect(self._forget_alarms)
        self.operator.commanded.connect(self.send)
        self.operator.entries.not_kept.connect(self._tell_not_kept)
        self.window.painted.connect(self._begin_to_finish)

    def _connect_case(self) -> None:
        self.feed.case_changed.connect(self.state.take_case)
        self.feed.case_changed.connect(self.keeper.hear_case)
        self.feed.case_changed.connect(self.window.bar.set_case)
        self.feed.case_begun.connect(self.state.take_beginning)
        self.feed.case_begun.connect(self._begin_case)
        self.feed.case_begun.connect(self.past.drop)
        self.feed.entry_refused.connect(self.operator.entries.refuse)
        self.feed.command_refused.connect(self.tell)
        self.feed.event_recorded.connect(self.operator.entries.confirm)
        self.feed.assessment_recorded.connect(self.operator.entries.confirm)
        self.feed.account_recorded.connect(self.operator.entries.confirm)
        self.feed.form_recorded.connect(self.operator.entries.confirm)

    def _connect_numbers(self) -> None:
        self.feed.block_shown.connect(self.lanes.append)
        self.feed.numeric_shown.connect(self._show_numeric)
        self.feed.numeric_shown.connect(self.past.take)
        self.feed.dose_changed.connect(self.state.take_dose)
        self.feed.dose_changed.connect(self.window.bar.set_dose)
        self.feed.dose_changed.connect(self.window.infusion.set_dose)
        self.feed.link_changed.connect(self._show_link)
        self.feed.heard_from.connect(self.lines.hear)
        self.feed.link_changed.connect(self.lines.follow)
        self.lines.number_lost.connect(self._show_numeric)
        self.feed.entry_recorded.connect(self.state.take_entry)
        self.state.chart_changed.connect(lambda: self.window.round.set_rounds(self.state.chart.standing(Series.ROUND)))

    def _connect_sources(self) -> None:
        self.feed.sources_changed.connect(self.sources.change)
        self.feed.heard_from.connect(self.sources.take)
        self.feed.set_aside.connect(self.sources.take)
        self.feed.block_heard.connect(self.sources.hear_block)
        self.sources.number_shown.connect(self.lines.hear)
        self.sources.number_shown.connect(lambda _device, numeric: self._show_numeric(numeric))
        self.sources.page_wanted.connect(lambda: self.operator.press("sources"))
        self.sources.commanded.connect(self.send)

    def _connect_alarms(self) -> None:
        self.feed.alarms_changed.connect(self.state.take_alarms)
        self.feed.alarms_changed.connect(self.window.bar.set_alarms)
        self.feed.alarms_changed.connect(self._show_alarms)
        self.feed.alarms_changed.connect(lambda alarms, _now: self.sound.follow_alarms(alarms))
        self.feed.limits_changed.connect(self._show_limits)
        self.feed.audio_changed.connect(self.state.take_audio)
        self.feed.audio_changed.connect(self.window.bar.set_audio)
        self.feed.audio_changed.connect(self.sound.follow)
        self.feed.audio_changed.connect(lambda _audio: self.operator.show_keys())
        self.sound.ability_changed.connect(self._show_sound_ability)

    def _connect_time(self) -> None:
        self.frames.frame_begun.connect(lambda: self.window.waves.advance(self.time.now()))
        self.frames.blink_begun.connect(self._blink)
        self.frames.second_begun.connect(self._count)

    def _connect_people(self) -> None:
        self.operator.by = self.session.by
        self.session.changed.connect(self._show_who)
        self.session.glass_broken.connect(self._keep_glass)
        self.noting.told.connect(self.tell)
        self.session.lost.connect(self.tell)

    # what needs a little more than a wire

    def send(self, command: Command) -> None:
        """To the core, under the name of who gives it; what they may not give is told, and goes no further."""
        if why := self.session.refusal(command):
            self.tell(why)
            self.operator.entries.refuse(command, why.rstrip("."))
            if self.operator.pages is not None and self.operator.pages.shown.open_name != "people":
                self.operator.pages.people.tell(why, ill=True)
            return
        if not self.bridge.send(self.session.signed(command)):
            self.tell(f"Not done: {UNREACHABLE}.")
            self.operator.entries.refuse(command, UNREACHABLE)

    def _tell_not_kept(self, entry: Entry, why: str) -> None:
        self.tell(f"{NOT_RECORDED}: {words_of(entry)} ({why}).")

    def _show_who(self) -> None:
        self.operator.show_who(self.session.words, self.session.signer, asked=self.session.required)

    def _keep_glass(self, reason: str) -> None:
        """Into the record of the case that runs."""
        if self.state.setup is not None:
            text = f"Glass broken: {reason}. Everything may be done without a PIN until somebody signs in or out."
            self.send(RecordEvent(kind=EventKind.NOTE, event_at=self.time.now(), text=text, by=self.session.by()))

    def _note_print(self, file: str) -> None:
        if self.state.setup is not None:
            self.noting.left(self._plan.database, self.state.setup.uuid, Leaving(format="recovery (PDF)", target=file))

    def _begin_case(self, _at: Instant) -> None:
        setup = self.state.setup
        if setup is None:
            return
        for part in (self.window.infusion, self.window.round):
            part.set_setup(setup)
        self.window.nibp.set_utc_offset(setup.utc_offset_min)
        if self._whole:  # else it is read when there is somewhere to show it
            self._read_course()

    def _read_course(self) -> None:
        if self.state.setup is not None and self.state.started_at is not None:
            self.course.begin(self.keeper.plan.database, self.state.setup, self.state.started_at)

    def _show_numeric(self, numeric: Numeric) -> None:
        for tile in self.window.tiles:
            if numeric.metric in tile.shows:
                tile.show_numeric(numeric)
                tile.advance(self.time.now())

    def _show_link(self, device: str, status: LinkStatus) -> None:
        pump = self.state.dose.pump_device if self.state.dose is not None else ""
        if device == (pump or "pump"):
            self.window.infusion.set_link(status.state)

    def _show_alarms(self, _alarms: tuple[Alarm, ...], now: Instant) -> None:
        steady = self.window.bar.audio_paused
        for tile in self.window.tiles:
            tile.set_alarm(self.state.alarm_about(tile.alarmed_by), steady=steady)
            tile.advance(now)
        self.window.infusion.set_alarm(self.state.alarm_of_infusion())
        self.window.bar.set_record_fault(self.state.fault_of("recorder"))
        self.operator.show_keys()

    def _show_limits(self, limits: AlarmPreset) -> None:
        for tile in self.window.tiles:
            tile.set_limits(limits)

    def _show_sound_ability(self, can: bool, why: str) -> None:  # noqa: FBT001 (the shape of the Signal)
        self.bridge.can_sound = can
        self.window.bar.set_sound_fault("" if can else why)

    def _blink(self) -> None:
        now = self.time.now()
        self.window.bar.advance(now)
        for tile in self.window.tiles:
            tile.advance(now)
        self.window.curtain.advance(now)

    def _count(self) -> None:
        now = self.time.now()
        due = self.state.round_due()
        self.window.round.set_due(*(due or (None, "")))
        self.window.round.advance(now)
        self.window.infusion.advance(now)
        self.window.notice.advance(now)
        self.operator.show_keys()
        if self._early is None:
            self.trend.advance(now)
        if self.operator.pages is not None:
            self.operator.pages.round.set_due(*(due or (None, "")))
            self._count_page()

    def _count_page(self) -> None:
        page = None if self.operator.pages is None else self.operator.pages.shown.open_page
        if page is not None:
            page.pace = self.time.speed
            page.advance(self.time.now())

    def _lose_core(self) -> None:
        if not self.keeper.expects_core:
            return
        self.window.bar.set_core_fault("restarting")
        if self.window.curtain.notice is None:  # else one that came was lost again: it has lasted since the first
            self.window.curtain.show_fault(core_silent(self.time.now()))
        self.sound.sound_for_core(lost=True)

    def _forget_alarms(self) -> None:
        """No core stands behind what was told last: nothing sounds and nothing stands."""
        self.feed.take((Outcome(message=Tick(self.time.now()), alarms=(), audio=SILENCE),))
        self.sound.sound_for_core(lost=False)

    def _find_core(self) -> None:
        self.window.bar.set_core_fault("")
        self.window.curtain.clear()
        self.sound.sound_for_core(lost=False)
