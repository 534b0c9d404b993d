"""One row of the gallery: a widget, its size in the picture, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from widgets.theme import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One widget.

    Attributes:
        name: its caption.
        width, height: in pixels of the 1920×1080 picture.
        make: the widget in a look, holding invented values.
    """

    name: str
    width: int
    height: int
    make: Callable[[Look], QWidget]
