"""The thread that tells the clinic's server how this bed stands, twice a second: what the station shows. Nothing here waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import monotonic

from app.core.merge import worth_showing
from app.core.recording import Report
from clinical.bed import BedView
from clinical.instant import Instant
from clinical.messages import Outcome
from clinical.observations import WaveformBlock
from storage.bed_states import BedAnnouncer
from storage.errors import StoreError

EVERY_S = 0.5
TRY_AGAIN_S = 2.0

log = logging.getLogger(__name__)


class Announcing:
    """Owns the BedAnnouncer and the view. Reports "bed" as ill where the bed's name belongs to another computer."""

    def __init__(self, announcer: BedAnnouncer, view: BedView, report: Report, now: Callable[[], Instant]) -> None:
        """``now``: the case's time."""
        self._announcer = announcer
        self._view = view
        self._report = report
        self._now = now
        self._inbox: SimpleQueue[Outcome] = SimpleQueue()
        self._taken = True
        self._due_s = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="announcing", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def follow(self, outcome: Outcome) -> None:
        """Takes an outcome; returns at once. Samples of waveforms are not told."""
        if worth_showing(outcome) and not isinstance(outcome.shown, WaveformBlock):
            self._inbox.put(outcome)

    def stop(self) -> None:
        """Says goodbye, so that a bed that was left on purpose is not missed."""
        self._ended.set()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while not self._ended.wait(max(0.0, self._due_s - monotonic())):
            self._due_s = monotonic() + EVERY_S
            self._turn(left=False)
        self._turn(left=True)
        self._announcer.close()

    def _turn(self, *, left: bool) -> None:
        with suppress(Empty):
            while True:
                self._view.follow(self._inbox.get_nowait())
        try:
            taken = self._announcer.announce(self._view.state(self._now(), left=left))
        except StoreError:
            self._due_s = monotonic() + TRY_AGAIN_S  # that the server is away is told by who sends it the record
        except Exception:
            log.exception("fault in telling the station")
            self._due_s = monotonic() + TRY_AGAIN_S
        else:
            self._tell(taken=taken)

    def _tell(self, *, taken: bool) -> None:
        if taken != self._taken:
            self._taken = taken
            words = (
                "Another computer speaks for a bed of this name: give each bed its own in settings.toml. The record is sent all the same."
            )
            self._report("bed", taken, "" if taken else words)
