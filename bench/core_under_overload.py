"""From a byte on the wire to the end of its ``monitor.step`` in the core, whatever becomes of the display.

    python -m bench.core_under_overload [--numbers 500] [--runs 3]

Prints JSON. Needs Xvfb and Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Client, Connection
from pathlib import Path

from app.plan import CorePlan
from app.wire import Alive, Goodbye, receive, send
from bench.oximeter import Oximeter, plan_for
from bench.report import Figure, Peer, median, percentile, report
from bench.running import PATIENCE_S, ROOT, Running, as_installed, private_screen

STOPPED_S = 4.0
"""Less than the five seconds after which the core takes a display for hopeless and starts another."""
WARM_UP = 40
NORMAL, GOODBYE = 98, 0
BARE_READER = """
import json, os, sys, time
line, heard = os.open(sys.argv[1], os.O_RDONLY | os.O_NOCTTY), []
while os.read(line, 4)[2]:
    heard.append(time.monotonic_ns())
print(json.dumps(heard))
"""
HOW = (
    "An oximeter's frames written to a real pseudo-terminal; the core process steps and records them. From just before write() to the "
    "end of the step, outcome handed to record and outlet. Three displays: one at ease; one stopped with SIGSTOP 4 s out of every 5; "
    "one that lives but never takes a batch. Beside it a process that only reads. p99 over {numbers} numbers each, median of {runs} runs."
)


class CoreAlone:
    """A core process with a witness, started without a display."""

    def __init__(self, plan: CorePlan) -> None:
        handle, path = tempfile.mkstemp(prefix="bench-", suffix=".json")
        os.close(handle)
        self._log = Path(path)
        environment = {**as_installed(), "BENCH_LOG": path}
        words = [sys.executable, "-m", "bench.probed_core"]
        self._process = subprocess.Popen(words, env=environment, cwd=ROOT, stdin=subprocess.PIPE)
        if self._process.stdin is not None:
            self._process.stdin.write(pickle.dumps(plan))
            self._process.stdin.close()

    def ended(self) -> list[tuple[int, float]]:
        """What it saw, after it was told goodbye."""
        self._process.wait(PATIENCE_S)
        stepped = json.loads(self._log.read_text())
        self._log.unlink()
        return [(at_ns, value) for at_ns, value in stepped if value is not None]


@contextmanager
def at_ease(plan: CorePlan) -> Iterator[None]:
    with private_screen() as environment:
        program = Running(environment, plan=plan, way="rejoin")
        try:
            program.first("first paint")
            yield
        finally:
            program.end()


@contextmanager
def stopped(plan: CorePlan) -> Iterator[None]:
    over = threading.Event()
    with private_screen() as environment:
        program = Running(environment, plan=plan, way="rejoin")

        def stop_and_go() -> None:
            while not over.wait(1.0):
                program.display.send_signal(signal.SIGSTOP)
                over.wait(STOPPED_S)
                program.display.send_signal(signal.SIGCONT)

        thread = threading.Thread(target=stop_and_go)
        try:
            program.first("first paint")
            thread.start()
            yield
        finally:
            over.set()
            thread.join()
            program.end()


@contextmanager
def never_taking(plan: CorePlan) -> Iterator[None]:
    """Gives its signs of life and reads what comes, but gives no credit back."""
    connection = _met(plan)
    over = threading.Event()

    def live() -> None:
        while not over.wait(0.25):
            send(connection, Alive(can_sound=True))

    def read() -> None:
        try:
            while True:
                receive(connection)
        except (OSError, EOFError):
            return

    threads = [threading.Thread(target=work) for work in (live, read)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        threads[0].join()
        send(connection, Goodbye())
        threads[1].join()
        connection.close()


def _met(plan: CorePlan) -> Connection:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return Client(plan.address, authkey=plan.secret)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def run(display: Callable[[CorePlan], object], count: int, seed: int) -> list[float]:
    """Milliseconds from byte to step, each."""
    dice = random.Random(seed)
    oximeter = Oximeter()
    plan = plan_for(oximeter)
    core = CoreAlone(plan)
    said: list[tuple[int, int]] = []
    with display(plan):  # type: ignore[attr-defined]
        time.sleep(2.0)  # the core opens its line after it has met the display
        for number in range(WARM_UP + count):
            value = 91 + number % 9
            said.append((oximeter.say(value), value))
            time.sleep(dice.uniform(0.03, 0.07))
    oximeter.close()
    stepped = core.ended()
    waits = []
    for at_ns, value in said[WARM_UP:]:
        done_ns = next(done for done, seen in stepped if done > at_ns and seen == value)
        waits.append((done_ns - at_ns) / 1e6)
    return waits


def floor(count: int, seed: int) -> list[float]:
    """The same for a process that does nothing but read: what this machine takes to wake a reader."""
    dice = random.Random(seed)
    oximeter = Oximeter()
    reader = subprocess.Popen(
        [sys.executable, "-c", BARE_READER, oximeter.address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    time.sleep(1.0)
    said = []
    for _ in range(count):
        said.append(oximeter.say(NORMAL))
        time.sleep(dice.uniform(0.03, 0.07))
    oximeter.say(GOODBYE)
    heard = json.loads(reader.communicate(timeout=PATIENCE_S)[0])
    oximeter.close()
    return [(heard_ns - said_ns) / 1e6 for said_ns, heard_ns in zip(said, heard, strict=False)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--numbers", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    bare = [floor(args.numbers, seed) for seed in range(args.runs)]
    figures = []
    for what, display in (("at ease", at_ease), ("stopped", stopped), ("never taking", never_taking)):
        runs = [run(display, args.numbers, seed) for seed in range(args.runs)]
        p50, p99 = (median(percentile(one, share) for one in runs) for share in (50, 99))
        beside = {share: Peer(what="a process that only reads", value=median(percentile(one, share) for one in bare)) for share in (50, 99)}
        figures.append(Figure(what=f"byte on the wire → step done, display {what}, p99", value=p99, unit="ms", limit=2, peer=beside[99]))
        figures.append(Figure(what=f"byte on the wire → step done, display {what}, p50", value=p50, unit="ms", peer=beside[50]))
    report("core_under_overload", HOW.format(numbers=args.numbers, runs=args.runs), figures)


if __name__ == "__main__":
    main()
