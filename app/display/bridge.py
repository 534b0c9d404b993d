"""The pipe to the core as one QObject: what arrives becomes Signals on the painting thread, commands go the other way."""

from __future__ import annotations

import os
import threading
from time import monotonic, sleep
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.supervision import SILENT_AFTER_S, Heart
from app.wire import Alive, Batch, Fault, FromCore, FromDisplay, Goodbye, Heartbeat, Standing, Taken, receive, send

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

ALIVE_EVERY_MS = 250
FIRST_MEETING_S = 5.0
"""How long a core that is just being started may take to its first word."""
TRY_AGAIN_S = 0.05


class Bridge(QObject):
    """Meets the core at its address, again and again if need be.

    Signals:
        standing_arrived: tuple of outcomes, everything that stands; comes first after each meeting.
        drafts_arrived: tuple of Drafts that a display before this one left; after ``standing_arrived``.
        outcomes_arrived: tuple of outcomes, new since.
        time_told: the case's Instant and its speed.
        core_lost: the core fell silent, or the pipe broke (True).
        core_named: the core's process number, when it is first heard; it lives, which is not yet watching.
        core_found: it watches again.
        fault_told: why the core cannot do what it should.
    """

    standing_arrived = Signal(object)
    drafts_arrived = Signal(object)
    outcomes_arrived = Signal(object)
    time_told = Signal(object, float)
    core_lost = Signal(bool)
    core_named = Signal(int)
    core_found = Signal()
    fault_told = Signal(str)
    _arrived = Signal(object)

    def __init__(self, address: str, secret: bytes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address = address
        self._secret = secret
        self._connection: Connection | None = None
        self._ended = threading.Event()
        self._heart = Heart(monotonic())
        self._lives = False
        self._lost: bool | None = None  # None: not yet met; False only once it watches
        self.can_sound: bool | None = None
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, interval=ALIVE_EVERY_MS)
        self._timer.timeout.connect(self._beat)
        self._thread = threading.Thread(target=self._receive_all, name="bridge", daemon=True)

    def start(self) -> None:
        self._timer.start()
        self._thread.start()

    @property
    def silence_s(self) -> float:
        """Seconds since the core was last heard."""
        return self._heart.silence_s(monotonic())

    def send(self, message: FromDisplay) -> bool:
        """Sends to the core; False if it cannot be reached (``core_lost`` tells of it too)."""
        connection = self._connection
        if connection is None:
            return False
        try:
            send(connection, message)
        except OSError:
            return False
        return True

    def leave(self) -> bool:
        """Says goodbye: the core ends too, and with it the pipe. False if there is no core to hear it."""
        self._ended.set()
        self._timer.stop()
        return self.send(Goodbye())

    def _receive_all(self) -> None:
        from multiprocessing.connection import Client  # noqa: PLC0415 (loaded on this thread, beside what the first picture needs)

        while not self._ended.is_set():
            try:
                connection = Client(self._address, authkey=self._secret)
            except (OSError, EOFError):
                sleep(TRY_AGAIN_S)
                continue
            self._connection = connection
            self.send(self._sign())  # at once, so that the core knows whom to end should this display hang next
            try:
                while True:
                    self._arrived.emit(receive(connection))
            except (OSError, EOFError, RuntimeError):  # RuntimeError: the QObject went while the program closed
                self._connection = None
            connection.close()
            if not self._ended.is_set():
                self._arrived.emit(None)

    def _take(self, message: FromCore | None) -> None:
        self._heart.beat(monotonic()) if message is not None else None
        match message:
            case None:
                self._lose(broken=True)
            case Heartbeat(at, speed, process, watching):
                self._hear(process)
                if watching:
                    self._find()
                self.time_told.emit(at, speed)
            case Standing(outcomes, drafts):
                self.standing_arrived.emit(outcomes)
                self.drafts_arrived.emit(drafts)
            case Batch(outcomes):
                self.outcomes_arrived.emit(outcomes)
                self.send(Taken())
            case Fault(text):
                self.fault_told.emit(text)

    def _beat(self) -> None:
        now_s = monotonic()
        self._heart.look(now_s)
        self.send(self._sign())
        silent_s = FIRST_MEETING_S if self._lost is None else SILENT_AFTER_S
        if self._heart.silence_s(now_s) > silent_s:
            self._lose(broken=False)

    def _sign(self) -> Alive:
        return Alive(self.can_sound, os.getpid())

    def _lose(self, *, broken: bool) -> None:
        if self._lives or not self._lost:
            self._lives, self._lost = False, True
            self.core_lost.emit(broken)

    def _hear(self, process: int) -> None:
        if not self._lives:
            self._lives = True
            self.core_named.emit(process)

    def _find(self) -> None:
        if self._lost is not False:
            self._lost = False
            self.core_found.emit()
