"""From a byte on the wire to an alarm painted and its sound asked for, over many alarms, while the machine has other work of the program.

    python -m bench.alarm_latency [--alarms 10000] [--beside 1]

Prints JSON. Needs Xvfb and Linux. Meanwhile two simulated monitors send their waveforms, the case is exported and the database backed
up, one after the other, again and again. ``--beside 0`` leaves the last two out.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from app.plan import CorePlan, DevicePlan
from bench.latency import NORMAL, Event, Said, alarms, is_alarm, is_sound
from bench.oximeter import LOW_LIMIT, Oximeter, plan_for
from bench.report import Figure, percentile, report
from bench.running import ROOT, Running, private_screen
from storage.cases import open_case

MONITORS = ("dri", "intellivue")
"""Four waveforms each."""
WARM_UP_S = 6.0
LOW_S, NORMAL_S = (0.25, 0.31), (0.05, 0.09)
"""How long a low value stands, so that one painted late is seen all the same, and a normal one between two."""
SAID_AGAIN_S = 0.3
"""An oximeter that says nothing for long is opened anew, and then hears some of it late."""
HOW = (
    "An oximeter's frames on a real pseudo-terminal, low and normal in turn: every second one is a new alarm without a delay; beside it "
    "two simulated monitors ({monitors}) with {waves} waveforms in all, recorded, of each metric one drawn{work}. Real display (1920×1080, "
    "Xvfb). From just before write() to the painted red alarm handed to the screen, and to the burst begun by the display's sound. Load of "
    "the machine at the start {load:.1f}."
)


@contextmanager
def emulated(driver: str, environment: dict[str, str]) -> Iterator[DevicePlan]:
    """A simulated monitor that runs in a process of its own."""
    words = [sys.executable, "-m", "app", "emulate", driver, "--port", "pty"]
    with subprocess.Popen(words, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            port = process.stdout.readline().strip() if process.stdout is not None else ""
            yield DevicePlan(name=f"monitor {driver}", driver=driver, address=port)
        finally:
            process.terminate()


@contextmanager
def other_work(database: str, environment: dict[str, str], counted: list[str]) -> Iterator[None]:
    """Exports the case and backs the database up, one after the other, until it is over."""
    over = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "made"
        commands = {"export": ("export", "1", "--format", "csv", "--out"), "backup": ("backup",)}

        def work() -> None:
            for name in cycle(commands):
                if over.wait(1.0):
                    break
                words = [sys.executable, "-m", "app", "--database", database, *commands[name], str(place)]
                done = subprocess.run(words, env=environment, cwd=ROOT, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                counted.append(name if done.returncode == 0 else f"refused {name}")
                shutil.rmtree(place, ignore_errors=True)
                place.unlink(missing_ok=True)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def plan_with(oximeter: Oximeter, monitors: Sequence[DevicePlan]) -> CorePlan:
    plan = plan_for(oximeter)
    return replace(plan, devices=(*plan.devices, *monitors))


def converse(oximeter: Oximeter, count: int, dice: random.Random) -> Said:
    """So many low values, each with a normal one after it, at moments unrelated to frames."""
    values, said = alarms(), []
    for _ in range(2 * count):
        value = next(values)
        said.append((oximeter.say(value), value))
        time.sleep(dice.uniform(*(LOW_S if value < LOW_LIMIT else NORMAL_S)))
    return said


def waits_ms(said: Said, events: Sequence[Event], name: str) -> tuple[list[float], int]:
    """From each low value to what it gave before the next word, and how many gave nothing. Events by rising moment."""
    is_it = {"alarm": is_alarm, "sound": is_sound}[name]
    rows = [row for row in events if row["event"] == name]
    waits, missed, place = [], 0, 0
    for number, (at_ns, value) in enumerate(said):
        if value >= LOW_LIMIT:
            continue
        until_ns = said[number + 1][0] if number + 1 < len(said) else at_ns + int(LOW_S[0] * 1e9)
        while place < len(rows) and rows[place]["at_ns"] <= at_ns:
            place += 1
        came = place
        while came < len(rows) and rows[came]["at_ns"] < until_ns and not is_it(rows[came], value):
            came += 1
        if came < len(rows) and rows[came]["at_ns"] < until_ns:
            waits.append((rows[came]["at_ns"] - at_ns) / 1e6)
        else:
            missed += 1
    return waits, missed


def run(count: int, *, beside: bool) -> tuple[dict[str, tuple[list[float], int]], list[str], int]:
    """Waits and misses by name, what was done meanwhile, and how many waveforms were recorded."""
    oximeter, counted, dice = Oximeter(), list[str](), random.Random(1)
    with private_screen() as environment, ExitStack() as stack:
        plan = plan_with(oximeter, [stack.enter_context(emulated(driver, environment)) for driver in MONITORS])
        program = Running(environment, plan=plan, way="show")
        try:
            program.first("first paint")
            for _ in range(round(WARM_UP_S / SAID_AGAIN_S)):
                oximeter.say(NORMAL)
                time.sleep(SAID_AGAIN_S)
            if beside:
                with other_work(plan.database, environment, counted):
                    said = converse(oximeter, count, dice)
            else:
                said = converse(oximeter, count, dice)
        finally:
            events = program.end()
            oximeter.close()
    with open_case(plan.database, 1) as history:
        waves = len(history.waveform_channels())
    return {name: waits_ms(said, events, name) for name in ("alarm", "sound")}, counted, waves


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alarms", type=int, default=10_000)
    parser.add_argument("--beside", type=int, choices=(0, 1), default=1)
    args = parser.parse_args()
    load = os.getloadavg()[0]
    waits, counted, waves = run(args.alarms, beside=bool(args.beside))
    figures = []
    for name, what in (("alarm", "red alarm painted"), ("sound", "sound asked for")):
        found, missed = waits[name]
        if found:
            figures.append(Figure(what=f"{args.alarms} alarms, byte → {what}, p99", value=percentile(found, 99), unit="ms", limit=50))
            figures.append(Figure(what=f"{args.alarms} alarms, byte → {what}, p99.9", value=percentile(found, 99.9), unit="ms"))
            figures.append(Figure(what=f"{args.alarms} alarms, byte → {what}, longest", value=max(found), unit="ms", limit=250))
        figures.append(Figure(what=f"{args.alarms} alarms, {what} not before the next word", value=missed, unit="", limit=0))
    work = f", {counted.count('export')} exports and {counted.count('backup')} backups of the database" if args.beside else ""
    report(
        "alarm_latency",
        HOW.format(monitors=" and ".join(MONITORS), waves=waves, work=work, load=load),
        figures,
        beside=sorted(set(counted)),
    )


if __name__ == "__main__":
    main()
