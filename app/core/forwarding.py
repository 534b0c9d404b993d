"""The thread that sends the bed's record to the clinic's server. Watching, alarms and recording never wait for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic

from app.core.recording import Report
from clinical.alarms.wording import clock
from clinical.instant import Instant
from storage.errors import StoreError
from storage.forwarding import Forwarder

EVERY_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
TOLD_AFTER_S = 3.0
"""A blip that is over so soon is no news."""
LAST_TRIES_S = 5.0

log = logging.getLogger(__name__)


class Forwarding:
    """Owns the Forwarder. Reports "server" as ill while it is away."""

    def __init__(self, forwarder: Forwarder, report: Report, now: Callable[[], Instant], utc_offset_min: int) -> None:
        """``now``: for the time of day since when the server is away."""
        self._forwarder = forwarder
        self._report = report
        self._now = now
        self._utc_offset_min = utc_offset_min
        self._away: tuple[float, Instant] | None = None
        self._told = False
        self._pause_s = 0.0
        self._more = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="forwarding", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Sends what is left if the server takes it, and ends; what it does not take waits for the next start."""
        self._ended.set()
        self._thread.join(timeout=LAST_TRIES_S + 1.0)

    def _run(self) -> None:
        while not self._ended.wait(0.0 if self._more else max(EVERY_S, self._pause_s)):
            self._turn()
        until = monotonic() + LAST_TRIES_S
        self._more = self._away is None
        while self._more and monotonic() < until:
            self._turn()
        self._forwarder.close()

    def _turn(self) -> None:
        try:
            sent = self._forwarder.turn()
        except StoreError as error:
            self._more = False
            self._note_away(str(error))
        except Exception as fault:
            log.exception("fault in sending to the server")
            self._more = False
            self._note_away(f"A fault in the program ({type(fault).__name__}: {fault}).")
        else:
            self._more = sent.more
            self._note_there()

    def _note_away(self, why: str) -> None:
        self._pause_s = min(max(FIRST_PAUSE_S, 2 * self._pause_s), LONGEST_PAUSE_S)
        if self._away is None:
            self._away = monotonic(), self._now()
        since_s, since = self._away
        if not self._told and monotonic() - since_s >= TOLD_AFTER_S:
            self._told = True
            at = clock(since, self._utc_offset_min)
            self._report("server", False, f"Since {at} the record is kept on this computer alone; it is sent later by itself. {why}")  # noqa: FBT003 (the shape of Report)

    def _note_there(self) -> None:
        self._pause_s = 0.0
        self._away = None
        if self._told:
            self._told = False
            self._report("server", True, "")  # noqa: FBT003 (as above)
