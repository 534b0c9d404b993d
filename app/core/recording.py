"""The recorder's thread: what must be kept goes to the database, and a database that fails is told, never hidden."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from time import monotonic

from clinical.messages import Outcome
from storage.disk import WARN_BELOW_BYTES, free_bytes
from storage.errors import StoreError
from storage.recorder import Recorder

COMMIT_EVERY_S = 1.0
LOOK_AT_DISK_EVERY_S = 10.0

Report = Callable[[str, bool, str], None]
"""Called with the part ("recorder", "disk"), whether it is well, and what to say."""


class Recording:
    """Owns the Recorder. Everything but ``keep``, ``start`` and ``stop`` happens on its own thread."""

    def __init__(self, recorder: Recorder, url: str, report: Report) -> None:
        self._recorder = recorder
        self._url = url
        self._report = report
        self._inbox: SimpleQueue[Outcome | None] = SimpleQueue()
        self._well: dict[str, bool] = {}
        self._commit_due = 0.0
        self._disk_due = 0.0
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
        ended = False
        while not ended:
            try:
                ended = self._turn()
            except Exception as fault:  # noqa: BLE001 (top of this thread's loop: the watch goes on and the fault is told)
                self._tell("recorder", ok=False, text=f"The record cannot be written ({fault}). Chart on paper until this clears.")
        self._recorder.close()

    def _turn(self) -> bool:
        """Takes what comes until a commit is due or something must be safe at once; True when asked to end."""
        urgent = ended = False
        for item in self._arriving():
            if item is None:
                ended = True
                break
            self._recorder.keep(item)
            if urgent := self._recorder.wants_commit(item):
                break
        if urgent or ended or monotonic() >= self._commit_due:
            self._commit()
        self._look_at_disk()
        return ended

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
        except StoreError as error:
            self._tell("recorder", ok=False, text=f"{error} What happens now is kept in memory; chart on paper until this clears.")
        else:
            self._tell("recorder", ok=True)

    def _look_at_disk(self) -> None:
        if monotonic() < self._disk_due:
            return
        self._disk_due = monotonic() + LOOK_AT_DISK_EVERY_S
        free = free_bytes(self._url)
        low = free is not None and free < WARN_BELOW_BYTES
        self._tell(
            "disk", ok=not low, text=f"Only {(free or 0) / 1e9:.1f} GB are free where the record is kept. Free some space." if low else ""
        )

    def _tell(self, part: str, *, ok: bool, text: str = "") -> None:
        if self._well.get(part, True) != ok:
            self._well[part] = ok
            self._report(part, ok, text)
