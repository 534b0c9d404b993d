"""The core's process: meets the display first, so that whatever goes wrong afterwards can be told to a person."""

from __future__ import annotations

import signal
import sys
import threading
from queue import Empty, SimpleQueue
from typing import Protocol as Interface

from app.clock import CaseClock
from app.core.outlet import Outlet
from app.plan import CorePlan
from app.settings import SettingsError
from app.site_data import SiteDataError
from app.supervision import AHEAD, AlreadyRunning, OneCore, plan_from_parent
from app.wire import Alive, Goodbye
from clinical.commands import Command
from devices.patient.scenarios import ScenarioError
from devices.recordings.recording import RecordingError
from devices.registry import DriverError
from storage.errors import StoreError

TOLD = (AlreadyRunning, StoreError, ScenarioError, RecordingError, DriverError, SiteDataError, SettingsError)
LOCK_PATIENCE_S = 2.0
"""A core that takes up a case may come while the one before it is still being ended."""


SWITCH_INTERVAL_S = 0.0005
"""A reading must not wait the usual 5 ms until the thread that writes the record or packs a batch lets go of the interpreter."""


class Listener(Interface):
    """Who takes what the display says."""

    def command(self, command: Command) -> None: ...

    def hear_display(self, sign: Alive | None) -> None: ...


class Ears:
    """Where the outlet's callbacks go: into a queue until there is a core, and then to the core. A goodbye is heard at any time."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self._said: SimpleQueue[Command | Alive | None] = SimpleQueue()
        self._core: Listener | None = None

    def lend(self, core: Listener) -> None:
        """From now on ``core`` hears; first what was said before it was there."""
        self._core = core
        self._pass_on()

    def command(self, command: Command) -> None:
        self._said.put(command)
        self._pass_on()

    def display(self, sign: Alive | Goodbye | None) -> None:
        if isinstance(sign, Goodbye):
            self.ended.set()
            return
        self._said.put(sign)
        self._pass_on()

    def _pass_on(self) -> None:
        while (core := self._core) is not None:
            try:
                said = self._said.get_nowait()
            except Empty:
                return
            core.hear_display(said) if said is None or isinstance(said, Alive) else core.command(said)


def main() -> int:
    """Runs one core; 1 if it could not do what its plan says, after the display was told why."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    if AHEAD in sys.argv:
        import app.core.compose  # noqa: PLC0415, F401 (there is time for it until the plan comes)
    try:
        plan = plan_from_parent()
    except EOFError:
        return 0  # there is nothing to do after all
    clock = CaseClock(plan.speed)
    ears = Ears()
    outlet = Outlet(plan.address, plan.secret, clock, on_command=ears.command, on_display=ears.display)
    outlet.start()
    signal.signal(signal.SIGTERM, lambda *_: ears.ended.set())  # asked to end: writes what is left
    lock = OneCore(plan.database)
    try:
        lock.take(LOCK_PATIENCE_S if plan.resume else 0.0)
        _run(plan, outlet, clock, ears)
    except TOLD as error:
        outlet.tell_fault(str(error))
        return 1
    finally:
        outlet.stop()
        lock.let_go()
    return 0


def _run(plan: CorePlan, outlet: Outlet, clock: CaseClock, ears: Ears) -> None:
    from app.core.compose import Core  # noqa: PLC0415 (the database and the drivers: after the outlet listens, so that the display waits less)

    core = Core(plan, outlet, clock, ears.ended)
    ears.lend(core)
    core.run()


if __name__ == "__main__":
    sys.exit(main())
