"""The one timer of the screen: lanes move each frame, what blinks ten times a second, what counts once a second."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

FRAME_MS = 16
FRAMES_A_BLINK = 6
FRAMES_A_SECOND = 60


class Frames(QObject):
    """Signals:
    frame_begun: sixty times a second.
    blink_begun: ten times a second.
    second_begun: once a second.
    """

    frame_begun = Signal()
    blink_begun = Signal()
    second_begun = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        self.frame_begun.emit()
        if self._count % FRAMES_A_BLINK == 0:
            self.blink_begun.emit()
        if self._count % FRAMES_A_SECOND == 0:
            self.second_begun.emit()
        self._count += 1
