"""`bedside export`: one stored case as files. Each format is one row of a table, which ``storage.export.formats`` fills."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.errors import CommandError
from app.cli.progress import ProgressBar
from app.cli.running import site_told_in_one_line
from app.exporting import FORMATS, form_of
from app.settings import PAPERS, database_url

if TYPE_CHECKING:
    from app.access_log import Leaving
    from storage.export.case_folder import Format
    from storage.history import CaseHistory

LAST = "last"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Formats: " + "; ".join(f"{name}: {line}" for name, line in FORMATS.items()) + ". manifest.json explains each file."
    parser.add_argument("case", metavar="CASE", help=f"its id or uuid, as `bedside cases` lists them, or `{LAST}` for the latest")
    parser.add_argument("--format", choices=FORMATS, default="csv", help="one of those below (default: csv)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder to make; an earlier export of the case is replaced")
    parser.add_argument("--to", metavar="tcp:HOST:PORT", help="with --format hl7: send the messages to an MLLP listener instead")
    parser.add_argument("--paper", choices=PAPERS, help="of report and hand-over note (default: the site's setting, else a4)")
    parser.add_argument(
        "--deidentify",
        action="store_true",
        help="leave out names, ids and free text; move the dates by days that only this user's key tells",
    )


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if there is no such case, or its files cannot be written."""
    from app.access_log import noted_export, user_of_computer  # noqa: PLC0415 (SQLAlchemy and numpy: only when something is run)
    from app.cli.stored import tell_beside, told_in_one_line  # noqa: PLC0415 (as above)
    from storage.cases import open_case  # noqa: PLC0415 (as above)

    if (args.out is None) == (args.to is None):
        raise CommandError("say where to: --out DIR, or with --format hl7 --to tcp:HOST:PORT")
    if args.to is not None and args.format != "hl7":
        raise CommandError("--to sends HL7 messages: add --format hl7")
    address = database_url(args.database)
    with told_in_one_line():
        case = _latest(address) if args.case == LAST else args.case
        with open_case(address, case) as history, ProgressBar(f"Case {history.case_id}") as bar:
            with noted_export(user_of_computer(), address, history.setup.uuid, _leaving(args), tell_beside):
                told = _send(args, history, bar) if args.to is not None else _write(args, history, bar)
            simulated = ", SIMULATED" if history.setup.simulated else ""
            print(f"case {history.case_id}{simulated}: {told}")
    return 0


def _leaving(args: argparse.Namespace) -> Leaving:
    from app.access_log import Leaving  # noqa: PLC0415 (as above)

    return Leaving(format=args.format, target=args.to or args.out.absolute().name, deidentified=args.deidentify)


def _write(args: argparse.Namespace, history: CaseHistory, bar: ProgressBar) -> str:
    from app.cli.keys import terms_of  # noqa: PLC0415 (as above)
    from storage.export.case_folder import write_folder  # noqa: PLC0415 (as above)

    folder = write_folder(_form(args), history, args.out, terms_of(deidentify=args.deidentify), progress=bar.update)
    return f"{sum(path.is_file() for path in folder.rglob('*'))} files in {folder}"


def _form(args: argparse.Namespace) -> Format:
    """The format that was asked for; those with pages in them draw them."""
    from app.cli.stored import tell_beside  # noqa: PLC0415 (as above)
    from app.reporting import reporter_of  # noqa: PLC0415 (as above)

    with site_told_in_one_line():
        return form_of(args.format, lambda: reporter_of(args.paper, failed=lambda why: tell_beside(f"Without report.pdf: {why}")))


def _send(args: argparse.Namespace, history: CaseHistory, bar: ProgressBar) -> str:
    from app.cli.keys import terms_of  # noqa: PLC0415 (as above)
    from app.cli.mllp import send  # noqa: PLC0415 (as above)
    from storage.export.hl7_oru import messages  # noqa: PLC0415 (as above)

    bar.update(0.0)
    return f"{send(args.to, messages(history, terms_of(deidentify=args.deidentify)))} messages accepted by {args.to}"


def _latest(address: str) -> int:
    from storage.cases import list_cases  # noqa: PLC0415 (as above)

    cases = list_cases(address)
    if not cases:
        raise CommandError("no case is stored yet: run one first, as with `bedside demo --headless`")
    return cases[0].id
