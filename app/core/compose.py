"""Builds and joins links, monitor, recorder and outlet: the only wiring of the core."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from dataclasses import replace

from app.clock import CaseClock, boot_id
from app.core.beds import beds_of
from app.core.case_source import Part, Sources
from app.core.draft_keeping import DraftKeeping
from app.core.guard import DisplayGuard
from app.core.kept_trend import STEP_S
from app.core.outlet import Outlet
from app.core.own_sound import OwnSound
from app.core.recording import Recording, is_chart_entry, without_entry
from app.core.soundness import Soundness
from app.core.spine import Spine
from app.plan import CorePlan
from app.settings import load_settings, site_folder
from app.site_data import SiteData
from app.supervision import start_display
from app.version import program_version
from app.wire import Alive
from clinical.alarms.wording import clock
from clinical.commands import Command, StartCase
from clinical.instant import NS_PER_S, Instant
from clinical.messages import FromOperator, Outcome, SelfReport, Tick
from clinical.monitor import Monitor
from clinical.taking_up import rebuild, taking_up
from storage.cases import CaseSummary, list_cases, open_case, resume_messages, unfinished
from storage.history import CaseHistory
from storage.past import Past
from storage.recorder import Recorder

SETTLED_AFTER_S = 5.0
"""By then all is loaded and made that stays to the end. The collector of circles need not look through that again: each look stops the
core for 0.07 s and more, in which no reading is taken."""


class Core:
    """One run of the core, from its plan to its end."""

    def __init__(self, plan: CorePlan, outlet: Outlet, clock: CaseClock, ended: threading.Event) -> None:
        """``ended`` is set by whoever ends it.

        Opens what the plan names. Raises StoreError, ScenarioError, RecordingError, DriverError, SiteDataError or SettingsError.
        """
        self._plan = plan
        self._clock = clock
        self._ended = ended
        self._recorder = Recorder(plan.database, program_version=program_version(), boot_id=boot_id())
        self._recorder.open()
        self._recording = Recording(self._recorder, plan.database, self._report, outlet.offer)
        self._beds = beds_of(plan, clock, self._report)
        self._drafts = DraftKeeping(plan.database, clock, self._post)
        self._guard = DisplayGuard(lambda: start_display(plan), self._report, OwnSound())
        sinks = (
            self._recording.keep,
            self._show,
            self._guard.follow,
            outlet.note_tick,
            self._beds.follow,
            self._drafts.follow,
            self._keep_pace,
        )
        self._spine = Spine(Monitor(), *sinks, late_s=clock.late_s)
        self._outlet = outlet
        self._parts: tuple[Part, ...] = self._build()

    def _build(self) -> tuple[Part, ...]:
        """Takes up an unfinished case or begins the plan's; gives what is to run, in the order in which it starts."""
        self._outlet.hold((), self._drafts.hear)
        started = self._resume() if self._plan.resume else None
        now = self._clock.now()
        sources = Sources(self._clock, SiteData(site_folder()), load_settings(), self._spine.post)
        source = sources.of(self._plan, started or now, now)
        if started is None and source.setup is not None and not self._is_over():
            self._spine.take(FromOperator(now, StartCase(setup=source.setup)))
        soundness = Soundness(self._plan.database, self._clock, self._spine.post)
        return (self._beds, self._recording, self._drafts, self._guard, self._spine, *source.parts, soundness)

    def _resume(self) -> Instant | None:
        """Rebuilds the monitor of the unfinished case; when that began, or None if there is none."""
        case = self._to_resume()
        if case is None:
            return None
        with open_case(self._plan.database, case.id) as history:
            past = Past(history, self._clock.now(), boot_id=boot_id())
            last = past.last()
            if last > self._clock.now():
                self._clock.go_on_from(last)
            now = self._clock.now()
            past = Past(history, now, boot_id=boot_id())
            messages = list(resume_messages(history, now, boot_id=boot_id()))
            rebuilt, outcomes = rebuild(taking_up(now, messages, list(past.transitions())))
            for outcome in outcomes:
                self._guard.follow(outcome)
                self._beds.follow(outcome)
                self._outlet.offer(replace(outcome, transitions=()))  # the log is told whole, below
            self._show_past(past)
            self._outlet.hold(self._drafts.resume(case.setup.uuid, _taken(history)), self._drafts.hear)
        self._spine.replace_monitor(rebuilt)
        self._recorder.resume(case.id, now)
        self._tell_interruption(last, now, case.setup.utc_offset_min)
        return messages[0].at

    def _tell_interruption(self, last: Instant, now: Instant, utc_offset_min: int) -> None:
        """A row of the alarm log and an alarm until somebody has seen it: how long nothing was watched."""
        away_s = (now.utc_ns - last.utc_ns) / NS_PER_S
        words = f"from {clock(last, utc_offset_min)} to {clock(now, utc_offset_min)} ({away_s:.0f} s) nothing was watched or recorded"
        for ok in (False, True):
            self._spine.take(SelfReport(now, "power", ok, words))

    def _to_resume(self) -> CaseSummary | None:
        wanted = self._plan.case
        return next((case for case in unfinished(self._plan.database) if wanted in {"", case.setup.uuid}), None)

    def _is_over(self) -> bool:
        """Whether the case that was to be taken up has ended: it does not begin again."""
        return self._plan.resume and any(case.setup.uuid == self._plan.case for case in list_cases(self._plan.database))

    def _show_past(self, past: Past) -> None:
        """What the screen would else have lost: the trend of the vital signs and the alarm log."""
        for numeric in past.numerics(STEP_S):
            self._outlet.offer(Outcome(message=Tick(numeric.at), shown=numeric))
        for transition in past.transitions():
            self._outlet.offer(Outcome(message=Tick(transition.at), transitions=(transition,)))

    def _show(self, outcome: Outcome) -> None:
        """To the display; a nurse's entry only when it is kept (see ``Recording``)."""
        self._outlet.offer(without_entry(outcome) if is_chart_entry(outcome) else outcome)

    def _keep_pace(self, outcome: Outcome) -> None:
        if isinstance(outcome.message, Tick):
            self._clock.keep_to(outcome.message.at)

    def run(self) -> None:
        """Watches until it is ended."""
        self._outlet.begin(self._report)
        for part in self._parts:
            part.start()
        if not self._ended.wait(SETTLED_AFTER_S):
            gc.freeze()
        self._ended.wait()
        self._guard.leave()
        self._outlet.end()
        for part in reversed(self._parts):
            part.stop()

    def command(self, command: Command) -> None:
        """From the operator, stamped as it arrives."""
        self._spine.post(FromOperator(self._clock.now(), command))

    def hear_display(self, sign: Alive | None) -> None:
        """A sign of life, or None when the pipe broke."""
        self._guard.hear(sign)

    def _post(self, report: SelfReport) -> None:
        """Of a part that is made before the spine is."""
        self._spine.post(report)

    def _report(self, part: str, ok: bool, text: str) -> None:  # noqa: FBT001 (the shape of Report)
        self._spine.post(SelfReport(self._clock.now(), part, ok, text))


def _taken(history: CaseHistory) -> Iterator[Command]:
    """Commands of a case that were not refused."""
    return (kept.command for kept in history.commands() if not kept.refused)
