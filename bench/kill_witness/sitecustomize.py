"""In a real display: records an entry several times a second, and writes down what it was told, as it is told. Changes nothing else.

Python runs this file before the program, in each process whose PYTHONPATH has this folder. Where a case is offered to be resumed, the
one tap that resumes it is made here.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid

EVERY_MS = 300


def write(what: str, **fields: object) -> None:
    """Moments are of the room's clock, in UTC, as those of the record are."""
    line = json.dumps({"at": time.time(), "process": os.getpid(), "what": what, **fields}) + "\n"
    handle = os.open(os.environ["BENCH_KILL_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, line.encode())
    os.close(handle)


def witness(display) -> None:
    from PySide6.QtCore import QTimer

    from clinical.commands import EventKind

    kinds = (EventKind.NOTE, EventKind.MEDICATION)
    count = [0]

    def enter() -> None:
        if display.state.setup is not None and not display.window.curtain.isVisible():
            count[0] += 1
            display.operator._record_event(kinds[count[0] % 2], f"entry {uuid.uuid4()}", 0)

    def numeric(shown) -> None:
        if not display.window.curtain.isVisible():
            write("number", value=shown.value, utc=shown.at.utc_ns / 1e9)

    display.bridge.core_named.connect(lambda number: write("core", number=number))
    display.operator.entries.kept.connect(lambda entry: write("kept", text=entry.text))
    display.feed.transition_logged.connect(
        lambda told: write("alarm", condition=told.alarm.condition, presence=told.alarm.presence.value, utc_ns=told.at.utc_ns)
    )
    display.feed.numeric_shown.connect(numeric)
    display.feed.block_heard.connect(lambda _device, block: write("block", metric=block.metric.id, until=_end_of(block)))
    display.feed.dose_changed.connect(lambda dose: write("dose", given_mg=dose.given_mg))
    timer = QTimer(display, interval=EVERY_MS)
    timer.timeout.connect(enter)
    timer.start()
    write("opened")


def _end_of(block) -> float:
    return block.at.utc_ns / 1e9 + len(block.steps) / block.rate_hz


def install() -> None:
    from app.display.compose import Display
    from app.display.starting import Starting

    opened, offered = Display.open, Starting._show_cases

    def open_with_witness(self, core) -> None:
        opened(self, core)
        witness(self)

    def offer_and_tap(self, stored) -> None:
        offered(self, stored)
        if stored.resumable is not None:
            self.page.resume.click()

    Display.open, Starting._show_cases = open_with_witness, offer_and_tap


if "BENCH_KILL_LOG" in os.environ and sys.orig_argv[1:2] == ["-m"] and sys.orig_argv[2] in {"app", "app.display"}:
    install()
