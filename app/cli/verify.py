"""`bedside verify CASE|FILE`: whether a stored case, a database or an exported folder is as it was written. Changes nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.errors import NOTHING_FOUND
from app.settings import database_url


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "The first row or file that is not as it was written is named; the exit status is then 1. "
        "The list of views and exports of this installation is checked each time too."
    )
    parser.add_argument("what", metavar="CASE|FILE", help="a case's id or uuid, a database file, or a folder made by `bedside export`")


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if there is nothing to check."""
    from app.access_log import log_fault  # noqa: PLC0415 (SQLAlchemy: only when something is run)
    from app.cli.stored import told_in_one_line  # noqa: PLC0415 (as above)

    with told_in_one_line():
        path = Path(args.what)
        faults = _of_folder(path) if path.is_dir() else _of_file(path) if path.is_file() else _of_case(args)
    if fault := log_fault():
        faults = [*faults, f"views and exports: {fault}"]
    print(
        "\n".join(faults)
        or "whole: nothing that is sealed was changed since it was written; of a case without an end the last minutes of waveforms are not"
    )
    return NOTHING_FOUND if faults else 0


def _of_case(args: argparse.Namespace) -> list[str]:
    from storage.cases import check_case, open_case  # noqa: PLC0415 (as above)

    address = database_url(args.database)
    with open_case(address, args.what) as history:
        number = history.case_id
    fault = check_case(address, number).fault
    return [f"case {number}: {fault}"] if fault else []


def _of_file(path: Path) -> list[str]:
    from storage.cases import faults_of  # noqa: PLC0415 (as above)

    return faults_of(f"sqlite:///{path.absolute()}")


def _of_folder(path: Path) -> list[str]:
    """The folder's own faults; of the record itself in it, its rows' too."""
    from app.cli.keys import seal_key  # noqa: PLC0415 (as above)
    from storage.export.case_record import NAME  # noqa: PLC0415 (as above)
    from storage.export.folder_check import folder_faults, seal_told  # noqa: PLC0415 (as above)

    faults = folder_faults(path)
    record = path / NAME
    if record.is_file():
        faults = [*_of_file(record), *faults]
    told = seal_told(path, seal_key())
    if not told.holds:
        faults.append(told.text) if told.broken else print(f"Seal: {told.text}")
    return faults
