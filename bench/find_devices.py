"""Is each simulated device found among all drivers, on a real pseudo-terminal, within ten seconds?

    python -m bench.find_devices [DRIVER …] [--at-once 6]

prints a line for each, and one JSON object. A terminal has no baud rate: what is proven is the dialogue and its time, not the settings.
Exit code 1 if one is taken for another, is not found, or took too long.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.clock import CaseClock
from app.finding import BUDGET_S, SLOWEST_S
from app.probing import Answer, may_be_tried, openings, probe
from bench.report import Figure, report
from devices.driver import Driver
from devices.registry import drivers
from tests.devices.drivers.conformance import StillBedside
from tests.devices.transports.ptys import Adapter

HOW = (
    "Each driver's own simulator on a pseudo-terminal, {at_once} at once, all {count} drivers ({settings} openings) tried on each. One run."
)
TURN_S = 0.01


@contextmanager
def playing(driver: Driver, adapter: Adapter) -> Iterator[None]:
    """The device's own simulator at the far end of a terminal, in real time."""
    ended, bedside, clock = threading.Event(), StillBedside(), CaseClock(1.0)
    bedside.now = clock.now()
    simulator = driver.simulator(bedside, "")

    def play() -> None:
        while not ended.wait(TURN_S):
            bedside.now = clock.now()
            simulator.receive(adapter.heard(), bedside.now)
            adapter.send(simulator.outgoing(bedside.now))

    thread = threading.Thread(target=play, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def find_some(some: Sequence[Driver], usable: Sequence[Driver], folder: Path) -> tuple[dict[str, Answer], float]:
    """By driver, what its port was found to be; and the seconds that it took."""
    adapters = {driver.name: Adapter(folder / driver.name) for driver in some}
    with ExitStack() as stack:
        for driver in some:
            stack.enter_context(playing(driver, adapters[driver.name]))
        began = time.monotonic()
        answers = probe([str(adapter.path) for adapter in adapters.values()], usable, BUDGET_S)
        took_s = time.monotonic() - began
    for adapter in adapters.values():
        adapter.unplug()
    return {name: answers[str(adapter.path)] for name, adapter in adapters.items()}, took_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drivers", nargs="*", metavar="DRIVER", help="whose simulators; all if none is named")
    parser.add_argument("--at-once", type=int, default=6, help="ports that are tried side by side")
    args = parser.parse_args()
    usable = [row.driver for row in drivers() if row.driver is not None and may_be_tried(row.driver)]
    chosen = [driver for driver in usable if not args.drivers or driver.name in args.drivers]
    found: dict[str, str] = {}
    slowest_s = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(chosen), args.at_once):
            answers, took_s = find_some(chosen[start : start + args.at_once], usable, Path(folder))
            slowest_s = max(slowest_s, took_s)
            for name, answer in answers.items():
                found[name] = answer.driver
                print(f"{name:<12} {answer.driver or 'not found':<12} {answer.identity or answer.problem}", file=sys.stderr, flush=True)
    missed = [name for name, answer in found.items() if answer != name]
    figures = [
        Figure(what="simulated devices not found or taken for another", value=len(missed), unit="", limit=0),
        Figure(what="time to find all that are plugged in", value=slowest_s, unit="s", limit=SLOWEST_S),
    ]
    how = HOW.format(at_once=args.at_once, count=len(usable), settings=len(openings(usable)))
    report("find_devices", how, figures, missed=missed)
    sys.exit(1 if missed or slowest_s > SLOWEST_S else 0)


if __name__ == "__main__":
    main()
