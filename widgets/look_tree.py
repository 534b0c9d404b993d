"""Hands a Look down the tree of widgets and layouts. Knows nothing of what any of them shows."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLayout

from widgets.theme import Look


@runtime_checkable
class TakesLook(Protocol):
    """Whatever draws itself by a Look: a widget, which dresses its own children, or a layout with scaled gaps."""

    def set_look(self, look: Look) -> None: ...


def dress(parent: QObject, look: Look) -> None:
    """Gives a Look to everything below ``parent``; plain containers on the way are passed through."""
    for child in parent.children():
        if isinstance(child, TakesLook):
            child.set_look(look)
            if not isinstance(child, QLayout):
                continue
        dress(child, look)
