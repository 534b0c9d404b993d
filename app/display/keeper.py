"""Keeps a core running from the display: starts it anew with the case taken up when it is lost."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from app.plan import CorePlan
from app.supervision import HOPELESS_AFTER_S, start_core

STARTING_S = 4.0
LOOK_EVERY_MS = 200


class CoreKeeper(QObject):
    """Owns the core's process, if this display started it; a core that started this display is only listened to.

    Signals:
        restarted: a core was started anew because the last one was lost.
    """

    restarted = Signal()

    def __init__(self, plan: CorePlan, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self._process: subprocess.Popen[bytes] | None = None
        self._lost_at: float | None = None
        self._may_start_at = 0.0
        self._given_up = False
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def watch(self, process: subprocess.Popen[bytes] | None) -> None:
        """Begins. ``process``: the first core, just started; None: one runs already and started this display."""
        self._process = process
        self._may_start_at = monotonic() + STARTING_S
        self._timer.start()

    def hear_lost(self) -> None:
        if self._lost_at is None:
            self._lost_at = monotonic()
        self._look()

    def hear_found(self) -> None:
        self._lost_at = None

    def hear_fault(self, _text: str) -> None:
        """The core said why it cannot run: the same plan would fail again."""
        self._given_up = True

    def leave(self) -> None:
        """The core was told goodbye: gives it time to write what is left, then lets go."""
        self._timer.stop()
        if self._process is not None:
            try:
                self._process.wait(timeout=HOPELESS_AFTER_S)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _look(self) -> None:
        if self._lost_at is None or self._given_up or monotonic() < self._may_start_at:
            return
        ours = self._process
        exited = ours is not None and ours.poll() is not None
        unheard_s = monotonic() - self._lost_at
        if ours is not None and not exited and unheard_s < HOPELESS_AFTER_S:
            return  # it lives: it may only be slow
        if ours is not None and not exited:
            ours.kill()
            ours.wait()
        self._may_start_at = monotonic() + STARTING_S
        self._process = start_core(replace(self._plan, resume=True, setup=None))
        self.restarted.emit()
