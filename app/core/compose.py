"""Builds and joins links, monitor, recorder and outlet: the only wiring of the core."""

from __future__ import annotations

import threading

from app.clock import CaseClock, boot_id
from app.core.case_source import Part, Sources
from app.core.guard import DisplayGuard
from app.core.outlet import Outlet
from app.core.own_sound import OwnSound
from app.core.recording import Recording
from app.core.spine import Spine
from app.core.ticks import TickThread
from app.plan import CorePlan
from app.settings import load_settings, site_folder
from app.site_data import SiteData
from app.supervision import start_display
from app.version import program_version
from app.wire import Alive, Goodbye
from clinical.commands import Command, StartCase
from clinical.instant import Instant
from clinical.messages import FromOperator, SelfReport
from clinical.monitor import Monitor
from storage.cases import open_case, resume_messages, unfinished
from storage.recorder import Recorder


class Core:
    """One run of the core, from its plan to its goodbye."""

    def __init__(self, plan: CorePlan, outlet: Outlet, clock: CaseClock) -> None:
        """Opens what the plan names. Raises StoreError, ScenarioError, RecordingError, DriverError, SiteDataError or SettingsError."""
        self._plan = plan
        self._clock = clock
        self._ended = threading.Event()
        self._recorder = Recorder(plan.database, program_version=program_version(), boot_id=boot_id())
        self._recorder.open()
        self._recording = Recording(self._recorder, plan.database, self._report)
        self._guard = DisplayGuard(lambda: start_display(plan), self._report, OwnSound())
        self._spine = Spine(Monitor(), self._recording.keep, outlet.offer, self._guard.follow)
        self._outlet = outlet
        self._parts: tuple[Part, ...] = self._build()

    def _build(self) -> tuple[Part, ...]:
        """Takes up an unfinished case or begins the plan's; gives what is to run, in the order in which it starts."""
        now = self._clock.now()
        started = self._resume(now) if self._plan.resume else None
        sources = Sources(self._clock, SiteData(site_folder()), load_settings(), self._spine.post, self.command)
        source = sources.of(self._plan, started or now)
        if started is None and source.setup is not None:
            self._spine.take(FromOperator(now, StartCase(setup=source.setup)))
        return (self._recording, self._guard, self._spine, *source.parts, TickThread(self._clock, self._spine.post))

    def _resume(self, now: Instant) -> Instant | None:
        """Rebuilds the monitor of the last unfinished case; when that began, or None if there is none."""
        cases = unfinished(self._plan.database)
        if not cases:
            return None
        history = open_case(self._plan.database, cases[0].id)
        try:
            messages = list(resume_messages(history, now, boot_id=boot_id()))
        finally:
            history.close()
        quiet = Monitor()
        for message in messages:
            self._outlet.offer(quiet.step(message))
        self._spine.replace_monitor(quiet)
        self._recorder.resume(cases[0].id, now)
        return messages[0].at

    def run(self) -> None:
        """Watches until the display says goodbye."""
        for part in self._parts:
            part.start()
        self._ended.wait()
        for part in reversed(self._parts):
            part.stop()

    def command(self, command: Command) -> None:
        """From the operator, stamped as it arrives."""
        self._spine.post(FromOperator(self._clock.now(), command))

    def hear_display(self, sign: Alive | Goodbye | None) -> None:
        """A sign of life, a goodbye, or None when the pipe broke."""
        if isinstance(sign, Goodbye):
            self._ended.set()
        elif not self._ended.is_set():  # after a goodbye the pipe breaks, and nothing is to be started anew for that
            self._guard.hear(sign)

    def _report(self, part: str, ok: bool, text: str) -> None:  # noqa: FBT001 (the shape of Report)
        self._spine.post(SelfReport(self._clock.now(), part, ok, text))
