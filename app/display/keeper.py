"""Keeps a core running from the display: starts it, starts it anew with the case taken up when it is lost, and ends it.

One core at a time, all at one address: a core for other work is started when the one before it has ended.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from app.plan import CorePlan
from app.supervision import HOPELESS_AFTER_S, SILENT_AFTER_S, Attempts, end_process, start_core
from clinical.commands import CaseSetup

STARTING_S = 4.0
LOOK_EVERY_MS = 100


class CoreKeeper(QObject):
    """Owns the core's process, if this display started it; one that started this display is known by its number alone.

    Attributes:
        heard_once: a core has been heard, so that something of what it read may be on the screen.

    Signals:
        restarted: a core was started anew because the last one was lost.
        goodbye_due: the core is to be told to end; said again until it has ended.
        let_go: a core that was told to end has ended; what it told last stands no more.
        rested: the last core has ended and no other is wanted.
    """

    restarted = Signal()
    goodbye_due = Signal()
    let_go = Signal()
    rested = Signal()

    def __init__(
        self,
        plan: CorePlan,
        parent: QObject | None = None,
        *,
        start: Callable[[CorePlan], subprocess.Popen[bytes]] = start_core,
        patience_s: float = STARTING_S,
    ) -> None:
        """``start`` makes a core's process; ``patience_s`` passes before another is made."""
        super().__init__(parent)
        self._plan = plan
        self._start = start
        self._case = plan.case
        self._setup: CaseSetup | None = None  # of the case that is on the screen
        self._case_ended = False
        self._process: subprocess.Popen[bytes] | None = None
        self._number = 0
        self._wanted = True
        self._heard = False
        self.heard_once = False
        self._lost_at: float | None = None
        self._broken = False
        self._dismissed_at: float | None = None
        self._given_up = False
        self._attempts = Attempts(patience_s)
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    @property
    def plan(self) -> CorePlan:
        """What the present core does, or the last one did."""
        return self._plan

    @property
    def expects_core(self) -> bool:
        """Whether a core should be running now: its silence is then a fault."""
        return self._wanted and self._dismissed_at is None and not self._given_up

    def watch(self, process: subprocess.Popen[bytes] | None) -> None:
        """Begins. ``process``: the first core, just started; None: one runs already and started this display, or none is wanted yet."""
        if process is not None:
            self._process = process
            self._attempts.note(monotonic())
            self._lost_at = monotonic()  # until it is heard
        self._timer.start()

    def run(self, plan: CorePlan) -> None:
        """Ends the present core, if there is one, and starts another at the same address."""
        self._plan = replace(plan, address=self._plan.address, secret=self._plan.secret, server=plan.server or self._plan.server)
        self._case, self._setup, self._case_ended = plan.case, None, False
        self._wanted, self._given_up = True, False
        self._attempts.forget()
        self._dismiss()

    def rest(self) -> None:
        """Ends the present core, if there is one, and starts none; ``rested`` follows."""
        self._wanted = False
        self._dismiss()

    def hear_lost(self, broken: bool) -> None:  # noqa: FBT001 (the shape of the Signal)
        self._heard = False
        self._lost_at = self._lost_at or monotonic() - (0.0 if broken else SILENT_AFTER_S)
        self._broken = self._broken or broken
        self._look()

    def hear_named(self, number: int) -> None:
        """The core told its process number: it lives, and may take its time to take up a case."""
        self._number = number
        self._heard = self.heard_once = True
        self._lost_at, self._broken = None, False

    def hear_found(self) -> None:
        """It watches: whatever is lost next is lost for the first time."""
        self._given_up = False
        self._attempts.forget()

    def hear_case(self, setup: CaseSetup | None) -> None:
        """A case began, or (None) ended: that is the one to be taken up, and no other."""
        self._case = "" if setup is None else setup.uuid
        self._setup, self._case_ended = setup, setup is None

    def hear_fault(self, _text: str) -> None:
        """The core said why it cannot run: the same plan would fail again at once. A patient who is watched is not given up for good."""
        self._given_up = True
        self._attempts.tire(monotonic())

    def leave(self, *, heard: bool) -> None:
        """Ends the core. It writes what is left, for which it has time; ``heard``: it was told goodbye."""
        self._timer.stop()
        if self._process is None:
            return
        try:
            if not heard:
                self._process.terminate()
            self._process.wait(timeout=HOPELESS_AFTER_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _look(self) -> None:
        if self._dismissed_at is not None:
            self._await_end()
        elif self._wanted and self._lost_at is not None and (not self._given_up or self._setup is not None):
            self._start_anew_if_lost(monotonic(), self._lost_at)

    def _start_anew_if_lost(self, now_s: float, lost_at: float) -> None:
        if not self._attempts.may_try(now_s):
            return
        if not self._is_gone() and now_s - lost_at < HOPELESS_AFTER_S:
            return  # it lives: it may only be slow
        self._end()
        self._begin(self._next_plan())
        self.restarted.emit()

    def _next_plan(self) -> CorePlan:
        """To take up the case that was shown; one that was never shown begins after all, and one that has ended does not.

        One that was shown and had not reached the database yet begins again as it was set up.
        """
        if self._case:
            return replace(self._plan, resume=True, case=self._case, setup=self._setup or self._plan.setup)
        return replace(self._plan, setup=None) if self._case_ended else self._plan

    def _is_gone(self) -> bool:
        return self._broken if self._process is None else self._process.poll() is not None

    def _end(self) -> None:
        """One that hangs is ended, whoever started it: it holds the database."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        elif not self._broken:
            end_process(self._number)

    def _begin(self, plan: CorePlan) -> None:
        self._attempts.note(monotonic())
        self._lost_at, self._broken, self._number = monotonic(), False, 0  # until it is heard
        try:
            self._process = self._start(plan)
        except OSError:
            self._process = None  # no process can be had now: tried again in its turn

    def _dismiss(self) -> None:
        if self._dismissed_at is None:
            self._dismissed_at = monotonic()
        self._await_end()

    def _await_end(self) -> None:
        """Goes on when the core's process has ended and the bridge knows it."""
        waited_s = monotonic() - (self._dismissed_at or 0.0)
        runs = self._process is not None and self._process.poll() is None
        if (runs or self._heard) and waited_s < HOPELESS_AFTER_S:
            self.goodbye_due.emit()
            return
        if runs:
            self._end()
        self._process, self._dismissed_at, self._lost_at = None, None, None
        self.let_go.emit()
        if self._wanted:
            self._begin(self._plan)
        else:
            self.rested.emit()
