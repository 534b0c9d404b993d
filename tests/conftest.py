"""What every test stands on: no screen, no sound, hypothesis without a clock."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("bedside", deadline=None, print_blob=True)
settings.load_profile("bedside")
