"""`bedside cases`: what is stored, as a table for people or as JSON for programs. Reads only."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.settings import database_url
from clinical.instant import iso_utc

if TYPE_CHECKING:
    from storage.cases import CaseSummary

Row = dict[str, object]
TABLE = (("id", 5), ("label", 16), ("started", 24), ("hours", 6), ("order", 18), ("state", 0))
"""Columns of the table for people and their widths; the last takes what it needs."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "`bedside export` takes the id or the uuid. The latest case comes first."
    parser.add_argument("--json", action="store_true", help="a list of objects instead of a table")


def run(args: argparse.Namespace) -> int:
    """Raises CommandError if the database cannot be read."""
    from app.cli.stored import told_in_one_line  # noqa: PLC0415 (as above)
    from storage.cases import list_cases  # noqa: PLC0415 (SQLAlchemy: only when something is run)

    address = database_url(args.database)
    with told_in_one_line():
        found = [] if args.database is None and _is_unused(address) else list_cases(address)
        rows = [_row(address, case) for case in found]
    print(json.dumps(rows, ensure_ascii=False, indent=2) if args.json else "\n".join(_table(rows, address)))
    return 0


def _is_unused(address: str) -> bool:
    """The user's own database is not there before the first case; a database named by hand should be."""
    from storage.engine import parse_url, sqlite_file  # noqa: PLC0415 (as above)

    path = sqlite_file(parse_url(address))
    return path is not None and not path.exists()


def _row(address: str, case: CaseSummary) -> Row:
    setup = case.setup
    return {
        "id": case.id,
        "uuid": setup.uuid,
        "label": setup.patient.label,
        "started": iso_utc(case.started.utc_ns),
        "ended": None if case.ended is None else iso_utc(case.ended.utc_ns),
        "hours": round(_seconds(address, case) / 3600, 3),
        "simulated": setup.simulated,
        "order": setup.order.name if setup.order is not None else "",
    }


def _seconds(address: str, case: CaseSummary) -> float:
    """To its end; to the last thing kept where it has none."""
    if case.ended is not None:
        return case.ended.since(case.started)
    from storage.cases import open_case  # noqa: PLC0415 (as above)

    with open_case(address, case.id) as history:
        return history.last().since(history.started)


def _table(rows: Sequence[Row], address: str) -> list[str]:
    if not rows:
        return [f"No case is stored in {_place(address)} yet."]
    shown = [{**row, "state": _state(row)} for row in rows]
    return ["  ".join(name.ljust(width) for name, width in TABLE), *("  ".join(_cell(row, *column) for column in TABLE) for row in shown)]


def _place(address: str) -> str:
    from storage.engine import parse_url  # noqa: PLC0415 (as above)
    from storage.errors import place_of  # noqa: PLC0415 (as above)

    return place_of(parse_url(address))


def _state(row: Row) -> str:
    words = ("ended" if row["ended"] else "not ended, may be resumed", "simulated" if row["simulated"] else "")
    return ", ".join(filter(None, words))


def _cell(row: Row, name: str, width: int) -> str:
    value = row[name]
    return (f"{value:.2f}" if isinstance(value, float) else str(value)).ljust(width)
