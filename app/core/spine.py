"""One inlet, one step, one outcome: everything that happens enters here, in one order, and leaves to the record and the display."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from clinical.messages import Message, Outcome, SelfReport
from clinical.monitor import Monitor

Sink = Callable[[Outcome], None]


class Spine:
    """The monitor and those that hear its outcomes. ``take`` is for one thread; ``post`` is for any."""

    def __init__(self, monitor: Monitor, *sinks: Sink) -> None:
        self._monitor = monitor
        self._sinks = sinks
        self._inlet: SimpleQueue[Message | None] = SimpleQueue()
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
            except Exception as fault:  # noqa: BLE001 (top of this thread's loop: one bad message must not end the watch)
                self._confess(message, fault)

    def _confess(self, message: Message, fault: Exception) -> None:
        if isinstance(message, SelfReport) and message.part == "fault":
            return  # a fault in telling of a fault would go round for ever
        text = f"A message could not be judged ({type(fault).__name__}: {fault}). Watch the patient and the devices themselves."
        self.post(SelfReport(message.at, "fault", ok=False, text=text))
