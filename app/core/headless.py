"""A demonstration or a replay with no screen: runs it on a virtual clock, records it, exports it. The wiring without a display."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.core.links import Link
from app.core.lockstep import Lockstep
from app.core.simulation import SimulatedRoom
from app.core.spine import Spine
from app.core.virtual_run import VirtualRun
from app.plan import Demonstration, DevicePlan
from app.version import program_version
from clinical.commands import CaseSetup, EndCase, StartCase
from clinical.instant import Instant
from clinical.messages import FromOperator, Message
from clinical.monitor import Monitor
from devices.recordings.play import play
from devices.recordings.recording import Recording
from devices.registry import find_for_case
from storage.cases import open_case
from storage.export.case_csv import export_case
from storage.export.report_file import Reporter
from storage.recorder import Recorder

VIRTUAL_START = Instant(0, 1_772_352_000_000_000_000)
"""2026-03-01T08:00:00Z: virtual cases begin here, so that the same seed gives the same bytes on any day."""

Progress = Callable[[float], None]
"""Called with the share that is done, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a run left behind."""

    case_id: int
    case_seconds: float
    folder: Path | None


class HeadlessCase:
    """One case from its start to its export, as fast as it goes."""

    def __init__(
        self, database: str, setup: CaseSetup, pace: Callable[[Instant], None] | None = None, *, start: Instant = VIRTUAL_START
    ) -> None:
        """``start``: when the case begins. Raises StoreError."""
        self._start = start
        self._database = database
        self._setup = setup
        self._pace = pace
        self._recorder = Recorder(database, program_version=program_version())
        self._recorder.open()
        self._spine = Spine(Monitor(), self._recorder.keep)

    def demonstrate(self, demonstration: Demonstration, devices: tuple[DevicePlan, ...], seconds: float, progress: Progress) -> int:
        """Runs a demonstration; the number of the case."""
        room = SimulatedRoom(demonstration, devices, self._start)
        lockstep = Lockstep(room, [self._link(plan, room) for plan in devices])
        until = self._start.plus(seconds)
        run = self._begin(lambda done_s: progress(done_s / seconds))
        run.simulate(lockstep, until)
        lockstep.close(until)
        return self._end(until, "the demonstration has ended")

    def replay(self, recording: Recording, seconds: float, progress: Progress) -> int:
        """Plays a recording; the number of the case."""
        until = self._start.plus(seconds)
        run = self._begin(lambda done_s: progress(done_s / seconds))
        run.replay(play(recording, self._start), until)
        return self._end(until, "the recording has ended")

    def _link(self, plan: DevicePlan, room: SimulatedRoom) -> Link:
        driver, variant = find_for_case(plan.driver)
        return Link(
            device=plan.name,
            driver=driver,
            variant=variant,
            address=plan.address,
            line_at=lambda _address: room.line_of(plan.name),
            post=self._post,
        )

    def _post(self, message: Message) -> None:
        self._spine.take(message)

    def _begin(self, progress: Progress) -> VirtualRun:
        self._spine.take(FromOperator(self._start, StartCase(setup=self._setup)))
        return VirtualRun(self._spine, self._write, self._start, progress, self._pace)

    def _write(self) -> None:
        self._recorder.commit()
        self._recorder.put_together()

    def _end(self, at: Instant, reason: str) -> int:
        self._recorder.commit()
        case_id = self._recorder.case_id
        self._spine.take(FromOperator(at, EndCase(reason=reason)))
        self._recorder.commit()
        self._recorder.close()
        if case_id is None:
            raise RuntimeError("a case that was started has no number")
        return case_id


def export_to(database: str, case_id: int, folder: Path, version: str, reporter: Reporter | None = None) -> Path:
    """The case as files, with its report where somebody draws it. Raises StoreError."""
    history = open_case(database, case_id)
    try:
        return export_case(history, folder, program_version=version, reporter=reporter)
    finally:
        history.close()
