"""Work that may take its time beside a watch: an export must delay no alarm."""

from __future__ import annotations

import os
from contextlib import suppress

LATER = 10
"""As the system counts: 0 is what a watch has, 19 is last of all."""


def give_way() -> None:
    """From now on this process and all it starts come after the watch. Where the system knows no such order, nothing changes."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(max(0, LATER - os.nice(0)))
