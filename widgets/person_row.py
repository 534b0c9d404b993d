"""Somebody in a list of those who may sign in. Draws nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A name, and the role as the site calls it."""

    name: str
    role: str
