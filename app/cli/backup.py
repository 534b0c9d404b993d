"""`bedside backup`: a checked copy of the whole database, also while a case is being recorded."""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from app.cli.progress import ProgressBar
from app.settings import database_url

NICER = 10
"""The recorder comes first wherever the two want the processor."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "It is called a backup only after every page, every row and every sample's place in it was checked. See docs/upkeep.md."
    parser.add_argument("place", metavar="FILE|DIR", help="a new file, or a folder, in which it gets the time as its name")


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if there is no backup in the end; nothing half-made is left."""
    from app.access_log import Leaving, noted_export, user_of_computer  # noqa: PLC0415 (SQLAlchemy: only when something is run)
    from app.cli.stored import tell_beside, told_in_one_line  # noqa: PLC0415 (as above)
    from storage.backup import back_up  # noqa: PLC0415 (as above)

    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICER)
    path = backup_path(args.place)
    address, leaving = database_url(args.database), Leaving(format="backup", target=path.name)
    with told_in_one_line(), noted_export(user_of_computer(), address, "", leaving, tell_beside), ProgressBar("Backup") as bar:
        made = back_up(address, path, bar.update)
    print(f"{made.path}: {made.size_bytes / 1e6:,.1f} MB, {counted(made.cases)}, checked and whole")
    return 0


def backup_path(place: str) -> Path:
    """The file that is meant; in a folder it is named by the time."""
    from app.clock import room_now  # noqa: PLC0415 (as above)

    path = Path(place)
    if not path.is_dir() and not place.endswith(("/", os.sep)):
        return path
    return path / f"bedside-{stamp(room_now().utc_ns)}.sqlite"


def stamp(utc_ns: int) -> str:
    """A moment as part of a file's name: 20260301T080000Z."""
    return f"{datetime.fromtimestamp(utc_ns / 1e9, tz=UTC):%Y%m%dT%H%M%SZ}"


def counted(cases: int) -> str:
    return "1 case" if cases == 1 else f"{cases} cases"
