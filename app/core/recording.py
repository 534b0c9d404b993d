"""The recorder's thread: what must be kept goes to the database, and a database that fails is told, never hidden."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from queue import Empty, SimpleQueue
from time import monotonic, sleep

from app.core.disk_budget import DiskBudget
from clinical.assessments.chart import DATED
from clinical.commands import CorrectDose, SignLedger
from clinical.messages import FromOperator, Outcome, Tick
from storage.disk import WARN_BELOW_BYTES, free_bytes
from storage.errors import StoreError
from storage.recorder import Recorder

COMMIT_EVERY_S = 1.0
LOOK_AT_DISK_EVERY_S = 10.0
LAST_TRIES_S, TRY_AGAIN_S = 5.0, 0.5
"""How long a database that fails at the end is tried again before what is held is given up."""

ENTRIES = (*DATED, CorrectDose, SignLedger)
"""Commands that a nurse is told to be kept only when they are."""

log = logging.getLogger(__name__)

Report = Callable[[str, bool, str], None]
"""Called with the part ("recorder", "disk"), whether it is well, and what to say."""


def is_chart_entry(outcome: Outcome) -> bool:
    """Whether it is a nurse's entry that was taken: what the display shows of it says that it is kept."""
    message = outcome.message
    return isinstance(message, FromOperator) and isinstance(message.command, ENTRIES) and not outcome.refused


def without_entry(outcome: Outcome) -> Outcome:
    """What of a chart entry's outcome need not wait until the entry is kept: alarms, sound, dose."""
    return replace(outcome, message=Tick(outcome.message.at))


class Recording:
    """Owns the Recorder. Everything but ``keep``, ``start`` and ``stop`` happens on its own thread."""

    def __init__(self, recorder: Recorder, url: str, report: Report, confirm: Callable[[Outcome], None]) -> None:
        """``confirm`` is told each chart entry once it is in the database, and not before: until then the display calls it not recorded."""
        self._recorder = recorder
        self._url = url
        self._report = report
        self._confirm = confirm
        self._entries: list[Outcome] = []
        self._inbox: SimpleQueue[Outcome | None] = SimpleQueue()
        self._well: dict[str, bool] = {}
        self._ended = False
        self._failure = ""
        self._commit_due = 0.0
        self._disk_due = 0.0
        self._budget = DiskBudget()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def keep(self, outcome: Outcome) -> None:
        """Takes an outcome; returns at once."""
        self._inbox.put(outcome)

    def stop(self) -> None:
        """Writes what is left, closes the database and returns when both are done."""
        self._inbox.put(None)
        self._thread.join(timeout=10.0)

    def _run(self) -> None:
        while not self._ended:
            self._safely(self._turn)
        until = monotonic() + LAST_TRIES_S
        while not self._well.get("recorder", True) and monotonic() < until:
            sleep(TRY_AGAIN_S)
            self._safely(self._commit)
        if not self._well.get("recorder", True):
            log.error("What happened last is not in the record. %s", self._failure)
        self._recorder.close()

    def _safely(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as fault:  # noqa: BLE001 (top of this thread's loop: the watch goes on and the fault is told)
            self._tell("recorder", ok=False, text=f"The record cannot be written ({fault}). Chart on paper until this clears.")

    def _turn(self) -> None:
        """Takes what comes until a commit is due or something must be safe at once, or until asked to end."""
        urgent = False
        for item in self._arriving():
            if item is None:
                self._ended = True
                break
            self._recorder.keep(item)
            self._budget.hear(item)
            if is_chart_entry(item):
                self._entries.append(Outcome(message=item.message))
            if urgent := self._recorder.wants_commit(item):
                break
        if urgent or self._ended or monotonic() >= self._commit_due:
            self._commit()
        self._look_at_disk()

    def _arriving(self) -> Iterator[Outcome | None]:
        wait_s = max(0.0, self._commit_due - monotonic())
        try:
            while True:
                yield self._inbox.get(timeout=wait_s)
                wait_s = max(0.0, self._commit_due - monotonic())
        except Empty:
            return

    def _commit(self) -> None:
        self._commit_due = monotonic() + COMMIT_EVERY_S
        try:
            self._recorder.commit()
            self._confirm_entries()
            self._recorder.put_together()
        except StoreError as error:
            self._tell("recorder", ok=False, text=f"{error} What happens now is kept in memory; chart on paper until this clears.")
        else:
            self._tell("recorder", ok=True)

    def _confirm_entries(self) -> None:
        entries, self._entries = self._entries, []
        for entry in entries:
            self._confirm(entry)

    def _look_at_disk(self) -> None:
        if monotonic() < self._disk_due:
            return
        self._disk_due = monotonic() + LOOK_AT_DISK_EVERY_S
        free = free_bytes(self._url)
        low = free is not None and free < WARN_BELOW_BYTES
        self._tell(
            "disk", ok=not low, text=f"Only {(free or 0) / 1e9:.1f} GB are free where the record is kept. Free some space." if low else ""
        )
        short = self._budget.shortfall(free)
        self._tell("disk budget", ok=not short, text=short)

    def _tell(self, part: str, *, ok: bool, text: str = "") -> None:
        if part == "recorder":
            self._failure = text
        if self._well.get(part, True) != ok:
            self._well[part] = ok
            self._report(part, ok, text)
