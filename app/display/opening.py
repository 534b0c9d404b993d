"""With what the window opens. Apart from what opens, so that a core can be started before that is loaded."""

from __future__ import annotations

from enum import Enum


class Opening(Enum):
    """With what the window opens."""

    START_PAGE = "start page"
    PLAN = "plan"  # what the command line asked for; what stands in its way ends the program
    RUNNING_CORE = "running core"
