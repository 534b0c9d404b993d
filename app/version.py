"""The program's version, as it is installed."""

from __future__ import annotations

from importlib.metadata import version


def program_version() -> str:
    return version("bedside")
