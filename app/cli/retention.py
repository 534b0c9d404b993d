"""`bedside retention`: which cases are older than the site keeps them, and, when told so, their deletion."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.errors import CommandError
from app.cli.progress import ProgressBar
from app.settings import database_url
from clinical.instant import iso_utc

if TYPE_CHECKING:
    from storage.retention import OldCase

DAY_NS = 86_400 * 10**9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Without --delete it only tells. A case that was not ended never goes; one that no checked copy keeps goes only with "
        "--without-copy. How long records must be kept is the law's and the site's to say. See docs/upkeep.md."
    )
    parser.add_argument("--older-than", type=_days, required=True, metavar="DAYS", help="cases that ended more days ago than this")
    parser.add_argument(
        "--kept-in", type=Path, action="append", default=[], metavar="PLACE", help="a backup, an exported record, or a folder of them"
    )
    parser.add_argument("--without-copy", action="store_true", help="also cases that are kept nowhere else")
    parser.add_argument("--delete", action="store_true", help="act; a row stays that says which, when and by whom")
    parser.add_argument("--dry-run", action="store_true", help="only tell, which is what happens anyway without --delete")
    parser.add_argument("--by", default="", metavar="NAME", help="who deletes (default: the user of this computer)")


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 36_500:
        raise argparse.ArgumentTypeError(f"a number of days from 1 to 36500, not {text!r}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if it cannot be told, or not be done."""
    from app.cli.backup import counted  # noqa: PLC0415 (as below)
    from app.cli.stored import only_writer, told_in_one_line  # noqa: PLC0415 (SQLAlchemy: only when something is run)
    from app.clock import room_now  # noqa: PLC0415 (as above)
    from storage.retention import delete_cases  # noqa: PLC0415 (as above)

    if args.delete and args.dry_run:
        raise CommandError("--delete acts and --dry-run only tells: give one of them")
    address, now_ns = database_url(args.database), room_now().utc_ns
    if not args.delete:
        with told_in_one_line():
            _tell(_found(args, address, now_ns), args)
        return 0
    with told_in_one_line(), only_writer(address):
        cases = _found(args, address, now_ns)
        _tell(cases, args)
        going = [case for case in cases if not case.why_not]
        if going:
            with ProgressBar("Delete") as bar:
                freed = delete_cases(address, going, by=args.by or getpass.getuser(), at_utc_ns=now_ns, told=bar.update)
            print(f"Deleted: {counted(len(going))}. The file is {freed / 1e6:,.1f} MB smaller.")
    return 0


def _found(args: argparse.Namespace, address: str, now_ns: int) -> list[OldCase]:
    from storage.copies import copies_in, keeps_case  # noqa: PLC0415 (as above)
    from storage.retention import old_cases  # noqa: PLC0415 (as above)

    places = copies_in(args.kept_in)

    def copy_of(uuid: str, head: bytes) -> str:
        return next((str(place) for place in places if not keeps_case(place, address, uuid, head)), "")

    with ProgressBar("Look"):
        return old_cases(address, now_ns - args.older_than * DAY_NS, copy_of, without_copy=args.without_copy)


def _tell(cases: list[OldCase], args: argparse.Namespace) -> None:
    from app.cli.backup import counted  # noqa: PLC0415 (as above)

    if not cases:
        print(f"No case is older than {args.older_than} days.")
        return
    for case in cases:
        state = f"stays: {case.why_not}" if case.why_not else f"kept in {case.kept_in}" if case.kept_in else "kept NOWHERE ELSE"
        began, ended = (iso_utc(at)[:10] for at in (case.started_utc_ns, case.ended_utc_ns or case.started_utc_ns))
        print(f"case {case.id:<5} {began} to {ended}  {case.size_bytes / 1e6:8,.1f} MB  {case.uuid}  {state}")
    going = [case for case in cases if not case.why_not]
    words = "go now" if args.delete else "would go; --delete acts"
    print(f"{len(going)} of {counted(len(cases))}, {sum(case.size_bytes for case in going) / 1e6:,.1f} MB: {words}")
