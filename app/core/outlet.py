"""From the core to the display. Merges what a slow display has not taken and never waits for it.

Two threads: one sends and owns everything here, one receives and only puts what it hears into queues.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Listener
from queue import Empty, SimpleQueue
from time import monotonic

from app.clock import CaseClock
from app.core.merge import Backlog, worth_showing
from app.core.standing import StandingState
from app.wire import CREDIT, Alive, Batch, Draft, Fault, FromCore, Goodbye, Heartbeat, Standing, Taken, receive, send
from clinical.commands import Command
from clinical.messages import Outcome, Tick

HEARTBEAT_S = 0.25
WAIT_FOR_DISPLAY_S = 5.0
ACCEPT_AGAIN_S = 0.05
CONFESS_EVERY_S = 10.0
STEPS_WITHIN_S = 1.0
"""A monitor that has stepped no tick for so long watches nobody: the display must hear silence, and say so."""

Report = Callable[[str, bool, str], None]
"""Called with the part, whether it is well, and what to say."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Came:
    connection: Connection


@dataclass(frozen=True, slots=True)
class _Left:
    connection: Connection


@dataclass(frozen=True, slots=True)
class _Watch:
    begins: bool


class Outlet:
    """The core's end of the pipe to the display."""

    def __init__(
        self,
        address: str,
        secret: bytes,
        clock: CaseClock,
        *,
        on_command: Callable[[Command], None],
        on_display: Callable[[Alive | Goodbye | None], None],
    ) -> None:
        """``on_display`` hears each sign of life, a goodbye, or None when the display is gone without one."""
        self._listener = Listener(address, authkey=secret)
        self._clock = clock
        self._on_command = on_command
        self._on_display = on_display
        self._inbox: SimpleQueue[Outcome | Taken | Draft | Fault | _Came | _Left | _Watch | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._credit = 0
        self._backlog = Backlog()
        self._standing = StandingState()
        self._drafts: dict[str, Draft] = {}
        self._on_draft: Callable[[Draft], None] = lambda _draft: None
        self._watching = False
        self._welcomed = False
        self._ticked_s = self._beat_due_s = self._confess_due_s = 0.0
        self._report: Report | None = None
        self._fault: Fault | None = None
        self._fault_told = threading.Event()
        self._stopping = threading.Event()
        self._sender = threading.Thread(target=self._send_all, name="outlet", daemon=True)

    def start(self) -> None:
        """Begins to listen for a display."""
        self._sender.start()
        threading.Thread(target=self._accept_all, name="outlet-accept", daemon=True).start()

    def offer(self, outcome: Outcome) -> None:
        """Takes an outcome; returns at once, whatever the display does."""
        if worth_showing(outcome):
            self._inbox.put(outcome)

    def hold(self, drafts: Iterable[Draft], keep: Callable[[Draft], None]) -> None:
        """Holds drafts that outlived both processes, for the next display; every one that comes from now on is given to ``keep`` too."""
        self._on_draft = keep
        for draft in drafts:
            self._inbox.put(draft)

    def begin(self, report: Report) -> None:
        """The monitor steps from here on, and how everything stands is known: displays are told it. ``report`` is told of faults here."""
        self._report = report
        self._ticked_s = self._room_s()
        self._inbox.put(_Watch(begins=True))

    def end(self) -> None:
        """The monitor steps no more, on purpose; the process goes on until all is written."""
        self._inbox.put(_Watch(begins=False))

    def note_tick(self, outcome: Outcome) -> None:
        """To be told every outcome, on the monitor's thread: without ticks no heartbeat goes out."""
        if isinstance(outcome.message, Tick):
            self._ticked_s = self._room_s()

    def tell_fault(self, text: str) -> None:
        """Tells the display why the core ends, now or when it comes; waits for that, but not for ever."""
        self._inbox.put(Fault(text))
        self._fault_told.wait(WAIT_FOR_DISPLAY_S)

    def stop(self) -> None:
        """Sends what is left if the display takes it, and ends."""
        self._stopping.set()
        self._inbox.put(None)
        self._sender.join(timeout=1.0)
        with suppress(FileNotFoundError):  # the display took the meeting place away already
            self._listener.close()

    def _accept_all(self) -> None:
        while not self._stopping.is_set():
            try:
                connection = self._listener.accept()
            except Exception:  # noqa: BLE001 (a stranger without the secret, a display killed in the handshake: no reason to stop listening)
                self._stopping.wait(ACCEPT_AGAIN_S)
                continue
            self._inbox.put(_Came(connection))
            try:
                self._receive_all(connection)
            except Exception as fault:
                log.exception("fault in the outlet")
                self._confess(fault)
            self._inbox.put(_Left(connection))
            self._on_display(None)

    def _receive_all(self, connection: Connection) -> None:
        """Until the pipe breaks."""
        while True:
            try:
                message = receive(connection)
            except (EOFError, OSError):
                return
            if isinstance(message, Taken | Draft):
                self._inbox.put(message)
                if isinstance(message, Draft):
                    self._on_draft(message)
            elif isinstance(message, Alive | Goodbye):
                self._on_display(message)
            elif isinstance(message, Command):
                self._on_command(message)

    def _send_all(self) -> None:
        ended = False
        while not ended:
            try:
                ended = self._turn()
            except Exception as fault:
                log.exception("fault in the outlet")
                self._confess(fault)
                ended = self._stopping.is_set()

    def _turn(self) -> bool:
        """Takes what has come, beats if that is due, and sends; True when asked to end."""
        ended = False
        with suppress(Empty):
            item = self._inbox.get(timeout=max(0.0, self._beat_due_s - self._room_s()))
            while item is not None:
                self._take(item)
                item = self._inbox.get_nowait()
            ended = True
        if not ended and self._room_s() >= self._beat_due_s:
            self._beat_due_s = self._room_s() + HEARTBEAT_S
            self._beat()
        self._flush()
        return ended

    def _confess(self, fault: Exception) -> None:
        """Tells of a fault, but not of each: what tells of it goes out through here too."""
        if self._report is not None and self._room_s() >= self._confess_due_s:
            self._confess_due_s = self._room_s() + CONFESS_EVERY_S
            text = f"A fault in what the screen is told ({type(fault).__name__}: {fault}). Compare it with the devices themselves."
            self._report("outlet", False, text)  # noqa: FBT003 (the shape of Report)
            self._report("outlet", True, "")  # noqa: FBT003 (its alarm stays until somebody has seen it, and the next is heard anew)

    def _take(self, item: Outcome | Taken | Draft | Fault | _Came | _Left | _Watch) -> None:
        match item:
            case Outcome():
                self._add(item)
            case Taken():
                self._credit += 1
            case Draft():
                self._drafts[item.page] = item
            case Fault():
                self._fault = item
                self._tell_fault()
            case _Came(connection):
                self._welcome(connection)
            case _Left(connection):
                self._leave(connection)
            case _Watch(begins):
                self._watching = begins
                self._beat()
                self._tell_standing()

    def _add(self, outcome: Outcome) -> None:
        self._standing.add(outcome)
        if outcome.case is not None:
            self._drafts.clear()  # they were of another case
        if self._welcomed:
            self._backlog.add(outcome)

    def _welcome(self, connection: Connection) -> None:
        self._connection = connection
        self._credit = CREDIT
        self._backlog.take()
        self._welcomed = False
        self._beat()
        self._tell_standing()
        self._tell_fault()

    def _leave(self, connection: Connection) -> None:
        connection.close()
        if self._connection is connection:
            self._forget_display()

    def _beat(self) -> None:
        if not self._watching or self._room_s() - self._ticked_s <= STEPS_WITHIN_S:
            self._send(Heartbeat(self._clock.now(), self._clock.rate, os.getpid(), self._watching))

    def _tell_standing(self) -> None:
        """Once to each display, and not before the core watches: it would say that there is no alarm where none was looked for."""
        if self._watching and self._connection is not None and not self._welcomed:
            self._welcomed = True
            drafts = tuple(draft for draft in self._drafts.values() if draft.form is not None)
            self._send(Standing(self._standing.outcomes(self._clock.now()), drafts))

    def _tell_fault(self) -> None:
        if self._fault is not None and self._connection is not None:
            self._send(self._fault)
            self._fault_told.set()

    def _flush(self) -> None:
        if self._backlog and self._credit > 0 and self._connection is not None:
            self._send(Batch(self._backlog.take()))
            self._credit -= 1

    def _send(self, message: FromCore) -> None:
        if self._connection is None:
            return
        try:
            send(self._connection, message)
        except OSError:
            self._forget_display()  # the receiving thread tells of it

    def _forget_display(self) -> None:
        self._connection = None
        self._welcomed = False

    @staticmethod
    def _room_s() -> float:
        return monotonic()
