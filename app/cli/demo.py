"""`bedside demo`: a simulated patient, monitor and pump, each device speaking its real protocol over a virtual line."""

from __future__ import annotations

import argparse

from app.cli.running import LIST, add_running_arguments, core_ahead, hours_of

DEFAULT_SCENARIO = "stepped-day"
MOST_PATIENTS = 5_000
MOST_DAYS = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scenario", default=DEFAULT_SCENARIO, metavar="S", help=f"what happens (default: {DEFAULT_SCENARIO}); `{LIST}` lists them"
    )
    parser.add_argument("--hours", type=hours_of, metavar="H", help="length of the case (default: the scenario's)")
    parser.add_argument(
        "--monitor", default="", metavar="D", help="the driver whose device is simulated as the monitor (as in `bedside devices`)"
    )
    parser.add_argument("--pump", default="", metavar="D", help="the same of the pump")
    parser.add_argument("--seed", type=int, default=1, metavar="K", help="the same seed gives the same case (default: 1)")
    parser.add_argument(
        "--clinic", type=_patients, metavar="N", help="instead: the charts of N simulated patients, three days each, into the database"
    )
    parser.add_argument(
        "--days",
        type=days_of,
        default=1,
        metavar="N",
        help="a course: the same case on N days in a row, each with its own files; on a screen the last one is shown (default: 1)",
    )
    add_running_arguments(parser)


def _patients(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PATIENTS:
        raise argparse.ArgumentTypeError(f"a number of patients from 1 to {MOST_PATIENTS}, not {text!r}")
    return int(text)


def days_of(text: str) -> int:
    """``--days``: from one to thirty."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"a whole number of days from 1 to {MOST_DAYS}, not {text!r}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    with core_ahead(wanted=not args.headless and args.clinic is None and args.scenario != LIST) as ahead:
        from app.cli.demonstrating import demonstrate  # noqa: PLC0415 (takes long to load: the core's process loads meanwhile)

        return demonstrate(args, ahead)
