"""``bedside emulate``: the simulated device alone, on a port that any other software can open. Decodes nothing."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Protocol as Interface
from typing import cast

from app.cli.errors import CommandError
from app.cli.live import A_YEAR_S, clock, seconds_of
from clinical.instant import Instant
from devices.driver import SimulatedBedside, Simulator
from devices.registry import DriverError, find
from devices.transports.line import LineError
from devices.transports.served import ServedLine, served_line

LONGEST_WAIT_S = 0.05


class RunningBedside(SimulatedBedside, Interface):
    """A simulated bedside that can be moved on."""

    def advance(self, to: Instant) -> None: ...


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Prints the port's name on the first line, then runs in real time until Ctrl-C."
    parser.add_argument("driver", metavar="DRIVER", help="dri, nonin, nonin:df8 ...; `bedside devices` lists them")
    parser.add_argument(
        "--port", default="pty", help="pty (a pseudo-terminal; the default), tcp:PORT on this computer alone, or tcp-connect:HOST:PORT"
    )
    parser.add_argument("--scenario", metavar="S", default="quiet-day", help="what happens to the patient (default: quiet-day)")
    parser.add_argument("--seed", metavar="K", type=int, default=1, help="of everything random in it")
    parser.add_argument("--seconds", metavar="N", type=seconds_of, default=A_YEAR_S, help="end after so long")


def simulated_bedside(scenario: str, seed: int, start: Instant) -> RunningBedside:
    """The simulated patient with cuff and pump. Raises CommandError for a scenario that is not there."""
    # The patient's mathematics takes a while to load: a wrong driver or port is told before.
    patients = import_module("devices.patient.bedside")
    scenarios = import_module("devices.patient.scenarios")
    try:
        chosen = scenarios.load(scenario)
    except scenarios.ScenarioError as error:
        raise CommandError(str(error)) from error
    return cast("RunningBedside", patients.Bedside(chosen, seed, start))


def run(args: argparse.Namespace, bedside: Callable[[str, int, Instant], RunningBedside] = simulated_bedside) -> int:
    """Raises CommandError for an unknown driver or scenario, and for a port that cannot be served."""
    try:
        driver, variant = find(args.driver)
        line = served_line(args.port)
        line.open()
    except (DriverError, LineError) as error:
        raise CommandError(str(error)) from error
    try:
        patient = bedside(args.scenario, args.seed, clock())
        print(line.name, flush=True)
        _serve(line, driver.simulator(patient, variant), patient, args.seconds)
    except KeyboardInterrupt:
        return 0
    finally:
        line.close()
    return 0


def _serve(line: ServedLine, simulator: Simulator, patient: RunningBedside, seconds: float) -> None:
    """Runs the device against the wall clock, waking when it or its listener has something to say."""
    now = clock()
    end = now.plus(seconds)
    while now < end:
        heard = line.read(_wait_s(simulator.due, now))
        now = clock()
        patient.advance(now)
        if heard:
            simulator.receive(heard, now)
        said = simulator.outgoing(now)
        if said:
            line.write(said)


def _wait_s(due: Instant | None, now: Instant) -> float:
    return LONGEST_WAIT_S if due is None else min(max(due.since(now), 0.001), LONGEST_WAIT_S)
