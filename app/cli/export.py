"""`bedside export`: one stored case as files. Each format is one row of a table."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.errors import CommandError
from app.cli.progress import ProgressBar
from app.settings import database_url

if TYPE_CHECKING:
    from storage.history import CaseHistory

LAST = "last"

Writer = Callable[["CaseHistory", Path, bool, Callable[[float], None]], Path]
"""Writes a case into a folder, without what names people if so asked; told the share that is done."""


def _csv(history: CaseHistory, folder: Path, deidentify: bool, progress: Callable[[float], None]) -> Path:  # noqa: FBT001 (the shape of Writer)
    from app.version import program_version  # noqa: PLC0415 (as above)
    from storage.export.case_csv import export_case  # noqa: PLC0415 (SQLAlchemy and numpy: only when something is run)

    return export_case(history, folder, program_version=program_version(), deidentify=deidentify, progress=progress)


FORMATS: dict[str, Writer] = {"csv": _csv}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help=f"its id or uuid, as `bedside cases` lists them, or `{LAST}` for the latest")
    parser.add_argument("--format", choices=FORMATS, default="csv", help="csv: CSV sheets, WFDB waveforms, manifest.json (default: csv)")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", required=True, help="the folder to make; an earlier export of the case is replaced"
    )
    parser.add_argument(
        "--deidentify", action="store_true", help="leave out names and free text, and move the dates to begin on 2000-01-01"
    )


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if there is no such case, or its files cannot be written."""
    from app.cli.stored import told_in_one_line  # noqa: PLC0415 (as above)
    from storage.cases import open_case  # noqa: PLC0415 (as above)

    address = database_url(args.database)
    with told_in_one_line():
        case = _latest(address) if args.case == LAST else args.case
        with open_case(address, case) as history, ProgressBar(f"Case {history.case_id}") as bar:
            folder = FORMATS[args.format](history, args.out, args.deidentify, bar.update)
            simulated = ", SIMULATED" if history.setup.simulated else ""
            print(f"case {history.case_id}{simulated}: {sum(path.is_file() for path in folder.rglob('*'))} files in {folder}")
    return 0


def _latest(address: str) -> int:
    from storage.cases import list_cases  # noqa: PLC0415 (as above)

    cases = list_cases(address)
    if not cases:
        raise CommandError("no case is stored yet: run one first, as with `bedside demo --headless`")
    return cases[0].id
