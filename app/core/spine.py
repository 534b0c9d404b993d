"""One inlet, one step, one outcome: everything that happens enters here, in one order, and leaves to the record and the display."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from clinical.instant import Instant
from clinical.messages import Message, Outcome, SelfReport, Tick
from clinical.monitor import Monitor

FAULTS = ("fault", "watch")
"""Parts of the monitor as it reports on itself: a message that was not judged, and a tick, without which no delay and no silence ends."""
OVER_AFTER_S = 10.0
LATE_AFTER_S, IN_TIME_S = 2.0, 0.5
"""Of the room: a watch that judges what happened so long ago is late, until it judges what happened this short a time ago."""
LATE = "Numbers and alarms come late: this computer has too much to do. Watch the patient and the devices; close other programs."

Sink = Callable[[Outcome], None]


class Spine:
    """The monitor and those that hear its outcomes. ``take`` is for one thread; ``post`` is for any."""

    def __init__(self, monitor: Monitor, *sinks: Sink, late_s: Callable[[Instant], float] = lambda _at: 0.0) -> None:
        """``late_s``: how long ago in the room a moment of the case was."""
        self._monitor = monitor
        self._late_s = late_s
        self._is_late = False
        self._sinks = sinks
        self._inlet: SimpleQueue[Message | None] = SimpleQueue()
        self._faulted_at: dict[str, Instant] = {}
        self._thread = threading.Thread(target=self._run, name="monitor", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def post(self, message: Message) -> None:
        """Puts a message into the inlet; returns at once."""
        self._inlet.put(message)

    def take(self, message: Message) -> Outcome:
        """Steps the monitor and hands the outcome on."""
        outcome = self._monitor.step(message)
        for sink in self._sinks:
            sink(outcome)
        return outcome

    def replace_monitor(self, monitor: Monitor) -> None:
        """Goes on with a monitor that was rebuilt from the record. Before ``start`` only."""
        self._monitor = monitor

    def stop(self) -> None:
        """Steps what is in the inlet and ends."""
        self._inlet.put(None)
        self._thread.join(timeout=5.0)

    def _run(self) -> None:
        while (message := self._inlet.get()) is not None:
            try:
                self.take(message)
                self._tell_ends(message.at)
                self._tell_late(message)
            except Exception as fault:  # noqa: BLE001 (top of this thread's loop: one bad message must not end the watch)
                self._confess(message, fault)

    def _confess(self, message: Message, fault: Exception) -> None:
        if isinstance(message, SelfReport) and message.part in FAULTS:
            return  # a fault in telling of a fault would go round for ever
        part = "watch" if isinstance(message, Tick) else "fault"
        text = f"A message could not be judged ({type(fault).__name__}: {fault}). Watch the patient and the devices themselves."
        self._faulted_at[part] = message.at
        self.post(SelfReport(message.at, part, ok=False, text=text))

    def _tell_ends(self, now: Instant) -> None:
        """A fault that has not come again is over: its alarm stays until it is acknowledged, and the next fault is heard as a new one."""
        for part, at in list(self._faulted_at.items()):
            if now.since(at) >= OVER_AFTER_S:
                del self._faulted_at[part]
                self.post(SelfReport(now, part, ok=True))

    def _tell_late(self, message: Message) -> None:
        """At once, not behind all that waits: by then it would be old."""
        if isinstance(message, Tick):
            late_s = self._late_s(message.at)
            if self._is_late != (is_late := late_s > (IN_TIME_S if self._is_late else LATE_AFTER_S)):
                self._is_late = is_late
                self.take(SelfReport(message.at, "late", ok=not is_late, text=LATE if is_late else ""))
