"""What `demo` and `replay` have in common: speed, screen or not, and where the files go."""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.errors import CommandError
from app.cli.screen import why_no_screen
from app.supervision import CoreAhead

if TYPE_CHECKING:  # a core's process is to be started before all that takes long to load
    from app.plan import CorePlan
    from clinical.instant import Instant

AS_FAST_AS_IT_GOES = math.inf
FASTEST_ON_SCREEN = 60.0
LIST = "list"
"""In the place of a scenario's name: tells which there are."""


def speed_of(text: str) -> float:
    """``--speed``: a number above 0, or max."""
    if text == "max":
        return AS_FAST_AS_IT_GOES
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < math.inf:
        raise argparse.ArgumentTypeError(f"a number above 0, or max, not {text!r}")
    return speed


def hours_of(text: str) -> float:
    """``--hours``: more than none, at most a hundred."""
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= 100:
        raise argparse.ArgumentTypeError(f"a number of hours above 0 and up to 100, not {text!r}")
    return hours


def add_running_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--speed", type=speed_of, metavar="N|max", help="seconds of case for each second of the room (default: 1; without a screen: max)"
    )
    parser.add_argument("--headless", action="store_true", help="needs no screen: runs, shows its progress, and exports the case")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the case's files go (default with --headless: ./bedside-case)")


def wants_screen(args: argparse.Namespace) -> bool:
    """Whether to open a window; says so in one line when there is none to open."""
    if args.headless:
        return False
    if why := why_no_screen():
        print(f"{why[0].upper()}{why[1:]}: running without one, as with --headless.", file=sys.stderr)
        return False
    return True


def pace_of(speed: float | None) -> Callable[[Instant], None] | None:
    """Waits for the room where a headless run is not to go as fast as it can."""
    if speed is None or speed == AS_FAST_AS_IT_GOES:
        return None
    began = time.monotonic()
    first: list[Instant] = []

    def wait(now: Instant) -> None:
        first[:] = first or [now]
        time.sleep(max(0.0, now.since(first[0]) / speed - (time.monotonic() - began)))

    return wait


@contextmanager
def core_ahead(*, wanted: bool) -> Iterator[CoreAhead | None]:
    """A core that loads while this process does, where a window will want one; ends with this, if it was given nothing to do."""
    ahead = CoreAhead() if wanted and not why_no_screen() else None
    try:
        yield ahead
    finally:
        if ahead is not None:
            ahead.let_go()


def show_window(plan: CorePlan, ahead: CoreAhead | None) -> int:
    """Opens the window and watches until it is closed. Raises CommandError if the site's settings cannot be used."""
    from app.cli.stored import told_in_one_line  # noqa: PLC0415 (database: as below)
    from app.display.start import show  # noqa: PLC0415 (Qt: only where there is a screen)
    from app.record_place import record_place  # noqa: PLC0415 (as above)

    with site_told_in_one_line(), told_in_one_line():
        place = record_place(plan.database)
        return show(replace(plan, database=place.database, server=place.server), ahead)


@contextmanager
def site_told_in_one_line() -> Iterator[None]:
    """Turns what is wrong with the site's own files into a CommandError."""
    from app.settings import SettingsError  # noqa: PLC0415 (as in show_window)
    from app.site_data import SiteDataError  # noqa: PLC0415 (as above)

    try:
        yield
    except (SettingsError, SiteDataError) as error:
        raise CommandError(str(error)) from error


def out_folder(args: argparse.Namespace) -> Path:
    """Raises CommandError if the case's files could not be put there: better before hours of case than after."""
    folder: Path = args.out or Path("bedside-case")
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{folder} is a file; give --out a folder")
    place = folder.absolute().parent
    while not place.exists():
        place = place.parent
    try:
        tempfile.TemporaryDirectory(dir=place).cleanup()
    except OSError as error:
        raise CommandError(f"{folder} cannot be made in {place} ({error.strerror}); give --out another folder") from error
    return folder
