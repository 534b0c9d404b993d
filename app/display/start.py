"""Opens the window: the first of the two processes, or the one that a core started to take the place of a lost one."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from subprocess import Popen
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from app.display.opening import Opening
from app.plan import CorePlan
from app.settings import Settings, SettingsError, data_folder, load_settings, site_folder
from app.supervision import CoreAhead, meeting_place, start_core

if TYPE_CHECKING:
    from app.display.program import Program

WINDOW_SIZE = (1920, 1080)
CANNOT_BE_DONE = 2


def open_window(database: str, server: str = "") -> int:
    """The window with its start page; no core runs until something is chosen there."""
    return _run(_at_a_new_place(CorePlan(database=database, server=server)), Opening.START_PAGE)


def show(plan: CorePlan, ahead: CoreAhead | None = None) -> int:
    """The display as the first process: it starts the core, or tells the one that was started ahead what to do."""
    return _run(_at_a_new_place(plan), Opening.PLAN, start_core if ahead is None else ahead.begin)


def rejoin(plan: CorePlan) -> int:
    """The display as the second process: the core runs already."""
    return _run(plan, Opening.RUNNING_CORE)


def _at_a_new_place(plan: CorePlan) -> CorePlan:
    place = meeting_place()
    return replace(plan, address=place.address, secret=place.secret)


def _run(plan: CorePlan, opening: Opening, start: Callable[[CorePlan], Popen[bytes]] = start_core) -> int:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise TypeError("a program without widgets is running in this process")
    application.setApplicationName("Bedside")
    application.setStyle("Fusion")
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.stderr.write(f"bedside: {error}\n")
        return CANNOT_BE_DONE
    core = start(plan) if opening is Opening.PLAN else None
    program = _program(plan, settings)
    program.open(opening, core)
    signal.signal(signal.SIGTERM, lambda *_: program.shell.close())  # asked to end: with a goodbye, so that the core ends too
    signal.signal(signal.SIGINT, lambda *_: program.shell.close())
    return application.exec() or program.status


def _program(plan: CorePlan, settings: Settings) -> Program:
    """Imported here: the core's process loads its own libraries meanwhile."""
    from app.display.program import Program  # noqa: PLC0415 (see above)
    from app.remembered import Remembered  # noqa: PLC0415 (the same)
    from app.site_data import SiteData  # noqa: PLC0415 (the same)
    from widgets.fonts import load_fonts  # noqa: PLC0415 (the same)

    load_fonts()
    program = Program(plan, settings, SiteData(site_folder()), Remembered(data_folder() / "remembered.json"))
    fit(program.shell, os.environ.get("BEDSIDE_WINDOW", ""))
    return program


def fit(window: QWidget, wanted: str) -> None:
    """Fills the screen, or takes the size "1366x768" that a person asked for."""
    width, _, height = wanted.partition("x")
    if width.isdigit() and height.isdigit():
        window.resize(int(width), int(height))
        return
    area = window.screen().availableGeometry()
    window.resize(min(area.width(), WINDOW_SIZE[0]), min(area.height(), WINDOW_SIZE[1]))
    if area.width() <= WINDOW_SIZE[0]:
        window.setGeometry(area)
