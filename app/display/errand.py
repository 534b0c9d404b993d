"""One piece of slow work, away from the painting thread: its result, its failure and its progress come back as Signals."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

Progress = Callable[[float], None]
"""Told the part done, 0 to 1; raises ``Cancelled`` when the work is no longer wanted."""


class Cancelled(Exception):  # noqa: N818 (no error: somebody asked for it)
    """The work was stopped on request."""


class Errand(QObject):
    """Runs ``work`` once.

    Signals:
        done: what it gave.
        failed: the text of an error that ``told`` names.
        cancelled: it was stopped.
        progressed: part done, 0 to 1.
    """

    done = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    progressed = Signal(float)

    def __init__(self, work: Callable[[Progress], object], told: tuple[type[Exception], ...], parent: QObject | None = None) -> None:
        """``told``: errors whose texts are for people; any other is named as a fault of the program."""
        super().__init__(parent)
        self._work = work
        self._told = told
        self._unwanted = threading.Event()
        self._thread = threading.Thread(target=self._run, name="errand", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def cancel(self) -> None:
        """Asks the work to stop at its next word of progress."""
        self._unwanted.set()

    def wait(self, timeout_s: float) -> None:
        """For the end of the program: half-written files are to be taken away first."""
        self._thread.join(timeout_s)

    def _progress(self, share: float) -> None:
        if self._unwanted.is_set():
            raise Cancelled
        self.progressed.emit(share)

    def _run(self) -> None:
        with contextlib.suppress(RuntimeError):  # the QObject went while the program closed
            try:
                result = self._work(self._progress)
            except Cancelled:
                self.cancelled.emit()
            except self._told as error:
                self.failed.emit(str(error))
            except Exception as fault:  # noqa: BLE001 (top of this thread: told, never lost)
                self.failed.emit(f"fault in the program ({type(fault).__name__}: {fault})")
            else:
                self.done.emit(result)
