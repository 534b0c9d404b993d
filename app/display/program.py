"""The display from its first picture to its last: one watch after another in one window. Wires nothing of the watch itself."""

from __future__ import annotations

import gc
from dataclasses import replace
from subprocess import Popen

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.display.compose import Display
from app.display.opening import Opening
from app.display.shell import Shell
from app.display.starting import Starting
from app.plan import CorePlan
from app.remembered import Remembered
from app.settings import Settings
from app.site_data import SiteData
from app.supervision import leave_meeting_place, start_core

SETTLED_AFTER_MS = 10_000
"""By then a watch has made what stays with it. The collector of circles need not look through that again: each look stops the screen for
a tenth of a second, about once a minute."""


class Program(QObject):
    """Owns the window and the present Display.

    Attributes:
        status: exit status: 1 if what the command line asked for could not be done.
    """

    def __init__(self, plan: CorePlan, settings: Settings, site: SiteData, remembered: Remembered) -> None:
        super().__init__()
        self._settings = settings
        self._site = site
        self._remembered = remembered
        self._place = CorePlan(database=plan.database, address=plan.address, secret=plan.secret, server=plan.server)
        self.status = 0
        self.shell = Shell()
        self.shell.closing.connect(self._leave)
        self.display: Display
        self.starting: Starting
        self._plan = plan

    def open(self, opening: Opening, core: Popen[bytes] | None = None) -> None:
        """Shows the window, then begins everything that may take longer than a first picture. ``core``: started already for the plan."""
        if opening is Opening.PLAN and core is None:
            core = start_core(self._plan)
        self._begin(self._plan if opening is not Opening.START_PAGE else self._place, opening, core)
        self.shell.show()

    def _begin(self, plan: CorePlan, opening: Opening, core: Popen[bytes] | None = None) -> None:
        self.display = Display(plan, self._settings)
        self.starting = Starting(self.display, self._settings, self._site, self._remembered, self.display)
        self.starting.over.connect(self._renew)
        if opening is Opening.PLAN:
            self.starting.given_up.connect(self._give_up)
        if opening is Opening.START_PAGE:
            self.starting.open()
        elif opening is Opening.RUNNING_CORE:
            self.display.session.take_over()
            self.starting.open_unless_case_runs()
        self.shell.hold(self.display.window)
        self.display.open(core)
        gc.unfreeze()  # the watch before this one is to be collected
        QTimer.singleShot(SETTLED_AFTER_MS, self.display, gc.freeze)

    def _renew(self, plan: CorePlan | None) -> None:
        """Nothing of what was read may stay on the screen for what comes, so all of the watch is made anew."""
        before = self.display
        self._settings = replace(self._settings, theme=before.window.theme.name)
        self._begin(self._place, Opening.START_PAGE)
        before.close_down()
        if plan is not None:
            self.starting.watch(plan)

    def _give_up(self) -> None:
        self.status = 1
        self.shell.close()

    def _leave(self) -> None:
        self.starting.leave()
        self.display.leave()
        leave_meeting_place(self._place.address)
        QApplication.quit()
