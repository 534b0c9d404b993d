"""``bedside predict``: the level that a history of doses should have reached, as CSV. Reads a file; knows no case and no pump."""

from __future__ import annotations

import argparse
import csv
import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.cli.errors import CommandError
from app.cli.infusion_file import MOST_MIN, NUMBER, InfusionFile, read_infusion
from clinical.pharmacokinetics.compartments import CompartmentModel
from clinical.pharmacokinetics.divided_differences import Vector
from clinical.pharmacokinetics.history import DoseHistory, levels
from clinical.pharmacokinetics.models import MODELS, model_named, models_for

COLUMNS = ("min", "plasma_ng_per_ml", "effect_ng_per_ml")
LOW_KG, HIGH_KG = 3.0, 400.0
LOW_KE0, HIGH_KE0 = 1e-4, 100.0
MOST_ROWS = 1_000_000
EPILOG = f"""FILE begins with the header start_min,end_min,rate_mg_per_h,bolus_mg. A row is a stretch of one rate, or a bolus: then
end_min = start_min and no rate is given. Rows may stand in any order; where stretches overlap their rates are
added, and standard error says so.
Printed is CSV with the header {",".join(COLUMNS)}, twelve significant digits. At the minute of a
bolus the value is the one just after it.

The effect column is empty without --ke0: no model here came with a measured ke0. Published equilibration half-lives run from 0 to
11.8 min (mean 6.1, ke0 0.1136 per min; S-ketamine, Anesthesiology 2012;117:353), so the effect site is an assumption that you make.

A prediction, never a measurement: models differ from one another and from what was measured by 30 % and more.
{" and ".join(row.name for row in models_for("S-ketamine"))} take mg of S-ketamine, the others mg of the racemate;
neither is converted into the other."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--model", required=True, metavar="NAME", help=", ".join(row.name for row in MODELS))
    parser.add_argument("--weight", required=True, metavar="KG", help=f"from {LOW_KG:g} to {HIGH_KG:g}")
    parser.add_argument("--ke0", metavar="PER_MIN", help="of the effect site, assumed by you; without it the effect column is empty")
    parser.add_argument("--infusion", required=True, metavar="FILE", type=Path, help="what was given (see below)")
    when = parser.add_mutually_exclusive_group(required=True)
    when.add_argument("--at", metavar="MIN[,MIN...]", help="at these minutes, printed in this order")
    when.add_argument("--every", metavar="MIN", help="at 0 and every so many minutes, to the end of the last row")
    parser.add_argument("--until", metavar="MIN", help="with --every: to this minute instead")


def run(args: argparse.Namespace) -> int:
    """Raises CommandError for a value or a file that cannot be used."""
    weight_kg = _number("--weight", args.weight, LOW_KG, HIGH_KG)
    ke0 = None if args.ke0 is None else _number("--ke0", args.ke0, LOW_KE0, HIGH_KE0)
    try:
        constants = model_named(args.model).constants(weight_kg)
    except ValueError as error:
        raise CommandError(str(error)) from error
    infusion = read_infusion(args.infusion)
    minutes = _minutes(args, infusion)
    if infusion.remark:
        print(f"bedside: {args.infusion}: {infusion.remark}", file=sys.stderr)
    model = CompartmentModel(constants if ke0 is None else replace(constants, ke0=ke0))
    found = levels(model, DoseHistory.of(infusion.doses), minutes)
    _print(minutes, found.plasma_ng_per_ml, None if ke0 is None else found.effect_ng_per_ml)
    return 0


def _minutes(args: argparse.Namespace, infusion: InfusionFile) -> Vector:
    if args.at is not None:
        if args.until is not None:
            raise CommandError("--until goes with --every, not with --at")
        return np.array([_number("--at", word, 0, MOST_MIN) for word in args.at.split(",")])
    every = _number("--every", args.every, 1e-6, MOST_MIN)
    until = infusion.end_min if args.until is None else _number("--until", args.until, 0, MOST_MIN)
    count = math.floor(until / every * (1 + 1e-12)) + 1  # a quotient that is whole but for its rounding counts as whole
    if count > MOST_ROWS:
        raise CommandError(f"--every {every:g} to {until:g} min is {count:,} rows; allowed are up to {MOST_ROWS:,}")
    # at the twelve digits that are printed: a product that falls a rounding short of a bolus's minute must not miss it
    return np.array([float(f"{number * every:.12g}") for number in range(count)])


def _number(name: str, word: str, low: float, high: float) -> float:
    value = float(word) if NUMBER.fullmatch(word.strip()) else math.nan
    if not low <= value <= high:
        raise CommandError(f"{name}: is {word!r}; allowed is a number from {low:g} to {high:g}")
    return value


def _print(minutes: Vector, plasma: Vector, effect: Vector | None) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    effects = [""] * len(minutes) if effect is None else [_digits(value) for value in effect.tolist()]
    for minute, level, at_effect in zip(minutes.tolist(), plasma.tolist(), effects, strict=True):
        writer.writerow((f"{minute:.12g}", _digits(level), at_effect))


def _digits(value: float) -> str:
    """Twelve significant digits, zeros at the end kept."""
    return f"{value:#.12g}"
