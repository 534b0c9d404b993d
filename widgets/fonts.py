"""Gives Qt the typeface that the program carries, so that every machine, also one with no fonts at all, shows the same figures.

Knows the files in ``resources/fonts`` and nothing of sizes or colours (``theme.py``).
"""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtGui import QFontDatabase

from widgets.theme import FONT_FAMILY

WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold", "ExtraBold")


class FontError(RuntimeError):
    """A typeface file is missing or Qt cannot read it; the text names the file."""


def load_fonts() -> None:
    """Load all weights. Needs a QGuiApplication; call once, before the first widget. Raises FontError."""
    folder = files("resources") / "fonts"
    for weight in WEIGHTS:
        _load(f"{FONT_FAMILY}-{weight}.otf", (folder / f"{FONT_FAMILY}-{weight}.otf").read_bytes())


def _load(name: str, content: bytes) -> None:
    number = QFontDatabase.addApplicationFontFromData(content)
    if FONT_FAMILY not in QFontDatabase.applicationFontFamilies(number):
        raise FontError(f"resources/fonts/{name} is not the typeface {FONT_FAMILY}: reinstall the program")
