"""The pipe to the core as one QObject: what arrives becomes Signals on the painting thread, commands go the other way."""

from __future__ import annotations

import threading
from multiprocessing.connection import Client, Connection
from time import monotonic, sleep

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.supervision import Heart
from app.wire import Alive, Batch, Fault, FromCore, FromDisplay, Goodbye, Heartbeat, Standing, Taken, receive, send

ALIVE_EVERY_MS = 250
TRY_AGAIN_S = 0.05


class Bridge(QObject):
    """Meets the core at its address, again and again if need be.

    Signals:
        standing_arrived: tuple of outcomes, everything that stands; comes first after each meeting.
        outcomes_arrived: tuple of outcomes, new since.
        time_told: the case's Instant and its speed.
        core_lost: the pipe broke or the core fell silent.
        core_found: it is heard again.
        fault_told: why the core cannot do what it should.
    """

    standing_arrived = Signal(object)
    outcomes_arrived = Signal(object)
    time_told = Signal(object, float)
    core_lost = Signal()
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
        self._lost = True
        self.can_sound = False
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

    def leave(self) -> None:
        """Says goodbye: the core ends too, and with it the pipe."""
        self._ended.set()
        self._timer.stop()
        self.send(Goodbye())

    def _receive_all(self) -> None:
        while not self._ended.is_set():
            try:
                connection = Client(self._address, authkey=self._secret)
            except (OSError, EOFError):
                sleep(TRY_AGAIN_S)
                continue
            self._connection = connection
            try:
                while True:
                    self._arrived.emit(receive(connection))
            except (OSError, EOFError, RuntimeError):  # RuntimeError: the QObject went while the program closed
                self._connection = None
            if not self._ended.is_set():
                self._arrived.emit(None)

    def _take(self, message: FromCore | None) -> None:
        self._heart.beat(monotonic()) if message is not None else None
        match message:
            case None:
                self._lose()
            case Heartbeat(at, speed):
                self._find()
                self.time_told.emit(at, speed)
            case Standing(outcomes):
                self.standing_arrived.emit(outcomes)
            case Batch(outcomes):
                self.outcomes_arrived.emit(outcomes)
                self.send(Taken())
            case Fault(text):
                self.fault_told.emit(text)

    def _beat(self) -> None:
        self.send(Alive(self.can_sound))
        if self._heart.is_silent(monotonic()):
            self._lose()

    def _lose(self) -> None:
        if not self._lost:
            self._lost = True
            self.core_lost.emit()

    def _find(self) -> None:
        if self._lost:
            self._lost = False
            self.core_found.emit()
