"""How fast drivers read what their devices say, and what eight devices at once cost a running core.

    python -m bench.decoding [--minutes 10] [--seconds 30]

Prints JSON. The second part needs Xvfb and Linux.
"""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace

from bench.alarm_latency import emulated
from bench.oximeter import Oximeter, plan_for
from bench.report import Figure, median, report
from bench.running import Running, cpu_share, private_screen
from clinical.instant import Instant
from devices.driver import Simulator
from devices.drivers.bcc.simulator import BccSimulator
from devices.patient.bedside import Bedside
from devices.patient.scenarios import load
from devices.registry import find

START = Instant(1_000_000_000_000, 1_772_352_000_000_000_000)
STEP_S = 0.064
RUNS = 5
LINES = {"intellivue": 200, "dri": 300, "nonin:df7": 500, "bcc": 1000}
"""The least, in times real time."""
NEIGHBOURS = 7
EIGHT = ("nonin", "dri", "intellivue", "masimo", "nellcor", "bcc", "alaris", "capnostream")
SETTLE_S = 8.0
LEAST_TOLD = 0.9
"""A protocol that hears without being heard misses what hangs on its own questions: little, or the measure is none."""
HOW = (
    "What each driver's own simulator says at the simulated patient of a quiet day in {minutes:g} min, all waveforms asked for (a rack of "
    "{pumps} pumps for bcc), kept, and given to a fresh protocol in pieces of {step:g} s: CPU, median of {runs} runs. Eight devices: a "
    "core and its display in a case, with {eight} emulated by processes of their own on pseudo-terminals; CPU of the core process "
    "alone, recording included, over {seconds:g} s."
)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a host was given, and when; and how many observations it made of it."""

    chunks: list[tuple[Instant, bytes]]
    observations: int


def simulator_of(name: str, bedside: Bedside) -> Simulator:
    driver, variant = find(name)
    if driver.name == "bcc":
        return BccSimulator(bedside, variant, [replace(bedside.pump, serial=f"{100 + number}") for number in range(NEIGHBOURS)])
    return driver.simulator(bedside, variant)


def heard(name: str, seconds: float) -> Traffic:
    """A dialogue of the driver with its simulator."""
    driver, variant = find(name)
    bedside = Bedside(load("quiet-day"), 1, START)
    protocol, simulator, chunks, count = driver.protocol(variant), simulator_of(name, bedside), list[tuple[Instant, bytes]](), 0
    for step in range(round(seconds / STEP_S)):
        now = START.plus(step * STEP_S)
        bedside.advance(now)
        if data := simulator.outgoing(now):
            chunks.append((now, data))
            count += sum(1 for _ in protocol.receive(data, now))
        for message in protocol.outgoing(now):
            simulator.receive(message, now)
    return Traffic(chunks, count)


def times_real(name: str, seconds: float) -> float:
    """How much faster than it comes it is read."""
    driver, variant = find(name)
    traffic, taken = heard(name, seconds), list[float]()
    for _ in range(RUNS):
        protocol = driver.protocol(variant)
        list(protocol.outgoing(START))
        before, told = time.process_time(), 0
        for at, data in traffic.chunks:
            told += sum(1 for _ in protocol.receive(data, at))
        taken.append(time.process_time() - before)
        if told < LEAST_TOLD * traffic.observations:
            raise RuntimeError(f"{name}: of {traffic.observations} observations of the dialogue only {told} were read")
    return seconds / median(taken)


def eight_devices(seconds: float) -> float:
    """Per cent of a core that the core process takes."""
    oximeter = Oximeter()
    with private_screen() as environment, ExitStack() as stack:
        devices = tuple(stack.enter_context(emulated(name, environment)) for name in EIGHT)
        program = Running(environment, plan=replace(plan_for(oximeter), devices=devices), way="show")
        try:
            program.first("first paint")
            time.sleep(SETTLE_S)
            (share,) = cpu_share([program.core_pid()], seconds)
        finally:
            program.end()
            oximeter.close()
    return share


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    args = parser.parse_args()
    figures = [
        Figure(what=f"decoding {name}", value=times_real(name, args.minutes * 60), unit="× real time", limit=limit, at_least=True)
        for name, limit in LINES.items()
    ]
    figures.append(Figure(what="eight devices, core process", value=eight_devices(args.seconds), unit="% of a core", limit=15))
    pumps, eight = NEIGHBOURS + 1, ", ".join(EIGHT)
    how = HOW.format(minutes=args.minutes, pumps=pumps, step=STEP_S, runs=RUNS, eight=eight, seconds=args.seconds)
    report("decoding", how, figures)


if __name__ == "__main__":
    main()
