"""From the start of the process to its help, to the first picture, to the first painted number.

    python -m bench.start_up [--runs 7]

Prints JSON. Needs Xvfb and Linux.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from bench.report import Figure, Peer, median, report
from bench.running import ROOT, Running, as_installed, private_screen

HOW = (
    "Wall time from the start of a process; the program was started before (files in the page cache, modules compiled). "
    "`bedside --help` until it has ended, beside an interpreter that only "
    "starts. `bedside demo` (1920×1080, Xvfb) until its first picture was handed to the screen and until the first live number was, which "
    "needs the core process, its database and the simulated oximeter's first second. Median of {runs} runs."
)


def help_s() -> float:
    return _took_s([str(Path(sys.executable).parent / "bedside"), "--help"])


def bare_s() -> float:
    return _took_s([sys.executable, "-c", "pass"])


def _took_s(words: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=as_installed())
    return time.perf_counter() - began


def demonstration_s() -> dict[str, float]:
    """Seconds to the first picture and to the first number."""
    with private_screen() as environment:
        program = Running(environment, "demo")
        try:
            until = time.monotonic() + 15
            while time.monotonic() < until and not any(_is_live(row) for row in program.events()):
                time.sleep(0.05)
        finally:
            events = program.end()
    first = {
        "picture": next(row for row in events if row["event"] == "first paint"),
        "number": next(row for row in events if _is_live(row)),
    }
    return {name: (int(str(row["at_ns"])) - program.began_ns) / 1e9 for name, row in first.items()}


def _is_live(row: dict[str, object]) -> bool:
    return row["event"] == "number" and str(row["text"]).isdigit()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    helps, bares = zip(*((help_s(), bare_s()) for _ in range(3 * runs)), strict=True)
    demonstrations = [demonstration_s() for _ in range(runs)]
    picture, number = (median(one[name] for one in demonstrations) for name in ("picture", "number"))
    bare = Peer(what="interpreter that does nothing", value=round(median(bares), 4))
    figures = [
        Figure(what="`bedside demo` → first paint", value=picture, unit="s", limit=0.5),
        Figure(what="`bedside demo` → first painted number", value=number, unit="s", limit=1.5),
        Figure(what="`bedside --help`", value=median(helps), unit="s", limit=0.15, peer=bare),
    ]
    report("start_up", HOW.format(runs=runs), figures, runs=demonstrations)


if __name__ == "__main__":
    main()
