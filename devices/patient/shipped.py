"""Which scenarios come with the program. Knows their names alone: what is in them takes a patient to understand (``scenarios.py``)."""

from __future__ import annotations

from importlib.resources import files

FOLDER = files("resources") / "scenarios"


def names() -> tuple[str, ...]:
    """In alphabetical order."""
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in FOLDER.iterdir() if entry.name.endswith(".toml")))
