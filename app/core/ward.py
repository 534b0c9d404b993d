"""Simulated beds for a demonstration of the station: each a whole core but for its screen, all in one process.

Every bed has its own patient, devices that speak their real protocols, drivers, monitor and record; none has a display or a sound.
"""

from __future__ import annotations

import pickle
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from app.clock import CaseClock, boot_id
from app.core.beds import beds_of
from app.core.case_source import Part, Sources
from app.core.recording import Recording
from app.core.spine import Spine
from app.plan import CorePlan, Demonstration
from app.settings import load_settings, site_folder
from app.site_data import SiteData
from app.version import program_version
from clinical.commands import StartCase
from clinical.messages import FromOperator, Outcome, SelfReport
from clinical.monitor import Monitor
from storage.recorder import Recorder

SHOWN = (
    ("stepped-day", 3),
    ("quiet-day", 95),
    ("pressure-rise", 4),
    ("ladder-held", 24),
    ("stepped-day", 14),
    ("midazolam-desaturation", 5),
    ("off-the-order", 22),
    ("quiet-day", 12),
    ("probe-off-cuff", 3),
    ("paused-forgotten", 4),
    ("stepped-day", 27),
    ("occlusion", 3),
    ("line-unplugged", 2),
    ("quiet-day", 150),
    ("stepped-day", 8),
    ("ladder-held", 11),
)
"""Scenario of each bed, and how many minutes ago it began: some of what goes wrong is seen in the first minutes."""
MOST_BEDS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class WardPlan:
    """``server``: where all of them report to. ``folder``: for the records of the beds themselves. ``first``: number of the first bed."""

    server: str
    folder: str
    beds: int
    first: int = 1


class SimulatedBed:
    """One of them."""

    def __init__(self, number: int, plan: WardPlan) -> None:
        """Raises StoreError, ScenarioError, SiteDataError or SettingsError."""
        scenario, minutes = SHOWN[(number - 1) % len(SHOWN)]
        database = f"sqlite:///{Path(plan.folder) / f'bed-{number}.sqlite'}"
        core = CorePlan(database=database, server=plan.server, demonstration=Demonstration(scenario=scenario, seed=number))
        self._clock = CaseClock()
        recorder = Recorder(database, program_version=program_version(), boot_id=boot_id())
        recorder.open()
        recording = Recording(recorder, database, self._report, _nobody)
        beds = beds_of(core, self._clock, self._report, bed=str(number))
        self._spine = Spine(Monitor(), recording.keep, beds.follow, late_s=self._clock.late_s)
        settings = replace(load_settings(), bed=str(number))
        now = self._clock.now()
        source = Sources(self._clock, SiteData(site_folder()), settings, self._spine.post).of(core, now.plus(-60 * minutes), now)
        if source.setup is not None:
            label = f"{chr(ord('A') + number % 26)}. {chr(ord('A') + 7 * number % 26)}."
            setup = replace(source.setup, patient=replace(source.setup.patient, label=label))
            self._spine.take(FromOperator(now, StartCase(setup=setup)))
        self._parts: tuple[Part, ...] = (beds, recording, self._spine, *source.parts)

    def start(self) -> None:
        for part in self._parts:
            part.start()

    def stop(self) -> None:
        for part in reversed(self._parts):
            part.stop()

    def _report(self, part: str, ok: bool, text: str) -> None:  # noqa: FBT001 (the shape of Report)
        self._spine.post(SelfReport(self._clock.now(), part, ok, text))


def _nobody(_outcome: Outcome) -> None:
    """There is no display to confirm an entry to."""


def run_ward(plan: WardPlan, ended: threading.Event) -> None:
    """Until it is ended. Raises StoreError, ScenarioError, SiteDataError or SettingsError."""
    beds = []
    for number in range(plan.first, plan.first + plan.beds):
        bed = SimulatedBed(number, plan)
        bed.start()
        beds.append(bed)
        if ended.is_set():
            break
    ended.wait()
    stopping = [threading.Thread(target=bed.stop) for bed in beds]
    for thread in stopping:
        thread.start()
    for thread in stopping:
        thread.join()


def main() -> int:
    """The plan comes through standard input."""
    plan: WardPlan = pickle.load(sys.stdin.buffer)  # noqa: S301 (written by the process that started this one)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with suppress(KeyboardInterrupt):
        run_ward(plan, ended)
    return 0


if __name__ == "__main__":
    sys.exit(main())
