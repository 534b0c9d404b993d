"""Progress of an export: one word for the whole, shared out among its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Told: TypeAlias = Callable[[float], None]
"""Told the part done, 0 to 1, and never less than before. Whatever it raises ends the export, which then leaves nothing behind."""


def nobody(_share: float) -> None:
    """For an export that nobody waits for."""


def part_of(told: Told, begin: float, end: float) -> Told:
    """What a part tells between two shares of the whole."""
    return lambda share: told(begin + (end - begin) * share)
