"""Opens the window: the first of the two processes, or the one that a core started to take the place of a lost one."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from app.plan import CorePlan
from app.settings import load_settings
from app.supervision import meeting_place, start_core

if TYPE_CHECKING:
    from app.display.compose import Display

WINDOW_SIZE = (1920, 1080)


def show(plan: CorePlan) -> int:
    """The display as the first process: it starts the core."""
    place = meeting_place()
    return _run(replace(plan, address=place.address, secret=place.secret), starts_core=True)


def rejoin(plan: CorePlan) -> int:
    """The display as the second process: the core runs already."""
    return _run(plan, starts_core=False)


def _run(plan: CorePlan, *, starts_core: bool) -> int:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise TypeError("a program without widgets is running in this process")
    application.setApplicationName("Bedside")
    application.setStyle("Fusion")
    core = start_core(plan) if starts_core else None
    display = _display(plan)
    display.open(core)
    signal.signal(signal.SIGTERM, lambda *_: display.window.close())  # asked to end: with a goodbye, so that the core ends too
    signal.signal(signal.SIGINT, lambda *_: display.window.close())
    return application.exec()


def _display(plan: CorePlan) -> Display:
    """Imported here: the core's process loads its own libraries meanwhile."""
    from app.display.compose import Display  # noqa: PLC0415 (see above)
    from widgets.fonts import load_fonts  # noqa: PLC0415 (the same)

    load_fonts()
    display = Display(plan, load_settings())
    _fit(display, os.environ.get("BEDSIDE_WINDOW", ""))
    return display


def _fit(display: Display, wanted: str) -> None:
    """Fills the screen, or takes the size "1366x768" that a person asked for."""
    width, _, height = wanted.partition("x")
    if width.isdigit() and height.isdigit():
        display.window.resize(int(width), int(height))
        return
    area = display.window.screen().availableGeometry()
    display.window.resize(min(area.width(), WINDOW_SIZE[0]), min(area.height(), WINDOW_SIZE[1]))
    if area.width() <= WINDOW_SIZE[0]:
        display.window.setGeometry(area)
