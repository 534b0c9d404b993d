"""`bedside accesses`: who opened a case from here and who let one leave, as it was noted. Reads only."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from app.cli.errors import NOTHING_FOUND
from app.settings import database_url
from clinical.instant import iso_utc

if TYPE_CHECKING:
    from storage.accesses import Access


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "The exit status is 1 if the list is not as it was written; the first row at fault is then named. See docs/upkeep.md."
    parser.add_argument("case", metavar="CASE", nargs="?", help="of one case alone: its id or uuid (default: of all)")
    parser.add_argument("--json", action="store_true", help="a list of objects")


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if there is no such case, or the list cannot be read."""
    from app.access_log import access_log, log_fault  # noqa: PLC0415 (SQLAlchemy: only when something is run)
    from app.cli.stored import told_in_one_line  # noqa: PLC0415 (as above)
    from storage.accesses import accesses  # noqa: PLC0415 (as above)

    with told_in_one_line():
        case = _uuid(args)
        found = [access for access in accesses(access_log()) if not case or access.case == case]
    fault = log_fault()
    if args.json:
        print(json.dumps([_row(access) for access in found], ensure_ascii=False, indent=2))
    else:
        print(
            "\n".join([*map(_line, found), *([f"NOT AS WRITTEN: {fault}"] if fault else [])]) or "Nothing was opened or exported from here."
        )
    return NOTHING_FOUND if fault else 0


def _uuid(args: argparse.Namespace) -> str:
    """Of a number the uuid; a uuid stays as it is, for its case may be kept elsewhere by now."""
    from storage.cases import open_case  # noqa: PLC0415 (as above)

    if args.case is None or not args.case.isdecimal():
        return args.case or ""
    with open_case(database_url(args.database), args.case) as history:
        return history.setup.uuid


def _row(access: Access) -> dict[str, object]:
    told = {name: value for name, value in asdict(access).items() if name not in {"at_utc_ns", "act"}}
    return {"at": iso_utc(access.at_utc_ns), "act": access.act.value, **told}


def _line(access: Access) -> str:
    """One access for people."""
    what = ", ".join(part for part in (access.format, access.hidden) if part)
    where = f" to {access.target}" if access.target else ""
    which = f"{access.case or 'all cases'} of {access.database}"
    return f"{iso_utc(access.at_utc_ns)}  {access.act.value}: {which}{f' as {what}' if what else ''}{where}  by {access.by}, {access.way}"
