"""The program's version, as it is installed."""

from __future__ import annotations


def program_version() -> str:
    """Reads it when it is asked: the library for it takes 20 ms to load, which no first picture should wait for."""
    from importlib.metadata import version  # noqa: PLC0415 (see above)

    return version("bedside")
