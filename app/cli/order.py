"""``bedside order check``: whether a file of an order can be used, and what it asks for. Reads a file; knows no case."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

from app.cli.database_option import add_database
from app.cli.errors import CommandError
from app.site_data import line_of
from clinical.dosing.ladders import needs_weight, order_from
from clinical.dosing.quantities import displayed
from clinical.orders import Order
from clinical.site_values import SiteValueError

LOW_KG, HIGH_KG = 20.0, 250.0
WEIGHTS_KG = (40.0, 70.0, 140.0)
"""A ladder for each kilogram is tried for these where no weight is given: its ceilings must hold for all of them."""
EPILOG = """A ladder for each kilogram is checked for 40, 70 and 140 kg, or for the weight given. Printed is what the order asks for.

exit status: 0 it can be used; 2 it cannot, with file, line, what is wrong and what is allowed"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    rows = parser.add_subparsers(dest="what", metavar="check", required=True, parser_class=type(parser))
    check = rows.add_parser("check", help="tell whether an order's file can be used", epilog=EPILOG)
    add_database(check)
    check.formatter_class = argparse.RawDescriptionHelpFormatter
    check.add_argument("file", metavar="FILE", type=Path, help="a ladder (TOML), as in resources/ladders")
    check.add_argument("--weight", metavar="KG", type=float, help=f"check for this weight alone, {LOW_KG:g} to {HIGH_KG:g}")


def run(args: argparse.Namespace) -> int:
    """Raises CommandError for a file that cannot be used."""
    weight_kg: float | None = args.weight
    if weight_kg is not None and not LOW_KG <= weight_kg <= HIGH_KG:
        raise CommandError(f"--weight: is {weight_kg:g}; allowed is a number from {LOW_KG:g} to {HIGH_KG:g}")
    text, mapping = _read(args.file)
    weights = (weight_kg,) if weight_kg is not None else WEIGHTS_KG if needs_weight(mapping) else WEIGHTS_KG[1:2]
    try:
        orders = [(weight, order_from(mapping, weight)) for weight in weights]
    except SiteValueError as error:
        raise CommandError(f"{args.file}, line {line_of(text, error)}: {error}") from error
    print("\n".join(_lines(args.file, orders, by_weight=needs_weight(mapping))))
    return 0


def _read(file: Path) -> tuple[str, dict[str, object]]:
    try:
        text = file.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise CommandError(f"{file}: is no text in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise CommandError(f"{file}: is no valid TOML: {error}") from error
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror or error}") from error


def _lines(file: Path, orders: list[tuple[float, Order]], *, by_weight: bool) -> list[str]:
    first = orders[0][1]
    about = f"{first.drug}, {displayed(first.length_min / 60)} h" + (f" on {first.days} days" if first.days > 1 else "")
    lines = [f"ok  {file}: {first.name} ({about})"]
    for weight_kg, order in orders:
        rates = " → ".join(displayed(step.rate_mg_per_h) for step in order.steps)
        whose = f"{displayed(weight_kg)} kg: " if by_weight else ""
        lines.append(
            f"    {whose}{rates} mg/h, {displayed(order.planned_mg)} mg in a case, never above {displayed(order.ceiling_mg_per_h)} mg/h"
        )
    rules = f"{len(first.rules)} rules, {len(first.adjuncts)} adjuncts, {len(first.boluses)} boluses, {len(first.rounds)} rows of rounds"
    return [*lines, f"    {rules}", f"    source: {first.source}"]
