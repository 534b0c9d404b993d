"""Lets a real display process tell what it shows: one JSON line for each thing a test waits for. Changes nothing of it.

Python runs this file before the program, in each process whose PYTHONPATH has this folder.
"""

from __future__ import annotations

import json
import os
import sys
from time import monotonic


def write(what: str, **fields: object) -> None:
    line = json.dumps({"t": monotonic(), "process": os.getpid(), "what": what, **fields}) + "\n"
    handle = os.open(os.environ["BEDSIDE_WITNESS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, line.encode())
    os.close(handle)


def watch(display) -> None:
    from PySide6.QtCore import QTimer

    curtain = display.window.curtain
    display.bridge.core_lost.connect(lambda broken: write("core lost", broken=broken, covered=curtain.isVisible()))
    display.bridge.core_found.connect(lambda: write("core found", covered=curtain.isVisible()))
    display.bridge.core_named.connect(lambda number: write("core named", number=number))
    display.bridge.fault_told.connect(lambda text: write("fault", text=text))
    display.bridge.standing_arrived.connect(lambda outcomes: write("standing", count=len(outcomes)))
    display.feed.case_changed.connect(lambda setup: write("case", uuid=None if setup is None else setup.uuid))
    display.feed.alarms_changed.connect(lambda alarms, at: write("alarms", conditions=[alarm.condition for alarm in alarms]))
    display.feed.event_recorded.connect(lambda event: write("event", text=event.text))
    display.feed.dose_changed.connect(lambda dose: write("dose", given_mg=dose.given_mg))
    display.feed.audio_changed.connect(lambda audio: write("audio", sounding=audio.sounding and audio.sounding.value))
    display.sound.sounded.connect(lambda priority: write("sounded", priority=priority.value))
    timer = QTimer(display, interval=200)
    timer.timeout.connect(lambda: tell_trend(display))
    timer.start()
    write("opened")


def tell_trend(display) -> None:
    """How many ten-second places of each vital sign the trend shows."""
    history = getattr(getattr(display, "trend", None), "_history", None)
    if history is not None:
        write("trend", places={metric.id: int((series._low == series._low).sum()) for metric, series in history.lines.items()})


if "BEDSIDE_WITNESS" in os.environ and sys.orig_argv[1:2] == ["-m"] and sys.orig_argv[2] in {"app", "app.display"}:
    from app.display.compose import Display

    before = Display.open

    def opened(self, core) -> None:
        before(self, core)
        watch(self)

    Display.open = opened
