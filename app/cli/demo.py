"""`bedside demo`: a simulated patient, monitor and pump, each device speaking its real protocol over a virtual line."""

from __future__ import annotations

import argparse

from app.cli.errors import CommandError
from app.cli.running import (
    AS_FAST_AS_IT_GOES,
    FASTEST_ON_SCREEN,
    add_running_arguments,
    hours_of,
    out_folder,
    pace_of,
    show_window,
    site_told_in_one_line,
    wants_screen,
)
from app.plan import CorePlan, Demonstration
from app.settings import database_url, load_settings, site_folder

DEFAULT_SCENARIO = "stepped-day"
MOST_PATIENTS = 5_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scenario", default=DEFAULT_SCENARIO, metavar="S", help=f"what happens (default: {DEFAULT_SCENARIO}); `list` lists them"
    )
    parser.add_argument("--hours", type=hours_of, metavar="H", help="length of the case (default: the scenario's)")
    parser.add_argument("--seed", type=int, default=1, metavar="K", help="the same seed gives the same case (default: 1)")
    parser.add_argument(
        "--clinic", type=_patients, metavar="N", help="instead: the charts of N simulated patients, three days each, into the database"
    )
    add_running_arguments(parser)


def _patients(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PATIENTS:
        raise argparse.ArgumentTypeError(f"a number of patients from 1 to {MOST_PATIENTS}, not {text!r}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    from devices.patient.scenarios import ScenarioError, load, names  # noqa: PLC0415 (numpy: only when something is run)

    if args.clinic is not None:
        return _make_clinic(args)
    if args.scenario == "list":
        for name in names():
            print(f"{name:24} {load(name).description}")
        return 0
    try:
        load(args.scenario)
    except ScenarioError as error:
        raise CommandError(str(error)) from error
    demonstration = Demonstration(scenario=args.scenario, seed=args.seed, hours=args.hours)
    return _show(args, demonstration) if wants_screen(args) else _run_headless(args, demonstration)


def _make_clinic(args: argparse.Namespace) -> int:
    """Into a database named by hand only: the user's own holds patients."""
    from app.cli.stored import told_in_one_line  # noqa: PLC0415 (database: only when something is run)
    from app.simulated_clinic import make_clinic  # noqa: PLC0415 (as above)

    if args.database is None:
        raise CommandError("a simulated clinic needs a database of its own: name one by --database sqlite:///clinic.sqlite")
    with told_in_one_line(), site_told_in_one_line():
        cases = make_clinic(args.database, args.clinic, seed=args.seed)
    print(f"{cases} simulated cases of {args.clinic} simulated patients are in {args.database}.")
    print("`bedside effectiveness --simulated` counts them.")
    return 0


def _show(args: argparse.Namespace, demonstration: Demonstration) -> int:
    speed = min(args.speed or 1.0, FASTEST_ON_SCREEN)
    return show_window(CorePlan(database=database_url(args.database), demonstration=demonstration, speed=speed))


def _run_headless(args: argparse.Namespace, demonstration: Demonstration) -> int:
    from app.cli.headless import run_case  # noqa: PLC0415 (database and drivers: only when something is run)
    from app.core.headless import VIRTUAL_START, HeadlessCase  # noqa: PLC0415 (as above)
    from app.setups import DEMONSTRATION_DEVICES, demonstration_setup  # noqa: PLC0415 (as above)
    from app.site_data import SiteData  # noqa: PLC0415 (as above)
    from devices.patient.scenarios import load  # noqa: PLC0415 (as above)

    scenario = load(demonstration.scenario)
    seconds = (demonstration.hours * 3600) if demonstration.hours else scenario.length_min * 60
    with site_told_in_one_line():
        setup = demonstration_setup(demonstration, scenario, SiteData(site_folder()), load_settings(), VIRTUAL_START)
    pace = pace_of(args.speed or AS_FAST_AS_IT_GOES)
    return run_case(
        scenario.title,
        database_url(args.database),
        out_folder(args),
        lambda progress: HeadlessCase(database_url(args.database), setup, pace).demonstrate(
            demonstration, DEMONSTRATION_DEVICES, seconds, progress
        ),
        uuid=setup.uuid,
        case_seconds=seconds,
    )
