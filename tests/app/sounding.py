"""Children of the sound's tests, each a process of its own: the display's sound, or the core's, as the program makes it.

``python -m tests.app.sounding display|core`` sounds low, medium and high, one after another; ``… watch`` says each second whether the
display can sound, as the alarm bar shows it, until its standard input is closed.
"""

from __future__ import annotations

import os
import sys
import threading
import time

from app.core.own_sound import OwnSound
from clinical.alarm_model import AudioState
from clinical.observations import Priority

BEGINS_S = ((0.0, Priority.LOW), (0.7, Priority.MEDIUM), (2.2, Priority.HIGH))
LASTS_S = 8.0


def display() -> None:
    from PySide6.QtCore import QCoreApplication, QTimer

    from app.display.sounds import AlarmSound

    application = QCoreApplication([])
    sound = AlarmSound()
    sound.start()
    ready_ms = 1800  # the sound library opens its line to the loudspeaker meanwhile
    for generation, (begin_s, priority) in enumerate(BEGINS_S):
        state = AudioState(sounding=priority, paused_until=None, generation=generation)
        QTimer.singleShot(ready_ms + round(begin_s * 1000), lambda state=state: sound.follow(state))  # type: ignore[misc]
    QTimer.singleShot(ready_ms + round(LASTS_S * 1000), application.quit)
    application.exec()
    sound.stop()
    os._exit(0)  # what was heard is heard: the sound library may take long to let go of a busy server


def core() -> None:
    sound, begun_s = OwnSound(), time.monotonic()
    while (passed_s := time.monotonic() - begun_s) < LASTS_S:
        due = [priority for begin_s, priority in BEGINS_S if begin_s <= passed_s]
        if not sound.play(due[-1], passed_s):
            sys.exit(1)
        time.sleep(0.05)
    sound.stop()


def watch() -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from app.display.sounds import AlarmSound
    from widgets.alarm_bar import AlarmBar

    application = QApplication([])
    sound, bar, ended = AlarmSound(), AlarmBar(), threading.Event()
    sound.ability_changed.connect(lambda can, why: bar.set_sound_fault("" if can else why))
    sound.ability_changed.connect(lambda _can, _why: print(bar.sound_shown().line, flush=True))
    sound.start()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    look = QTimer(interval=50)
    look.timeout.connect(lambda: application.quit() if ended.is_set() else None)
    look.start()
    application.exec()
    sound.stop()


if __name__ == "__main__":
    {"display": display, "core": core, "watch": watch}[sys.argv[1]]()
