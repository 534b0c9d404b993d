"""Keeps a core running from the display: starts it, starts it anew with the case taken up when it is lost, and ends it.

One core at a time, all at one address: a core for other work is started when the one before it has ended.
"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from app.plan import CorePlan
from app.supervision import HOPELESS_AFTER_S, start_core

STARTING_S = 4.0
LOOK_EVERY_MS = 100


class CoreKeeper(QObject):
    """Owns the core's process, if this display started it; a core that started this display is only listened to.

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

    def __init__(self, plan: CorePlan, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = True
        self._heard = False
        self.heard_once = False
        self._case_runs = False
        self._lost_at: float | None = None
        self._dismissed_at: float | None = None
        self._may_start_at = 0.0
        self._given_up = False
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

    def start(self) -> None:
        """Starts the first core."""
        self._start(self._plan)
        self._timer.start()

    def watch(self) -> None:
        """Starts none: one runs already and started this display, or none is wanted yet."""
        self._timer.start()

    def run(self, plan: CorePlan) -> None:
        """Ends the present core, if there is one, and starts another at the same address."""
        self._plan = replace(plan, address=self._plan.address, secret=self._plan.secret)
        self._wanted, self._given_up, self._case_runs = True, False, False
        self._dismiss()

    def rest(self) -> None:
        """Ends the present core, if there is one, and starts none; ``rested`` follows."""
        self._wanted = False
        self._dismiss()

    def hear_lost(self) -> None:
        self._heard = False
        if self._lost_at is None:
            self._lost_at = monotonic()
        self._look()

    def hear_found(self) -> None:
        self._heard = self.heard_once = True
        self._lost_at = None

    def hear_case(self, setup: object) -> None:
        """A case began, or ended (None): a core started anew takes it up only if it runs."""
        self._case_runs = setup is not None

    def hear_fault(self, _text: str) -> None:
        """The core said why it cannot run: the same plan would fail again."""
        self._given_up = True

    def leave(self) -> None:
        """The core was told goodbye: gives it time to write what is left, then lets go. One that was never heard is ended."""
        self._timer.stop()
        if self._process is not None:
            if not self._heard:
                self._process.terminate()
            try:
                self._process.wait(timeout=HOPELESS_AFTER_S)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _start(self, plan: CorePlan) -> None:
        self._lost_at = monotonic()  # until it is heard
        self._may_start_at = monotonic() + STARTING_S
        self._process = start_core(plan)

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
        if runs and self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process, self._dismissed_at, self._lost_at = None, None, None
        self.let_go.emit()
        if self._wanted:
            self._start(self._plan)
        else:
            self.rested.emit()

    def _look(self) -> None:
        if self._dismissed_at is not None:
            self._await_end()
        elif self._wanted and not self._given_up and self._lost_at is not None and monotonic() >= self._may_start_at:
            self._start_anew_if_lost(monotonic() - self._lost_at)

    def _start_anew_if_lost(self, unheard_s: float) -> None:
        ours = self._process
        exited = ours is not None and ours.poll() is not None
        if ours is not None and not exited and unheard_s < HOPELESS_AFTER_S:
            return  # it lives: it may only be slow
        if ours is not None and not exited:
            ours.kill()
            ours.wait()
        self._start(replace(self._plan, resume=True, setup=None) if self._case_runs else self._plan)
        self.restarted.emit()
