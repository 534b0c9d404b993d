"""Widgets under test stand on the program's own typeface and on moments made by hand."""

import pytest
from PySide6.QtWidgets import QApplication

from clinical.instant import Instant
from widgets.fonts import load_fonts


@pytest.fixture(scope="session")
def fonts(qapp: QApplication) -> QApplication:
    load_fonts()
    return qapp


@pytest.fixture
def now(fonts: QApplication) -> Instant:
    """1000 s on the monotonic clock: the beginning of a blink at 2 Hz; 2026-11-22 12:25:22 UTC."""
    return Instant(1_000_000_000_000, 1_795_350_322_000_000_000)
