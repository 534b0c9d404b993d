"""`bedside` without a command: the window, with its start page."""

from __future__ import annotations

import argparse

from app.cli.errors import CommandError
from app.cli.screen import why_no_screen
from app.cli.stored import told_in_one_line
from app.record_place import record_place


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The window has no options of its own."""
    parser.epilog = "Where there is no screen: `bedside demo --headless`."


def run(args: argparse.Namespace) -> int:
    """Raises CommandError where there is no screen."""
    if why := why_no_screen():
        raise CommandError(f"{why}: run `bedside demo --headless`, which needs none")
    from app.display.start import open_window  # noqa: PLC0415 (Qt: only where there is a screen)

    with told_in_one_line():
        place = record_place(args.database)
    return open_window(place.database, place.server)
