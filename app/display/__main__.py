"""The display's process, started by a core whose display was lost."""

from __future__ import annotations

import sys

from app.display.start import rejoin
from app.supervision import plan_from_parent

if __name__ == "__main__":
    sys.exit(rejoin(plan_from_parent()))
