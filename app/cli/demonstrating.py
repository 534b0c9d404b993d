"""What `bedside demo` does, loaded once it is wanted: a window, a run without one, a course of days, the charts of a clinic."""

from __future__ import annotations

import argparse
from dataclasses import replace

from app.cli.errors import CommandError
from app.cli.running import (
    AS_FAST_AS_IT_GOES,
    FASTEST_ON_SCREEN,
    LIST,
    out_folder,
    pace_of,
    show_window,
    site_told_in_one_line,
    wants_screen,
)
from app.cli.stored import told_in_one_line
from app.clock import room_now
from app.plan import CorePlan, Demonstration, DevicePlan
from app.settings import database_url, load_settings, site_folder
from app.site_data import SiteData
from app.supervision import CoreAhead
from clinical.instant import NS_PER_S, Instant
from devices.patient.shipped import names

DAY_S = 86_400.0


def demonstrate(args: argparse.Namespace, ahead: CoreAhead | None) -> int:
    """Raises CommandError. ``ahead``: the core that waits for a window's plan."""
    if args.clinic is not None:
        return _make_clinic(args)
    if args.scenario == LIST:
        return _list_scenarios()
    if args.scenario not in names():  # those are sound, and the core will read them; before the window that would take a picture's time
        _check_scenario(args.scenario)
    _check_devices(args)
    demonstration = Demonstration(scenario=args.scenario, seed=args.seed, hours=args.hours)
    return _show(args, demonstration, ahead) if wants_screen(args) else _run_headless(args, demonstration)


def _list_scenarios() -> int:
    from devices.patient.scenarios import load  # noqa: PLC0415 (a whole patient: only where a scenario is read)

    for name in names():
        print(f"{name:24} {load(name).description}")
    return 0


def _check_devices(args: argparse.Namespace) -> None:
    """Raises CommandError for a driver that is none, or of another kind."""
    if args.monitor or args.pump:
        _devices(args)


def _devices(args: argparse.Namespace) -> tuple[DevicePlan, ...]:
    """Those of the demonstration, as they are asked for. Raises CommandError."""
    from app.setups import demonstration_devices  # noqa: PLC0415 (drivers: only where one is named, or something is run)
    from devices.registry import DriverError  # noqa: PLC0415 (as above)

    try:
        return demonstration_devices(args.monitor, args.pump)
    except DriverError as error:
        raise CommandError(str(error)) from error


def _check_scenario(name: str) -> None:
    """Raises CommandError if there is none, or it cannot be used."""
    from devices.patient.scenarios import ScenarioError, load  # noqa: PLC0415 (as above)

    try:
        load(name)
    except ScenarioError as error:
        raise CommandError(str(error)) from error


def _make_clinic(args: argparse.Namespace) -> int:
    """Into a database named by hand only: the user's own holds patients."""
    from app.simulated_clinic import make_clinic  # noqa: PLC0415 (as above)

    if args.database is None:
        raise CommandError("a simulated clinic needs a database of its own: name one by --database sqlite:///clinic.sqlite")
    with told_in_one_line(), site_told_in_one_line():
        cases = make_clinic(args.database, args.clinic, seed=args.seed)
    print(f"{cases} simulated cases of {args.clinic} simulated patients are in {args.database}.")
    print("`bedside effectiveness --simulated` counts them.")
    return 0


def _show(args: argparse.Namespace, demonstration: Demonstration, ahead: CoreAhead | None) -> int:
    today = room_now()
    for day in range(1, args.days):
        demonstration = _run_day(args, demonstration, _ago(today, args.days - day))
    speed = min(args.speed or 1.0, FASTEST_ON_SCREEN)
    shown = replace(demonstration, seed=_seed_of(demonstration))
    devices = _devices(args) if args.monitor or args.pump else ()
    plan = CorePlan(database=database_url(args.database), devices=devices, demonstration=shown, speed=speed)
    return show_window(plan, ahead)


def _run_headless(args: argparse.Namespace, demonstration: Demonstration) -> int:
    from app.core.headless import VIRTUAL_START  # noqa: PLC0415 (database and drivers: only when something is run)

    for day in range(1, args.days + 1):
        demonstration = _run_day(args, demonstration, VIRTUAL_START.plus(DAY_S * (day - 1)), last=day == args.days)
    return 0


def _ago(today: Instant, days: int) -> Instant:
    """The same time some days ago; what is counted is the world's clock, the monotonic one begins with each case."""
    return Instant(0, today.utc_ns - round(days * DAY_S * NS_PER_S))


def _run_day(args: argparse.Namespace, demonstration: Demonstration, start: Instant, *, last: bool = False) -> Demonstration:
    """One day without a screen; gives the next one, which knows of it. All but the last go as fast as they can: no screen waits."""
    from app.cli.headless import run_case  # noqa: PLC0415 (database and drivers: only when something is run)
    from app.core.headless import HeadlessCase  # noqa: PLC0415 (as above)
    from app.setups import demonstration_setup  # noqa: PLC0415 (as above)
    from devices.patient.scenarios import load  # noqa: PLC0415 (as above)

    whole, demonstration = demonstration, replace(demonstration, seed=_seed_of(demonstration))
    scenario, database, out = load(demonstration.scenario), database_url(args.database), out_folder(args)
    seconds = (demonstration.hours * 3600) if demonstration.hours else scenario.length_min * 60
    with site_told_in_one_line():
        setup = demonstration_setup(demonstration, scenario, SiteData(site_folder()), load_settings(), start)
    pace = pace_of(args.speed or AS_FAST_AS_IT_GOES) if last else None
    run_case(
        scenario.title if args.days == 1 else f"{scenario.title}, day {demonstration.day} of {args.days}",
        database,
        out if args.days == 1 else out / f"day-{demonstration.day}",
        lambda progress: HeadlessCase(database, setup, pace, start=start).demonstrate(demonstration, _devices(args), seconds, progress),
        uuid=setup.uuid,
        case_seconds=seconds,
    )
    return whole if args.days == 1 else _after(whole, database, setup.uuid)


def _seed_of(demonstration: Demonstration) -> int:
    """Each day has its own, counted on."""
    return demonstration.seed + demonstration.day - 1


def _after(day: Demonstration, database: str, case: str) -> Demonstration:
    """The day after one that was kept as ``case``."""
    from storage.cases import open_case  # noqa: PLC0415 (database: only when something is run)
    from storage.course import rates_of  # noqa: PLC0415 (as above)
    from storage.export.account_sheets import given_along  # noqa: PLC0415 (as above)

    with open_case(database, case) as history:
        given_mg = max((told.best_mg for _, told in given_along(history)), default=0.0)
        rates = rates_of(history)
    before_mg = day.course_before_mg + given_mg
    return replace(day, day=day.day + 1, course_before_mg=before_mg, earlier_rates=day.earlier_rates + rates)
