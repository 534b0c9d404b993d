"""`bedside restore`: a backup takes the database's place, which is kept aside. Refuses whatever could lose a case unasked."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.errors import CommandError
from app.cli.progress import ProgressBar
from app.settings import database_url


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "The database that was there stays beside it, under its name with .before-restore and the time. See docs/upkeep.md."
    parser.add_argument("file", metavar="FILE", type=Path, help="made by `bedside backup`")
    parser.add_argument(
        "--discard", action="store_true", help="also where the database has what the backup lacks: that is then only in what is kept aside"
    )


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if nothing was restored; then nothing was changed."""
    from app.cli.backup import counted, stamp  # noqa: PLC0415 (as below)
    from app.cli.stored import only_writer, told_in_one_line  # noqa: PLC0415 (SQLAlchemy: only when something is run)
    from app.clock import room_now  # noqa: PLC0415 (as above)
    from storage.restoring import restore  # noqa: PLC0415 (as above)

    address = database_url(args.database)
    if args.file.suffix == ".partial":
        raise CommandError(f"{args.file} is a backup that was never finished")
    aside = f"before-restore-{stamp(room_now().utc_ns)}"
    with told_in_one_line(), only_writer(address), ProgressBar("Restore") as bar:
        done = restore(args.file, address, aside=aside, discard=args.discard, told=bar.update)
    print(f"{address}: {counted(done.cases)} from {args.file}, checked and whole")
    if done.aside is not None:
        lost = f"; not in the database now: {', '.join(done.lost)}" if done.lost else ""
        print(f"What was there is in {done.aside}{lost}.")
    return 0
