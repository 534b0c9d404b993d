"""Loads, in parts, what the first picture does not wait for. Each part takes some tenths of a second, in which nothing is painted."""

from __future__ import annotations


def load_trend() -> None:
    """What draws the trend, and with it the plotting library."""
    import app.display.trend_wires  # noqa: PLC0415, F401 (all of this file's purpose)


def load_pages() -> None:
    """The pages beside the watch."""
    import app.display.handing_over  # noqa: PLC0415 (as above)
    import app.display.history_wires  # noqa: PLC0415 (as above)
    import app.display.watch_pages  # noqa: PLC0415, F401 (as above)


def load_past() -> None:
    """What reads earlier days of the course."""
    import app.display.course_read  # noqa: PLC0415 (as above)
    import app.display.examined_before  # noqa: PLC0415, F401 (as above)
