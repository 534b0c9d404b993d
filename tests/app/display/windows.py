"""The real window over a database of its own, and a device for it to read: a simulated oximeter on a pseudo-terminal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from app.clock import room_now
from app.display.opening import Opening
from app.display.program import Program
from app.plan import CorePlan
from app.remembered import Remembered
from app.settings import Settings
from app.site_data import SiteData
from app.supervision import meeting_place
from devices.patient.bedside import Bedside
from devices.patient.scenarios import load
from devices.registry import find
from devices.transports.served import served_line

IGNORED = r".*(multimedia|PulseAudio|pa_context|QSoundEffect|pipewire|propagateSizeHints).*"
"""Qt's words on a machine without sound, and on a screen without a window manager: neither is this program's."""


class Database:
    """Where the window of a test keeps its cases; ``url`` is as ``--database`` takes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"


@contextmanager
def window(database: Database, opening: Opening = Opening.START_PAGE, plan: CorePlan | None = None) -> Iterator[Program]:
    """The program as ``bedside`` opens it; closed, and its core ended, whatever happens."""
    place = meeting_place()
    wanted = plan or CorePlan(database=database.url)
    whole = CorePlan(
        database=wanted.database, demonstration=wanted.demonstration, address=place.address, secret=place.secret, devices=wanted.devices
    )
    program = Program(whole, Settings(), SiteData(), Remembered(database.path.with_name("remembered.json")))
    program.shell.resize(1366, 768)
    program.open(opening)
    try:
        yield program
    finally:
        program.shell.close()
        program.display.close_down()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def covers(program: Program, page: QWidget) -> bool:
    """Whether the page is what is seen below the bar."""
    return page.isVisible() and page.window() is program.shell


@contextmanager
def emulated_oximeter() -> Iterator[str]:
    """Gives the port of a simulated oximeter that runs in real time."""
    driver, variant = find("nonin")
    line = served_line("pty")
    line.open()
    ended = threading.Event()

    def serve() -> None:
        patient = Bedside(load("quiet-day"), 1, room_now())
        simulator = driver.simulator(patient, variant)
        while not ended.is_set():
            heard = line.read(0.02)
            now = room_now()
            patient.advance(now)
            if heard:
                simulator.receive(heard, now)
            if said := simulator.outgoing(now):
                line.write(said)

    thread = threading.Thread(target=serve, name="emulated oximeter", daemon=True)
    thread.start()
    try:
        yield line.name
    finally:
        ended.set()
        thread.join(5)
        line.close()
